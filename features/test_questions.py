from pytest_bdd import scenarios

scenarios("questions.feature")
