"""Facebook and Instagram: "Download your information" in JSON, of a profile, a page or an account.

A ZIP archive (or the folder in it) with hundreds of files; read are the private messages
(`.../messages/inbox/THREAD/message_1.json`, the later parts of a thread, and the other boxes beside `inbox`) and the comments
that the account itself wrote (`comments_and_reactions/comments.json`, Instagram's `comments/post_comments_1.json`).

- Texts and names are UTF-8 that was written as if it were Latin-1 (`Ã©` for `é`), Japanese and emoji wholly so; it is put
  right wherever that is possible, and left as it stands where not.
- People have names here and no ids, so `author.id` is unknown. Ours is what the people given as our own wrote, else what
  the one wrote who takes part in all threads, where there are two. Comments are always ours.
- Messages have no ids either: they get one made from thread, sender, time and content, the same in every download.
- Within a file the newest message comes first. System lines (calls, joins, new nicknames) and unsent messages are dropped;
  the lines are recognised in English only. `likes` are reactions.
- There are no followers, no public comments by others, and no public posts.

Source: "Download your information" of Facebook and Instagram, 2019 to 2026; the shapes as told in
NorseKode/Waultar-App (documents/parser/content_examples.md) and by d4vr0s and freddyheppell/facebook-message-markov.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, common_member, is_ours, made_id, name_of, objects, opened, pick

NAME = "facebook-download"
ABOUT = "Facebook's and Instagram's own \"Download your information\" in JSON (message_1.json)"

Object = Mapping[str, object]

_THREAD = re.compile(r"(?:^|/)messages/[^/]+/[^/]+/message(?:_[0-9]+)?\.json$")
_COMMENTS = re.compile(
    r"(?:^|/)(?:comments_and_reactions/comments|comments/(?:post|reels)_comments(?:_[0-9]+)?)\.json$"
)
_COMMENT_LISTS = ("comments_v2", "comments_media_comments", "comments_reels_comments")
_ABOUT_THREAD = ("thread_path", "participants")
_FOLDERS = (
    ("your_instagram_activity", "instagram"), ("your_facebook_activity", "messenger"),
    ("your_activity_across_facebook", "messenger"),
)  # fmt: skip
"""Of newer downloads; their pictures name them too."""
_NAMES = (("instagram", "instagram"), ("facebook", "messenger"))
_PICTURES = ("photos", "videos", "audio_files", "gifs", "files", "sticker", "share")

_NOT_WRITTEN = frozenset({"Subscribe", "Unsubscribe", "Call"})
"""The `type`, in downloads until about 2022, of what is no message."""

_SYSTEM = (
    r"(?:Say hi to your new Facebook friend, |You are now connected on Messenger|You can now message and call each other)"
    r".{0,200}|Reacted .{1,20} to your message ?|Liked a message"
    r"|(?:WHO) (?:(?:set|cleared|changed) (?:the nickname|(?:your|his|her|their)(?: own)? nickname)\b"
    r"|named the group\b|created the group\b|changed the (?:(?:group|chat) )?(?:photo|name|theme)\b|set the (?:quick reaction|emoji)\b"
    r"|changed the quick reaction\b|added .{1,200} to the group\.|left the group\.|removed .{1,200} from the group\."
    r"|(?:started|joined|ended) (?:a|the) (?:video |audio )?(?:chat|call)\b|called .{1,200}\."
    r"|missed (?:a|an|your) (?:video |audio )?(?:chat|call)\b|waved at |pinned a message\.|turned (?:on|off) \w+).{0,200}"
)
_UNSENT = r"(?:WHO) unsent a message\.?"
_STANDS_FOR = r"(?:WHO) sent (?:an?|[0-9]+) [\w ]{1,30}\.?"
"""Lines that Messenger and Instagram write themselves; they begin with the sender's name, or with `You` for the owner.
Assumption: collected from what other readers of these downloads leave out; there is no published list."""


def wanted(name: str) -> bool:
    """Whether a file of a download is read.

    >>> wanted("your_facebook_activity/messages/inbox/aiko_12/message_1.json"), wanted("ads/ads_clicked.json")
    (True, False)
    """
    path = name.replace("\\", "/")
    return bool(_THREAD.search(path) or _COMMENTS.search(path)) and "__MACOSX/" not in path


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - threads may have been taken out of their folders
    """Whether it is a thread, or a list of comments.

    >>> looks_like("message_1.json", '{"participants": [], "messages": [{"sender_name": "Aiko", "timestamp_ms": 1}]}')
    True
    """
    if head.lstrip()[:1] not in {"{", "["}:
        return False
    thread = re.search(r'"sender_name"\s*:', head) and re.search(r'"timestamp_ms"\s*:\s*[0-9]', head)
    comments = re.search(r'^\s*\{\s*"(?:comments_v2|comments_media_comments|comments_reels_comments)"\s*:', head)
    return bool(thread or comments or ('"string_map_data"' in head and '"Media Owner"' in head))


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """The private messages of all threads and the account's own comments; `us` are names, as people have them there."""
    threads = [_Thread(document) for document in documents]
    people: dict[object, frozenset[str]] = {}
    for at, thread in enumerate(threads):
        key = at if thread.path is None else thread.path
        people[key] = people.get(key, frozenset()) | thread.people
    ours = us
    if not any(is_ours(us, *some) for some in people.values()):
        ours |= {owner.casefold() for owner in [common_member(people.values())] if owner is not None}
    for document, thread in zip(documents, threads, strict=True):
        seen: Counter[str] = Counter()
        for one in opened(document, "messages", *_ABOUT_THREAD, *_COMMENT_LISTS):
            if isinstance(one, Broken):
                yield one
                continue
            value = repaired(one.value)
            if not isinstance(value, dict):
                if one.path not in _ABOUT_THREAD:
                    yield Broken(document, one.start, one.end, "It is JSON, but no object.")
            elif one.path == "messages":
                yield _found(document, one, _message(value, thread, ours), seen)
            elif one.path in _COMMENT_LISTS or "string_map_data" in value:
                for comment in _comments(value):
                    yield _found(document, one, comment, seen)
            elif one.path == "" and value.keys().isdisjoint({"messages", *_COMMENT_LISTS}):
                yield Broken(document, one.start, one.end, "It is neither a thread nor a list of comments.")


