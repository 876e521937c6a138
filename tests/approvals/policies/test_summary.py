"""What a policy allows, in few lines; and what became other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from approvals.policies.document import UnreadableDocument
from approvals.policies.summary import difference, summary

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
    assert found.conditions == ("Bool acs:SecureTransport = false",)


@pytest.mark.parametrize("action", ["*", "*:Get*", "oss:G*", "oss:?etObject", "oss:GetAndDelete*Not", "oss:Getaway"])
def test_what_only_looks_like_reading_counts_as_changing_but_for_what_begins_so(action: str) -> None:
    (found,) = summary(document({**READS, "Action": action}))
    assert bool(found.changes) is (action not in ("*:Get*", "oss:GetAndDelete*Not"))


def test_an_action_that_came_and_one_that_went_are_told_apart() -> None:
    after = {**READS, "Action": ["oss:Get*", "oss:DeleteObject", "eas:*", "log:ListProject"]}
    added, removed = difference(document(READS), document(after))
    assert [each.action for each in added] == ["oss:DeleteObject"]
    assert [each.action for each in removed] == ["oss:PutObject"]


def test_an_action_on_more_than_before_is_among_both() -> None:
    added, removed = difference(document({**READS, "Resource": "acs:oss:*:*:a/*"}), document(READS))
    assert {each.action for each in added} == {each.action for each in removed} == set(READS["Action"])
    assert {each.resources for each in added} == {("*",)}


def test_the_order_of_statements_is_no_difference_by_action() -> None:
    assert difference(document(READS, TIMED), document(TIMED, READS)) == ([], [])


def test_of_what_cannot_be_judged_nothing_is_said() -> None:
    with pytest.raises(UnreadableDocument):
        summary("{}")
