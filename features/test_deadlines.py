from pytest_bdd import scenarios, then

scenarios("deadlines.feature")


@then("these people are told")
def these_people_are_told(desk, datatable):
    heads, *rows = datatable
    assert [[one[head] for head in heads] for one in desk.record["notify"]] == rows
