"""Posts of X: what the answers of its API and the archives of its users have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.inbox.pick import as_object, is_ours, name_of, objects, pick, unescaped

Object = Mapping[str, object]
Fields = dict[str, object]

_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})\b", re.ASCII)
_NO_LANGUAGE = re.compile("und|zxx|art|q[a-t][a-z]")
_OLD_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}
"""Codes that X still writes although ISO 639 withdrew them. Source: IANA Language Subtag Registry, `Deprecated`."""

_COUNTS = ("likes", "shares", "replies", "views", "extra.quotes")


def language(code: object) -> object:
    """A language as BCP 47 has it; unknown where X could not tell (`und`) or there are no words (`qme`, `zxx`).

    >>> language("ja"), language("in"), language("und"), language("qme")
    ('ja', 'id', None, None)
    """
    if not isinstance(code, str):
        return code
    return None if _NO_LANGUAGE.fullmatch(code) else _OLD_LANGUAGES.get(code, code)


def names_of(user: Object) -> list[str]:
    """A user's ids and handles."""
    return [name for key in ("id_str", "id", "username", "screen_name") if (name := name_of(user.get(key))) is not None]


def author(user: Object, id_: object = None) -> Fields:
    """The author, as far as known; `user` is of API v2 or v1.1, empty where unknown.

    >>> author({"id_str": "7", "screen_name": "mika", "followers_count": 3})["author.followers"], author({}, "7")["author.id"]
    (3, '7')
    """
    type_ = user.get("verified_type")
    verified = user.get("verified")
    return {
        "author.id": pick(user, "id_str", "id") if id_ is None else id_,
        "author.name": user.get("name"),
        "author.handle": pick(user, "username", "screen_name"),
        "author.followers": pick(user, "public_metrics.followers_count", "followers_count"),
        "author.verified": type_ != "none" if verified is None and isinstance(type_, str) else verified,
        "extra.verified_type": type_,
    }


def post(post_id: object, user: Object, author_id: object, text: object, kind: str | None, fields: Fields) -> Fields:
    """The fields of a public post.

    Args:
        post_id: its id, as it stands.
        user: the author; empty where unknown.
        author_id: the author's id where the user is unknown.
        text: what was written, unescaped.
        kind: post, reply, quote or repost; None where unknown.
        fields: what else is known.
    """
    handle, id_ = pick(user, "username", "screen_name"), name_of(post_id)
    if kind == "repost":
        fields = {name: value for name, value in fields.items() if name not in _COUNTS}
    return {
        "id": post_id,
        "text": text,
        "channel": "x",
        "visibility": "public",
        "link": f"https://x.com/{handle}/status/{id_}" if isinstance(handle, str) and id_ else None,
        **author(user, author_id),
        "extra.post_kind": kind,
        **fields,
    }


def sides(ours: frozenset[str], user: Object, author_id: object, named: Sequence[object], text: object) -> Fields:
    """Who writes to whom: `direction`, `account` and `mention.tagged`.

    Args:
        ours: ids and handles of our accounts, casefolded; nothing can be told without any.
        user: the author; empty where unknown.
        author_id: the author's id.
        named: ids and handles that the post says it mentions or answers.
        text: what was written: its handles are mentions too.

    >>> sides(frozenset({"akane_help"}), {}, "7", [], "@Akane_Help my kettle smokes")
    {'direction': None, 'account': 'Akane_Help', 'mention.tagged': True}
    """
    names = [name for one in (author_id, *names_of(user)) if (name := name_of(one)) is not None]
    handles = _HANDLE.findall(text) if isinstance(text, str) else []
    mentioned = [name for one in (*named, *handles) if (name := name_of(one)) is not None]
    outbound = is_ours(ours, *names)
    tagged = is_ours(ours, *mentioned)
    told = bool(ours) and (not mentioned or any(not one.isdecimal() for one in ours))
    return {
        "direction": "outbound" if outbound else None,
        "account": next((one for one in (names if outbound else mentioned) if is_ours(ours, one)), None),
        "mention.tagged": tagged if tagged or told else None,
    }


def private(
    id_: object, text: object, ours: frozenset[str], written_by: Fields, participants: Sequence[object]
) -> Fields:
    """The fields of a direct message, which may be a picture alone; `written_by` is what `author` gives."""
    outbound = is_ours(ours, written_by["author.id"], written_by["author.handle"])
    return {
        "id": id_,
        "text": "" if text is None else unescaped(text),
        "channel": "x",
        "visibility": "private",
        "direction": "outbound" if outbound else None,
        "account": next((one for one in participants if is_ours(ours, one)), None),
        **written_by,
    }


def kind_of(text: object, *, reply: bool, quote: bool = False, told: bool = True) -> str | None:
    """post, reply, quote or repost; None where it is not `told` which posts it refers to.

    >>> kind_of("RT @akane_help: Hello", reply=False), kind_of("Hello", reply=False, told=False)
    ('repost', None)
    """
    if isinstance(text, str) and text.startswith("RT @"):
        return "repost"
    return "reply" if reply else "quote" if quote else "post" if told else None


def old_post(value: Object, ours: frozenset[str], user: Object) -> Fields:
    """The fields of a post of API v1.1, which archives hold too; `user` is its author, empty where unknown.

    >>> fields = old_post({"id_str": "9", "full_text": "RT @mika: tea &amp; toast"}, frozenset(), {"screen_name": "ben"})
    >>> fields["text"], fields["link"], fields["extra.post_kind"]
    ('RT @mika: tea & toast', 'https://x.com/ben/status/9', 'repost')
    """
    text = unescaped(pick(value, "extended_tweet.full_text", "full_text", "text"))
    answered = pick(value, "in_reply_to_status_id_str", "in_reply_to_status_id")
    reply_to = [value.get(f"in_reply_to_{name}") for name in ("screen_name", "user_id_str", "user_id")]
    if as_object(value.get("retweeted_status")):
        kind: str | None = "repost"
    else:
        quoted = pick(value, "quoted_status_id_str", "quoted_status_id", "quoted_status") is not None
        kind = kind_of(text, reply=answered is not None or any(reply_to), quote=quoted)
    mentions = objects(pick(value, "extended_tweet.entities.user_mentions", "entities.user_mentions"))
    named = [one.get(key) for key in ("screen_name", "id_str", "id") for one in mentions]
    return post(
        pick(value, "id_str", "id"),
        user,
        None,
        text,
        kind,
        {
            "posted_at": value.get("created_at"),
            "in_reply_to": answered,
            "lang": language(value.get("lang")),
            "likes": value.get("favorite_count"),
            "shares": value.get("retweet_count"),
            "replies": value.get("reply_count"),
            "extra.quotes": value.get("quote_count"),
            **sides(ours, user, None, [*named, *reply_to], text),
        },
    )
