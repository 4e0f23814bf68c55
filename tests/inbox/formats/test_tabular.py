"""The exports of products that are tables, each in the shape, the encoding and with the quirks that it is known for."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from engine.inbox import InboxError, open_inbox, structure, thread_facts


def table(header: list[str], *rows: dict[str, str], delimiter: str = ",", above: str = "", ending: str = "\r\n") -> str:
    """A table in which a row says only what it has."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="", delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows)
    return above + out.getvalue()


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


ZENDESK = [
    "Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email",
    "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via", "Ticket type",
    "Created at", "Updated at", "Assigned at", "Organization", "Due date", "Initially assigned at", "Solved at",
    "Resolution time", "Satisfaction Score", "Group stations", "Assignee stations", "Reopens", "Replies",
    "First reply time in minutes", "First reply time in minutes within business hours",
    "First resolution time in minutes", "First resolution time in minutes within business hours",
    "Full resolution time in minutes", "Full resolution time in minutes within business hours",
    "Agent wait time in minutes", "Agent wait time in minutes within business hours",
    "Requester wait time in minutes", "Requester wait time in minutes within business hours",
    "On hold time in minutes", "On hold time in minutes within business hours", "Plan [list]",
]  # fmt: skip
TICKETS = table(
    ZENDESK,
    {"Summation column": "1", "Id": "501", "Requester": "Aiko Mori", "Requester id": "9001", "Subject": "ケトルから煙が出ます",
     "Tags": "vip kettle", "Status": "Solved", "Via": "Mail", "Ticket type": "Problem", "Created at": "2026-02-06 09:15",
     "Updated at": "2026-02-07 10:00", "Solved at": "2026-02-07 09:59", "Replies": "2", "Satisfaction Score": "Good",
     "First reply time in minutes": "35", "Plan [list]": "Gold"},
    {"Summation column": "1", "Id": "502", "Requester": "Ben Ode", "Requester id": "9002", "Subject": 'Lid, and "other" parts',
     "Status": "Open", "Via": "Twitter", "Created at": "2026-02-06 09:20", "Updated at": "2026-02-06 09:20",
     "Satisfaction Score": "Not Offered"},
    {"Summation column": "1", "Id": "503", "Requester": "Cy", "Subject": "", "Via": "Fax", "Created at": "2026-02-06 09:25"},
)  # fmt: skip


def test_a_zendesk_ticket_report(write, everything) -> None:
    fields = ("id", "text", "posted_at", "updated_at", "resolved_at", "channel", "visibility", "direction", "author.id",
              "author.name", "tags", "extra.First_reply_time_in_minutes", "extra.Plan_list")  # fmt: skip
    found = everything(write("tickets.csv", TICKETS), fields, tz="Asia/Tokyo")
    assert (found.inbox.format, found.quarantined) == ("zendesk-tickets", [])
    assert found.messages.rows() == [
        ("501", "ケトルから煙が出ます", at(2026, 2, 6, 0, 15), at(2026, 2, 7, 1), at(2026, 2, 7, 0, 59), "email", "private",
         "inbound", "9001", "Aiko Mori", ["vip", "kettle"], "35", "Gold", 2),
        ("502", 'Lid, and "other" parts', at(2026, 2, 6, 0, 20), at(2026, 2, 6, 0, 20), None, "x", "public", "inbound", "9002",
         "Ben Ode", None, None, None, 3),
        ("503", "", at(2026, 2, 6, 0, 25), None, None, "Fax", None, "inbound", None, "Cy", None, None, None, 4),
    ]  # fmt: skip


def test_a_zone_that_the_file_does_not_say_is_asked_for(write) -> None:
    with pytest.raises(InboxError, match="--tz"):
        open_inbox(write("tickets.csv", TICKETS))


