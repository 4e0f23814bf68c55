# How Skylark Air answers, told to people who do not write playbooks. All of it is invented.
Feature: Skylark Air answers
  Background:
    Given the playbook "airline.playbook"
    And it is 2026-03-09T07:41:00+01:00

  Scenario: Smoke on board, and a passenger with few followers
    Given Noor has 210 followers
    When Noor posts "@SkylarkAir there is SMOKE in the cabin of SKL204, we are still on the runway"
    Then the decision is take private
    And its severity is critical
    And its assign is "safety desk"

  Scenario: The same, and many people read along
    Given Tobias has 48k followers
    When Tobias posts "@SkylarkAir there is SMOKE in the cabin of SKL204, we are still on the runway"
    Then the decision is hand off to crisis team
    And its pause publishing is yes
    And its tags are "crisis"

  Scenario: A newsroom always reaches the press office
    When Ines writes in private "I am a journalist with the Harbour Post, my deadline is four o'clock"
    Then the decision is hand off to press office
    And its priority is high

  Scenario: A heckler is answered once, and then left alone
    When Rudi posts "@SkylarkAir clowns clowns clowns. worthless idiots, all of you"
    Then the decision is respond publicly
    When 20m later
    And we answer "Which flight was it?"
    And 11m later
    And Rudi posts "@SkylarkAir lol shut up you stupid clowns, trash company, everyone is an idiot"
    Then the decision is ignore as troll

  Scenario: While an incident runs, questions about it get the facts
    Given the watch cabin_wave is open
    When these messages come in
      | id        | text                                               | visibility | author.followers | shares |
      | worried   | @SkylarkAir is it safe to fly tomorrow?            | public     | 80               | 0      |
      | alone     | @SkylarkAir is it safe to fly tomorrow?            | private    |                  |        |
    Then the decisions are
      | id      | decision         | reply       | tags     |
      | worried | respond publicly | facts_first | incident |
      | alone   | take private     |             |          |
    And no decision is ignore as troll

  Scenario Outline: What belongs to one booking is not discussed in public
    When Ana posts "<words>"
    Then the decision is take private

    Examples:
      | words                                               |
      | @SkylarkAir my booking code is P4TTRN, please help  |
      | @SkylarkAir where is my refund?                     |
