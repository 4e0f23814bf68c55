"""Zendesk: tickets as JSON, from the account's data export or from the API.

The data export (Admin Center > Account > Tools > Reports > Export) writes one ticket a line, with its comments inside; the
API gives pages such as `{"tickets": [...], "users": [...]}` and, from the search, `{"results": [...]}`. Each comment is a
message of the thread that is named after the ticket; a ticket without comments is a message itself, its text the subject
and the description. The description *is* the first comment, so it is never taken twice.

It can tell who answered (any comment by somebody else than the requester is ours, unless the users that came along say
that its author is an end user), when the ticket was solved, and what customers rated. It cannot tell followers, reach,
engagement or the language of a text. Notes that only agents see, and deleted tickets, are no messages.

Source: Zendesk API reference, "Tickets", "Ticket Comments", "Users" and "Via object reference"
(developer.zendesk.com/api-reference); Zendesk help, "Exporting ticket, user, or organization data" (4408886165402).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.markup import plain
from engine.inbox.pick import as_object, is_ours, made_id, name_of, objects, pick, words
from engine.inbox.wording import begins_as_json, headed

Users = Mapping[str, Mapping[str, object]]
"""Users by their id."""

NAME = "zendesk"
ABOUT = "Zendesk tickets with their comments, as JSON from the data export or the API"

CHANNELS: dict[str, str | None] = {
    "twitter": "x", "twitter_dm": "x", "twitter_favorite": "x", "twitter_like": "x", "x": "x",
    "facebook": "facebook", "facebook_post": "facebook",
    "facebook_message": "messenger", "facebook_messenger": "messenger", "messenger": "messenger",
    "instagram_dm": "instagram", "instagram": "instagram",
    "mail": "email", "email": "email",
    "web": "web", "web_form": "web", "web_widget": "web", "help_center": "web", "closed_ticket": "web", "mobile": "web",
    "mobile_sdk": "web", "feedback_tab": "web", "zendesk_widget": "web",
    "chat": "chat", "chat_transcript": "chat", "chat_offline_message": "chat", "messaging": "chat", "native_messaging": "chat",
    "voice": "phone", "phone": "phone", "voicemail": "phone", "phone_call_inbound": "phone", "phone_call_outbound": "phone",
    "sms": "sms", "text_message": "sms", "whatsapp": "whatsapp", "line": "line",
    "forum": "forum", "topic": "forum", "answer_bot_for_web_widget": "web",
    "api": None, "web_service": None, "any_channel": None, "rule": None, "system": None, "ticket_sharing": None,
    "side_conversation": None, "sample_ticket": None,
}  # fmt: skip
"""`via.channel` -> channel; None where it says which program made the ticket, not where it was written.

Source: Zendesk, "Via object reference" and "Via types". Assumption: what comes from the mobile SDK counts as the web form.
"""

_ONE_TO_ONE = frozenset({"email", "web", "chat", "phone", "sms", "whatsapp", "line", "messenger", "instagram"})
_NAMED_BY_ZENDESK = frozenset({"chat", "phone", "whatsapp", "line", "messenger", "instagram", "sms"})
"""Channels whose tickets have no subject of the customer's: `Conversation with Web User 5f3a`."""

_WORDS = ("subject", "raw_subject", "description", "requester_id", "via")
_API_LINK = re.compile(r"(https?://[^/]+)/api/v2/tickets/(\d+)(?:\.json)?")
_LOOKS = (
    re.compile(r'"url"\s*:\s*"https?:(?:\\?/){2}[^"]+\\?/api\\?/v2\\?/tickets\\?/\d+\.json"'),
    re.compile(r'"(?:submitter_id|raw_subject|has_incidents|ticket_form_id|metric_set)"\s*:'),
)
_REQUESTER = re.compile(r'"requester(?:_id)?"\s*:')


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    """Whether it is tickets: what API links lead to, or requesters beside another name that only Zendesk has.

    >>> looks_like("t.json", '{"tickets": [{"id": 7, "requester_id": 1, "submitter_id": 1, "subject": "Kettle"}]}')
    True
    """
    api, own = _LOOKS
    return begins_as_json(head) and bool(api.search(head) or (_REQUESTER.search(head) and own.search(head)))


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    r"""The comments of all tickets, ticket by ticket.

    >>> ticket = '{"id": 7, "subject": "Kettle", "description": "It smokes.", "requester_id": 1}'
    >>> [one.fields["text"] for one in messages([Document("", "t.json", ticket)], frozenset()) if isinstance(one, Found)]
    ['Kettle\n\nIt smokes.']
    """
    users = _users(documents)
    for document in documents:
        for one in walk(document, "", "tickets", "results", "ticket"):
            if isinstance(one, Broken):
                yield one
            elif not (one.path == "" and isinstance(pick(one.value, "users"), list)):
                yield from _ticket(one, document, users, us)


def _users(documents: Sequence[Document]) -> Users:
    """The users that came along in pages."""
    found: dict[str, Mapping[str, object]] = {}
    for document in documents:
        for one in walk(document, "users") if '"users"' in document.text else ():
            key = name_of(pick(one.value, "id")) if isinstance(one, Element) else None
            if isinstance(one, Element) and key is not None:
                found[key] = as_object(one.value)
    return found


