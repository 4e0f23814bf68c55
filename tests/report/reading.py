"""A page as a parser sees it: its elements, with nothing run."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    inside: list[str] = field(default_factory=list)
    text: str = ""


class Page(HTMLParser):
    """All elements of a page, in order, each with the tags that it is inside of and the text in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.declarations: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), attrs
        one = Element(tag, {name: value or "" for name, value in attrs}, [it.tag for it in self.open])
        self.elements.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def all(self, tag: str) -> list[Element]:
        return [one for one in self.elements if one.tag == tag]

    def of_class(self, name: str) -> list[Element]:
        return [one for one in self.elements if name in one.attributes.get("class", "").split()]

    def ids(self) -> list[str]:
        return [one.attributes["id"] for one in self.elements if "id" in one.attributes]


ALLOWED = frozenset({
    "html", "head", "meta", "title", "style", "body", "main", "header", "nav", "section", "article", "aside", "footer", "div",
    "p", "span", "strong", "br", "a", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "details", "summary", "code", "bdi", "time", "blockquote",
    "svg", "g", "path", "rect", "line", "text", "tspan", "circle", "desc",
})  # fmt: skip


def inert(page: Page) -> None:
    """Nothing in the page can run, load, or leave it."""
    for one in page.elements:
        assert one.tag in ALLOWED, one.tag
        for name, value in one.attributes.items():
            assert not name.startswith("on"), (one.tag, name)
            assert name not in ("style", "src", "srcset", "action", "formaction", "background", "ping", "xlink:href"), (
                name
            )
            if name == "href":
                assert value.startswith(("#", "https://", "http://")), value
                assert one.tag == "a"
                if not value.startswith("#"):
                    assert "noreferrer" in one.attributes["rel"]
        if one.tag == "meta":
            assert one.attributes.get("http-equiv") in (None, "Content-Security-Policy")
    assert len(page.all("style")) == 1
    assert not page.open