HOOTSUITE = [
    "Message ID", "Conversation ID", "Medium", "Channel", "Channel Display Name", "Contact Profile ID",
    "Contact Primary Identifier", "Contact Secondary Identifier", "Direction", "Message Type", "Content", "Post URL",
    "Sentiment", "Created at",
]  # fmt: skip
MESSAGES = table(
    HOOTSUITE,
    {"Message ID": "m1", "Conversation ID": "c1", "Medium": "X (Twitter)", "Channel": "hoshi", "Channel Display Name": "Hoshi Kettles",
     "Contact Profile ID": "p7", "Contact Primary Identifier": "Dana Frei", "Contact Secondary Identifier": "danafrei",
     "Direction": "inbound", "Message Type": "Mention", "Content": "The lid\nbroke!", "Sentiment": "negative",
     "Post URL": "https://x.com/danafrei/status/1910000000000000001", "Created at": "2026-02-06 10:00:00"},
    {"Message ID": "m2", "Conversation ID": "c1", "Medium": "X (Twitter)", "Contact Profile ID": "p7",
     "Contact Primary Identifier": "Dana Frei", "Direction": "outbound", "Message Type": "Direct message",
     "Content": "Sorry! Which kettle?", "Created at": "2026-02-06 10:10:00"},
    {"Message ID": "m3", "Conversation ID": "c1", "Medium": "Facebook", "Contact Profile ID": "p7", "Direction": "inbound",
     "Message Type": "Private reply to public comment", "Content": "HK-2", "Sentiment": "none", "Created at": "2026-02-06 10:20:00"},
)  # fmt: skip


def test_hootsuite_messages(write, everything) -> None:
    name = write("messages.csv", MESSAGES)
    fields = ("id", "text", "posted_at", "direction", "thread", "channel", "visibility", "account", "link", "author.id",
              "author.name", "author.handle", "sentiment")  # fmt: skip
    found = everything(name, fields, tz="Europe/Zurich")
    assert (found.inbox.format, found.quarantined) == ("hootsuite", [])
    link = "https://x.com/danafrei/status/1910000000000000001"
    assert found.messages.rows() == [
        ("m1", "The lid\nbroke!", at(2026, 2, 6, 9), "inbound", "c1", "x", "public", "Hoshi Kettles", link, "p7", "Dana Frei",
         "danafrei", -1, 2),
        ("m2", "Sorry! Which kettle?", at(2026, 2, 6, 9, 10), "outbound", "c1", "x", "private", None, None, None, None, None,
         None, 4),
        ("m3", "HK-2", at(2026, 2, 6, 9, 20), "inbound", "c1", "facebook", "private", None, None, "p7", None, None, None, 5),
    ]  # fmt: skip


def test_what_we_wrote_to_a_contact_is_not_counted_as_the_contacts(write) -> None:
    facts = thread_facts(structure(open_inbox(write("messages.csv", MESSAGES), tz="UTC")))
    assert facts["author.messages"].to_list() == [0, None, 1]
    assert facts["thread.our_replies"].to_list() == [0, 0, 1]
    assert facts["answered_by"].to_list()[0] == "brand"


def test_a_table_of_sprout_messages(write, everything) -> None:
    header = [
        "guid", "created_time", "network", "post_type", "perma_link", "text", "from.guid", "from.name", "from.screen_name",
        "customer_profile_id", "language_code", "case_id", "is_boosted", "sentiment",
    ]  # fmt: skip
    content = table(
        header,
        {"guid": "g1", "created_time": "2026-02-06T10:00:00Z", "network": "TWITTER", "post_type": "TWITTER_DIRECT_MESSAGE",
         "perma_link": "https://x.com/i/1", "text": "help", "from.guid": "u1", "from.name": "Eli", "from.screen_name": "eli",
         "customer_profile_id": "55", "language_code": "en", "case_id": "k1", "is_boosted": "false", "sentiment": "positive"},
        {"guid": "g2", "created_time": "2026-02-06T10:05:00Z", "network": "TIKTOK", "post_type": "TIKTOK_COMMENT_MENTION",
         "text": "助けて", "from.screen_name": "Hoshi_Kettles", "sentiment": "unclassified"},
    )  # fmt: skip
    fields = ("id", "text", "channel", "visibility", "direction", "account", "thread", "lang", "author.handle", "post.sponsored",
              "sentiment")  # fmt: skip
    found = everything(write("sprout.csv", content), fields, us=("@hoshi_kettles",))
    assert found.inbox.format == "sprout-csv"
    assert found.messages.rows() == [
        ("g1", "help", "x", "private", "inbound", "55", "k1", "en", "eli", False, 1, 2),
        ("g2", "助けて", "tiktok", "public", "outbound", None, None, None, "Hoshi_Kettles", None, None, 3),
    ]


