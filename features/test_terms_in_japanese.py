from pytest_bdd import scenarios

scenarios("terms_in_japanese.feature")
