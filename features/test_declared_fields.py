from pytest_bdd import scenarios

scenarios("declared_fields.feature")