def test_a_table_of_buffer_comments_is_read_when_asked_for(write, everything) -> None:
    content = (
        "Network,Username,Comment,Created At,Post ID,Likes\n"
        "Twitter,fay_b,Where is my kettle &amp; lid?,2026-02-06T10:00:00Z,p1,3\n"
        "Threads,gus,すごい,2026-02-06T10:01:00Z,p1,\n"
    )
    name = write("comments.csv", content)
    found = everything(name, ("id", "text", "channel", "author.handle", "thread", "likes"), format="buffer")
    assert found.messages.drop("id").rows() == [
        ("Where is my kettle & lid?", "x", "fay_b", "p1", 3, 2),
        ("すごい", "threads", "gus", "p1", None, 3),
    ]
    ids = found.column("id")
    assert len(set(ids)) == 2
    assert everything(name, ("id",), format="buffer").column("id") == ids
    assert open_inbox(name).format == "csv"


BRANDWATCH = [
    "Query Id", "Query Name", "Date", "Title", "Snippet", "Url", "Domain", "Sentiment", "Page Type", "Language",
    "Country Code", "Continent Code", "Continent", "Country", "City Code", "Account Type", "Added", "Assignment", "Author",
    "Avatar", "Category Details", "Checked", "City", "Display URLs", "Expanded URLs", "Facebook Author ID",
    "Facebook Comments", "Facebook Likes", "Facebook Role", "Facebook Shares", "Facebook Subtype", "Full Name", "Full Text",
    "Gender", "Hashtags", "Impact", "Impressions", "Instagram Comments", "Instagram Followers", "Instagram Following",
    "Instagram Interactions Count", "Instagram Likes", "Instagram Posts", "Interest", "Last Assignment Date", "Latitude",
    "Location Name", "Longitude", "Media Filter", "Media URLs", "Mentioned Authors", "Original Url", "Priority",
    "Professions", "Resource Id", "Short URLs", "Starred", "Status", "Subtype", "Thread Author", "Thread Created Date",
    "Thread Entry Type", "Thread Id", "Thread URL", "Total Monthly Visitors", "Twitter Author ID", "Twitter Channel Role",
    "Twitter Followers", "Twitter Following", "Twitter Reply Count", "Twitter Reply to", "Twitter Retweet of",
    "Twitter Retweets", "Twitter Likes", "Twitter Tweets", "Twitter Verified", "Updated", "Reach (new)", "Air Type",
    "Blog Name", "Broadcast Media Url", "Engagement Type", "Is Syndicated", "Linkedin Comments", "Linkedin Impressions",
    "Linkedin Likes", "Linkedin Shares", "Linkedin Sponsored", "Page Type Name", "Parent Post Id", "Pub Type", "Rating",
    "Reddit Comments", "Reddit Score", "Region", "Root Post Id", "Subreddit", "Weblog Title",
]  # fmt: skip
ABOVE = 'Report:,Bulk Mentions Download\r\nBrand:,"Hoshi, Kettles"\r\nFrom:,2026-02-01 00:00:00\r\nTo:,2026-02-08 00:00:00\r\nLabel:,\r\n\r\n'
POST = {
    "Query Id": "200", "Query Name": "Hoshi", "Date": "2026-02-06 10:00:00.0", "Sentiment": "negative", "Page Type": "twitter",
    "Language": "en", "Domain": "twitter.com", "Author": "danafrei", "Full Name": "Dana Frei", "Resource Id": "9001",
    "Url": "http://twitter.com/danafrei/statuses/1910000000000000002", "Full Text": "My kettle &lt;3 exploded",
    "Snippet": "My kettle", "Thread Entry Type": "reply", "Thread Id": "1910000000000000001", "Twitter Author ID": "77",
    "Twitter Followers": "1200", "Twitter Reply Count": "2", "Twitter Retweets": "5", "Twitter Likes": "0",
    "Twitter Verified": "false", "Instagram Followers": "0", "Facebook Likes": "0", "Facebook Comments": "0",
    "Facebook Shares": "0", "Twitter Reply to": "http://twitter.com/HoshiKettles/statuses/1910000000000000001",
    "Impressions": "900", "Reach (new)": "1500", "Updated": "2026-02-06 12:00:00.0",
}  # fmt: skip
THREAD = {
    "Query Id": "200", "Query Name": "Hoshi", "Date": "2026-02-06 11:00:00.0", "Sentiment": "positive", "Page Type": "forum",
    "Domain": "kettles.example", "Url": "https://kettles.example/t/1?page=2", "Resource Id": "9002", "Title": "Best kettle",
    "Author": "gus", "Thread Entry Type": "post", "Twitter Followers": "0", "Instagram Followers": "0", "Thread Id": "0",
    "Language": "en", "Facebook Likes": "0", "Twitter Likes": "0",
}  # fmt: skip
MENTIONED = ("id", "text", "posted_at", "updated_at", "channel", "visibility", "lang", "thread", "in_reply_to", "author.id",
             "author.handle", "author.name", "author.followers", "author.verified", "likes", "shares", "replies", "views",
             "reach", "sentiment", "extra.Thread_Entry_Type")  # fmt: skip


