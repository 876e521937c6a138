"""Whoever puts somebody in a RAM group that has a policy of the catalogue gives it: the cloud's own record tells of it,
whatever became of the group since.
"""

from __future__ import annotations

import pytest

from bot.sandbox.ram.execute import execute
from tests.harness.app import DATA, ENGINE, AppHarness
from tests.scenario.recording import OUTSIDE, TWENTY_MINUTES, of, passes, state, told

GROUP, POLICY = {"GroupName": "engineers"}, {"PolicyName": ENGINE, "PolicyType": "Custom"}
DAVE = {"UserName": "dave"}


def engineers(app: AppHarness, *, told_of: bool = False) -> None:
    """A group that has the policy; without `told_of` for longer than the record goes back."""
    for action, params in (("CreateGroup", GROUP), ("AttachPolicyToGroup", GROUP | POLICY)):
        execute(app.sandbox.account, action, params, by=of(app, "alice"))
    if not told_of:
        app.sandbox.trail.lost = lambda event: event["eventName"] in ("CreateGroup", "AttachPolicyToGroup")


def alice(app: AppHarness, action: str, **params: str) -> None:
    execute(app.sandbox.account, action, params, by=of(app, "alice"))


def recorded(app: AppHarness, action: str, **params: str) -> None:
    """As far as the record goes."""
    app.sandbox.account.record(action, params, "ok", of(app, "alice"))


def said(app: AppHarness) -> str:
    [found] = app.until(lambda: told(app, OUTSIDE), "it to be told")
    return found.plain


def test_somebody_who_is_put_in_a_group_that_has_the_policy_is_told_of(reading: AppHarness) -> None:
    engineers(reading)
    alice(reading, "CreateGroup", GroupName="chess")
    alice(reading, "AddUserToGroup", **DAVE, GroupName="chess")
    alice(reading, "AddUserToGroup", **DAVE, **GROUP)
    passes(reading, TWENTY_MINUTES)
    text = said(reading)
    assert "`alice` called `AddUserToGroup` `dave` `engineers`, from `192.0.2.17`" in text
    assert f"the group has, or had then: `{ENGINE}`" in text and "chess" not in text


@pytest.mark.parametrize("action", ["RemoveUserFromGroup", "UpdateGroup"])
def test_so_is_whoever_takes_somebody_out_of_it_or_calls_it_something_else(reading: AppHarness, action: str) -> None:
    engineers(reading)
    recorded(reading, action, **GROUP, **(DAVE if action == "RemoveUserFromGroup" else {"NewGroupName": "chess"}))
    passes(reading, TWENTY_MINUTES)
    assert f"`alice` called `{action}`" in said(reading)


def test_what_a_group_had_only_for_minutes_is_told_with_who_was_put_in_it(reading: AppHarness) -> None:
    """The policy is taken from it, and the group deleted, before anything is told of."""
    engineers(reading, told_of=True)
    alice(reading, "AddUserToGroup", **DAVE, **GROUP)
    alice(reading, "RemoveUserFromGroup", **DAVE, **GROUP)
    alice(reading, "DetachPolicyFromGroup", **GROUP, **POLICY)
    alice(reading, "DeleteGroup", **GROUP)
    passes(reading, TWENTY_MINUTES)
    text = said(reading)
    for action in (
        "AttachPolicyToGroup",
        "AddUserToGroup",
        "RemoveUserFromGroup",
        "DetachPolicyFromGroup",
        "DeleteGroup",
    ):
        assert f"`{action}`" in text


def test_a_group_is_known_under_the_name_that_it_had_before(reading: AppHarness) -> None:
    engineers(reading)
    recorded(reading, "AddUserToGroup", **DAVE, GroupName="scientists")
    recorded(reading, "UpdateGroup", GroupName="scientists", NewGroupName="engineers")
    passes(reading, TWENTY_MINUTES)
    assert "`AddUserToGroup` `dave` `scientists`" in said(reading)


def test_what_a_group_had_long_ago_makes_nothing_of_who_joins_it_now(reading: AppHarness) -> None:
    engineers(reading, told_of=True)
    alice(reading, "DetachPolicyFromGroup", **GROUP, **POLICY)
    passes(reading, TWENTY_MINUTES)
    passes(reading, 2 * 3600)
    alice(reading, "AddUserToGroup", **DAVE, **GROUP)
    passes(reading, TWENTY_MINUTES)
    assert state(reading) == "read" and "AddUserToGroup" not in said(reading)


def test_what_a_group_has_is_unknown_and_so_it_is_told(reading: AppHarness) -> None:
    engineers(reading)
    reading.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": DATA})
    alice(reading, "AddUserToGroup", **DAVE, **GROUP)
    passes(reading, TWENTY_MINUTES)
    assert "whether the group has a policy of the catalog could not be read" in said(reading)


def test_the_console_of_users_is_another_service_and_read_too(reading: AppHarness) -> None:
    engineers(reading)
    recorded(reading, "AddUserToGroup", UserPrincipalName="dave@pairec-workshop.onaliyun.com", **GROUP)
    recorded(reading, "CreateAccessKey", UserPrincipalName="pairec-access@pairec-workshop.onaliyun.com")
    passes(reading, TWENTY_MINUTES)
    text = said(reading)
    assert "`AddUserToGroup` `dave@pairec-workshop.onaliyun.com` `engineers`" in text
    assert "`CreateAccessKey` `pairec-access@pairec-workshop.onaliyun.com`" in text


def test_the_apps_own_user_in_any_group_is_told_of(reading: AppHarness) -> None:
    reading.sandbox.account.record(
        "AddUserToGroup", {"UserName": "pairec-access", "GroupName": "chess"}, "ok", of(reading, "alice")
    )
    passes(reading, TWENTY_MINUTES)
    assert "`AddUserToGroup` `pairec-access` `chess`" in said(reading)


def test_a_policy_that_resource_management_gives_a_group_is_told_of(reading: AppHarness) -> None:
    """As the console may: by another call of another service than RAM's own."""
    dave, group = (f"{name}pairec-workshop.onaliyun.com" for name in ("dave@", "chess@group."))
    account, by = reading.sandbox.account, of(reading, "alice")
    for kind, name in (("IMSUser", dave), ("IMSGroup", group)):
        params = {"PrincipalType": kind, "PrincipalName": name, **POLICY}
        account.record("AttachPolicy", params, "ok", by, service="ResourceManager")
    recorded(reading, "AddUserToGroup", UserName="erin", GroupName="chess")
    passes(reading, TWENTY_MINUTES)
    reading.until(lambda: len(told(reading, OUTSIDE)) == 2, "both to be told")
    text = " ".join(each.plain for each in told(reading, OUTSIDE))
    assert f"`AttachPolicy` `{group}` `{ENGINE}`" in text and "`AddUserToGroup` `erin` `chess`" in text
