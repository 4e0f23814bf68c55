Feature: Texts are compared as people read them
  Capitals and full-width letters are the same word.

  Scenario Outline: Case and width do not matter
    Given the playbook
      """
      step start
        when <condition> -> take private
        otherwise        -> respond publicly
      """
    When a message comes in
      | field   | value   |
      | <field> | <value> |
    Then the decision is to <decision>

    Examples: is
      | field       | value         | condition                             | decision         |
      | product     | Kettle        | product is "kettle"                   | take private     |
      | product     | kettle        | product is "KETTLE"                   | take private     |
      | product     | ＫＥＴＴＬＥ  | product is "kettle"                   | take private     |
      | product     | ｹﾄﾙ           | product is "ケトル"                   | take private     |
      | product     | kettle        | product is "ｋｅｔｔｌｅ"             | take private     |
      | product     | kettles       | product is "kettle"                   | respond publicly |
      | product     | Kettle        | product is one of "mug", "kettle"     | take private     |
      | product     | Kettle        | product is not one of "mug", "kettle" | respond publicly |

    Examples: contains
      | field       | value                | condition                        | decision         |
      | author.name | The Daily NEWS Tokyo | author.name contains "news"      | take private     |
      | author.name | Newsroom             | author.name contains "news"      | take private     |
      | author.name | Mika                 | author.name contains "news"      | respond publicly |
      | author.name | 週刊ｱｸﾒ編集部        | author.name contains "アクメ"    | take private     |
      | author.name | a.b                  | author.name contains "."         | take private     |
      | author.name | ab                   | author.name contains "."         | respond publicly |

    Examples: includes
      | field       | value         | condition                        | decision         |
      | tags        | VIP, late     | tags includes "vip"              | take private     |
      | tags        | vip           | tags includes "VIP"              | take private     |
      | tags        | ＶＩＰ        | tags includes "vip"              | take private     |
      | tags        | very vip      | tags includes "vip"              | respond publicly |

    Examples: the message's own text
      | field       | value         | condition                        | decision         |
      | text        | Stop          | text is "STOP"                   | take private     |
      | text        | stop it       | text is "stop"                   | respond publicly |