def test_brandwatch_mentions_with_the_columns_of_twitter(write, everything) -> None:
    name = write("bw.csv", table(BRANDWATCH, POST, THREAD, above=ABOVE), "utf-8-sig")
    found = everything(name, MENTIONED, format="brandwatch", tz="UTC")
    assert found.quarantined == []
    assert found.messages.rows() == [
        ("1910000000000000002", "My kettle <3 exploded", at(2026, 2, 6, 10), at(2026, 2, 6, 12), "x", "public", "en",
         "1910000000000000001", "1910000000000000001", "77", "danafrei", "Dana Frei", 1200, False, 0, 5, 2, 900, 1500, -1,
         "reply", 8),
        ("9002", "Best kettle", at(2026, 2, 6, 11), None, "forum", "public", "en", None, None, None, "gus", None, None, None, 0,
         None, None, None, None, 1, "post", 9),
    ]  # fmt: skip


def test_brandwatch_mentions_with_the_columns_of_x(write, everything) -> None:
    def renamed(name: str) -> str:
        return {"Twitter Retweets": "X Reposts"}.get(name, name.replace("Twitter", "X"))

    header = [*map(renamed, BRANDWATCH), "Bluesky Author Id", "Bluesky Likes"]
    x = {renamed(name): word for name, word in POST.items()} | {
        "Url": "https://x.com/danafrei/status/1910000000000000002?s=20"
    }
    sky = {
        "Query Id": "200", "Query Name": "Hoshi", "Date": "2026-02-06 11:00:00.0", "Page Type": "bluesky", "Full Text": "良い",
        "Url": "https://bsky.app/profile/aiko.example/post/3kabc", "Resource Id": "9003", "Author": "Hoshi.Example",
        "Bluesky Author Id": "did:plc:1", "Bluesky Likes": "4", "X Likes": "0", "X Followers": "0",
    }  # fmt: skip
    fields = ("id", "text", "channel", "author.id", "author.followers", "likes", "shares", "in_reply_to", "direction")
    name = write("bw.csv", table(header, x, sky, above=ABOVE))
    found = everything(name, fields, format="brandwatch", tz="UTC", us=("hoshi.example",))
    assert found.messages.rows() == [
        ("1910000000000000002", "My kettle <3 exploded", "x", "77", 1200, 0, 5, "1910000000000000001", "inbound", 8),
        ("9003", "良い", "bluesky", "did:plc:1", None, 4, None, None, "outbound", 9),
    ]


def test_the_lines_above_brandwatch_mentions_are_not_taken_for_the_headers_of_a_mail(write) -> None:
    inbox = open_inbox(write("bw.csv", table(BRANDWATCH, POST, above=ABOVE)), tz="UTC")
    assert inbox.format == "brandwatch"
    assert inbox.why == "it has the columns of a Brandwatch export of mentions: Query Id, Query Name, Page Type, Url"


def test_a_post_that_two_brandwatch_queries_found_has_one_id(write, everything) -> None:
    again = POST | {"Query Id": "201", "Query Name": "Kettles", "Resource Id": "9009"}
    name = write("bw.csv", table(BRANDWATCH, POST, again, above=ABOVE))
    found = everything(name, ("id",), format="brandwatch", tz="UTC")
    assert found.column("id") == ["1910000000000000002"] * 2


def test_a_trimmed_brandwatch_export_is_read_when_asked_for(write, everything) -> None:
    kept = ["Date", "Snippet", "Url", "Author", "Thread Entry Type", "Twitter Author ID", "Twitter Followers"]
    content = table(kept, {name: POST[name] for name in kept})
    found = everything(write("bw.csv", content), ("id", "text", "author.followers"), format="brandwatch", tz="UTC")
    assert found.messages.rows() == [("1910000000000000002", "My kettle", 1200, 2)]


