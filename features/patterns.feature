Feature: Patterns in word lists
  Part numbers and codes are found by a pattern between slashes. A pattern never makes a run slow, whatever people write.

  Scenario Outline: A pattern is found in the text
    Given the playbook
      """
      terms part_number /AC-\d{4}/, "part number"
      step start
        when text mentions part_number -> take private
        otherwise                      -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples:
      | text                       | decision         |
      | my AC-1234 is broken       | take private     |
      | my ac-1234 is broken       | take private     |
      | my ＡＣ－１２３４ is broken | take private     |
      | AC-12 is fine              | respond publicly |
      | what is the part number    | take private     |

  Scenario Outline: A pattern counts as one term of its list
    Given the playbook
      """
      terms serious /AC-\d{4}/, "broken", "fire"
      step start
        when text mentions at least 2 of serious -> take private
        otherwise                                -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples:
      | text                 | decision         |
      | AC-1234              | respond publicly |
      | AC-1234 and AC-5678  | respond publicly |
      | AC-1234 is broken    | take private     |

  Scenario: A pattern that would be slow somewhere is no problem
    Given the playbook
      """
      terms serious /(a+)+$/
      step start
        when text mentions serious -> take private
        otherwise                  -> respond publicly
      """
    When Mika writes "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"
    Then the decision is to respond publicly
