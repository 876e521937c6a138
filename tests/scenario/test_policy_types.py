"""RAM keeps custom and system policies apart, and every call names which of the two is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.ram.state import Policy, PolicyKey, PolicyVersion, State
from tests.office import ENGINE, Office
from tests.scenario.patience import carol_has, comes_to, time_is_up

CATALOGUE = f"""
[policies.{ENGINE}]
title = "Engine"
allows = "Deploy and run the recommendation engine."
default = "8h"
longest = "90d"
until_revoked = true
approvals = 1
reason = true
ticket = false
expires_after = "24h"
type = "System"
"""


def of_alibaba(office: Office, *, alone: bool) -> None:
    """From now on there is a system policy of the engine policy's name, alone or beside the custom one."""

    def change(state: State, now: float) -> None:
        version = PolicyVersion("v1", '{"Version": "1", "Statement": []}', now)
        key = PolicyKey("System", ENGINE)
        state.policies[key] = Policy(key, "", now, now, (version,))
        if alone:
            del state.policies[PolicyKey("Custom", ENGINE)]
            state.attachments = {held: at for held, at in state.attachments.items() if held[1].name != ENGINE}

    office.sandbox.account.write(change)


def types_carol_has(office: Office) -> list[str]:
    answer = office.by_hand("ListPoliciesForUser", UserName="carol")
    return [policy["PolicyType"] for policy in answer["Policies"]["Policy"] if policy["PolicyName"] == ENGINE]


def test_a_policy_that_only_alibaba_cloud_has_is_granted_as_a_system_policy(office: Office) -> None:
    of_alibaba(office, alone=True)
    ref = carol_has(office)
    assert types_carol_has(office) == ["System"]
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == []


def test_two_policies_of_one_name_are_not_chosen_between(office: Office) -> None:
    of_alibaba(office, alone=False)
    office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
    office.carol.ephemeral_with("this account has a custom and a system policy of that name")
    assert office.requests() == 0


def test_the_catalogue_can_say_which_of_the_two_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with Office(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as office:
        of_alibaba(office, alone=False)
        carol_has(office)
        assert types_carol_has(office) == ["System"]


def test_a_policy_of_the_other_type_does_not_count_as_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with Office(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as office:
        of_alibaba(office, alone=False)
        office.attach_by_hand("carol", ENGINE)
        ref = carol_has(office)
        assert sorted(types_carol_has(office)) == ["Custom", "System"]
        time_is_up(office)
        comes_to(office, ref, "ended")
        assert types_carol_has(office) == ["Custom"]


def test_a_type_that_is_said_but_not_there_counts_as_not_initialised(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with Office(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as office:
        office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
        office.carol.ephemeral_with("not initialised in this account")


@pytest.mark.parametrize("alone", [True, False], ids=["a system policy", "a custom one"])
def test_without_the_permission_to_read_policies_the_type_is_found_in_the_list_of_them(
    office: Office, alone: bool
) -> None:
    office.people.order_ram({"action": "GetPolicy", "fault": "no_permission"})
    if alone:
        of_alibaba(office, alone=True)
    carol_has(office)
    assert types_carol_has(office) == ["System" if alone else "Custom"]
