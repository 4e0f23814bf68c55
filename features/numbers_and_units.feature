Feature: Numbers as people write them
  10k, 1.5M, 20%, 30m, 1h, 3d: a playbook is written like a plan, not like a program.

  Scenario Outline: Large numbers
    Given the playbook
      """
      step start
        when author.followers >= <written> -> take private
        otherwise                          -> respond publicly
      """
    When a message comes in
      | field            | value       |
      | author.followers | <followers> |
    Then the decision is to <decision>

    Examples:
      | written | followers | decision         |
      | 10k     | 10000     | take private     |
      | 10k     | 9999      | respond publicly |
      | 1.5k    | 1500      | take private     |
      | 1.5k    | 1499      | respond publicly |
      | 1.5M    | 1500000   | take private     |
      | 1.5M    | 1499999   | respond publicly |
      | 0       | 0         | take private     |
      | 8.4k    | 8400      | take private     |
      | 8.4k    | 8399      | respond publicly |
      | 2.3M    | 2300000   | take private     |
      | 4.1k    | 4100      | take private     |

  Scenario Outline: Shares of a whole
    Given the playbook
      """
      field extra.ratio: number
      step start
        when extra.ratio >= <written> -> take private
        otherwise                     -> respond publicly
      """
    When a message comes in
      | field       | value   |
      | extra.ratio | <ratio> |
    Then the decision is to <decision>

    Examples:
      | written | ratio | decision         |
      | 20%     | 0.2   | take private     |
      | 20%     | 0.19  | respond publicly |
      | 0.2     | 0.2   | take private     |
      | 12.5%   | 0.125 | take private     |
      | 7%      | 0.07  | take private     |
      | 29%     | 0.29  | take private     |
      | -5%     | -0.05 | take private     |

  Scenario Outline: Lengths of time
    Given the playbook
      """
      field extra.waiting: duration
      step start
        when extra.waiting >= <written> -> take private
        otherwise                       -> respond publicly
      """
    When a message comes in
      | field         | value     |
      | extra.waiting | <seconds> |
    Then the decision is to <decision>

    Examples:
      | written | seconds | decision         |
      | 45s     | 45      | take private     |
      | 30m     | 1800    | take private     |
      | 30m     | 1799    | respond publicly |
      | 1h      | 3600    | take private     |
      | 1.5h    | 5400    | take private     |
      | 1.5h    | 5399    | respond publicly |
      | 3d      | 259200  | take private     |
      | 3d      | 259199  | respond publicly |
      | 2w      | 1209600 | take private     |
      | 60m     | 3600    | take private     |
