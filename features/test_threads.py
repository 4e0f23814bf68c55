from pytest_bdd import scenarios

scenarios("threads.feature")
