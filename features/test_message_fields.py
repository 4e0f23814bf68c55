from pytest_bdd import scenarios

scenarios("message_fields.feature")
