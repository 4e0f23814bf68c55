Feature: Every decision says why, and why not
  The reason is read off the decision itself. Whoever would have decided otherwise sees how near it was.

  Scenario: The author's reason comes first
    Given the playbook
      """
      step start
        when text mentions "fire" -> hand off to safety because "somebody may get hurt"
        otherwise                 -> respond publicly
      """
    When Mika writes "fire!"
    Then it is because "somebody may get hurt"

  Scenario: A rule without a reason gives its condition
    Given the playbook
      """
      step start
        when text mentions "fire" and visibility is public -> hand off to safety
        otherwise                                          -> respond publicly
      """
    When a message comes in
      | field      | value  |
      | text       | fire!  |
      | visibility | public |
    Then the reason is made of the words
      """
      text mentions "fire" and visibility is public
      """

  Scenario: Why not: the nearest condition that was not met, with the value seen
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> respond publicly
      """
    When Mika, with 8.4k followers, writes "my parcel is late"
    Then the decision is to respond publicly
    And to hand off to marketing it needed "author.followers >= 10k (it is 8.4k)"

  Scenario: Why not: only what is missing is named
    Given the playbook
      """
      step start
        when text mentions "late" and author.followers >= 10k -> hand off to marketing
        otherwise                                             -> respond publicly
      """
    When Mika, with 8.4k followers, writes "my parcel is late"
    Then to hand off to marketing it needed "author.followers >= 10k (it is 8.4k)"

  Scenario: Why not: an unknown value is named as such
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> respond publicly
      """
    When Mika, whose followers nobody counted, writes "my parcel is late"
    Then to hand off to marketing it needed "author.followers >= 10k (it is unknown)"

  Scenario: Why not: of two ways the nearer one is named
    Given the playbook
      """
      step start
        when author.followers >= 10k or shares >= 500 -> hand off to marketing
        otherwise                                     -> respond publicly
      """
    When a message comes in
      | field            | value |
      | author.followers | 9.9k  |
      | shares           | 1     |
    Then to hand off to marketing it needed "author.followers >= 10k (it is 9.9k)"

  Scenario: Why not: the nearest rule comes first
    Given the playbook
      """
      step start
        when shares >= 500           -> take private
        when author.followers >= 10k -> hand off to marketing
        otherwise                    -> respond publicly
      """
    When a message comes in
      | field            | value |
      | author.followers | 9.9k  |
      | shares           | 1     |
    Then the nearest other decision was to hand off to marketing

  Scenario: Why not: words that are not there
    Given the playbook
      """
      terms safety "fire", "smoke"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "hello"
    Then to hand off to safety it needed "text mentions safety (it does not)"

  Scenario: Why not: something that should not have been there
    Given the playbook
      """
      step start
        when shares < 20 -> respond publicly
        otherwise        -> hand off to marketing
      """
    When a message comes in
      | field  | value |
      | shares | 25    |
    Then to respond publicly it needed "shares < 20 (it is 25)"

  Scenario: Why not: another cell of the matrix
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      scale exposure: quiet < loud
        loud  when author.followers >= 10k
        quiet otherwise
      matrix start: severity by exposure
        |      | quiet   | loud      |
        | high | private | marketing |
        | low  | public  | public    |
      outcome marketing
        hand off to marketing
      """
    When Mika, with 8.4k followers, writes "a fire"
    Then the decision is to take private
    And to hand off to marketing it needed "exposure were loud: author.followers >= 10k (it is 8.4k)"

  Scenario: Times are named in units that people use
    Given the playbook
      """
      field extra.waiting: duration
      step start
        when extra.waiting >= 2h -> take private
        otherwise                -> respond publicly
      """
    When a message comes in
      | field         | value |
      | extra.waiting | 5400  |
    Then to take private it needed "extra.waiting >= 2h (it is 1h 30m)"

  Scenario: A rule that leads to the same decision is no "why not"
    Given the playbook
      """
      step start
        when shares >= 500 -> respond publicly
        otherwise          -> respond publicly
      """
    When a message comes in
      | field  | value |
      | shares | 25    |
    Then no other decision was near

  Scenario: A level is explained by the rule that gave it
    Given the playbook
      """
      scale severity: low < medium < high
        high   when text mentions "fire"
        medium when text mentions "late"
        low    otherwise
      step start
        otherwise -> respond publicly
      """
    When Mika writes "you are late"
    Then severity was medium because of "text mentions "late""

  Scenario: A level says which words it rests on, also behind a named condition
    Given the playbook
      """
      terms burning "fire", "smok*"
      define danger: text mentions burning or author.followers >= 10k
      scale severity: low < high
        high when danger
        low  otherwise
      step start
        otherwise -> respond publicly
      """
    When Mika writes "the kettle is smoking"
    Then severity was high because of "danger"
    And it rested on "text mentions burning" with "smok"

  Scenario: Every rule that was tried is shown with what it saw
    Given the playbook
      """
      step start
        when author.followers >= 10k -> hand off to marketing
        when shares >= 20            -> take private
        otherwise                    -> respond publicly
      """
    When a message comes in
      | field  | value |
      | shares | 25    |
    Then the rules tried were
      | rule    | condition               | value   | seen    |
      | start.1 | author.followers >= 10k | unknown | unknown |
      | start.2 | shares >= 20            | true    | 25      |

  Scenario: The words that were found are quoted
    Given the playbook
      """
      terms safety "fire", "smoke", "spark*"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "smoke, then sparks"
    Then the rules tried were
      | rule    | condition            | value | seen             |
      | start.1 | text mentions safety | true  | "smoke", "spark" |
