Feature: Nothing disappears in a run
  Every row of an export becomes exactly one decision, or one quarantined row with its reason.

  Scenario: Every message is decided once, in the order of the inbox
    Given the playbook
      """
      step start
        when text asks a question -> respond publicly
        otherwise                 -> no reply needed
      """
    And the inbox
      | id | text          |
      | 9  | where is it?  |
      | 10 | thanks        |
      | 2  | when, please? |
      | 1  |               |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 9  | respond publicly |
      | 10 | no reply needed  |
      | 2  | respond publicly |
      | 1  | no reply needed  |
    And nothing is quarantined

  Scenario: What we wrote ourselves is not decided
    Given the playbook
      """
      step start
        otherwise -> respond publicly
      """
    And the inbox
      | id | direction | text            |
      | 1  | inbound   | where is it?    |
      | 2  | outbound  | on its way      |
      | 3  |           | thanks          |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | respond publicly |
      | 3  | respond publicly |
    And the summary counts 3 messages, 2 decided, 1 from us

  Scenario: The second of two equal ids is quarantined
    Given the playbook
      """
      step start
        otherwise -> respond publicly
      """
    And the inbox
      | id | text   |
      | 1  | first  |
      | 2  | second |
      | 1  | third  |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | respond publicly |
      | 2  | respond publicly |
    And the quarantined lines are
      | line | about |
      | 3    | id    |

  Scenario: What cannot be read is quarantined with its reason, and the rest goes on
    Given the playbook
      """
      step start
        when author.followers >= 10k -> take private
        otherwise                    -> respond publicly
      """
    And the inbox as JSON lines
      """
      {"id": "1", "text": "hello"}
      {"id": "2", "text": "cut off
      {"text": "nameless"}
      {"id": "4", "text": "many followers", "author": {"followers": "a lot"}}
      {"id": "5"}
      {"id": "6", "text": "fine"}
      """
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | respond publicly |
      | 6  | respond publicly |
    And the quarantined lines are
      | line | about            |
      | 2    | JSON             |
      | 3    | id               |
      | 4    | author.followers |
      | 5    | text             |

  Scenario: Empty lines are no messages
    Given the playbook
      """
      step start
        otherwise -> respond publicly
      """
    And the inbox as JSON lines
      """
      {"id": "1", "text": "hello"}

      {"id": "2", "text": "hello"}

      """
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | respond publicly |
      | 2  | respond publicly |
    And nothing is quarantined

  Scenario Outline: The decisions are the same in every kind of output
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      step start
        when severity is high        -> hand off to marketing tag "crisis", "pr"
        when author.followers >= 10k -> take private
        otherwise                    -> respond publicly
      """
    And the inbox
      | id | text            | author.followers |
      | 1  | a fire          |                  |
      | 2  | 火事だ、"発火"  | 12000            |
      | 3  | =1+1            |                  |
    When the inbox is run into <out>
    Then that output holds
      | id | decision         | team      | severity | rule            |
      | 1  | hand off         | marketing | high     | start.1         |
      | 2  | take private     |           | low      | start.2         |
      | 3  | respond publicly |           | low      | start.otherwise |

    Examples:
      | out               |
      | decisions.jsonl   |
      | decisions.csv     |
      | decisions.parquet |

  Scenario: An inbox in which only we wrote gives no decisions
    Given the playbook
      """
      step start
        otherwise -> respond publicly
      """
    And the inbox
      | id | direction | text       |
      | 1  | outbound  | on its way |
    When the inbox is run
    Then there are no decisions
    And nothing is quarantined
    And the summary counts 1 messages, 0 decided, 1 from us

  Scenario: A file without a message is said to be empty
    Given the playbook
      """
      step start
        otherwise -> respond publicly
      """
    And the inbox as JSON lines
      """
      """
    Then running the inbox says "there is no message in it"
