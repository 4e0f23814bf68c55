Feature: What is not known is not zero
  Most exports lack follower counts. A rule fires only when its condition is true, and the decision names what was
  missing where it mattered.

  Scenario: A rule fires only when its condition is true, not when it is unknown
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        otherwise -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "my parcel is late"
    Then the decision is to respond publicly
    And the unknown facts that mattered are "author.followers"

  Scenario Outline: The opposite of unknown is unknown
    Given the playbook
      """
      step start
        when <condition> -> hand off to marketing
        otherwise -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "my parcel is late"
    Then the decision is to respond publicly
    And the unknown fact that mattered is "<fact>"

    Examples:
      | condition                            | fact             |
      | author.followers < 10k               | author.followers |
      | not author.followers >= 10k          | author.followers |
      | not not author.followers >= 10k      | author.followers |
      | author.followers is not 5            | author.followers |
      | author.followers between 0 and 10k   | author.followers |
      | channel is not x                     | channel          |
      | channel is one of x, facebook        | channel          |
      | channel is not one of x, facebook    | channel          |
      | not post.sponsored                   | post.sponsored   |
      | tags includes "vip"                  | tags             |
      | not tags includes "vip"              | tags             |
      | product contains "kettle"            | product          |

  Scenario: Nothing was missing where everything was known
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        otherwise -> respond publicly
      """
    When Mika, with 120 followers, writes "my parcel is late"
    Then the decision is to respond publicly
    And nothing unknown mattered

  Scenario: Zero is known
    Given the playbook
      """
      step start
        when author.followers is unknown -> take private
        when author.followers < 10       -> no reply needed
        otherwise                        -> respond publicly
      """
    When Mika, with 0 followers, writes "my parcel is late"
    Then the decision is no reply needed
    And nothing unknown mattered

  Scenario: A rule may ask whether something is unknown
    Given the playbook
      """
      step start
        when author.followers is unknown -> take private
        otherwise -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "my parcel is late"
    Then the decision is to take private
    And nothing unknown mattered

  Scenario Outline: Known is the opposite of unknown
    Given the playbook
      """
      step start
        when <condition> -> take private
        otherwise -> respond publicly
      """
    When Mika, with 5 followers, writes "my parcel is late"
    Then the decision is to <decision>
    And nothing unknown mattered

    Examples:
      | condition                                         | decision         |
      | author.followers is known                         | take private     |
      | author.followers is unknown                       | respond publicly |
      | not author.followers is unknown                   | take private     |
      | shares is known                                   | respond publicly |
      | shares is unknown and author.followers is known   | take private     |

  Scenario Outline: "and" is false as soon as one side is, "or" true as soon as one side is
    Given the playbook
      """
      step start
        when <condition>       -> take private
        when not (<condition>) -> no reply needed
        otherwise              -> respond publicly
      """
    When a message comes in
      | field  | value        |
      | text   | it is broken |
      | shares | 5            |
    Then the decision is <decision>
    And nothing unknown mattered

    Examples:
      | condition                               | decision        |
      | author.followers >= 10k and shares >= 9 | no reply needed |
      | shares >= 9 and author.followers >= 10k | no reply needed |
      | author.followers >= 10k or shares >= 3  | take private    |
      | shares >= 3 or author.followers >= 10k  | take private    |

  Scenario Outline: Where the unknown side decides, the whole is unknown
    Given the playbook
      """
      step start
        when <condition>       -> take private
        when not (<condition>) -> no reply needed
        otherwise              -> respond publicly
      """
    When a message comes in
      | field  | value        |
      | text   | it is broken |
      | shares | 5            |
    Then the decision is to respond publicly
    And the unknown facts that mattered are <facts>

    Examples:
      | condition                                           | facts                       |
      | author.followers >= 10k and shares >= 3             | "author.followers"          |
      | author.followers >= 10k or shares >= 9              | "author.followers"          |
      | author.followers >= 10k and likes >= 3              | "author.followers", "likes" |
      | author.followers >= 10k or likes >= 3               | "author.followers", "likes" |
      | shares >= 3 and (likes >= 3 or author.vip)          | "author.vip", "likes"       |
      | shares >= 9 or (likes >= 3 and shares >= 3)         | "likes"                     |
      | likes >= 3 or (author.vip and shares >= 9)          | "likes"                     |

  Scenario: What comes after the deciding rule was never asked
    Given the playbook
      """
      step start
        when text mentions "fire"    -> hand off to safety
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "fire!"
    Then the decision is to hand off to safety
    And nothing unknown mattered

  Scenario: What a step on another way asks does not matter
    Given the playbook
      """
      step start
        when text mentions "fire" -> step fire
        otherwise                 -> step calm
      step fire
        otherwise -> hand off to safety
      step calm
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "fire!"
    Then the decision is to hand off to safety
    And nothing unknown mattered

  Scenario: What was missed on the way is named at the end
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> step care
      step care
        when shares >= 20 -> take private
        otherwise         -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "my parcel is late"
    Then the decision is to respond publicly
    And the unknown facts that mattered are "author.followers", "shares"

  Scenario: A missing word in one message does not rub off on another
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> respond publicly
      """
    And the inbox
      | id | text  | author.followers |
      | 1  | hello | 12000            |
      | 2  | hello |                  |
      | 3  | hello | 3                |
    When the inbox is run
    Then the decisions are
      | id | decision              | unknown          |
      | 1  | hand off to marketing |                  |
      | 2  | respond publicly      | author.followers |
      | 3  | respond publicly      |                  |
