Feature: What a run does not do yet, it says
  Watches are part of the language and are checked. A run says that it does not evaluate them yet, and never pretends.

  Scenario: A watch is understood and reported
    Given the playbook
      """
      playbook "Acme"
      watch safety_wave
        counts text mentions "fire"
        opens at 20 within 1h
        closes below 5 within 6h
      step start
        when safety_wave is open
          -> hand off to marketing
        otherwise
          -> respond publicly
      """
    When Mika writes "hello"
    Then the decision is to respond publicly
    And the playbook says that watch safety_wave is not evaluated yet

  Scenario: A watch is unknown, so no rule that needs it fires
    Given the playbook
      """
      watch safety_wave
        counts text mentions "fire"
        opens at 2 within 1h
        closes below 1 within 6h
      step start
        when safety_wave is open   -> hand off to marketing
        when safety_wave is closed -> take private
        otherwise                  -> respond publicly
      """
    When Mika writes "fire!"
    Then the decision is to respond publicly
    And the unknown fact that mattered is "safety_wave"

  Scenario: A playbook without any of these is evaluated whole
    Given the playbook
      """
      step start
        otherwise -> respond publicly reply within 1h
      """
    When Mika writes "hello"
    Then everything in the playbook is evaluated
