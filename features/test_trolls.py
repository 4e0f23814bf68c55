from pytest_bdd import scenarios

scenarios("trolls.feature")
