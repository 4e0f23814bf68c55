Feature: The first rule that is true decides
  A step is a list that is read from top to bottom. Whoever writes the list decides what comes first.

  Scenario Outline: Rules are tried in written order
    Given the playbook
      """
      terms safety "caught fire"
      terms account "order number"
      step start
        when text mentions safety  -> hand off to safety
        when text mentions account -> take private
        otherwise                  -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>
    And it went through "<rule>"

    Examples:
      | text                                             | decision           | rule            |
      | it caught fire                                   | hand off to safety | start.1         |
      | here is my order number                          | take private       | start.2         |
      | it caught fire, and the order number is gone     | hand off to safety | start.1         |
      | the order number of the one that caught fire     | hand off to safety | start.1         |
      | do you sell umbrellas                            | respond publicly   | start.otherwise |

  Scenario: The other order is another playbook
    Given the playbook
      """
      terms safety "caught fire"
      terms account "order number"
      step start
        when text mentions account -> take private
        when text mentions safety  -> hand off to safety
        otherwise                  -> respond publicly
      """
    When Mika writes "it caught fire, and the order number is gone"
    Then the decision is to take private

  Scenario: A step may have nothing but an otherwise
    Given the playbook
      """
      step start
        otherwise -> no reply needed
      """
    When Tom writes "anything at all"
    Then the decision is no reply needed
    And it went through "start.otherwise"

  Scenario: Even an empty message is decided
    Given the playbook
      """
      terms safety "caught fire"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> no reply needed
      """
    When Tom writes ""
    Then the decision is no reply needed

  Scenario: A rule may lead to another step, and the path names every rule taken
    Given the playbook
      """
      terms safety "caught fire"
      step start
        when visibility is private -> step inside
        otherwise                  -> step outside
      step inside
        when text mentions safety -> hand off to safety
        otherwise                 -> take private
      step outside
        when text mentions safety -> hand off to marketing
        otherwise                 -> respond publicly
      """
    When a message comes in
      | field      | value               |
      | text       | my kettle caught fire |
      | visibility | private             |
    Then the decision is to hand off to safety
    And it went through "start.1", "inside.1"

  Scenario Outline: Two rules may lead to the same step, which then decides alike
    Given the playbook
      """
      step start
        when channel is email      -> step care
        when visibility is private -> step care
        otherwise                  -> no reply needed
      step care
        when text asks a question -> respond publicly
        otherwise                 -> take private
      """
    When a message comes in
      | field      | value             |
      | text       | Where is my bag?  |
      | channel    | <channel>         |
      | visibility | <visibility>      |
    Then the decision is to respond publicly
    And it went through "<first>", "care.1"

    Examples:
      | channel | visibility | first   |
      | email   | public     | start.1 |
      | x       | private    | start.2 |

  Scenario: Steps may be written in any order
    Given the playbook
      """
      step last
        otherwise -> take private
      step start
        otherwise -> step middle
      step middle
        otherwise -> step last
      """
    When Tom writes "hello"
    Then the decision is to take private
    And it went through "start.otherwise", "middle.otherwise", "last.otherwise"
