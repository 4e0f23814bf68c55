# language: ja
機能: 日本語のプレイブック
  名前もことばも日本語で書ける。読み上げれば、広報の人にもわかる。

  背景:
    前提 プレイブック
      """
      playbook "アクメ お客様対応" owner "お客様窓口"
      brand "アクメ", "Acme"
      terms 安全
        "発火", "やけど", "異物混入"
      terms 個別対応
        "注文番号", "返金"
      field extra.会員種別: text
      define 影響大: author.followers >= 10k or shares >= 20
      scale 深刻度: 低 < 中 < 高
        高 when text mentions 安全
        中 when sentiment is negative
        低 otherwise
      step start
        when 深刻度 is 高 and 影響大
          -> 広報対応
        when 深刻度 >= 高
          -> hand off to 品質管理
             because "安全にかかわる"
        when text mentions 個別対応 or extra.会員種別 is "プレミアム"
          -> take private
             say DM案内
        otherwise
          -> step 通常
      step 通常
        when text asks a question
          -> respond publicly
        otherwise
          -> no reply needed
      outcome 広報対応
        hand off to 広報
        tag "炎上"
        because "安全にかかわり、多くの人が見ている"
      reply DM案内
        ja "{author.name}さま、ご迷惑をおかけしております。DMで注文番号をお送りいただけますか。"
      """

  シナリオ: 安全にかかわり、多くの人が見ていれば広報へ渡す
    もし フォロワー12k人のミカが「充電器が発火しました」と書く
    ならば 広報へ渡す
    かつ 理由は「安全にかかわり、多くの人が見ている」
    かつ 深刻度は「高」
    かつ タグは「炎上」

  シナリオ: フォロワー数がわからなくても、安全のことは品質管理へ渡す
    もし ミカが「アクメの充電器で手をやけどした」と書く
    ならば 品質管理へ渡す
    かつ 理由は「安全にかかわる」
    かつ わからなかった項目は「author.followers」「shares」

  シナリオ: 半角カナや全角英字でも同じことばとして読む
    もし 会員種別が「ﾌﾟﾚﾐｱﾑ」のミカが「こんにちは」と書く
    ならば 個別に対応する
    かつ 返信案は「DM案内」

  シナリオアウトライン: ふだんのメッセージ
    もし フォロワー12人のケンが「<本文>」と書く
    ならば <決定>

    例:
      | 本文                     | 決定           |
      | 返金してください         | 個別に対応する |
      | 注文番号を送ります       | 個別に対応する |
      | 営業時間を教えてください | 公開で答える   |
      | いつ届きますか           | 公開で答える   |
      | 無事に届きました         | 返信はいらない |
