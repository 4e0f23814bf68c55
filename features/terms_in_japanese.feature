Feature: Japanese words are found where no spaces are
  日本語には単語の区切りがない。A Japanese term is found anywhere in a sentence, in whichever width it was typed.

  Scenario Outline: A Japanese term is found inside a sentence
    Given the playbook
      """
      terms wanted <term>
      step start
        when text mentions wanted -> take private
        otherwise                 -> respond publicly
      """
    When ミカ writes "<text>"
    Then the decision is to <decision>

    Examples: Without spaces
      | term         | text                         | decision         |
      | "発火"       | 充電器が発火しました         | take private     |
      | "発火"       | 発火                         | take private     |
      | "発火"       | 発 火                        | respond publicly |
      | "届かない"   | まだ届かないんですけど       | take private     |
      | "やけど"     | 手をやけどした               | take private     |
      | "異物混入"   | 異物が混入していた           | respond publicly |

    Examples: Width
      | term         | text                         | decision         |
      | "アクメ"     | ｱｸﾒの充電器                  | take private     |
      | "バッグ"     | ﾊﾞｯｸﾞが届かない              | take private     |
      | "ｱｸﾒ"        | アクメの充電器               | take private     |
      | "パンフ"     | ﾊﾟﾝﾌください                 | take private     |
      | "NH-12"      | ＮＨ－１２が熱い             | take private     |
      | "DM"         | ＤＭください                 | take private     |
      | "㈱アクメ"   | (株)アクメ                   | take private     |
      | "10個"       | １０個買った                 | take private     |

    Examples: Kana stay apart
      | term         | text                         | decision         |
      | "やけど"     | ヤケドした                   | respond publicly |

    Examples: Latin words beside Japanese ones
      | term         | text                         | decision         |
      | "DM"         | DMで送ってください           | take private     |
      | "DM"         | 担当者のDMに送った           | take private     |
      | "DM"         | DMMで買った                  | respond publicly |
      | "Acmeカード" | acmeカードを失くした         | take private     |
      | "Acmeカード" | ＡＣＭＥｶｰﾄﾞを失くした       | take private     |

    Examples: Other scripts without spaces
      | term         | text                         | decision         |
      | "退款"       | 我要退款谢谢                 | take private     |
      | "คืนเงิน"     | ขอคืนเงินด่วน                 | take private     |
      | "환불"       | 환불해 주세요                | take private     |

  Scenario: English and Japanese words stand side by side in one list
    Given the playbook
      """
      terms safety "caught fire", "smok*", "発火", "やけど"
      step start
        when text mentions at least 2 of safety -> hand off to safety
        when text mentions safety               -> take private
        otherwise                               -> respond publicly
      """
    When ミカ writes "smokingしてから発火した"
    Then the decision is to hand off to safety
