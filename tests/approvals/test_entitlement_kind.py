"""What depends on the kind of what is granted comes from its entry: a product that nobody knew yet needs no branch."""

from __future__ import annotations

import pytest

from approvals.entitlement_kind import POLICY, ROLE_POLICY, SERVICE_ROLE, kind_named
from approvals.entitlements import Entitlement, Key, manual, member_role, policy, role_policy, service_role
from approvals.evidence import source_of
from approvals.ids import RamUserId
from approvals.outbox.enqueue import lane

OF_A_NEW_PRODUCT = member_role("lindorm", "7001", "reader")


@pytest.mark.parametrize(
    ("entitlement", "stored"),
    [
        (policy("PaiRecEngineAccess"), "policy/PaiRecEngineAccess"),
        (role_policy("PaiRecEngineAccess"), "role_policy/PaiRecEngineAccess"),
        (service_role("pairec.pai.aliyuncs.com"), "service_role/pairec.pai.aliyuncs.com"),
        (manual("grafana-admin"), "manual/grafana-admin"),
        (OF_A_NEW_PRODUCT, "lindorm/7001/reader"),
    ],
)
def test_what_is_stored_is_read_as_the_same(entitlement: Entitlement, stored: str) -> None:
    assert str(entitlement) == stored and Entitlement.parse(stored) == entitlement
    assert Key.parse(str(Key(RamUserId("u-1"), entitlement))) == Key(RamUserId("u-1"), entitlement)


def test_a_product_that_nobody_knew_yet_is_like_the_others() -> None:
    entitlement = OF_A_NEW_PRODUCT
    assert entitlement.is_member_role and entitlement.kind == kind_named("lindorm")
    assert not (entitlement.of_account or entitlement.irrevocable or entitlement.has_type)
    assert lane(Key(RamUserId("u-1"), entitlement)) == "members:lindorm" and source_of(entitlement) == (
        "lindorm",
        "7001",
    )
    assert entitlement.short_name == "lindorm/7001/reader" and entitlement.role == "reader"


def test_rams_own_kinds() -> None:
    assert policy("A").on_roles == role_policy("A") and role_policy("A").on_roles is None
    assert [kind.of_account for kind in (POLICY, ROLE_POLICY, SERVICE_ROLE)] == [False, True, True]
    assert [kind.irrevocable for kind in (POLICY, ROLE_POLICY, SERVICE_ROLE)] == [False, False, True]
    assert {lane(Key(RamUserId("u-1"), each)) for each in (policy("A"), role_policy("A"), service_role("a.b"))} == {
        "ram"
    }
    assert source_of(role_policy("A")) == source_of(policy("A")) == ("policy", "A")


def test_what_is_given_by_hand_is_nothing_that_the_cloud_has() -> None:
    entitlement = manual("grafana-admin")
    assert entitlement.by_hand and entitlement.short_name == "grafana-admin"
    assert not (entitlement.is_member_role or entitlement.of_account or entitlement.has_type or entitlement.irrevocable)
    assert source_of(entitlement) == ("manual", "grafana-admin")
