Feature: Counting the words of a list
  One angry word is a mood, three are a message.

  Scenario Outline: Different words of the list count, each once
    Given the playbook
      """
      terms anger "worst", "scam", "shame on you", "shame", "最悪", "詐欺"
      step start
        when text mentions at least 3 of anger -> hand off to marketing
        when text mentions at least 2 of anger -> take private
        when text mentions anger               -> respond publicly
        otherwise                              -> no reply needed
      """
    When Mika writes "<text>"
    Then the decision is <decision>

    Examples:
      | text                             | decision              |
      | hello                            | no reply needed       |
      | the worst                        | respond publicly      |
      | the worst, the worst, the WORST  | respond publicly      |
      | the worst scam                   | take private          |
      | what a shame                     | respond publicly      |
      | shame on you                     | take private          |
      | worst scam, shame on you         | hand off to marketing |
      | 最悪の詐欺                       | take private          |
      | 最悪の詐欺 scam                  | hand off to marketing |

  Scenario Outline: Words that overlap all count
    Given the playbook
      """
      terms safety "fire", "caught fire", "発火", "発火した"
      step start
        when text mentions at least 2 of safety -> hand off to safety
        otherwise                               -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples:
      | text               | decision           |
      | it caught fire     | hand off to safety |
      | fire               | respond publicly   |
      | 充電器が発火した   | hand off to safety |
      | 発火です           | respond publicly   |

  Scenario: At least one is the same as a mention
    Given the playbook
      """
      terms anger "worst", "scam"
      step start
        when text mentions at least 1 of anger -> take private
        otherwise                              -> respond publicly
      """
    When Mika writes "a scam"
    Then the decision is to take private
