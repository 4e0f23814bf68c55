from pytest_bdd import scenarios

scenarios("modifiers.feature")
