Feature: A playbook is put together from files
  Word lists, scales and steps that several teams share live in files of their own, or come with Hikeshi.

  Scenario: Lists of another file are used by name
    Given the file "words.playbook"
      """
      terms safety "caught fire", "発火"
      """
    And the playbook
      """
      use "words"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "充電器が発火した"
    Then the decision is to hand off to safety

  Scenario: A file may lie in a folder and use others in turn
    Given the file "shared/all.playbook"
      """
      use "words"
      define danger: text mentions safety
      """
    And the file "shared/words.playbook"
      """
      terms safety "caught fire"
      """
    And the playbook
      """
      use "shared/all"
      step start
        when danger -> hand off to safety
        otherwise   -> respond publicly
      """
    When Mika writes "it caught fire"
    Then the decision is to hand off to safety

  Scenario Outline: Lists that two used files declare under one name are joined
    Given the file "english.playbook"
      """
      terms safety "caught fire"
      """
    And the file "japanese.playbook"
      """
      terms safety "発火"
      """
    And the playbook
      """
      use "english"
      use "japanese"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to hand off to safety

    Examples:
      | text              |
      | it caught fire    |
      | 充電器が発火した  |

  Scenario Outline: A playbook adds its own words to a list
    Given the file "words.playbook"
      """
      terms safety "caught fire"
      """
    And the playbook
      """
      use "words"
      extend terms safety "sparks", "火花"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to hand off to safety

    Examples:
      | text            |
      | it caught fire  |
      | I saw sparks    |
      | 火花が出た      |

  Scenario Outline: A playbook puts its own list in the place of another
    Given the file "words.playbook"
      """
      terms safety "caught fire"
      """
    And the playbook
      """
      use "words"
      replace terms safety "sparks"
      step start
        when text mentions safety -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples:
      | text           | decision           |
      | it caught fire | respond publicly   |
      | I saw sparks   | hand off to safety |

  Scenario: A playbook puts its own scale in the place of another, for all who look at it
    Given the file "scales.playbook"
      """
      scale exposure: quiet < loud
        loud  when author.followers >= 100k
        quiet otherwise
      define public_matter: exposure is loud
      """
    And the playbook
      """
      use "scales"
      replace scale exposure: quiet < loud
        loud  when author.followers >= 1k
        quiet otherwise
      step start
        when public_matter -> hand off to marketing
        otherwise          -> respond publicly
      """
    When Mika, with 2k followers, writes "hello"
    Then the decision is to hand off to marketing
    And its exposure is loud

  Scenario: A step of a used file may be replaced
    Given the file "base.playbook"
      """
      step start
        when text asks a question -> respond publicly
        otherwise                 -> step care
      step care
        otherwise -> no reply needed
      """
    And the playbook
      """
      use "base"
      replace step care
        otherwise -> take private
      """
    When Mika writes "good morning"
    Then the decision is to take private

  Scenario Outline: Brands add up
    Given the file "group.playbook"
      """
      brand "Acme"
      """
    And the playbook
      """
      use "group"
      extend brand "アクメ"
      step start
        when text mentions brand -> respond publicly
        otherwise                -> no reply needed
      """
    When Mika writes "<text>"
    Then the decision is to respond publicly

    Examples:
      | text          |
      | hello Acme    |
      | アクメさん    |

  Scenario Outline: The standard library comes along
    Given the playbook
      """
      playbook "Acme"
      use "std/scales"
      step start
        when severity is critical -> hand off to safety
        otherwise                 -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>
    And its severity is <severity>

    Examples:
      | text                             | decision           | severity |
      | my charger caught fire           | hand off to safety | critical |
      | 充電器が発火しました             | hand off to safety | critical |
      | I will call my lawyer            | respond publicly   | high     |
      | What a lovely day                | respond publicly   | low      |
