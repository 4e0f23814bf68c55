window.YTD.account.part0 = [
  {
    "account" : {
      "email" : "care@akane.example",
      "createdVia" : "web",
      "username" : "akane_help",
      "accountId" : "31337",
      "createdAt" : "2014-05-01T00:00:00.000Z",
      "accountDisplayName" : "Akane Help"
    }
  }
]
