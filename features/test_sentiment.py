from pytest_bdd import scenarios

scenarios("sentiment.feature")
