Feature: A slip is found before it decides anything
  A misspelt name is an error with a place and a suggestion, never a condition that is silently false.

  Scenario: A misspelt list
    Given the playbook
      """
      playbook "Acme"
      terms safety "caught fire"
      step start
        when text mentions safety -> hand off to safety
        when text mentions saftey -> hand off to safety
        otherwise                 -> respond publicly
      """
    When the playbook is checked
    Then the error HK201 points at "saftey" on line 5
    And its help says "did you mean `safety`?"

  Scenario Outline: Misspelt names of every kind are errors with a suggestion
    Given the playbook
      """
      playbook "Acme"
      scale severity: low < high
        high when text asks a question
        low  otherwise
      define reachable: visibility is public
      step start
        when reachable -> step care
        when <condition> -> <target>
        otherwise -> respond publicly
      step care
        when severity is high -> urgent
        otherwise -> no reply needed
      outcome urgent
        take private
      """
    When the playbook is checked
    Then the error <code> points at "<slip>" on line 8
    And its help says "<right>"

    Examples:
      | condition                | target             | code  | slip            | right            |
      | author.folowers >= 10k   | take private       | HK202 | author.folowers | author.followers |
      | reachabel                | take private       | HK202 | reachabel       | reachable        |
      | severity is hihg         | take private       | HK205 | hihg            | high             |
      | channel is facebok       | take private       | HK206 | facebok         | facebook         |
      | author.vip               | step caer          | HK203 | caer            | care             |
      | author.vip               | urgnet             | HK204 | urgnet          | urgent           |

  Scenario Outline: Nonsense comparisons are errors
    Given the playbook
      """
      playbook "Acme"
      scale severity: low < high
        high when text asks a question
        low  otherwise
      scale exposure: quiet < loud
        loud  when shares >= 20
        quiet otherwise
      step start
        when severity is high and exposure is loud -> take private
        when <condition> -> hand off to marketing
        otherwise -> respond publicly
      """
    When the playbook is checked
    Then there is the error <code> on line 10

    Examples:
      | condition                    | code  |
      | text >= 3                    | HK301 |
      | severity >= 3                | HK301 |
      | author.vip >= 1              | HK301 |
      | severity is loud             | HK302 |
      | exposure >= high             | HK302 |
      | sentiment <= -3              | HK303 |
      | troll >= 1.5                 | HK303 |
      | rating is 6                  | HK303 |
      | thread.age >= 3              | HK304 |
      | author.followers >= 3d       | HK304 |
      | author.followers >= 20%      | HK304 |
      | shares between 9 and 3       | HK305 |
      | visibility is secret         | HK206 |
      | answered_at is known         | HK202 |

  Scenario: A step without otherwise
    Given the playbook
      """
      playbook "Acme"
      step start
        when text asks a question -> respond publicly
      """
    When the playbook is checked
    Then there is the error HK402 on line 2

  Scenario: Steps that lead in a circle, with the way shown
    Given the playbook
      """
      playbook "Acme"
      step start
        otherwise -> step one
      step one
        when text asks a question -> step two
        otherwise -> take private
      step two
        otherwise -> step one
      """
    When the playbook is checked
    Then there is the error HK404
    And what is said names "one" and "two"

  Scenario: A matrix that lacks a cell
    Given the playbook
      """
      playbook "Acme"
      scale severity: low < high
        high when text asks a question
        low  otherwise
      scale exposure: quiet < loud
        loud  when shares >= 20
        quiet otherwise
      matrix start: severity by exposure
        |      | quiet  | loud    |
        | high | public | private |
        | low  | public |
      """
    When the playbook is checked
    Then there is the error HK406

  Scenario: A matrix that lacks a level
    Given the playbook
      """
      playbook "Acme"
      scale severity: low < high
        high when text asks a question
        low  otherwise
      scale exposure: quiet < loud
        loud  when shares >= 20
        quiet otherwise
      matrix start: severity by exposure
        |      | quiet  | loud    |
        | high | public | private |
      """
    When the playbook is checked
    Then there is the error HK407

  Scenario Outline: Other things that cannot be meant
    Given the playbook
      """
      playbook "Acme"
      <statement>
      step start
        when <condition> -> respond publicly
        otherwise -> no reply needed
      """
    When the playbook is checked
    Then there is the error <code>

    Examples:
      | statement                             | condition                             | code  |
      | define a: a                           | a                                     | HK409 |
      | terms code /(?=x)y/                   | text mentions code                    | HK306 |
      | terms code /(x/                       | text mentions code                    | HK306 |
      | terms smoke "*smoke"                  | text mentions smoke                   | HK307 |
      | terms anger "worst", "scam"           | text mentions at least 3 of anger     | HK308 |
      | define sentiment: text asks a question | sentiment is negative                | HK210 |
      | field plan: text                      | text asks a question                  | HK211 |
      | terms a "x"  terms a "y"              | text mentions a                       | HK115 |
      | use "nowhere"                         | text asks a question                  | HK112 |
      | use "../secrets"                      | text asks a question                  | HK113 |
      | use "/etc/passwd"                     | text asks a question                  | HK113 |
      | extend terms anger "x"                | text mentions anger                   | HK116 |
      | define odd: visibility == private     | odd                                   | HK108 |
      | brand "Acme                           | text mentions brand                   | HK101 |

  Scenario: A step that no message reaches
    Given the playbook
      """
      playbook "Acme"
      step start
        otherwise -> no reply needed
      step care
        otherwise -> respond publicly
      """
    When the playbook is checked
    Then there is the error HK405 on line 4

  Scenario: All slips are told at once, in the order of the file
    Given the playbook
      """
      playbook "Acme"
      step start
        when text mentions anger -> step care
        when author.folowers >= 3 -> respond publicly
        when channel is facebok -> respond publicly
        otherwise -> no reply needed
      """
    When the playbook is checked
    Then the errors are HK201, HK203, HK202, HK206 in this order

  Scenario: Files that use each other in a circle
    Given the file "words.playbook"
      """
      use "care"
      terms anger "worst"
      """
    And the playbook
      """
      playbook "Acme"
      use "words"
      step start
        when text mentions anger -> take private
        otherwise                -> respond publicly
      """
    When the playbook is checked
    Then there is the error HK114

  Scenario: A list of a used file is not redeclared by accident
    Given the file "words.playbook"
      """
      terms anger "worst"
      """
    And the playbook
      """
      playbook "Acme"
      use "words"
      terms anger "scam"
      step start
        when text mentions anger -> take private
        otherwise                -> respond publicly
      """
    When the playbook is checked
    Then the error HK115 points at "anger" on line 3

  Scenario: A playbook without a slip
    Given the playbook
      """
      playbook "Acme"
      terms anger "worst"
      step start
        when text mentions anger -> take private
        otherwise                -> respond publicly
      """
    When the playbook is checked
    Then there is nothing to say

  Scenario: A list that nobody looks for is a warning, and decides nothing
    Given the playbook
      """
      playbook "Acme"
      terms anger "worst"
      step start
        otherwise -> respond publicly
      """
    When the playbook is checked
    Then there is the warning HK501 on line 2
    And there are no errors
