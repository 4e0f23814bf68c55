"""Downloads of one's own data from Facebook and Instagram: threads, own comments, texts put right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inbox import facebook_download
from engine.inbox.facebook_download import repaired

FOLDER = Path(__file__).parent / "facebook_download"
ACTIVITY = "your_facebook_activity"
PLACES = {
    f"{ACTIVITY}/comments_and_reactions/comments.json": "comments.json",
    f"{ACTIVITY}/messages/inbox/aiko_12/message_1.json": "aiko_1.json",
    f"{ACTIVITY}/messages/inbox/aiko_12/message_2.json": "aiko_2.json",
    f"{ACTIVITY}/messages/inbox/ben_7/message_1.json": "ben_1.json",
    "your_instagram_activity/comments/post_comments_1.json": "post_comments_1.json",
}
FILES = {place: (FOLDER / name).read_text(encoding="utf-8") for place, name in PLACES.items()}
THREADS = {place: text for place, text in FILES.items() if "/inbox/" in place}
AIKO = f"{ACTIVITY}/messages/inbox/aiko_12/message_1.json"


def thread(*messages: dict, people: tuple[str, ...] = ("Ben", "Akane"), **more: object) -> str:
    return json.dumps({"participants": [{"name": one} for one in people], "messages": list(messages), **more})


def said(sender: str, content: str | None, at: int = 1773046800123, **more: object) -> dict:
    return {"sender_name": sender, "timestamp_ms": at, "content": content, **more}


def test_threads_are_read_with_their_texts_put_right(export):
    read = export(facebook_download, THREADS)
    common = {"channel": "messenger", "visibility": "private", "account": "Akane Kitchen"}
    aiko = {"thread": "inbox/aiko_12", **common}
    ben = {"thread": "inbox/ben_7", **common}
    assert [{name: value for name, value in one.items() if name != "id"} for one in read.messages] == [
        {
            "text": "すぐにコンセントを抜いてください。",
            "posted_at": 1773046900123,
            "direction": "outbound",
            "author.name": "Akane Kitchen",
            **aiko,
        },
        {
            "text": "ケトルから煙が出ました😱",
            "posted_at": 1773046800123,
            "author.name": "田中 愛子",
            "likes": 1,
            **aiko,
        },
        {"text": "", "posted_at": 1773046700000, "author.name": "田中 愛子", **aiko},
        {"text": "", "posted_at": 1773046700000, "author.name": "田中 愛子", **aiko},
        {
            "text": "Hello 愛子, is it café time?",
            "posted_at": 1772900000000,
            "direction": "outbound",
            "author.name": "Akane Kitchen",
            **aiko,
        },
        {
            "text": "You called me yesterday. Nobody spoke.",
            "posted_at": 1773030000000,
            "author.name": "Ben Wood",
            **ben,
        },
        {"text": "", "posted_at": 1773020000000, "author.name": "Ben Wood", **ben},
    ]
    assert read.dropped == ["unsent messages", "system lines", "system lines", "system lines"]
    assert len(set(read.column("id"))) == 7


def test_our_own_comments_are_public_and_their_times_are_seconds(export):
    files = {place: text for place, text in FILES.items() if place not in THREADS}
    read = export(facebook_download, files)
    assert [{name: value for name, value in one.items() if name != "id"} for one in read.messages] == [
        {
            "text": "ご不便をおかけしました。",
            "posted_at": 1773042731,
            "channel": "facebook",
            "visibility": "public",
            "direction": "outbound",
            "author.name": "Akane Kitchen",
        },
        {
            "text": "",
            "posted_at": 1773042000,
            "channel": "facebook",
            "visibility": "public",
            "direction": "outbound",
            "author.name": "Akane Kitchen",
        },
        {
            "text": "Sorry! We wrote to you ☕",
            "posted_at": 1773043000,
            "channel": "instagram",
            "visibility": "public",
            "direction": "outbound",
        },
        {
            "text": "ありがとうございます",
            "posted_at": 1773044000,
            "channel": "instagram",
            "visibility": "public",
            "direction": "outbound",
        },
    ]
    assert read.dropped == ["entries without a comment"]


def test_an_id_is_the_same_in_another_download_and_for_a_text_that_is_right_already(export):
    right = {"a.json": json.dumps(repaired(json.loads(FILES[AIKO])))}
    assert export(facebook_download, right).column("id") == export(facebook_download, {AIKO: FILES[AIKO]}).column("id")


def test_what_was_written_twice_in_the_same_moment_is_two_messages(export):
    read = export(facebook_download, {"a.json": thread(said("Ben", "ok"), said("Ben", "ok"), said("Ben", "ok"))})
    assert len(set(read.column("id"))) == 3


def test_the_owner_is_who_is_in_all_threads_or_whom_the_user_names(export):
    one = {"messages/inbox/ben_7/message_1.json": thread(said("Ben", "Hi"), said("Akane", "Hello"))}
    two = one | {"messages/inbox/ken_8/message_1.json": thread(said("Ken", "Hi"), people=("Ken", "Akane"))}
    assert export(facebook_download, one).column("direction") == [None, None]
    assert export(facebook_download, one, "ben").column("direction") == ["outbound", None]
    assert export(facebook_download, two).column("direction") == [None, "outbound", None]
    assert export(facebook_download, two, "akane_help").column("direction") == [None, "outbound", None]


def test_two_files_of_one_thread_are_one_thread(export):
    files = {f"messages/inbox/ben_7/message_{at}.json": thread(said("Akane", "Hello")) for at in (1, 2)}
    read = export(facebook_download, files)
    assert (read.column("thread"), read.column("direction")) == (["inbox/ben_7"] * 2, [None, None])


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("your_instagram_activity/messages/inbox/ben_7/message_1.json", "instagram"),
        ("your_activity_across_facebook/messages/inbox/ben_7/message_1.json", "messenger"),
        ("instagram-2021/messages/inbox/ben_7/message_1.json", "instagram"),
        ("messages/inbox/ben_7/message_1.json", None),
    ],
)
def test_folders_tell_the_channel_and_where_they_do_not_it_is_unknown(export, name, channel):
    assert export(facebook_download, {name: thread(said("Ben", "see my facebook"))}).column("channel") == [channel]


@pytest.mark.parametrize(
    "line",
    [
        "Ben set the nickname for Akane to Boss.", "Ben named the group Tea People.", "Ben left the group.",
        "Ben added Ken Ito to the group.", "Ben changed the theme to Love.", "Ben missed your call.",
        "Reacted 😍 to your message ", "Liked a message", "You are now connected on Messenger.",
        "Ben started a video chat.", "Ben waved at you!",
    ],
)  # fmt: skip
def test_system_lines_are_dropped(export, line):
    assert export(facebook_download, {"a.json": thread(said("Ben", line))}).dropped == ["system lines"]


@pytest.mark.parametrize(
    "text",
    [
        "You called me yesterday. Nobody spoke.", "You missed a call from me.", "Ken left the group.",
        "I liked a message", "Ben", "ben left the group.", "Ben says hello", "You sent a photo.",
        "Reacted badly to the tea", "Ben left the group.\nWhy?",
    ],
)  # fmt: skip
def test_what_only_resembles_a_system_line_is_a_message(export, text):
    assert export(facebook_download, {"a.json": thread(said("Ben", text))}).column("text") == [text]


def test_lines_of_the_owner_begin_with_you(export):
    text = thread(
        said("Akane", "You unsent a message"), said("Akane", "You sent a photo."), said("Akane", "You called Ben.")
    )
    read = export(facebook_download, {"a.json": text}, "akane")
    assert (read.column("text"), read.dropped) == ([""], ["unsent messages", "system lines"])


def test_lists_names_and_titles_are_put_right_and_a_text_that_is_right_stays(export):
    broken = {"名前": ["愛", {"😱": "é"}], "n": 3, "none": None}
    wrong = json.loads(json.dumps(broken, ensure_ascii=False).encode().decode("latin-1"))
    assert repaired(wrong) == broken
    assert repaired(broken) == broken
    assert repaired("Ã") == "Ã"


@given(st.text())
def test_whatever_was_written_comes_back(text):
    assert repaired(text.encode().decode("latin-1")) == text


def test_a_thread_that_breaks_off_gives_all_that_came_before(export):
    cut = FILES[AIKO][: FILES[AIKO].index("1773046700000")]
    read = export(facebook_download, {AIKO: cut})
    assert read.column("text") == ["すぐにコンセントを抜いてください。", "ケトルから煙が出ました😱"]
    assert read.column("thread") == ["inbox/aiko_12"] * 2
    assert [reason[:20] for _, reason in read.quarantined] == ["It is not valid JSON"]


def test_what_is_no_message_says_why(export):
    text = '{"participants": [7, {"name": "A"}], "messages": [7, {"is_geoblocked_for_viewer": false}]}\n{"x": 1}\n[3]'
    assert export(facebook_download, {"a.json": text}).quarantined == [
        ("7", "It is JSON, but no object."),
        ('{"is_geoblocked_for_viewer": false}', "It is no message: it has neither a sender nor a time nor a text."),
        ('{"x": 1}', "It is neither a thread nor a list of comments."),
        ("3", "It is JSON, but no object."),
    ]


def test_a_download_reads_a_few_of_its_files():
    names = [
        *PLACES, "messages/inbox/aiko_12/message.json", "x/messages/message_requests/ken_1/message_1.json",
        "your_activity_across_facebook\\messages\\archived_threads\\a_1\\message_12.json",
        "your_instagram_activity/comments/reels_comments.json", "comments_and_reactions/comments.json",
    ]  # fmt: skip
    others = [
        "messages/inbox/aiko_12/photos/1.jpg", "comments.json", "message_1.json", "ads/comments.json", "messages.json",
        "__MACOSX/messages/inbox/aiko_12/message_1.json", "messages/inbox/aiko_12/message_1.html", "posts/posts_1.json",
    ]  # fmt: skip
    assert [one for one in names if not facebook_download.wanted(one)] == []
    assert [one for one in others if facebook_download.wanted(one)] == []


@pytest.mark.parametrize("name", list(FILES))
def test_its_files_say_what_they_are(name):
    assert facebook_download.looks_like("anything", FILES[name])
    assert facebook_download.looks_like("anything", FILES[name][:600])


@pytest.mark.parametrize(
    "head",
    [
        '{"id": "1", "text": "Hello", "posted_at": "2026-03-09T07:41:00Z", "author.followers": 3}',
        '{"data": [{"id": "m_1", "message": "Hello", "created_time": "2026-03-09T07:41:00+0000", "from": {}}]}',
        '{"messages": [{"id": 1, "content": "Hello", "message_type": 0}], "sender_name": "A"}',
        'sender_name,timestamp_ms\n"sender_name": ,"timestamp_ms": 3',
        "",
    ],
)
def test_other_files_are_not_taken_for_it(head):
    assert not facebook_download.looks_like("message_1.json", head)


@pytest.mark.parametrize("name", list(FILES))
def test_no_odd_value_anywhere_raises(export, mangled, name):
    for odd in mangled(json.loads(FILES[name])):
        read = export(facebook_download, FILES | {name: json.dumps(odd)}, "akane kitchen")
        assert len(read.found) <= 11 + 3


@pytest.mark.parametrize("name", list(FILES))
def test_every_cut_of_a_file_is_read_as_far_as_it_goes(export, name):
    before = 0
    whole = export(facebook_download, {name: FILES[name]}).column("id")
    for at in range(0, len(FILES[name]), 11):
        read = export(facebook_download, {name: FILES[name][:at]})
        assert read.column("id") == whole[: len(read.found)]
        assert len(read.found) >= before
        before = len(read.found)
