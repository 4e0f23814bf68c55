window.YTD.direct_messages.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "900-31337",
      "messages" : [
        {
          "messageCreate" : {
            "recipientId" : "900",
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "A new lid is on its way.",
            "mediaUrls" : [ ],
            "senderId" : "31337",
            "id" : "1990000000000000009",
            "createdAt" : "2026-03-09T09:00:00.000Z"
          }
        },
        {
          "messageCreate" : {
            "recipientId" : "31337",
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "",
            "mediaUrls" : [
              "https://ton.twitter.com/dm/1.jpg"
            ],
            "senderId" : "900",
            "id" : "1990000000000000008",
            "createdAt" : "2026-03-09T08:41:00.000Z"
          }
        }
      ]
    }
  },
  {
    "dmConversation" : {
      "conversationId" : "901-31337",
      "messages" : [
        {
          "messageCreate" : {
            "recipientId" : "31337",
            "text" : "ふたが外れて、やけどしました &gt;_&lt;",
            "senderId" : "901",
            "id" : "1990000000000000007",
            "createdAt" : "2026-03-08T22:10:00.000Z"
          }
        }
      ]
    }
  }
]
