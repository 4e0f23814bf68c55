from pytest_bdd import scenarios

scenarios("comparing_texts.feature")
