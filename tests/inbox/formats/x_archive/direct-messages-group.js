window.YTD.direct_messages_group.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "1971000000000000000",
      "messages" : [
        {
          "joinConversation" : {
            "initiatingUserId" : "902",
            "participantsSnapshot" : [ "902", "31337" ],
            "createdAt" : "2026-02-01T00:00:00.000Z"
          }
        },
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "Hello everyone",
            "mediaUrls" : [ ],
            "senderId" : "902",
            "id" : "1971000000000000001",
            "createdAt" : "2026-02-01T00:01:00.000Z"
          }
        },
        {
          "conversationNameUpdate" : {
            "initiatingUserId" : "902",
            "name" : "Kettle people",
            "createdAt" : "2026-02-01T00:02:00.000Z"
          }
        }
      ]
    }
  }
]
