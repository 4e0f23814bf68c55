from pytest_bdd import scenarios

scenarios("defines.feature")
