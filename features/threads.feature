Feature: A message stands in a conversation
  What the thread and its writer had done before is counted by the messages' own times, however the export is sorted.

  Scenario: Answered once as genuine, then ignored
    Given the playbook
      """
      step start
        when troll is likely and thread.our_replies >= 1
          -> ignore as troll
             because "answered once as genuine; vague, extreme, aimed at everything"
        otherwise -> respond publicly
      """
    And the inbox
      | id | thread | posted_at            | direction | author.id | text                                                 |
      | 1  | t1     | 2026-07-01T09:00:00Z |           | tom       | You are all idiots, everyone at this company is scum |
      | 2  | t1     | 2026-07-01T09:10:00Z | outbound  | us        | We are sorry to hear that. What happened?            |
      | 3  | t1     | 2026-07-01T09:20:00Z |           | tom       | You are all idiots, everyone at this company is scum |
      | 4  | t2     | 2026-07-01T09:30:00Z |           | ken       | You are all idiots, everyone at this company is scum |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | respond publicly |
      | 3  | ignore as troll  |
      | 4  | respond publicly |

  Scenario: A long conversation goes private
    Given the playbook
      """
      step start
        when thread.turns > 3 -> take private
        otherwise             -> respond publicly
      """
    And the inbox
      | id | thread | posted_at            | direction | text      |
      | 1  | t1     | 2026-07-01T09:00:00Z |           | my parcel |
      | 2  | t1     | 2026-07-01T09:01:00Z | outbound  | which one |
      | 3  | t1     | 2026-07-01T09:02:00Z |           | the blue  |
      | 4  | t1     | 2026-07-01T09:03:00Z |           | hello?    |
      | 5  | t2     | 2026-07-01T09:04:00Z |           | thanks    |
    When the inbox is run
    Then the decisions are
      | id | decision         | thread |
      | 1  | respond publicly | t1     |
      | 3  | respond publicly | t1     |
      | 4  | take private     | t1     |
      | 5  | respond publicly | t2     |

  Scenario: The order of the file does not matter, and is kept
    Given the playbook
      """
      step start
        when thread.turns >= 3 -> take private
        otherwise              -> respond publicly
      """
    And the inbox
      | id | thread | posted_at            | text   |
      | c  | t1     | 2026-07-01T09:02:00Z | third  |
      | a  | t1     | 2026-07-01T09:00:00Z | first  |
      | b  | t1     | 2026-07-01T09:01:00Z | second |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | c  | take private     |
      | a  | respond publicly |
      | b  | respond publicly |

  Scenario: Replies make a thread where the export names none
    Given the playbook
      """
      step start
        when thread.our_replies >= 1 -> take private
        otherwise                    -> respond publicly
      """
    And the inbox
      | id | in_reply_to | posted_at            | direction | text      |
      | 1  |             | 2026-07-01T09:00:00Z |           | my parcel |
      | 2  | 1           | 2026-07-01T09:01:00Z | outbound  | which one |
      | 3  | 2           | 2026-07-01T09:02:00Z |           | the blue  |
      | 4  |             | 2026-07-01T09:03:00Z |           | hello     |
    When the inbox is run
    Then the decisions are
      | id | decision         | thread |
      | 1  | respond publicly | 1      |
      | 3  | take private     | 1      |
      | 4  | respond publicly | 4      |

  Scenario: How old the conversation is, and how long ago we wrote
    Given the playbook
      """
      step start
        when since.our_reply >= 1d -> hand off to support
        when thread.age >= 3h      -> take private
        otherwise                  -> respond publicly
      """
    And the inbox
      | id | thread | posted_at            | direction | text      |
      | 1  | t1     | 2026-07-01T09:00:00Z |           | my parcel |
      | 2  | t1     | 2026-07-01T11:59:59Z |           | hello?    |
      | 3  | t1     | 2026-07-01T12:00:00Z |           | hello??   |
      | 4  | t1     | 2026-07-01T13:00:00Z | outbound  | we look   |
      | 5  | t1     | 2026-07-02T12:59:59Z |           | and?      |
      | 6  | t1     | 2026-07-02T13:00:00Z |           | and??     |
    When the inbox is run
    Then the decisions are
      | id | decision            | unknown         |
      | 1  | respond publicly    | since.our_reply |
      | 2  | respond publicly    | since.our_reply |
      | 3  | take private        | since.our_reply |
      | 5  | take private        |                 |
      | 6  | hand off to support |                 |

  Scenario: Who wrote before is known
    Given the playbook
      """
      step start
        when author.messages >= 2 -> hand off to support
        when author.known         -> take private
        otherwise                 -> respond publicly
      """
    And the inbox
      | id | author.id | posted_at            | text  |
      | 1  | mika      | 2026-07-01T09:00:00Z | one   |
      | 2  | tom       | 2026-07-01T09:01:00Z | one   |
      | 3  | mika      | 2026-07-01T09:02:00Z | two   |
      | 4  | mika      | 2026-07-01T09:03:00Z | three |
    When the inbox is run
    Then the decisions are
      | id | decision            |
      | 1  | respond publicly    |
      | 2  | respond publicly    |
      | 3  | take private        |
      | 4  | hand off to support |

  Scenario: A message alone has its first turn and none of our replies
    Given the playbook
      """
      step start
        when thread.turns is 1 and thread.our_replies is 0 -> respond publicly
        otherwise                                          -> take private
      """
    And the inbox
      | id | posted_at            | text  |
      | 1  | 2026-07-01T09:00:00Z | hello |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | 1  | respond publicly |

  Scenario: Messages of one second keep the order of the file
    Given the playbook
      """
      step start
        when thread.turns >= 2 -> take private
        otherwise              -> respond publicly
      """
    And the inbox
      | id | thread | posted_at            | text |
      | b  | t1     | 2026-07-01T09:00:00Z | one  |
      | a  | t1     | 2026-07-01T09:00:00Z | two  |
    When the inbox is run
    Then the decisions are
      | id | decision         |
      | b  | respond publicly |
      | a  | take private     |
