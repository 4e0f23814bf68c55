Feature: An export is read alike in every format
  The same messages in CSV, JSON lines or Parquet are decided alike.

  Scenario Outline: The same messages, the same decisions
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        when text mentions "発火"    -> hand off to safety
        when post.sponsored          -> take private
        otherwise                    -> respond publicly
      """
    And the messages as <format>
      | id  | text                        | author.followers | post.sponsored |
      | 001 | hello                       | 12000            | no             |
      | 002 | 充電器が「発火」した, really | 5                | no             |
      | 003 | she said "never again"      |                  | yes            |
      | 004 | hello                       |                  | no             |
    When the inbox is run
    Then the decisions are
      | id  | decision              | unknown          |
      | 001 | hand off to marketing |                  |
      | 002 | hand off to safety    |                  |
      | 003 | take private          | author.followers |
      | 004 | respond publicly      | author.followers |

    Examples:
      | format            |
      | JSON lines        |
      | nested JSON lines |
      | CSV               |
      | CSV from Excel    |
      | TSV               |
      | Parquet           |

  Scenario: A column of our own is found under its own name
    Given the playbook
      """
      field extra.plan: text
      step start
        when extra.plan is "premium" -> hand off to vip
        otherwise                    -> respond publicly
      """
    And the messages as CSV
      | id | text  | plan    |
      | 1  | hello | Premium |
      | 2  | hello | basic   |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | hand off to vip  |
      | 2  | respond publicly |

  Scenario: A text may go over several lines
    Given the playbook
      """
      step start
        when text mentions "fire" -> hand off to safety
        otherwise                 -> respond publicly
      """
    And the messages as CSV
      | id | text                |
      | 1  | hello\nthere: fire! |
      | 2  | hello               |
    When the inbox is run
    Then the decisions are
      | id | decision           |
      | 1  | hand off to safety |
      | 2  | respond publicly   |
