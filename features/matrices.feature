Feature: A matrix decides by two scales at once
  How bad it is and how many people can see it: one look at the table on the wall.

  Scenario Outline: Every cell is an answer
    Given the playbook
      """
      scale severity: low < medium < high
        high   when text mentions "fire"
        medium when text mentions "late"
        low    otherwise
      scale exposure: quiet < loud
        loud  when author.followers >= 10k
        quiet otherwise
      matrix start: severity by exposure
        |        | quiet   | loud      |
        | high   | private | marketing |
        | medium | public  | private   |
        | low    | none    | public    |
      outcome marketing
        hand off to marketing
        tag "crisis"
      """
    When Mika, with <followers> followers, writes "<text>"
    Then the decision is to <decision>
    And it went through "start[<severity>, <exposure>]"
    And its severity is <severity>
    And its exposure is <exposure>

    Examples:
      | text      | followers | severity | exposure | decision              |
      | a fire    | 200       | high     | quiet    | take private          |
      | a fire    | 20k       | high     | loud     | hand off to marketing |
      | so late   | 200       | medium   | quiet    | respond publicly      |
      | so late   | 20k       | medium   | loud     | take private          |
      | nice shop | 200       | low      | quiet    | no reply needed       |
      | nice shop | 20k       | low      | loud     | respond publicly      |

  Scenario: Rows and columns may stand in any order
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      scale exposure: quiet < loud
        loud  when author.followers >= 10k
        quiet otherwise
      matrix start: severity by exposure
        |      | loud    | quiet  |
        | low  | public  | none   |
        | high | private | ignore |
      """
    When Mika, with 20k followers, writes "a fire"
    Then the decision is to take private
    And it went through "start[high, loud]"

  Scenario: A named outcome brings what it carries into the cell
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
        tag "crisis"
        because "many people see a fire"
      """
    When Mika, with 20k followers, writes "a fire"
    Then the decision is to hand off to marketing
    And its tags are "crisis"
    And it is because "many people see a fire"

  Scenario Outline: A cell may lead to a step, and a step to a matrix
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      scale exposure: quiet < loud
        loud  when author.followers >= 10k
        quiet otherwise
      step start
        when visibility is private -> take private
        otherwise                  -> step crisis
      matrix crisis: severity by exposure
        |      | quiet     | loud      |
        | high | step care | step care |
        | low  | public    | public    |
      step care
        when text asks a question -> respond publicly
        otherwise                 -> hand off to safety
      """
    When Mika, with 20k followers, writes "<text>"
    Then the decision is to <decision>
    And it went through "start.otherwise", "crisis[high, loud]", "<last>"

    Examples:
      | text                | decision           | last           |
      | is that a fire?     | respond publicly   | care.1         |
      | there was a fire.   | hand off to safety | care.otherwise |

  Scenario: Nobody knows how many people see it, so the exposure is what the scale says otherwise
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      scale exposure: quiet < loud
        loud  when author.followers >= 10k
        quiet otherwise
      matrix start: severity by exposure
        |      | quiet   | loud    |
        | high | private | ignore  |
        | low  | public  | none    |
      """
    When Mika, whose followers nobody counted, writes "a fire"
    Then the decision is to take private
    And its exposure is quiet
    And the unknown fact that mattered is "author.followers"
