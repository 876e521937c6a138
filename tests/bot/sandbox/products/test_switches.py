"""The page's switches: what can be broken and put right again, each by itself, whatever was done by hand meanwhile."""

from __future__ import annotations

import pytest

from approvals.catalog.load import load_catalog
from approvals.status.plan import load_plan
from bot.sandbox.products.state import SandboxProducts
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.seed import ENGINE_POLICY, ENGINE_ROLE, seeded_account
from bot.sandbox.switches.registry import Switches
from tests.bot.sandbox.products.cloud_clients import Cloud

ALL = [each["name"] for each in Switches(seeded_account(), SandboxProducts(), lambda: None).listed()]
DATA = f"policy.{ENGINE_POLICY}"


def test_nothing_is_broken_at_first(cloud: Cloud) -> None:
    assert cloud.broken() == set()


def test_everything_that_the_bot_looks_at_has_a_switch(cloud: Cloud) -> None:
    plan = load_plan(load_catalog())
    services = {f"{name}.permission" for name in plan.terms.services}
    connections = {f"{name}.connection" for name, terms in plan.terms.services.items() if terms.resources}
    # Alibaba Cloud's own are in every account.
    policies = {f"policy.{item.name}" for item in load_catalog().policies if item.type != "System"}
    changed = {f"policy.{item.name}.changed" for item in load_catalog().policies}
    roles = {"service-role", "engine-role.role", "engine-role.trust", "engine-role.policy"}
    training = {"tenant-role", "tenant-role.grants", "quota-route"}
    users = {"users.scim", "users.cloudsso", "users.sso", "users.recycled", "users.by-hand"}
    instance = {f"instance.{each}" for each in ("stopped", "deleted", "hangs", "statements", "superuser", "owner")}
    names = [each["name"] for each in cloud.switches()]
    assert sorted(names) == sorted(services | connections | policies | changed | roles | training | users | instance)


def test_no_two_switches_read_alike(cloud: Cloud) -> None:
    labels = [(each["title"], each["what"]) for each in cloud.switches()]
    assert len(set(labels)) == len(labels)
    assert all(title.strip() and what.strip() for title, what in labels)


@pytest.mark.parametrize("name", ALL)
def test_a_switch_breaks_one_thing_and_mends_it(cloud: Cloud, name: str) -> None:
    # The engine's role loses what it has of a policy that is gone.
    follows = {"engine-role.policy"} if name == DATA else set()
    assert cloud.turn(name, broken=True) == {name} | follows
    assert cloud.turn(name, broken=False) == set()


def test_what_is_broken_already_stays_so(cloud: Cloud) -> None:
    cloud.turn("service-role", broken=True)
    assert cloud.turn("service-role", broken=True) == {"service-role"}


def test_what_is_right_already_is_not_made_anew(cloud: Cloud) -> None:
    before = cloud.sandbox.account.read()
    cloud.turn("service-role", broken=False)
    assert cloud.sandbox.account.read() is before


def test_two_permissions_are_broken_and_mended_apart(cloud: Cloud) -> None:
    cloud.turn("oss.permission", broken=True)
    assert cloud.turn("sls.permission", broken=True) == {"oss.permission", "sls.permission"}
    assert cloud.turn("oss.permission", broken=False) == {"sls.permission"}


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (b'{"name": "coffee", "broken": true}', "no such switch"),
        (b'{"name": 7, "broken": true}', "a name"),
        (b'{"name": "service-role", "broken": "yes"}', "whether it is to be broken"),
        (b"[]", "a name"),
        (b"nonsense", "a name"),
        (b"\xff", "a name"),
    ],
)
def test_a_bad_order_is_answered_with_a_sentence_and_not_followed(cloud: Cloud, order: bytes, says: str) -> None:
    status, said = cloud.refused_order(order)
    assert (status, says in said) == (400, True)
    assert cloud.broken() == set()


def test_what_is_put_right_by_hand_is_not_broken_any_more(cloud: Cloud) -> None:
    cloud.turn("engine-role.policy", broken=True)
    attachment = {"RoleName": ENGINE_ROLE, "PolicyName": ENGINE_POLICY, "PolicyType": "Custom"}
    execute(cloud.sandbox.account, "AttachPolicyToRole", attachment)
    assert cloud.broken() == set()


def test_a_policy_that_is_there_again_is_held_by_whoever_held_it(cloud: Cloud) -> None:
    cloud.turn(DATA, broken=True)
    cloud.turn(DATA, broken=False)
    assert cloud.policies_of(ENGINE_ROLE) == [ENGINE_POLICY]


@pytest.mark.parametrize("way", ["engine-role.policy", "engine-role.role"])
def test_a_policy_that_is_gone_is_attached_to_nobody(cloud: Cloud, way: str) -> None:
    cloud.turn("engine-role.role", broken=way == "engine-role.role")
    cloud.turn(DATA, broken=True)
    cloud.turn(way, broken=False)
    assert cloud.policies_of(ENGINE_ROLE) == []


def test_a_policy_that_is_there_again_is_held_by_nobody_who_is_gone(cloud: Cloud) -> None:
    cloud.turn(DATA, broken=True)
    cloud.turn("engine-role.role", broken=True)
    cloud.turn(DATA, broken=False)
    shown = next(each for each in cloud.sandbox.account.view()["policies"] if each["name"] == ENGINE_POLICY)
    assert shown["holders"] == []


def test_a_policy_that_was_deleted_by_hand_can_be_put_right(cloud: Cloud) -> None:
    cloud.turn("engine-role.policy", broken=True)
    execute(cloud.sandbox.account, "DeletePolicy", {"PolicyName": ENGINE_POLICY})
    assert DATA in cloud.broken()
    assert DATA not in cloud.turn(DATA, broken=False)
