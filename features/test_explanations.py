from pytest_bdd import parsers, scenarios, then

scenarios("explanations.feature")


@then("the reason is made of the words")
def the_reason_is(desk, docstring):
    assert desk.record["because"] == docstring


@then(parsers.re(r'to (?P<decision>.+) it needed "(?P<needs>.+)"'))
def it_needed(desk, decision, needs):
    assert [needs] in [one["needs"] for one in desk.explanation["why_not"] if one["would_be"] == decision]


@then(parsers.re(r"the nearest other decision was to (?P<decision>.+)"))
def the_nearest(desk, decision):
    assert desk.explanation["why_not"][0]["would_be"] == decision


@then("no other decision was near")
def nothing_near(desk):
    assert desk.explanation["why_not"] == []


@then(parsers.re(r'(?P<scale>\w+) was (?P<level>\w+) because of "(?P<condition>.+)"'))
def level_because(desk, scale, level, condition):
    said = desk.explanation["levels"][scale]
    assert (said["level"], said["rule"]) == (level, condition)


@then(parsers.parse('it rested on "{condition}" with "{words}"'))
def it_rested_on(desk, condition, words):
    held = [one for level in desk.explanation["levels"].values() for one in level["held"]]
    assert {"condition": condition, "seen": f'"{words}"'} in held


@then("the rules tried were")
def the_rules_tried(desk, datatable):
    heads, *rows = datatable
    tried = [one for step in desk.explanation["path"] for one in step["tried"]]
    shown = [{**one, "seen": ", ".join(seen["seen"] for seen in one["seen"])} for one in tried]
    assert [[one[head] for head in heads] for one in shown] == rows
