Feature: Personal data belongs in private
  Nobody should have to see their number in a public thread.

  Scenario Outline: Personal data is recognised
    Given the playbook
      """
      step start
        when text has personal data -> take private
        otherwise                   -> respond publicly
      """
    When Mika writes "<text>"
    Then the decision is to <decision>

    Examples: Addresses on the net
      | text                              | decision         |
      | mail me at mika@example.com       | take private     |
      | ＭＩＫＡ＠ｅｘａｍｐｌｅ．ｃｏｍ  | take private     |
      | hello @acme                       | respond publicly |

    Examples: Phones
      | text                              | decision         |
      | call me on 090-1234-5678          | take private     |
      | call me on 09012345678            | take private     |
      | 電話は０９０－１２３４－５６７８です | take private     |
      | 03-1234-5678までお願いします      | take private     |
      | +44 20 7946 0958                  | take private     |
      | (212) 555-0123                    | take private     |

    Examples: Payment cards, whose check digit must be right
      | text                              | decision         |
      | my card is 4111 1111 1111 1111    | take private     |
      | my card is 4111-1111-1111-1111    | take private     |
      | my card is 4111111111111111       | take private     |
      | ４１１１１１１１１１１１１１１１  | take private     |
      | the number 4111111111111112       | respond publicly |
      | the number 4111 1111 1111 1112    | respond publicly |

    Examples: Orders, bookings
      | text                              | decision         |
      | order number 12345678             | take private     |
      | order #12345                      | take private     |
      | 注文番号：12345678                | take private     |
      | 注文番号は12345678です            | take private     |
      | 注文番号は AB-123456 です         | take private     |
      | my order is late                  | respond publicly |
      | I order 3 pizzas                  | respond publicly |

    Examples: Postal addresses
      | text                              | decision         |
      | 〒150-0001                        | take private     |
      | 東京都渋谷区神宮前1-2-3           | take private     |
      | 12 Baker Street                   | take private     |

    Examples: Other numbers are nobody's
      | text                              | decision         |
      | open 9:00-18:00                   | respond publicly |
      | it is 2026-07-03                  | respond publicly |
      | the price is 10000 yen            | respond publicly |
      | 1,234,567 people saw it           | respond publicly |
      | the NH-12 is great                | respond publicly |
      |                                   | respond publicly |
