"""Who may assume a role, by its trust document: judged as any permission is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import read_trust
from approvals.policies.ruling import PolicyVerdict, Ruling, rule

GRANTED, MISSING, DENIED, CONDITIONAL = (
    PolicyVerdict.GRANTED,
    PolicyVerdict.MISSING,
    PolicyVerdict.DENIED,
    PolicyVerdict.CONDITIONAL,
)
EAS = "eas.pai.aliyuncs.com"
OURS = {"StringEquals": {"acs:SourceAccount": "1000000000000001"}}


def statement(effect: str, principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Principal": principal, **more}


def allow(service: Any = EAS, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return statement("Allow", {"Service": service}, action, **more)


def deny(service: Any = EAS, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return statement("Deny", {"Service": service}, action, **more)


def all_but(effect: str, action: str) -> dict[str, Any]:
    return {"Effect": effect, "NotAction": action, "Principal": {"Service": EAS}}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def trust(*statements: dict[str, Any]) -> Ruling:
    return rule("sts:AssumeRole", read_trust(document(*statements), EAS), EvaluationContext())


CASES: list[tuple[str, list[dict[str, Any]], PolicyVerdict]] = [
    ("a service that is named is trusted", [allow()], GRANTED),
    ("a service in a list is trusted", [allow(["ecs.aliyuncs.com", EAS])], GRANTED),
    ("case does not matter", [allow("EAS.pai.aliyuncs.com", ["STS:assumerole"])], GRANTED),
    ("another service is not this one", [allow("ecs.aliyuncs.com")], MISSING),
    ("an account is no service", [statement("Allow", {"RAM": ["acs:ram::1:root"]})], MISSING),
    ("a provider of identities is no service", [statement("Allow", {"Federated": ["acs:ram::1:saml/x"]})], MISSING),
    (
        "a service beside an account is trusted",
        [statement("Allow", {"RAM": "acs:ram::1:root", "Service": EAS})],
        GRANTED,
    ),
    ("a star in an action covers it", [allow(action="sts:*")], GRANTED),
    ("every action covers it", [allow(action="*")], GRANTED),
    ("another action does not", [allow(action="sts:SetSourceIdentity")], MISSING),
    ("a Deny wins", [allow(), deny()], DENIED),
    ("a Deny wins whatever the order", [deny(), allow()], DENIED),
    ("a Deny of every action of the service", [allow(), deny(action="sts:*")], DENIED),
    ("a Deny of every action", [allow(), deny(action="*")], DENIED),
    ("a Deny of all but another action", [allow(), all_but("Deny", "sts:GetCallerIdentity")], DENIED),
    ("a Deny for another service does nothing", [allow(), deny("ecs.aliyuncs.com")], GRANTED),
    ("a Deny of another action does nothing", [allow(), deny(action="sts:SetSourceIdentity")], GRANTED),
    ("a condition depends", [allow(Condition=OURS)], CONDITIONAL),
    ("a condition on a Deny depends", [allow(), deny(Condition=OURS)], CONDITIONAL),
    ("a condition on one Allow does not bind another", [allow(Condition=OURS), allow()], GRANTED),
]


@pytest.mark.parametrize(("statements", "verdict"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_a_service_is_trusted_as_a_permission_is_granted(
    statements: list[dict[str, Any]], verdict: PolicyVerdict
) -> None:
    assert trust(*statements).verdict is verdict


def test_a_trust_under_a_condition_says_which() -> None:
    assert trust(allow(Condition=OURS)).limits == ("StringEquals acs:SourceAccount = 1000000000000001",)
