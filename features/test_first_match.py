from pytest_bdd import scenarios

scenarios("first_match.feature")
