Feature: A condition with a name
  What is said in several rules is defined once, and changed in one place.

  Scenario Outline: A name stands for its condition
    Given the playbook
      """
      define reachable: visibility is public and author.followers >= 1k
      step start
        when reachable and text asks a question -> respond publicly
        when not reachable                      -> take private
        otherwise                               -> no reply needed
      """
    When a message comes in
      | field            | value        |
      | text             | <text>       |
      | visibility       | <visibility> |
      | author.followers | <followers>  |
    Then the decision is <decision>

    Examples:
      | text             | visibility | followers | decision         |
      | Where is my bag? | public     | 2k        | respond publicly |
      | Where is my bag? | public     | 200       | take private     |
      | Where is my bag? | private    | 2k        | take private     |
      | Good morning     | public     | 2k        | no reply needed  |

  Scenario: Names may stand on other names, in any order
    Given the playbook
      """
      step start
        when serious -> hand off to safety
        otherwise    -> respond publicly
      define serious: danger or grave
      define grave: text mentions "lawyer"
      define danger: text mentions "fire"
      """
    When Mika writes "my lawyer knows"
    Then the decision is to hand off to safety

  Scenario: A name is unknown when its condition is, and the missing fact is called by its own name
    Given the playbook
      """
      define famous: author.followers >= 10k
      define loud: famous or shares >= 20
      step start
        when loud     -> hand off to marketing
        when not loud -> respond publicly
        otherwise     -> take private
      """
    When Mika, whose followers nobody counted, writes "hello"
    Then the decision is to take private
    And the unknown facts that mattered are "author.followers", "shares"

  Scenario: Only what left the name unknown is called missing
    Given the playbook
      """
      define loud: author.followers >= 10k or shares >= 20
      step start
        when loud -> hand off to marketing
        otherwise -> take private
      """
    When a message comes in
      | field  | value |
      | shares | 3     |
    Then the decision is to take private
    And the unknown fact that mattered is "author.followers"

  Scenario: A long condition may be put together with brackets
    Given the playbook
      """
      define serious: (text mentions "fire" or text mentions "smoke") and not (visibility is private)
      step start
        when serious -> hand off to safety
        otherwise    -> respond publicly
      """
    When a message comes in
      | field      | value  |
      | text       | smoke! |
      | visibility | public |
    Then the decision is to hand off to safety

  Scenario Outline: "and" binds more tightly than "or"
    Given the playbook
      """
      define serious: text mentions "fire" or text mentions "smoke" and visibility is public
      step start
        when serious -> hand off to safety
        otherwise    -> respond publicly
      """
    When a message comes in
      | field      | value   |
      | text       | <text>  |
      | visibility | private |
    Then the decision is to <decision>

    Examples:
      | text  | decision           |
      | fire  | hand off to safety |
      | smoke | respond publicly   |
