Feature: Layout never changes meaning
  Indentation and line ends are for people. The formatter has one way to write a playbook, and loses no comment.

  Scenario Outline: However it is laid out, it decides alike
    Given the playbook
      """
      playbook "Acme" owner "social-care"
      # words that mean harm
      terms safety "caught fire", "発火"  # both languages
      scale severity: low < high
        high when text mentions safety  # nothing outranks this
        low  otherwise
      step start
        when severity is high and author.followers >= 10k
          -> hand off to marketing
             tag "crisis"
             because "many see it"
        # a step always ends
        otherwise
          -> respond publicly
      """
    And it is laid out <layout>
    When Mika, with 12k followers, writes "it caught fire"
    Then the decision is to hand off to marketing
    And its tags are "crisis"
    And it is because "many see it"
    And its severity is high

    Examples:
      | layout                       |
      | as it is                     |
      | on as few lines as possible  |
      | one word a line              |
      | with tabs                    |
      | with full-width spaces       |
      | with Windows line ends       |
      | with a byte order mark       |
      | by the formatter             |

  Scenario: The formatter keeps every comment, and formatting again changes nothing
    Given the playbook
      """
      # first of all
      playbook "Acme"   # our house
      terms safety   "caught fire",
         # from the factory
         "sparks"
      step start   # here it begins
         when text mentions safety   # harm
           -> hand off to safety tag "a"   # to the team
      # almost done
         otherwise -> none
      # the end
      """
    When the playbook is formatted
    Then it still has the comments
      | comment            |
      | # first of all     |
      | # our house        |
      | # from the factory |
      | # here it begins   |
      | # harm             |
      | # to the team      |
      | # almost done      |
      | # the end          |
    And formatting it again changes nothing

  Scenario: There is one way to write a playbook
    Given the playbook
      """
      playbook "Acme"
      step start when author.followers>=10k->hand off to marketing tag "a","b" otherwise->none
      """
    When the playbook is formatted
    Then it reads
      """
      playbook "Acme"

      step start
        when author.followers >= 10k
          -> hand off to marketing
             tag "a", "b"
        otherwise
          -> none
      """
