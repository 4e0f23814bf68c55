Feature: What a message brings along
  Where it was written, who can read it, who wrote it and how many saw it.

  Scenario Outline: Fields that are one of several words
    Given the playbook
      """
      step start
        when <condition> -> take private
        otherwise        -> respond publicly
      """
    When a message comes in
      | field      | value |
      | <field>    | <value> |
    Then the decision is to <decision>
    And nothing unknown mattered

    Examples: Channels
      | field      | value     | condition                         | decision         |
      | channel    | line      | channel is line                   | take private     |
      | channel    | x         | channel is line                   | respond publicly |
      | channel    | X         | channel is x                      | take private     |
      | channel    | LINE      | channel is line                   | take private     |
      | channel    | youtube   | channel is one of tiktok, youtube | take private     |
      | channel    | email     | channel is not one of chat, phone | take private     |
      | channel    | email     | channel is not email              | respond publicly |
      | channel    | mixi      | channel is "mixi"                 | take private     |
      | channel    | mixi      | channel is x                      | respond publicly |

    Examples: Visibility
      | field      | value     | condition                         | decision         |
      | visibility | private   | visibility is private             | take private     |
      | visibility | Private   | visibility is private             | take private     |
      | visibility | public    | visibility is private             | respond publicly |
      | visibility | public    | visibility is not private         | take private     |

    Examples: Languages
      | field      | value     | condition                         | decision         |
      | lang       | ja        | lang is ja                        | take private     |
      | lang       | JA        | lang is ja                        | take private     |
      | lang       | sv        | lang is "sv"                      | take private     |

    Examples: Yes or no
      | field           | value | condition                    | decision         |
      | author.verified | yes   | author.verified              | take private     |
      | author.verified | no    | author.verified              | respond publicly |
      | author.vip      | no    | not author.vip               | take private     |
      | author.known    | yes   | author.known and author.known | take private    |
      | post.sponsored  | yes   | not post.sponsored           | respond publicly |
      | mention.tagged  | true  | mention.tagged               | take private     |

    Examples: Counts
      | field            | value | condition                        | decision         |
      | author.followers | 10k   | author.followers >= 10k          | take private     |
      | author.followers | 9999  | author.followers >= 10k          | respond publicly |
      | likes            | 5     | likes > 5                        | respond publicly |
      | shares           | 5     | shares <= 5                      | take private     |
      | replies          | 4     | replies < 5                      | take private     |
      | views            | 300   | views between 100 and 300        | take private     |
      | views            | 301   | views between 100 and 300        | respond publicly |
      | reach            | 100   | reach is 100                     | take private     |
      | reach            | 100   | reach is not 100                 | respond publicly |

    Examples: Stars
      | field  | value | condition      | decision         |
      | rating | 2     | rating <= 2    | take private     |
      | rating | 2.5   | rating <= 2    | respond publicly |
      | rating | 5     | rating is 5    | take private     |

    Examples: Words of the source
      | field      | value       | condition                | decision         |
      | product    | kettle      | product is "kettle"      | take private     |
      | topic      | delivery    | topic is not "delivery"  | respond publicly |
      | tags       | late, vip   | tags includes "vip"      | take private     |
      | tags       | late, vips  | tags includes "vip"      | respond publicly |
      | id         | A-17        | id is "A-17"             | take private     |
      | thread     | t9          | thread is "t9"           | take private     |
      | author.id  | 00123       | author.id is "00123"     | take private     |
      | author.id  | 123         | author.id is "00123"     | respond publicly |

    Examples: Times
      | field      | value                     | condition           | decision     |
      | posted_at  | 2026-07-01T09:00:00+09:00 | posted_at is known  | take private |

  Scenario: Numbers compare as numbers, not as words
    Given the playbook
      """
      step start
        when shares > 9 -> take private
        otherwise       -> respond publicly
      """
    When a message comes in
      | field  | value |
      | shares | 10    |
    Then the decision is to take private

  Scenario: The record says when and where a message was written
    Given the playbook
      """
      step start
        otherwise -> respond publicly
      """
    When a message comes in
      | field     | value                     |
      | id        | 0042                      |
      | posted_at | 2026-07-01T09:00:00+09:00 |
      | channel   | line                      |
      | thread    | t1                        |
    Then its id is 0042
    And its posted at is "2026-07-01T00:00:00Z"
    And its channel is line
    And its thread is t1
