"""`pairec-access check` tries what is assumed of the cloud, and says of each assumption what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.ram.seed import ENGINE_ROLE
from bot.sandbox.ram.state import AccountState
from tests.harness.checked import Installation

pytestmark = pytest.mark.slow
TRUSTS_ANOTHER = (
    '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": ["another.aliyuncs.com"]}}]}'
)


def assumed(installed: Installation, **settings: str) -> dict[str, tuple[str, str]]:
    report = installed.report(**settings)
    return {each["name"]: (each["state"], each["seen"]) for each in report["assumptions"]}


def test_the_sandbox_is_as_it_is_assumed_wherever_a_read_can_tell(installed: Installation) -> None:
    installed.sandbox.start_databases()
    found = assumed(installed, **installed.everything)
    assert {state for state, _ in found.values()} == {"confirmed", "not tried"}
    assert found["engine-role-trust"] == ("confirmed", "the role names eas.pai.aliyuncs.com")
    assert found["pai-user-filter"] == ("confirmed", "a list about one user has 1 in it")
    assert sum(state == "confirmed" for state, _ in found.values()) >= 24
    assert all(seen for _, seen in found.values())


def test_what_is_otherwise_is_refuted_with_what_was_seen_and_is_no_failure(installed: Installation) -> None:
    before = installed.sandbox.account.read().roles[ENGINE_ROLE]

    def change(state: AccountState, _: float) -> None:
        state.roles[ENGINE_ROLE] = replace(before, trust_document=TRUSTS_ANOTHER)

    installed.sandbox.account.write(change)
    installed.people.inject_ram_fault(
        {"action": "ListInstanceResources", "fault": "error", "status": 400, "code": "Instance.Unheard"}
    )
    found = assumed(installed, PAIREC_INSTANCES=installed.everything["PAIREC_INSTANCES"])
    installed.sandbox.account.write(lambda state, _: state.roles.update({ENGINE_ROLE: before}))
    assert found["engine-role-trust"] == ("refuted", "the role does not name eas.pai.aliyuncs.com")
    assert found["pairec-unknown-instance"] == ("refuted", "it says Instance.Unheard")


def test_what_cannot_be_asked_refutes_nothing(installed: Installation) -> None:
    installed.may_not("ram:GetRole")
    found = assumed(installed)
    assert found["engine-role-trust"] == ("not tried", "GetRole: NoPermission")
    assert found["pairec-unknown-instance"] == ("not tried", "PAIREC_INSTANCES is not set")
    assert found["member-list-totals"] == ("not tried", "PAIREC_RESOURCES names no place of dataworks or pai")
