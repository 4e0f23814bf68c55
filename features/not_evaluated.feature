Feature: What a run does not do yet, it says
  Watches, clocks and ladders are part of the language and are checked. A run says that it does not evaluate them yet,
  and never pretends.

  Scenario Outline: Every such statement is understood and reported
    Given the playbook
      """
      playbook "Acme"
      hours care in "Asia/Tokyo"
        mon-fri 09:00-12:30, 13:30-18:00
        closed 2026-12-31, 2027-01-01
      watch safety_wave
        counts text mentions "fire"
        opens at 20 within 1h
        closes below 5 within 6h
      step start
        when safety_wave is open
          -> hand off to marketing
             acknowledge within 15m
             escalate pr_crisis
        otherwise
          -> respond publicly
             reply within 1h in care hours, 12h otherwise
             resolve within 2d
             follow up after 3d
      ladder pr_crisis
        at once   notify "pr-duty"
        after 30m notify "head of comms"
      """
    When Mika writes "hello"
    Then the decision is to respond publicly
    And the playbook says that <part> is not evaluated yet

    Examples:
      | part                                             |
      | watch safety_wave                                |
      | clocks (acknowledge, reply, resolve, follow up)  |
      | ladders                                          |

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

  Scenario: A deadline is empty rather than wrong
    Given the playbook
      """
      step start
        otherwise -> respond publicly acknowledge within 15m reply within 1h
      """
    When a message comes in
      | field     | value                     |
      | posted_at | 2026-07-01T09:00:00+09:00 |
    Then its acknowledge by is nothing
    And its reply by is nothing
    And its notify is nothing

  Scenario: A playbook without any of these is evaluated whole
    Given the playbook
      """
      step start
        otherwise -> respond publicly tag "praise"
      """
    When Mika writes "hello"
    Then everything in the playbook is evaluated
