Feature: Whether a message asks something
  A question wants an answer, with or without its mark.

  Scenario Outline: Questions
    Given the playbook
      """
      step start
        when text asks a question -> respond publicly
        otherwise                 -> no reply needed
      """
    When Mika writes "<text>"
    Then the decision is <decision>

    Examples: Asked
      | text                           | decision         |
      | Where is my bag?               | respond publicly |
      | Where is my bag                | respond publicly |
      | how do I reset my password     | respond publicly |
      | really?!                       | respond publicly |
      | いつ届きますか                 | respond publicly |
      | どこで買えますか？             | respond publicly |
      | 営業時間を教えてください       | respond publicly |
      | ¿Funciona?                     | respond publicly |

    Examples: Not asked
      | text                                | decision        |
      | My bag arrived.                     | no reply needed |
      | 届きました。                        | no reply needed |
      | see https://acme.jp/search?q=shoes  | no reply needed |
      |                                     | no reply needed |
