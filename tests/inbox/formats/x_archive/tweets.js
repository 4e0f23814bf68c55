window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1898643000000000001"
          ],
          "editableUntil" : "2026-03-09T08:52:11.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "Mika Sato",
            "screen_name" : "mika_reads",
            "indices" : [
              "0",
              "11"
            ],
            "id_str" : "2244994101",
            "id" : "2244994101"
          }
        ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "52"
      ],
      "favorite_count" : "2",
      "in_reply_to_status_id_str" : "1898642210435801089",
      "id_str" : "1898643000000000001",
      "in_reply_to_user_id" : "2244994101",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1898643000000000001",
      "in_reply_to_status_id" : "1898642210435801089",
      "created_at" : "Mon Mar 09 07:52:11 +0000 2026",
      "favorited" : false,
      "full_text" : "@mika_reads Please unplug it &amp; call 0120-000-000.",
      "lang" : "en",
      "in_reply_to_screen_name" : "mika_reads",
      "in_reply_to_user_id_str" : "2244994101"
    }
  },
  {
    "tweet" : {
      "retweeted" : false,
      "favorite_count" : "0",
      "id_str" : "1898650000000000003",
      "retweet_count" : "340",
      "id" : "1898650000000000003",
      "created_at" : "Mon Mar 09 09:00:00 +0000 2026",
      "full_text" : "RT @news_tokyo: ケトルの自主回収について🔥",
      "lang" : "ja"
    }
  }
]
