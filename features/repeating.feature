Feature: The same inbox and the same playbook give the same decisions
  All time is the message's time, never the clock on the wall; nothing depends on chance or on the machine.

  Background:
    Given the playbook
      """
      playbook "Acme"
      scale severity: low < high
        high when sentiment is negative
        low  otherwise
      step start
        when severity is high and thread.turns >= 2 -> take private
        when text asks a question                   -> respond publicly
        otherwise                                   -> no reply needed
      """
    And an inbox of 300 messages

  Scenario: A run repeated writes the same bytes
    Then two runs write the same bytes

  Scenario: However the inbox is cut, the same bytes are written
    Then a run in many small pieces writes the same bytes

  Scenario: However many processes work, the same bytes are written
    Then a run in two processes writes the same bytes

  Scenario: The same playbook has the same version on every machine
    Then the playbook with Windows line ends has the same version
    And a playbook with one word changed has another version
