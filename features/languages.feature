Feature: The language of a message
  The export's word counts. Where it has none, the language is guessed from the text, and unknown when unsure.

  Scenario Outline: The language is guessed where the export does not say
    Given the playbook
      """
      step start
        when lang is ja      -> hand off to tokyo
        when lang is en      -> hand off to london
        when lang is unknown -> hand off to everyone
        otherwise            -> hand off to babel
      """
    When Mika writes "<text>"
    Then the decision is to hand off to <team>
    And its lang is <lang>

    Examples:
      | text                                      | team     | lang    |
      | where is my bag and why is it not here    | london   | en      |
      | 充電器が発火した                          | tokyo    | ja      |
      | ﾃｽﾄ                                       | tokyo    | ja      |
      | Wo ist mein Koffer und warum              | babel    | de      |
      | ¿Dónde está mi maleta y por qué no llega? | babel    | es      |
      | où est ma valise et pourquoi              | babel    | fr      |
      | 내 가방은 어디에 있나요                   | babel    | ko      |
      | กระเป๋าของฉันอยู่ที่ไหน                        | babel    | th      |
      | ok                                        | everyone | nothing |
      | 12345                                     | everyone | nothing |
      |                                           | everyone | nothing |

  Scenario: The export's own word counts
    Given the playbook
      """
      step start
        when lang is ja -> hand off to tokyo
        otherwise       -> hand off to london
      """
    When a message comes in
      | field | value                                  |
      | text  | where is my bag and why is it not here |
      | lang  | ja                                     |
    Then the decision is to hand off to tokyo
    And its lang is ja
