from pytest_bdd import scenarios

scenarios("unknown_values.feature")