def _found(
    document: Document, one: Element, made: dict[str, object] | Dropped | str, seen: Counter[str]
) -> Found | Broken | Dropped:
    """A message with its id; what is said twice in a file was written twice."""
    if isinstance(made, Dropped):
        return made
    if isinstance(made, str):
        return Broken(document, one.start, one.end, made)
    id_ = str(made["id"])
    seen[id_] += 1
    again = {"id": made_id(id_, seen[id_])} if seen[id_] > 1 else {}
    return Found(made | again, document, one.start, one.end)


def repaired(value: object) -> object:
    r"""Texts at any depth, as they were before their UTF-8 was taken for Latin-1.

    >>> repaired(["caf\u00c3\u00a9", {"\u00e3\u0081\u00af\u00e3\u0081\u0084": 3}, "café", "はい"])
    ['café', {'はい': 3}, 'café', 'はい']
    """
    match value:
        case str():
            try:
                return value.encode("latin-1").decode("utf-8")
            except UnicodeError:
                return value
        case list():
            return [repaired(one) for one in value]
        case dict():
            return {repaired(key): repaired(one) for key, one in value.items()}
        case _:
            return value


class _Thread:
    """What a file says of its thread, at its beginning and at its end; `channel` is None where it does not show."""

    def __init__(self, document: Document) -> None:
        self.path: str | None = None
        self.people: frozenset[str] = frozenset()
        for one in walk(document, *_ABOUT_THREAD):
            value = repaired(one.value) if isinstance(one, Element) else None
            if isinstance(one, Element) and one.path == "thread_path":
                self.path = name_of(value)
            elif (name := name_of(pick(value, "name"))) is not None:
                self.people |= {name}
        folders = PurePosixPath(document.name.replace("\\", "/")).parts
        if self.path is None and len(folders) > 2:
            self.path = "/".join(folders[-3:-1])
        signs = [(sign, document.name.casefold()) for sign in (*_FOLDERS, *_NAMES)]
        signs += [(sign, document.text) for sign in _FOLDERS]
        self.channel = next((channel for (sign, channel), place in signs if sign in place), None)


