import re

from pytest_bdd import given, parsers, scenarios, then, when

from engine.language.format import format_file
from engine.language.parse import parse
from engine.language.source import Source

scenarios("layout.feature")


def formatted(text):
    parsed = parse(Source("care.playbook", text))
    assert not parsed.troubles
    return format_file(parsed.file)


def without_comments(text):
    return re.sub(r" *#.*", "", text)


def words(text):
    return re.findall(r'"[^"]*",?|\S+', without_comments(text))


LAYOUTS = {
    "as it is": lambda text: text,
    "on as few lines as possible": lambda text: " ".join(words(text)),
    "one word a line": lambda text: "\n".join(words(text)),
    "with tabs": lambda text: re.sub(r"^( +)", "\t", text, flags=re.MULTILINE),
    "with full-width spaces": lambda text: re.sub(r"^( +)", "\u3000", text, flags=re.MULTILINE),
    "with Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "with a byte order mark": lambda text: "\ufeff" + text,
    "by the formatter": formatted,
}


@given(parsers.parse("it is laid out {layout}"))
def laid_out(desk, layout):
    desk.write_playbook(LAYOUTS[layout](desk.playbook_file.read_text(encoding="utf-8")))


@when("the playbook is formatted")
def the_playbook_is_formatted(desk):
    desk.write_playbook(formatted(desk.playbook_file.read_text(encoding="utf-8")))


@then("it still has the comments")
def still_has_the_comments(desk, datatable):
    found = re.findall(r"#[^\n]*", desk.playbook_file.read_text(encoding="utf-8"))
    assert found == [comment for (comment,) in datatable[1:]]


@then("formatting it again changes nothing")
def formatting_again(desk):
    text = desk.playbook_file.read_text(encoding="utf-8")
    assert formatted(text) == text


@then("it reads")
def it_reads(desk, docstring):
    assert desk.playbook_file.read_text(encoding="utf-8") == docstring + "\n"
