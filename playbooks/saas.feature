# How Kumoboard answers, told to people who do not write playbooks. All of it is invented.
Feature: Kumoboard answers
  Background:
    Given the playbook "saas.playbook"
    And it is 2026-03-09T07:41:00Z

  Scenario: Praise and a question on an ordinary day
    When Ana posts "@Kumoboard thank you, the new timeline is wonderful"
    Then the decision is respond publicly
    And its tags are "praise"
    When Ana posts "@Kumoboard how do I archive a board?"
    Then the decision is respond publicly

  Scenario: A lawyer gets one voice
    When Ines writes in private "We act for a customer of yours and will take legal action"
    Then the decision is hand off to legal

  Scenario: Talk of leaked data is critical, whoever writes it
    When these messages come in
      | id   | text                                                     | visibility | author.followers | shares |
      | few  | @Kumoboard our board data was leaked, is this known?        | public     | 80               | 0      |
      | many | @Kumoboard our board data was leaked, is this known?        | public     | 250000           | 900    |
    Then the decisions are
      | id   | severity |
      | few  | critical |
      | many | critical |
    And no decision is ignore as troll
    And no decision is no reply needed
