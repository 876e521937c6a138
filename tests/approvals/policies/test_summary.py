"""What a policy allows, in few lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from approvals.policies.document import PolicyCondition, UnreadableDocument
from approvals.policies.summary import summary

READS = {"Effect": "Allow", "Action": ["oss:Get*", "oss:PutObject", "eas:*", "log:ListProject"], "Resource": "*"}
TIMED = {
    "Effect": "Deny",
    "NotAction": "pairec:*",
    "Resource": "acs:oss:*:*:models/*",
    "Condition": {"Bool": {"acs:SecureTransport": False}},
}


def document(*statements: Any) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def test_each_service_says_what_is_read_and_what_is_changed() -> None:
    found = {each.service: (each.reads, each.changes) for each in summary(document(READS))}
    assert found == {"oss": (("Get*",), ("PutObject",)), "eas": ((), ("*",)), "log": (("ListProject",), ())}


def test_what_is_denied_all_but_some_and_conditions_are_kept() -> None:
    (found,) = summary(document(TIMED))
    assert (found.allows, found.all_but, found.resources) == (False, True, ("acs:oss:*:*:models/*",))
    assert found.conditions == (PolicyCondition("Bool", "acs:SecureTransport", ("false",)),)


@pytest.mark.parametrize("action", ["*", "*:Get*", "oss:G*", "oss:?etObject", "oss:GetAndDelete*Not", "oss:Getaway"])
def test_what_only_looks_like_reading_counts_as_changing_but_for_what_begins_so(action: str) -> None:
    (found,) = summary(document({**READS, "Action": action}))
    assert bool(found.changes) is (action not in ("*:Get*", "oss:GetAndDelete*Not"))


def test_what_a_statement_is_not_about_is_said_once_and_of_all_services() -> None:
    (found,) = summary(document({"Effect": "Allow", "NotAction": ["oss:*", "ram:*"], "Resource": "*"}))
    assert (found.service, found.reads, found.changes) == ("*", (), ("oss:*", "ram:*"))


def test_what_changes_other_services_comes_first_and_what_is_denied_last() -> None:
    actions = ["pairec:Get*", "pairec:*", "log:ListProject", "oss:Get*", "oss:PutObject", "ram:*"]
    denied = {"Effect": "Deny", "Action": "ram:DeleteUser", "Resource": "*"}
    found = summary(document(denied, {**READS, "Action": actions}))
    assert [(each.service, each.allows) for each in found] == [
        ("ram", True),
        ("oss", True),
        ("pairec", True),
        ("log", True),
        ("ram", False),
    ]
    assert next(each for each in found if each.service == "oss").changes == ("PutObject",)


def test_of_what_cannot_be_judged_nothing_is_said() -> None:
    with pytest.raises(UnreadableDocument):
        summary("{}")