MELTWATER = [
    "Date", "Headline", "URL", "Opening Text", "Hit Sentence", "Source", "Influencer", "Country", "Subregion", "Language",
    "Reach", "Desktop Reach", "Mobile Reach", "Twitter Social Echo", "Facebook Social Echo", "Reddit Social Echo",
    "National Viewership", "Engagement", "AVE", "Sentiment", "Key Phrases", "Input Name", "Keywords", "Twitter Authority",
    "Tweet Id", "Twitter Id", "Twitter Client", "Twitter Screen Name", "User Profile Url", "Twitter Bio",
    "Twitter Followers", "Twitter Following", "Alternate Date Format", "Time", "State", "City", "Social Echo Total",
    "Editorial Echo", "Views", "Estimated Views", "Likes", "Replies", "Retweets", "Comments", "Shares", "Reactions",
    "Threads", "Is Verified", "Parent URL", "Document Tags", "Document ID", "Custom Categories",
]  # fmt: skip
ROWS = [
    {"Date": "06-Feb-2026 03:03PM", "URL": "https://x.com/danafrei/status/1910000000000000002", "Source": "Twitter",
     "Hit Sentence": "@HoshiKettles it smokes", "Influencer": "@danafrei", "Country": "Japan", "Language": "English",
     "Reach": "1200", "Sentiment": "Negative", "Input Name": "Hoshi", "Tweet Id": '"1910000000000000002"',
     "Twitter Id": '"77"', "Twitter Screen Name": "danafrei", "Twitter Followers": "1,200",
     "Alternate Date Format": "06-Feb-26", "Time": "3:03 PM", "Likes": "4", "Replies": "1", "Retweets": "2",
     "Is Verified": "false", "Parent URL": "https://twitter.com/HoshiKettles/status/1910000000000000001",
     "Document Tags": "lid;smoke"},
    {"Date": "06-Feb-2026 11:30AM", "Headline": "ケトルの事故", "URL": "https://news.example/1", "Source": "Hoshi Shimbun",
     "Opening Text": "火曜日、", "Hit Sentence": "ケトルが燃えた。", "Language": "Japanese", "Sentiment": "Not Rated",
     "Alternate Date Format": "06-Feb-26", "Time": "11:30 AM", "Document ID": "doc-9", "Reach": "50000"},
    {"Date": "06-Feb-2026 12:05AM", "URL": "https://reddit.com/r/kettles/1", "Source": "Reddit", "Opening Text": "Any good?",
     "Alternate Date Format": "06-Feb-26", "Time": "12:05 AM", "Influencer": "gus", "Twitter Followers": "0"},
]  # fmt: skip


def test_a_meltwater_export_is_utf_16_between_tabs_and_called_csv(write, everything) -> None:
    name = write("Meltwater export.csv", table(MELTWATER, *ROWS, delimiter="\t").encode("utf-16"))
    fields = ("id", "text", "posted_at", "channel", "lang", "in_reply_to", "author.id", "author.handle", "author.followers",
              "author.verified", "likes", "shares", "replies", "reach", "sentiment", "tags")  # fmt: skip
    for size in (512, 1 << 24):
        found = everything(name, fields, size=size, tz="Asia/Tokyo")
        assert (found.inbox.format, found.quarantined) == ("meltwater", [])
        ids = found.column("id")
        assert found.messages.drop("id").rows() == [
            ("@HoshiKettles it smokes", at(2026, 2, 6, 6, 3), "x", "en", "1910000000000000001", "77", "danafrei", 1200, False,
             4, 2, 1, 1200, -1, ["lid", "smoke"], 2),
            ("ケトルが燃えた。", at(2026, 2, 6, 2, 30), "web", "ja", None, None, None, None, None, None, None, None, 50000, None,
             None, 3),
            ("Any good?", at(2026, 2, 5, 15, 5), "reddit", None, None, None, "gus", None, None, None, None, None, None, None,
             None, 4),
        ]  # fmt: skip
        assert ids[:2] == ["1910000000000000002", "doc-9"]
        assert len(ids[2]) == 16