def _ticket(one: Element, document: Document, users: Users, us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    ticket = as_object(one.value)
    raw = pick(ticket, "comments")
    comments = objects(raw)
    if pick(ticket, "result_type") not in (None, "ticket"):
        yield Dropped("search results that are no tickets")
    elif not (comments or any(pick(ticket, name) is not None for name in _WORDS)):
        yield Broken(document, one.start, one.end, "It is no ticket: it has no subject, description or comments.")
    elif pick(ticket, "status") == "deleted":
        yield Dropped("deleted tickets")
    else:
        for _ in range(len(raw) - len(comments) if isinstance(raw, list) else 0):
            yield Broken(document, one.start, one.end, "One of its comments is no JSON object.")
        comments = comments or [_as_comment(ticket)]
        shared = _shared(ticket)
        for at, comment in enumerate(comments):
            if pick(comment, "public") is False:
                yield Dropped("internal notes")
            else:
                fields = _comment(comment, ticket, users, us, first=at == 0)
                yield Found(fields | shared, document, one.start, one.end)


def _as_comment(ticket: Mapping[str, object]) -> dict[str, object]:
    """A ticket that came without its comments, as the one that its description was."""
    return {
        "id": pick(ticket, "id"),
        "author_id": pick(ticket, "requester_id", "requester.id"),
        "body": pick(ticket, "description"),
        "created_at": pick(ticket, "created_at"),
        "public": pick(ticket, "is_public"),
    }


def _shared(ticket: Mapping[str, object]) -> dict[str, object]:
    """What all messages of a ticket have."""
    status, tags = pick(ticket, "status"), pick(ticket, "tags")
    return {
        "updated_at": pick(ticket, "updated_at"),
        "resolved_at": pick(ticket, "solved_at", "metric_set.solved_at") if status in ("solved", "closed") else None,
        "account": pick(ticket, "brand_id", "brand.id", "recipient"),
        "link": _link(pick(ticket, "url")),
        "thread": pick(ticket, "id"),
        "tags": words(tags) if tags is not None else None,
        "extra.priority": pick(ticket, "priority"),
        "extra.status": status,
        "extra.satisfaction": pick(ticket, "satisfaction_rating.score"),
    }


def _comment(
    comment: Mapping[str, object], ticket: Mapping[str, object], users: Users, us: frozenset[str], *, first: bool
) -> dict[str, object]:
    author, requester = pick(comment, "author_id", "author.id"), pick(ticket, "requester_id", "requester.id")
    own = name_of(author) is not None and name_of(author) == name_of(requester)
    beside = as_object(pick(ticket, "requester")) if own else {}
    user = users.get(name_of(author) or "") or as_object(pick(comment, "author")) or beside
    via = pick(comment, "via") if own and _channel(pick(comment, "via")) else pick(ticket, "via")
    written_from = pick(comment, "via.source.from") or (pick(ticket, "via.source.from") if first and own else None)
    channel = _channel(via)
    text = pick(comment, "body", "plain_body")
    if text is None:
        markup = pick(comment, "html_body")
        text = plain(markup) if isinstance(markup, str) else markup
    subject = pick(ticket, "subject", "raw_subject") if first and channel not in _NAMED_BY_ZENDESK else None
    return {
        "id": pick(comment, "id") or made_id(pick(ticket, "id"), pick(comment, "created_at"), author, text),
        "text": headed(subject, text),
        "posted_at": pick(comment, "created_at"),
        "channel": channel,
        "visibility": _visibility(via, channel),
        "direction": _direction(author, user, us, own=own, known=name_of(requester) is not None),
        "author.id": author,
        "author.name": pick(user, "name") or pick(written_from, "name"),
        "author.handle": pick(written_from, "username"),
    }


def _direction(author: object, user: object, us: frozenset[str], *, own: bool, known: bool) -> str | None:
    """Ours unless by the requester or an end user; None when nobody is named. `known`: the ticket names its requester."""
    role = pick(user, "role")
    if is_ours(us, author, pick(user, "email")):
        return "outbound"
    if own or role == "end-user":
        return "inbound"
    return "outbound" if role in ("agent", "admin") or (known and name_of(author) is not None) else None


def _channel(via: object) -> str | None:
    said = name_of(pick(via, "channel"))
    if said is None or said.isdigit():
        return None
    word = said.lower().replace(" ", "_")
    channel = CHANNELS.get(word, word)
    return "messenger" if channel == "facebook" and pick(via, "source.rel") == "message" else channel


def _visibility(via: object, channel: str | None) -> str | None:
    """Who could read it where it was written; Zendesk's own `public` only tells messages from notes."""
    if channel in _ONE_TO_ONE or pick(via, "channel") == "twitter_dm" or pick(via, "source.rel") == "direct_message":
        return "private"
    return "public" if channel in ("x", "facebook", "forum") else None


def _link(url: object) -> object:
    """The page that people open, where the source gives the address of the API."""
    found = _API_LINK.fullmatch(url) if isinstance(url, str) else None
    return f"{found[1]}/agent/tickets/{found[2]}" if found else url
