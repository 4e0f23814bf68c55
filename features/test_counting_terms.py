from pytest_bdd import scenarios

scenarios("counting_terms.feature")
