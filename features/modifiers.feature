Feature: What a decision carries
  A decision may say why, to whom, how urgently and with which draft. A rule's own words come before those of the
  outcome that it names; tags add up.

  Scenario: A rule says everything about its decision
    Given the playbook
      """
      step start
        otherwise
          -> take private
             because "an account is private"
             tag "account", "dm"
             priority high
             assign "Aiko"
             say dm_please
             pause publishing
      reply dm_please
        en "I'm sorry, {author.name}. Could you send us your order number in a DM?"
      """
    When Mika writes "my refund"
    Then the decision is to take private
    And it is because "an account is private"
    And its tags are "account", "dm"
    And its priority is high
    And its assign is Aiko
    And its reply is dm_please
    And its pause publishing is yes

  Scenario: What is not said is not made up
    Given the playbook
      """
      step start
        otherwise -> take private
      """
    When Mika writes "my refund"
    Then its tags are nothing
    And its priority is nothing
    And its assign is nothing
    And its reply is nothing
    And its pause publishing is no
    And its reply by is nothing

  Scenario: A rule's own words take the place of its outcome's
    Given the playbook
      """
      step start
        when text mentions "fire"
          -> crisis
             because "a fire"
             priority urgent
             say sorry
        otherwise -> crisis
      outcome crisis
        hand off to marketing
        because "a crisis"
        priority high
        assign "Aiko"
        say hello
      reply sorry
        en "We are sorry, {author.name}."
      reply hello
        en "Hello {author.name}, we are looking into it."
      """
    When Mika writes "a fire"
    Then the decision is to hand off to marketing
    And it is because "a fire"
    And its priority is urgent
    And its reply is sorry
    And its assign is Aiko

  Scenario: The outcome's words stay for the rules that add none
    Given the playbook
      """
      step start
        when text mentions "fire" -> crisis because "a fire" priority urgent
        otherwise -> crisis
      outcome crisis
        hand off to marketing
        because "a crisis"
        priority high
      """
    When Mika writes "so many complaints"
    Then it is because "a crisis"
    And its priority is high

  Scenario: Tags add up, each once, the outcome's first
    Given the playbook
      """
      step start
        otherwise -> crisis tag "fire", "crisis" tag "night"
      outcome crisis
        hand off to marketing
        tag "crisis", "pr"
      """
    When Mika writes "a fire"
    Then its tags are "crisis", "pr", "fire", "night"

  Scenario: Modifiers on the way do not exist; only the last rule speaks
    Given the playbook
      """
      step start
        when text mentions "fire" -> step crisis
        otherwise -> respond publicly tag "praise"
      step crisis
        otherwise -> take private tag "crisis"
      """
    When Mika writes "a fire"
    Then its tags are "crisis"

  Scenario Outline: There are four priorities
    Given the playbook
      """
      step start
        otherwise -> respond publicly priority <priority>
      """
    When Mika writes "hello"
    Then its priority is <priority>

    Examples:
      | priority |
      | low      |
      | normal   |
      | high     |
      | urgent   |
