import re

from pytest_bdd import scenarios, then

from engine.version import VERSION

scenarios("decisions.feature")


@then("the record names the version of the playbook and of the engine")
def versions(desk):
    assert re.fullmatch(r"[0-9a-f]+", desk.record["playbook_version"])
    assert desk.record["engine_version"] == VERSION