def test_the_newer_meltwater_export_with_lines_above_and_the_time_apart(write, everything) -> None:
    header = [
        "Date", "Time", "Document ID", "URL", "Input Name", "Keywords", "Information Type", "Source Type", "Source Name",
        "Source Domain", "Content Type", "Author Name", "Author Handle", "Title", "Opening Text", "Hit Sentence", "Hashtags",
        "Links", "Country", "Language", "Reach", "Engagement", "Estimated Views", "Sentiment", "Keyphrases", "Document Tags",
    ]  # fmt: skip
    above = "Search: Hoshi\r\nPeriod: 2026-02-01 to 2026-02-08, all sources\r\n\r\n"
    rows = [
        {"Date": "06-Feb-2026", "Time": "03:03 PM", "Document ID": "d1", "URL": "https://x.com/a/status/1", "Source Domain": "x.com",
         "Source Type": "Social", "Source Name": "X", "Author Handle": "@danafrei", "Hit Sentence": "smoke", "Language": "en"},
        {"Date": "2026-02-06", "Time": "15:04:00", "Document ID": "d2", "Source Domain": "kettles.example", "Title": "Kettles",
         "Sentiment": "Neutral"},
        {"Date": "06-Feb-2026", "Document ID": "d3", "Hit Sentence": "later"},
    ]  # fmt: skip
    found = everything(
        write("mw.csv", table(header, *rows, above=above)),
        ("id", "text", "posted_at", "channel", "author.handle", "lang", "sentiment"),
        tz="UTC",
    )
    assert found.messages.rows() == [
        ("d1", "smoke", at(2026, 2, 6, 15, 3), "x", "@danafrei", "en", None, 5),
        ("d2", "Kettles", at(2026, 2, 6, 15, 4), "web", None, None, 0, 6),
        ("d3", "later", at(2026, 2, 6), None, None, None, None, 7),
    ]
    assert found.inbox.format == "meltwater"


def test_an_id_that_a_spreadsheet_ruined_is_refused(write, everything) -> None:
    ruined = ROWS[0] | {"Tweet Id": "1.91E+18"}
    found = everything(write("mw.csv", table(MELTWATER, ruined, ROWS[1])), ("id", "text"), tz="UTC")
    assert found.column("id") == ["doc-9"]
    assert found.reasons == [(2, "`id` has lost digits (1.91E+18): export it as text.")]


TALKWALKER = [
    "url", "published", "title", "content", "lang", "source_type", "post_type", "sentiment", "engagement", "reach",
    "word_count", "external_id", "parent_url", "rating", "extra_author_attributes.id", "extra_author_attributes.name",
    "extra_author_attributes.short_name", "extra_source_attributes.name", "extra_source_attributes.world_data.country",
    "article_extended_attributes.facebook_shares", "article_extended_attributes.twitter_retweets",
    "article_extended_attributes.twitter_likes", "tags_internal",
]  # fmt: skip


def test_a_talkwalker_export(write, everything) -> None:
    content = table(
        TALKWALKER,
        {"url": "https://x.com/danafrei/status/2", "published": "03/02/2026 10:30", "content": "smoke &amp; fire", "lang": "en",
         "source_type": "SOCIALMEDIA,SOCIALMEDIA_TWITTER", "sentiment": "-4", "reach": "1200", "external_id": "2",
         "parent_url": "https://x.com/HoshiKettles/status/1", "extra_author_attributes.id": "77",
         "extra_author_attributes.name": "Dana", "extra_author_attributes.short_name": "danafrei",
         "article_extended_attributes.facebook_shares": "0", "article_extended_attributes.twitter_retweets": "3",
         "article_extended_attributes.twitter_likes": "8"},
        {"url": "https://shop.example/r/1", "published": "1770370200000", "content": "", "title": "良い", "lang": "ja",
         "source_type": "['REVIEW']", "sentiment": "5", "rating": "10"},
        {"url": "https://blog.example/1", "published": "31/01/2026", "content": "hm", "source_type": "BLOG", "sentiment": "x"},
        {"published": "2026-02-06T10:00:00Z", "content": "no address"},
        delimiter=";",
    )  # fmt: skip
    fields = ("id", "text", "posted_at", "channel", "lang", "thread", "author.id", "author.handle", "author.name", "likes",
              "shares", "reach", "sentiment", "rating")  # fmt: skip
    found = everything(write("tw.csv", content), fields, tz="UTC")
    assert (found.inbox.format, found.quarantined) == ("talkwalker-csv", [])
    made = found.column("id")[3]
    assert found.messages.rows() == [
        ("https://x.com/danafrei/status/2", "smoke & fire", at(2026, 2, 3, 10, 30), "x", "en", "https://x.com/HoshiKettles/status/1",
         "77", "danafrei", "Dana", 8, 3, 1200, -0.8, None, 2),
        ("https://shop.example/r/1", "良い", at(2026, 2, 6, 9, 30), "review", "ja", "https://shop.example/r/1", None, None, None,
         None, None, None, 1, 5, 3),
        ("https://blog.example/1", "hm", at(2026, 1, 31), "web", None, "https://blog.example/1", None, None, None, None, None,
         None, None, None, 4),
        (made, "no address", at(2026, 2, 6, 10), None, None, None, None, None, None, None, None, None, None, None, 5),
    ]  # fmt: skip
    assert len(made) == 16


