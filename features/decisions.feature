Feature: Five decisions, and outcomes that carry them
  Every message gets exactly one of five decisions; a name may stand for a decision and all that goes with it.

  Scenario Outline: A rule says the decision in words
    Given the playbook
      """
      step start
        otherwise -> <words>
      """
    When Mika writes "hello"
    Then the decision is <words>
    And its team is <team>

    Examples:
      | words                           | team         |
      | respond publicly                | nothing      |
      | take private                    | nothing      |
      | hand off to marketing           | marketing    |
      | ignore as troll                 | nothing      |
      | no reply needed                 | nothing      |
      | hand off to 広報                | 広報         |

  Scenario: A team's name may have several words
    Given the playbook
      """
      step start
        otherwise -> hand off to "head of comms"
      """
    When Mika writes "hello"
    Then the decision is to hand off to head of comms
    And its team is "head of comms"

  Scenario Outline: Plain outcomes need no declaration
    Given the playbook
      """
      step start
        otherwise -> <plain>
      """
    When Mika writes "hello"
    Then the decision is <decision>

    Examples:
      | plain   | decision         |
      | public  | respond publicly |
      | private | take private     |
      | ignore  | ignore as troll  |
      | none    | no reply needed  |

  Scenario: A named outcome stands for its decision wherever a rule names it
    Given the playbook
      """
      step start
        when text mentions "fire"  -> urgent
        when text mentions "smoke" -> urgent
        otherwise                  -> none
      outcome urgent
        hand off to safety
        priority urgent
        tag "safety"
      """
    When Mika writes "I see smoke"
    Then the decision is to hand off to safety
    And its priority is urgent
    And its tags are "safety"
    And its rule is start.2

  Scenario: No reply needed is a decision like any other, with its reason
    Given the playbook
      """
      step start
        when text asks a question -> respond publicly
        otherwise
          -> no reply needed
             because "nothing is asked of us"
      """
    When Mika writes "good morning"
    Then the decision is no reply needed
    And it is because "nothing is asked of us"

  Scenario: A decision can always be replayed
    Given the playbook
      """
      playbook "Acme Retail" owner "social-care"
      step start
        otherwise -> respond publicly
      """
    When Mika writes "hello"
    Then its playbook is "Acme Retail"
    And the record names the version of the playbook and of the engine
