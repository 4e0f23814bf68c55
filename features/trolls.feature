Feature: A troll is vague, extreme and aimed at everything
  Somebody who swears about a real parcel is a customer. When unsure, the writer is genuine.

  Background:
    Given the playbook
      """
      step start
        when troll is likely   -> ignore as troll
        when troll is possible -> hand off to support
        when troll is unlikely -> respond publicly
        otherwise              -> no reply needed
      """

  Scenario Outline: Vague, extreme hostility against everything is a troll's
    When somebody writes "<text>"
    Then the decision is to ignore as troll

    Examples:
      | text                                                 |
      | You are all idiots, everyone at this company is scum |
      | all of you are scum, burn in hell                    |
      | お前ら全員ゴミでクズ、死ね                           |

  Scenario Outline: A genuine complaint stays one, however much it swears
    When Tom writes "<text>"
    Then the decision is to respond publicly

    Examples:
      | text                                                                                        |
      | Where the fuck is my order 12345? I was told Tuesday                                        |
      | This damn fucking parcel, order 12345, was due on Tuesday and the driver never came to Leeds |
      | you idiots lost my suitcase on flight BA123 on 3 May                                        |
      | ふざけるな！月曜日に注文したNH-12がまだ届かないぞ、クソ                                      |

  Scenario Outline: When unsure, the writer is genuine
    When Tom writes "<text>"
    Then the decision is to respond publicly

    Examples:
      | text                |
      | shit                |
      | idiot               |
      | this is a disgrace  |
      | 死ね                |

  Scenario Outline: Friendly and plain messages are no trolls
    When Mika writes "<text>"
    Then the decision is to respond publicly

    Examples:
      | text                       |
      | thank you so much          |
      | When do you open?          |
      | everyone here loves Acme   |

  Scenario: Nothing can be said about an empty text
    When somebody writes ""
    Then the decision is no reply needed
    And the unknown fact that mattered is "troll"

  Scenario Outline: Hostility and detail can be asked for one by one
    Given the playbook
      """
      step start
        when hostility >= 50% and specificity >= 50% -> take private
        when hostility >= 50%                        -> no reply needed
        when specificity >= 50%                      -> respond publicly
        otherwise                                    -> hand off to support
      """
    When Tom writes "<text>"
    Then the decision is <decision>

    Examples:
      | text                                                 | decision            |
      | you idiots lost my suitcase on flight BA123 on 3 May | take private        |
      | You are all idiots                                   | no reply needed     |
      | order 12345 was due on Tuesday in Leeds              | respond publicly    |
      | hello                                                | hand off to support |