def _message(value: Object, thread: _Thread, ours: frozenset[str]) -> dict[str, object] | Dropped | str:
    """The fields of a message of a thread, or why it is none."""
    sender, content, time = value.get("sender_name"), value.get("content"), value.get("timestamp_ms")
    if pick(value, "sender_name", "content", "timestamp_ms") is None:
        return "It is no message: it has neither a sender nor a time nor a text."
    outbound = is_ours(ours, sender)
    unsent, system, stands_for = _lines(name_of(sender) or "", is_owner=outbound)
    line = content if isinstance(content, str) else ""
    if value.get("is_unsent") is True or unsent.fullmatch(line):
        return Dropped("unsent messages")
    if name_of(value.get("type")) in _NOT_WRITTEN or "call_duration" in value or system.fullmatch(line):
        return Dropped("system lines")
    pictures = [
        PurePosixPath(str(pick(one, "uri", "link"))).name for key in _PICTURES for one in objects(value.get(key))
    ]
    reactions = value.get("reactions")
    return {
        "id": made_id(thread.path, sender, time, content, *pictures),
        "text": "" if content is None or stands_for.fullmatch(line) else content,
        "posted_at": time,
        "channel": thread.channel,
        "visibility": "private",
        "direction": "outbound" if outbound else None,
        "account": next((one for one in sorted(thread.people) if is_ours(ours, one)), None),
        "thread": thread.path,
        "author.name": sender,
        "likes": len(reactions) if isinstance(reactions, list) else None,
    }


@lru_cache(maxsize=256)
def _lines(sender: str, *, is_owner: bool) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """How the lines look that stand for what this person unsent, did, and sent without words."""
    names = {sender, *sender.split()[:1]} - {""} | ({"You"} if is_owner else set())
    who = "|".join(re.escape(one) for one in sorted(names)) or "(?!)"
    unsent, system, stands_for = (re.compile(one.replace("WHO", who)) for one in (_UNSENT, _SYSTEM, _STANDS_FOR))
    return unsent, system, stands_for


def _comments(value: Object) -> Iterator[dict[str, object] | Dropped | str]:
    """The fields of the comments that an entry of a list holds: mostly one."""
    cells = as_object(value.get("string_map_data"))
    if cells:  # Instagram; the names of the cells are in the account's language, the first is the comment
        texts = [text for one in cells.values() if (text := pick(one, "value")) not in (None, "")]
        time = next((time for one in cells.values() if (time := pick(one, "timestamp"))), None)
        text = pick(cells, "Comment.value") if "Comment" in cells else next(iter(texts), None)
        yield _comment("instagram", text, time, None, None) if texts else "It is a comment without a text."
        return
    found = [as_object(one["comment"]) for one in objects(value.get("data")) if isinstance(one.get("comment"), dict)]
    if not found and not value.get("attachments"):
        yield Dropped("entries without a comment")
    for one in found or ([{}] if value.get("attachments") else []):
        time = pick(one, "timestamp") if "timestamp" in one else value.get("timestamp")
        yield _comment("facebook", pick(one, "comment"), time, one.get("author"), value.get("title"))


def _comment(channel: str, text: object, time: object, author: object, title: object) -> dict[str, object]:
    return {
        "id": made_id(channel, author, time, text, title),
        "text": "" if text is None else text,
        "posted_at": time,
        "channel": channel,
        "visibility": "public",
        "direction": "outbound",
        "author.name": author,
    }
