# The same playbook as a story: hikeshi test, or pytest. All steps: hikeshi test --steps
Feature: Care
  Background:
    Given the playbook "../care.playbook"

  Scenario: A kettle catches fire, and few people see it
    Given Mika has 40 followers
    When Mika posts "My Acme kettle caught fire"
    Then the decision is hand off to safety
    And its severity is critical
    And its tags are "crisis"

  Scenario: A troll is answered once, and then left alone
    Given it is 2026-03-10T10:00:00Z
    When Rudi posts "idiots, worthless clowns, all of you"
    Then the decision is respond publicly
    When 20m later
    And we answer "Which order is it about?"
    And 10m later
    And Rudi posts "lol shut up you stupid clowns, everyone is an idiot"
    Then the decision is ignore as troll

  Scenario Outline: Kind words are answered
    When Ana posts "<words>"
    Then the decision is respond publicly
    And its tags are "praise"

    Examples:
      | words                             |
      | Thank you, the team was lovely!   |
      | ありがとうございました、最高です！ |
