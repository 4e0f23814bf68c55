Feature: Columns of our own
  Any column of the export may be used once the playbook says what it holds.

  Scenario Outline: A declared column is compared by its type
    Given the playbook
      """
      field extra.column: <type>
      step start
        when <condition> -> take private
        otherwise        -> respond publicly
      """
    When a message comes in
      | field        | value   |
      | extra.column | <value> |
    Then the decision is to <decision>
    And nothing unknown mattered

    Examples:
      | type     | value                | condition                          | decision         |
      | text     | premium              | extra.column is "premium"          | take private     |
      | text     | Premium              | extra.column is "premium"          | take private     |
      | text     | premium              | extra.column is not "premium"      | respond publicly |
      | text     | premium plus         | extra.column contains "plus"       | take private     |
      | number   | 2.5                  | extra.column >= 2.5                | take private     |
      | number   | -3                   | extra.column < 0                   | take private     |
      | number   | 0.3                  | extra.column > 20%                 | take private     |
      | count    | 12k                  | extra.column >= 12k                | take private     |
      | count    | 7                    | extra.column is 7                  | take private     |
      | yes/no   | yes                  | extra.column                       | take private     |
      | yes/no   | no                   | extra.column                       | respond publicly |
      | yes/no   | no                   | not extra.column                   | take private     |
      | duration | 7200                 | extra.column >= 2h                 | take private     |
      | duration | 7199                 | extra.column >= 2h                 | respond publicly |
      | list     | gold, press          | extra.column includes "press"      | take private     |
      | list     | gold                 | extra.column includes "press"      | respond publicly |
      | time     | 2026-07-01T09:00:00Z | extra.column is known              | take private     |

  Scenario Outline: A declared column that the export lacks is unknown
    Given the playbook
      """
      field extra.column: <type>
      step start
        when <condition>             -> take private
        when extra.column is unknown -> no reply needed
        otherwise                    -> respond publicly
      """
    When Mika writes "hello"
    Then the decision is no reply needed
    And the unknown fact that mattered is "extra.column"

    Examples:
      | type     | condition                     |
      | text     | extra.column is "premium"     |
      | number   | extra.column >= 2.5           |
      | count    | extra.column >= 12k           |
      | yes/no   | extra.column                  |
      | duration | extra.column >= 2h            |
      | list     | extra.column includes "press" |

  Scenario: Japanese names for columns
    Given the playbook
      """
      field extra.会員種別: text
      step start
        when extra.会員種別 is "プレミアム" -> hand off to 特別窓口
        otherwise                          -> respond publicly
      """
    When a message comes in
      | field         | value      |
      | extra.会員種別 | ﾌﾟﾚﾐｱﾑ     |
    Then the decision is to hand off to 特別窓口
