"""The text of a mail: which of its parts a person reads, and these as plain text."""

from __future__ import annotations

import re
from email.message import Message

from engine.inbox.charset import decoded
from engine.inbox.markup import plain

_DEEPEST = 40
"""Parts in parts in parts: deeper ones are an attack, not a letter."""

_SOFT = re.compile(r"(?<!^--) \n(?!>)", re.MULTILINE)


def body(part: Message, depth: int = 0) -> str:
    r"""A mail's text: plain where it has a plain variant, its HTML as text where not; attachments are left out.

    >>> from email import message_from_string
    >>> body(message_from_string("Content-Type: text/html\n\n<p>Salt &amp; pepper</p>"))
    'Salt & pepper'
    """
    if depth > _DEEPEST or part.get_content_disposition() == "attachment":
        return ""
    kind = part.get_content_type()
    inner = part.get_payload()
    if isinstance(inner, list):
        if part.get_content_maintype() == "message":
            return ""
        texts = [(one, body(one, depth + 1)) for one in inner if isinstance(one, Message)]
        written = [(one.get_content_type(), text) for one, text in texts if text.strip()]
        if kind == "multipart/alternative":
            return next((text for one, text in written if one == "text/plain"), written[-1][1] if written else "")
        if kind == "multipart/related":
            return written[0][1] if written else ""
        return "\n\n".join(text.strip("\n") for _, text in written)
    if kind not in ("text/plain", "text/html") and part.get_content_maintype() != "multipart":
        return ""
    return _text(part, kind)


def _text(part: Message, kind: str) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = decoded(data, part.get_content_charset()).replace("\r\n", "\n").replace("\r", "\n")
    if kind == "text/html":
        return plain(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _SOFT.sub("" if str(part.get_param("delsp", "")).lower() == "yes" else " ", text)
    return text
