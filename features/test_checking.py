import pytest
from pytest_bdd import parsers, scenarios, then, when

from engine.language.diagnostics import Severity

scenarios("checking.feature")


@pytest.fixture
def evaluator():
    """Checking decides nothing, so that once is enough."""
    return "one message"


@pytest.fixture
def said():
    """What the check found, and of it what was last spoken of."""
    return []


@when("the playbook is checked")
def the_playbook_is_checked(desk, said):
    said.extend(desk.findings()[1])


def the_one(said, severity, code, line=None):
    found = [one for one in said if one.code == code and (line is None or one.label.span.line == line)]
    assert found, [(one.code, one.label.span.line, one.message) for one in said]
    assert found[0].severity is Severity(severity)
    said.remove(found[0])
    said.insert(0, found[0])
    return found[0]


@then(parsers.parse("there is the {severity} {code} on line {line:d}"))
def there_is_on_line(said, severity, code, line):
    the_one(said, severity, code, line)


@then(parsers.re(r"there is the (?P<severity>error|warning) (?P<code>HK\d+)"))
def there_is(said, severity, code):
    the_one(said, severity, code)


@then(parsers.parse('the {severity} {code} points at "{words}" on line {line:d}'))
def points_at(said, severity, code, words, line):
    span = the_one(said, severity, code, line).label.span
    assert span.source.text[span.start : span.end] == words


@then(parsers.parse('its help says "{words}"'))
def its_help_says(said, words):
    assert words in (said[0].help or "")


@then(parsers.parse('what is said names "{one}" and "{other}"'))
def names_both(said, one, other):
    finding = said[0]
    words = " ".join([finding.message, *finding.notes, finding.help or "", finding.label.text])
    words += " ".join(label.text for label in finding.labels)
    assert one in words
    assert other in words


@then(parsers.parse("the errors are {codes} in this order"))
def errors_in_order(said, codes):
    assert [one.code for one in said if one.severity is Severity.ERROR] == codes.split(", ")


@then("there is nothing to say")
def nothing_to_say(said):
    assert said == []


@then("there are no errors")
def no_errors(said):
    assert not [one for one in said if one.severity is Severity.ERROR]
