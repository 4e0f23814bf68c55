from pytest_bdd import scenarios

scenarios("scales.feature")
