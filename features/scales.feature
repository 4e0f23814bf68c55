Feature: Scales, and their levels in order
  A scale says how bad, how loud or how urgent a message is, in words that the team already uses.

  Scenario Outline: The first level rule that is true gives the level
    Given the playbook
      """
      scale severity: low < medium < high < critical
        critical when text mentions "fire"
        high     when text mentions "lawyer"
        medium   when text mentions "late"
        low      otherwise
      step start
        otherwise -> respond publicly
      """
    When Mika writes "<text>"
    Then its severity is <level>

    Examples:
      | text                              | level    |
      | a fire                            | critical |
      | my lawyer will call               | high     |
      | you are late                      | medium   |
      | hello                             | low      |
      | late again, so I call my lawyer   | high     |
      | my lawyer is late, there's a fire | critical |

  Scenario: Level rules are read in written order, not from the highest level down
    Given the playbook
      """
      scale exposure: hidden < quiet < viral
        hidden when visibility is private
        viral  when author.followers >= 100k
        quiet  otherwise
      step start
        otherwise -> respond publicly
      """
    When a message comes in
      | field            | value   |
      | visibility       | private |
      | author.followers | 2M      |
    Then its exposure is hidden

  Scenario: A level may have several rules
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "lawyer"
        high when text mentions "court"
        low  otherwise
      step start
        otherwise -> respond publicly
      """
    When Mika writes "see you in court"
    Then its severity is high

  Scenario Outline: Levels are compared in their order
    Given the playbook
      """
      scale severity: low < medium < high < critical
        critical when text mentions "fire"
        high     when text mentions "lawyer"
        medium   when text mentions "late"
        low      otherwise
      step start
        when severity <comparison> -> take private
        otherwise -> respond publicly
      """
    When Mika writes "my lawyer says hello"
    Then its severity is high
    And the decision is to <decision>

    Examples:
      | comparison                 | decision         |
      | is high                    | take private     |
      | is critical                | respond publicly |
      | is not low                 | take private     |
      | is not high                | respond publicly |
      | >= medium                  | take private     |
      | >= high                    | take private     |
      | >= critical                | respond publicly |
      | > medium                   | take private     |
      | > high                     | respond publicly |
      | <= high                    | take private     |
      | <= medium                  | respond publicly |
      | < critical                 | take private     |
      | < high                     | respond publicly |
      | between medium and high    | take private     |
      | between high and critical  | take private     |
      | between low and medium     | respond publicly |
      | is one of medium, high     | take private     |
      | is one of low, critical    | respond publicly |
      | is not one of low, medium  | take private     |

  Scenario Outline: A scale may look at another scale
    Given the playbook
      """
      scale severity: low < high
        high when text mentions "boycott" and exposure >= loud
        low  otherwise
      scale exposure: quiet < loud
        loud  when author.followers >= 10k
        quiet otherwise
      step start
        otherwise -> respond publicly
      """
    When Mika, with <followers> followers, writes "boycott them"
    Then its severity is <severity>

    Examples:
      | followers | severity |
      | 12k       | high     |
      | 120       | low      |

  Scenario: Every scale of the playbook is in the decision's record, used or not
    Given the playbook
      """
      scale urgency: whenever < today < now
        now      when text mentions "stranded"
        today    when text asks a question
        whenever otherwise
      scale severity: low < high
        high when text mentions "fire"
        low  otherwise
      step start
        otherwise -> respond publicly
      """
    When Mika writes "we are stranded"
    Then its urgency is now
    And its severity is low
    And its exposure is nothing

  Scenario: A level rule whose condition is unknown is passed over
    Given the playbook
      """
      scale exposure: quiet < loud < viral
        viral when author.followers >= 100k
        loud  when shares >= 20
        quiet otherwise
      step start
        otherwise -> respond publicly
      """
    When a message comes in
      | field  | value |
      | shares | 25    |
    Then its exposure is loud
    And the unknown fact that mattered is "author.followers"
