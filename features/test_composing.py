from pytest_bdd import scenarios

scenarios("composing.feature")
