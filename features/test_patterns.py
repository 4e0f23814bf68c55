from pytest_bdd import scenarios

scenarios("patterns.feature")
