"""HTML as plain text: what a person would read, without scripts, styles and tags.

Tags are found with one pattern rather than with `html.parser`, which up to Python 3.13 needs a minute and more for some
hundred kilobytes of tags that never close; lexbor needed more than two for 200,000 nested `<div>`. Mail comes from anybody.
"""

from __future__ import annotations

import re
from html import unescape

_BLOCKS = frozenset({
    "address", "article", "blockquote", "br", "div", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_HIDDEN = {
    name: re.compile(rf"</{name}\b[^<>]*+>{more}", re.IGNORECASE)
    for name, more in (("script", ""), ("style", ""), ("title", ""), ("template", ""), ("head", r"|(?=<body\b)"))
}
"""What is not shown, and where it ends."""

_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'){0,100}+[^<>]*+>"
    r"|<[!?/][^<>]*+>"
)
"""A comment's beginning, a tag, or a declaration. Nothing in it is tried twice, and a tag has at most 100 quoted values."""

_COMMENT_END = re.compile("-->")
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")


def plain(source: str) -> str:
    r"""The text of an HTML page or fragment; blocks and `<br>` begin new lines. What never ends hides nothing.

    >>> plain("<style>p {color: red}</style><p>Salt &amp;<br>pepper</p><p>塩 &#x1F9C2;</p>")
    'Salt &\npepper\n塩 🧂'
    """
    parts: list[str] = []
    endless: set[str] = set()
    at = 0
    while (token := _TOKEN.search(source, at)) is not None:
        parts.append(_BLANKS.sub(" ", unescape(source[at : token.start()])))
        at = token.end()
        name = (token["name"] or "").lower()
        if name in _BLOCKS:
            parts.append("\n")
        elif name in _CELLS:
            parts.append(" ")
        end = _COMMENT_END if token["comment"] else _HIDDEN.get(name) if not token["close"] else None
        if end is not None and name not in endless:
            found = end.search(source, at)
            if found is None:
                endless.add(name)
            else:
                at = found.end()
    parts.append(_BLANKS.sub(" ", unescape(source[at:])))
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
