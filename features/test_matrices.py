from pytest_bdd import scenarios

scenarios("matrices.feature")
