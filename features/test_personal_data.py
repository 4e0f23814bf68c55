from pytest_bdd import scenarios

scenarios("personal_data.feature")
