from pytest_bdd import parsers, scenarios, then

scenarios("scores.feature")


@then(parsers.parse("the score {name} is {points}"))
def the_score_is(desk, name, points):
    assert desk.explanation["facts"][name] == points
