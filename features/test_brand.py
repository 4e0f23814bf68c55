from pytest_bdd import scenarios

scenarios("brand.feature")
