Feature: Our own name
  The brand is declared once, in all its spellings, and known to every rule.

  Scenario Outline: The text mentions the brand
    Given the playbook
      """
      brand "Acme", "acme.jp", "アクメ"
      step start
        when text mentions brand -> respond publicly
        otherwise                -> no reply needed
      """
    When Mika writes "<text>"
    Then the decision is <decision>

    Examples:
      | text                   | decision         |
      | I love ACME!           | respond publicly |
      | see acme.jp            | respond publicly |
      | アクメの充電器         | respond publicly |
      | ｱｸﾒの充電器            | respond publicly |
      | the acmeist poets      | no reply needed  |
      | good morning           | no reply needed  |

  Scenario: The brand may be one condition of many
    Given the playbook
      """
      brand "Acme"
      step start
        when text mentions brand and sentiment is negative -> take private
        when text does not mention brand                   -> no reply needed
        otherwise                                          -> respond publicly
      """
    When Mika writes "Acme is the worst company ever"
    Then the decision is to take private
