from pytest_bdd import parsers, scenarios, then

scenarios("not_evaluated.feature")


@then(parsers.parse("the playbook says that {part} is not evaluated yet"))
def is_not_evaluated(desk, part):
    assert part in desk.plan.not_evaluated


@then("everything in the playbook is evaluated")
def everything_is_evaluated(desk):
    assert desk.plan.not_evaluated == ()
