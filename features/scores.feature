Feature: Risk points
  Crisis plans add up points. A score does the same, line by line, and every line can be read in the meeting.

  Scenario Outline: Each line adds its points
    Given the playbook
      """
      terms safety "caught fire", "smoke"
      terms anger "worst", "scam", "shame", "awful", "joke"
      score risk
        +40 when text mentions safety
        +10 for each anger, at most 3
        +1  per 1k author.followers
        +2  per shares
        -5  when author.known
      step start
        when risk >= 50 -> hand off to marketing
        otherwise       -> respond publicly
      """
    When a message comes in
      | field            | value       |
      | text             | <text>      |
      | author.followers | <followers> |
      | shares           | <shares>    |
      | author.known     | <known>     |
    Then the score risk is <points>
    And the decision is to <decision>
    And nothing unknown mattered

    Examples:
      | text                             | followers | shares | known | points | decision              |
      | hello                            | 0         | 0      | no    | 0      | respond publicly      |
      | hello                            | 0         | 0      | yes   | -5     | respond publicly      |
      | it caught fire                   | 0         | 0      | no    | 40     | respond publicly      |
      | it caught fire, smoke everywhere | 0         | 0      | no    | 40     | respond publicly      |
      | it caught fire                   | 10k       | 0      | no    | 50     | hand off to marketing |
      | it caught fire                   | 10k       | 0      | yes   | 45     | respond publicly      |
      | it caught fire                   | 0         | 5      | no    | 50     | hand off to marketing |
      | the worst scam                   | 0         | 0      | no    | 20     | respond publicly      |
      | the worst, the worst, the worst  | 0         | 0      | no    | 10     | respond publicly      |
      | worst scam, shame, awful, a joke | 0         | 0      | no    | 30     | respond publicly      |
      | hello                            | 1500      | 0      | no    | 1.5    | respond publicly      |
      | hello                            | 1M        | 0      | no    | 1k     | hand off to marketing |

  Scenario Outline: A score is compared like a number
    Given the playbook
      """
      score risk
        +40 when text mentions "fire"
        +2  per shares
      step start
        when risk <comparison> -> take private
        otherwise -> respond publicly
      """
    When a message comes in
      | field  | value  |
      | text   | a fire |
      | shares | 5      |
    Then the decision is to <decision>

    Examples:
      | comparison        | decision         |
      | >= 50             | take private     |
      | > 50              | respond publicly |
      | <= 50             | take private     |
      | < 50              | respond publicly |
      | is 50             | take private     |
      | between 50 and 60 | take private     |
      | between 51 and 60 | respond publicly |

  Scenario: An unknown number makes the score unknown
    Given the playbook
      """
      score risk
        +40 when text mentions "fire"
        +1  per 1k author.followers
      step start
        when risk >= 30 -> hand off to marketing
        when risk < 30  -> no reply needed
        otherwise       -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "a fire"
    Then the decision is to respond publicly
    And the unknown fact that mattered is "author.followers"

  Scenario: An unknown condition makes the score unknown
    Given the playbook
      """
      score risk
        +40 when text mentions "fire"
        -5  when author.known
      step start
        when risk >= 30 -> hand off to marketing
        otherwise       -> respond publicly
      """
    When Mika writes "a fire"
    Then the decision is to respond publicly
    And the unknown fact that mattered is "author.known"

  Scenario Outline: A line may say what an unknown number counts for
    Given the playbook
      """
      score risk
        +40 when text mentions "fire"
        +1  per 1k author.followers or <points> if unknown
      step start
        when risk >= 50 -> hand off to marketing
        otherwise       -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "a fire"
    Then the decision is to <decision>
    And nothing unknown mattered

    Examples:
      | points | decision              |
      | 0      | respond publicly      |
      | 10     | hand off to marketing |

  Scenario: A condition's line may say so too
    Given the playbook
      """
      score risk
        +40 when text mentions "fire"
        +20 when author.vip or 0 if unknown
      step start
        when risk >= 40 -> hand off to marketing
        otherwise       -> respond publicly
      """
    When Mika writes "a fire"
    Then the decision is to hand off to marketing
    And nothing unknown mattered

  Scenario: A score may count time
    Given the playbook
      """
      field extra.waiting: duration
      score patience
        +1 per 1h extra.waiting
      step start
        when patience >= 48 -> hand off to support
        otherwise           -> respond publicly
      """
    When a message comes in
      | field         | value  |
      | extra.waiting | 172800 |
    Then the score patience is 48
    And the decision is to hand off to support

  Scenario: A score may look at scales and other scores
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      score harm
        +40 when severity is high
      score risk
        +20 when harm >= 40
        +1  per harm
      step start
        when risk >= 60 -> hand off to marketing
        otherwise       -> respond publicly
      """
    When Mika writes "a fire"
    Then the score risk is 60
    And the decision is to hand off to marketing
