from pytest_bdd import scenarios

scenarios("numbers_and_units.feature")
