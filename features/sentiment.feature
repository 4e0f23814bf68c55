Feature: How pleased the writer is
  Sentiment lies between -1 and 1 and has three levels. It is read from the text, unless the export knows better.

  Scenario Outline: Sentiment has levels
    Given the playbook
      """
      step start
        when sentiment is negative -> take private
        when sentiment is positive -> no reply needed
        when sentiment is neutral  -> respond publicly
        otherwise                  -> hand off to support
      """
    When Mika writes "<text>"
    Then the decision is <decision>

    Examples: Negative
      | text                                      | decision         |
      | This is terrible. I am very disappointed. | take private     |
      | worst company ever                        | take private     |
      | 最悪です。二度と買いません。              | take private     |
      | 😡😡😡                                    | take private     |

    Examples: Positive
      | text                                      | decision         |
      | I love this shop, thank you so much!      | no reply needed  |
      | ありがとうございます！とても助かりました。 | no reply needed  |
      | 😍                                        | no reply needed  |

    Examples: Neutral
      | text                                      | decision         |
      | My parcel arrived on Tuesday.             | respond publicly |
      | The store opens at nine.                  | respond publicly |
      | open 9:00-18:00                           | respond publicly |
      | the address is https://acme.jp/opening    | respond publicly |
      | 商品は火曜日に届きました。                | respond publicly |
      | 注文番号：12345678                        | respond publicly |

    Examples: Denied praise and denied blame
      | text                                      | decision         |
      | It is not good.                           | take private     |
      | I am not happy                            | take private     |
      | 美味しくない                              | take private     |

  Scenario Outline: What comes after "but" weighs more
    Given the playbook
      """
      step start
        when sentiment is negative -> take private
        when sentiment is positive -> no reply needed
        otherwise                  -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is <decision>

    Examples:
      | text                               | decision        |
      | It was good, but then it was awful | take private    |
      | It was awful, but then it was good | no reply needed |

  Scenario Outline: Sentiment is compared like a number, too
    Given the playbook
      """
      step start
        when sentiment <comparison> -> take private
        otherwise                   -> respond publicly
      """
    When a message comes in
      | field     | value |
      | sentiment | -0.3  |
    Then the decision is to <decision>

    Examples:
      | comparison            | decision         |
      | <= -0.3               | take private     |
      | < -0.3                | respond publicly |
      | >= -0.3               | take private     |
      | > 0                   | respond publicly |
      | between -0.5 and -0.1 | take private     |
      | <= -30%               | take private     |

  Scenario Outline: Levels are ordered: negative, neutral, positive
    Given the playbook
      """
      step start
        when sentiment <comparison> -> take private
        otherwise                   -> respond publicly
      """
    When a message comes in
      | field     | value   |
      | sentiment | <value> |
    Then the decision is to <decision>

    Examples:
      | value | comparison                    | decision         |
      | -0.9  | is negative                   | take private     |
      | -0.9  | <= neutral                    | take private     |
      | -0.9  | < neutral                     | take private     |
      | -0.9  | >= neutral                    | respond publicly |
      | -0.9  | is not negative               | respond publicly |
      | 0     | is neutral                    | take private     |
      | 0     | >= neutral                    | take private     |
      | 0     | > neutral                     | respond publicly |
      | 0     | between negative and neutral  | take private     |
      | 0.9   | > neutral                     | take private     |
      | 0.9   | is one of negative, positive  | take private     |
      | 0.9   | <= neutral                    | respond publicly |
      | 0.9   | >= negative                   | take private     |

  Scenario: The export's own sentiment is used where there is one
    Given the playbook
      """
      step start
        when sentiment is negative -> take private
        otherwise                  -> respond publicly
      """
    When a message comes in
      | field     | value                    |
      | text      | oh great, thanks a lot   |
      | sentiment | -0.8                     |
    Then the decision is to take private

  Scenario: A text without a word to read has no sentiment
    Given the playbook
      """
      step start
        when sentiment is negative     -> take private
        when sentiment is not negative -> respond publicly
        otherwise                      -> no reply needed
      """
    When Mika writes ""
    Then the decision is no reply needed
    And its sentiment is nothing
    And the unknown fact that mattered is "sentiment"
