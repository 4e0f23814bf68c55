from pytest_bdd import scenarios

scenarios("languages.feature")