PLAY = [
    "Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device", "Review Submit Date and Time",
    "Review Submit Millis Since Epoch", "Review Last Update Date and Time", "Review Last Update Millis Since Epoch",
    "Star Rating", "Review Title", "Review Text", "Developer Reply Date and Time", "Developer Reply Millis Since Epoch",
    "Developer Reply Text", "Review Link",
]  # fmt: skip
LINK = "https://play.google.com/console/developers/1/app/2/user-feedback/review-details?reviewId=gp%3AAOqpTOE-x_1&corpus=PUBLIC_REVIEWS"
STARS = {
    "Package Name": "example.kettle", "Reviewer Language": "en", "Device": "oriole", "Star Rating": "1",
    "Review Submit Date and Time": "2026-01-03T03:04:05Z", "Review Submit Millis Since Epoch": "1767409445123",
    "Review Last Update Date and Time": "2026-01-03T03:04:05Z", "Review Last Update Millis Since Epoch": "1767409445123",
}  # fmt: skip
REVIEWED = {
    "Package Name": "example.kettle", "App Version Code": "77", "Reviewer Language": "ja", "Device": "oriole",
    "Review Submit Date and Time": "2026-01-02T03:04:05Z", "Review Submit Millis Since Epoch": "1767323045000",
    "Review Last Update Date and Time": "2026-01-05T03:04:05Z", "Review Last Update Millis Since Epoch": "1767582245000",
    "Star Rating": "2", "Review Text": "お湯が、\n沸かない", "Developer Reply Text": "すみません。", "Review Link": LINK,
}  # fmt: skip


def test_google_play_reviews_are_utf_16_and_named_by_their_link(write, everything) -> None:
    name = write("reviews_example.kettle_202601.csv", table(PLAY, REVIEWED, STARS, ending="\n").encode("utf-16"))
    fields = ("id", "text", "posted_at", "updated_at", "channel", "visibility", "direction", "lang", "rating", "product",
              "link", "extra.Developer_Reply_Text")  # fmt: skip
    found = everything(name, fields)
    assert (found.inbox.format, found.quarantined) == ("google-play", [])
    made = found.column("id")[1]
    assert found.messages.rows() == [
        ("gp:AOqpTOE-x_1", "お湯が、\n沸かない", at(2026, 1, 2, 3, 4, 5), at(2026, 1, 5, 3, 4, 5), "review", "public", "inbound", "ja",
         2, "example.kettle", LINK, "すみません。", 2),
        (made, "", at(2026, 1, 3, 3, 4, 5), at(2026, 1, 3, 3, 4, 5), "review", "public", "inbound", "en", 1, "example.kettle",
         None, None, 4),
    ]  # fmt: skip


def test_a_review_of_stars_keeps_its_name_when_the_stars_change(write, everything) -> None:
    changed = STARS | {
        "Star Rating": "4",
        "Review Last Update Millis Since Epoch": "1768000000000",
        "App Version Code": "80",
    }
    other = STARS | {"Review Submit Millis Since Epoch": "1767409445124"}
    found = everything(write("a.csv", table(PLAY, STARS, changed, other)), ("id",))
    first, again, third = found.column("id")
    assert first == again != third


def test_a_google_play_report_of_another_time_has_fewer_columns(write, everything) -> None:
    header = [one for one in PLAY if one not in ("Device", "Reviewer Language", "App Version Code", "Review Title")]
    old = {name: word for name, word in REVIEWED.items() if name in header}
    old["Review Link"] = (
        "https://play.google.com/apps/publish?account=1#ReviewDetailsPlace:p=example.kettle&reviewid=gp:AOq2"
    )
    found = everything(write("a.csv", table(header, old)), ("id", "text", "lang", "rating"))
    assert found.messages.rows() == [("gp:AOq2", "お湯が、\n沸かない", None, 2, 2)]
