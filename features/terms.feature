Feature: Word lists find words, not pieces of words
  A list of words says what a message is about. Writing differs in case, width and apostrophes; the meaning does not.

  Scenario Outline: A term is a whole word; a star opens its end
    Given the playbook
      """
      terms wanted <term>
      step start
        when text mentions wanted -> take private
        otherwise                 -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples: Whole words
      | term            | text                            | decision         |
      | "refund"        | I want a refund now             | take private     |
      | "refund"        | refund                          | take private     |
      | "refund"        | Refund, please!                 | take private     |
      | "refund"        | (refund)                        | take private     |
      | "refund"        | my #refund                      | take private     |
      | "refund"        | I was refunded                  | respond publicly |
      | "refund"        | prerefund                       | respond publicly |
      | "refund"        | refund2                         | respond publicly |
      | "refund"        | 2refund                         | respond publicly |
      | "ass"           | my class passed the assessment  | respond publicly |
      | "art"           | a stART-up                      | respond publicly |
      | "café"          | the cafés                       | respond publicly |
      | "caf"           | the café                        | respond publicly |

    Examples: Open ends
      | term            | text                            | decision         |
      | "smok*"         | it is smoking                   | take private     |
      | "smok*"         | it smokes                       | take private     |
      | "smok*"         | smok                            | take private     |
      | "smok*"         | it besmokes                     | respond publicly |
      | "smok"          | it is smoking                   | respond publicly |
      | "caught fir*"   | it caught fires                 | take private     |

    Examples: Phrases
      | term            | text                            | decision         |
      | "caught fire"   | the kettle caught fire today    | take private     |
      | "caught fire"   | we caught a fire                | respond publicly |
      | "caught fire"   | it caught firemen               | respond publicly |
      | "no, thanks"    | refund? no, thanks              | take private     |
      | "no, thanks"    | no refund, thanks               | respond publicly |

    Examples: Case and width
      | term            | text                            | decision         |
      | "refund"        | REFUND                          | take private     |
      | "ReFund"        | refund                          | take private     |
      | "refund"        | ｒｅｆｕｎｄ please              | take private     |
      | "ＲＥＦＵＮＤ"  | a refund                        | take private     |
      | "straße"        | STRASSE                         | take private     |
      | "№1"            | we are No1                      | take private     |

    Examples: Apostrophes
      | term            | text                            | decision         |
      | "don't care"    | you don't care                  | take private     |
      | "don't care"    | you don’t care                  | take private     |
      | "don't care"    | you dont care                   | respond publicly |

    Examples: Signs
      | term            | text                            | decision         |
      | "c++"           | I code in C++                   | take private     |
      | "@acme"         | hello @acme                     | take private     |
      | "@acme"         | hello @acmeville                | respond publicly |
      | "😡"            | late again 😡😡                 | take private     |

  Scenario: Words may be looked for without a list of their own
    Given the playbook
      """
      step start
        when text mentions "gift card" -> take private
        otherwise                      -> respond publicly
      """
    When Mika writes "I lost my gift card"
    Then the decision is to take private

  Scenario Outline: A rule may ask for words that are not there
    Given the playbook
      """
      terms safety "fire", "smoke"
      step start
        when text does not mention safety -> respond publicly
        otherwise                         -> hand off to safety
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples:
      | text        | decision           |
      | hello       | respond publicly   |
      | so much smoke | hand off to safety |
      |             | respond publicly   |

  Scenario: One word may stand in several lists
    Given the playbook
      """
      terms safety "fire", "smoke"
      terms anger "fire", "scam"
      step start
        when text mentions safety and text mentions anger -> hand off to safety
        otherwise                                         -> respond publicly
      """
    When Mika writes "fire!"
    Then the decision is to hand off to safety
