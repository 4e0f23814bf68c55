Feature: A decision says by when, and who is told if nothing happens
  Deadlines count from the oldest message of the conversation that we have not answered; open hours are those of the desk.

  Background:
    Given the playbook
      """
      playbook "Acme"
      hours care in "Asia/Tokyo"
        mon-fri 09:00-12:30, 13:30-18:00
        closed 2026-12-31
      ladder pr_crisis
        at once   notify "pr-duty"
        after 30m notify "head of comms", "legal"
      step start
        when text mentions "fire"
          -> hand off to marketing
             acknowledge within 15m
             escalate pr_crisis
        when text mentions "thanks"
          -> no reply needed
        when text mentions "invoice"
          -> take private
             reply within 6h in care hours
             resolve within 2d
             follow up after 3d
        otherwise
          -> respond publicly
             reply within 1h in care hours, 12h otherwise
      """

  Scenario Outline: Only open hours count
    When a message comes in
      | field     | value     |
      | text      | <text>    |
      | posted_at | <written> |
    Then its reply by is <due>

    Examples:
      | text    | written                   | due                  |
      | hello   | 2026-07-01T10:00:00+09:00 | 2026-07-01T02:00:00Z |
      | hello   | 2026-07-01T12:00:00+09:00 | 2026-07-01T05:00:00Z |
      | hello   | 2026-07-01T12:30:00+09:00 | 2026-07-01T15:30:00Z |
      | hello   | 2026-07-01T20:00:00+09:00 | 2026-07-01T23:00:00Z |
      | invoice | 2026-07-03T14:00:00+09:00 | 2026-07-06T02:00:00Z |
      | invoice | 2026-07-01T08:00:00+09:00 | 2026-07-01T07:00:00Z |
      | invoice | 2026-12-30T17:00:00+09:00 | 2027-01-01T06:00:00Z |

  Scenario: Acknowledging, resolving and following up are apart
    When a message comes in
      | field     | value                     |
      | text      | invoice                   |
      | posted_at | 2026-07-01T09:00:00+09:00 |
    Then its acknowledge by is nothing
    And its resolve by is 2026-07-03T00:00:00Z
    And its follow up at is 2026-07-04T00:00:00Z

  Scenario: A ladder says who is told, and when
    When a message comes in
      | field     | value                     |
      | text      | my kettle caught fire     |
      | posted_at | 2026-07-01T09:00:00+09:00 |
    Then its acknowledge by is 2026-07-01T00:15:00Z
    And these people are told
      | who           | at                   |
      | pr-duty       | 2026-07-01T00:00:00Z |
      | head of comms | 2026-07-01T00:30:00Z |
      | legal         | 2026-07-01T00:30:00Z |

  Scenario: Without a time there is no deadline
    When Mika writes "my kettle caught fire"
    Then its acknowledge by is nothing
    And its notify is nothing

  Scenario: Who asks again does not wait longer
    Given the inbox
      | id | thread | direction | posted_at            | text                |
      | a  | t      | inbound   | 2026-07-01T01:00:00Z | hello               |
      | b  | t      | inbound   | 2026-07-01T01:40:00Z | hello?              |
      | c  | t      | outbound  | 2026-07-01T01:50:00Z | We look into it     |
      | d  | t      | inbound   | 2026-07-01T02:00:00Z | And the other one?  |
      | e  | t      | inbound   | 2026-07-01T02:30:00Z | thanks              |
    When the inbox is run
    Then the decisions are
      | id | decision         | reply_by             |
      | a  | respond publicly | 2026-07-01T02:00:00Z |
      | b  | respond publicly | 2026-07-01T02:00:00Z |
      | d  | respond publicly | 2026-07-01T03:00:00Z |
      | e  | no reply needed  |                      |
