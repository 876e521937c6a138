"""What became other in a policy."""

from __future__ import annotations

from typing import Any

from approvals.policies.difference import ActionLine, difference
from tests.approvals.policies.test_summary import READS, TIMED, document


def by_tag(*values: str) -> str:
    return document({**READS, "Condition": {"StringLike": {"acs:tag": list(values)}}})


def actions(lines: list[ActionLine]) -> list[str]:
    return [action for line in lines for action in line.actions]


def test_an_action_that_came_and_one_that_went_are_told_apart() -> None:
    after = {**READS, "Action": ["oss:Get*", "oss:DeleteObject", "eas:*", "log:ListProject"]}
    found = difference(document(READS), document(after))
    assert (actions(found.added), actions(found.removed)) == (["oss:DeleteObject"], ["oss:PutObject"])


def test_an_action_on_more_than_before_is_among_both() -> None:
    found = difference(document({**READS, "Resource": "acs:oss:*:*:a/*"}), document(READS))
    assert set(actions(found.added)) == set(actions(found.removed)) == set(READS["Action"])
    assert {each.resources for each in found.added} == {("*",)}


def test_the_order_of_statements_is_no_difference_by_action() -> None:
    assert not any(difference(document(READS, TIMED), document(TIMED, READS)))


def test_a_value_that_only_looks_like_two_is_another_condition_than_those() -> None:
    added, removed, now, before = difference(by_tag("* | a"), by_tag("*", "a"))
    assert (added, removed) == ([], [])
    assert [each.conditions[0].values for each in (*now, *before)] == [("*", "a"), ("* | a",)]
    assert set(actions(now)) == set(READS["Action"])


def test_all_but_two_is_not_all_but_each_of_them() -> None:
    def but(names: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "NotAction": names, "Resource": "*"}

    found = difference(document(but(["oss:*", "ram:*"])), document(but("oss:*"), but("ram:*")))
    assert sorted(actions(found.added)) == ["oss:*", "ram:*"]
    assert [each.actions for each in found.removed] == [("oss:*", "ram:*")]


def test_the_riskiest_comes_first_and_of_what_went_a_denial() -> None:
    many = {**READS, "Action": ["pairec:List*", "log:GetLog", "pairec:DeleteScene", "oss:PutObject", "ram:*"]}
    added = difference(document(READS), document(READS, many)).added
    assert [line.actions for line in added] == [("ram:*", "pairec:DeleteScene", "log:GetLog", "pairec:List*")]
    removed = difference(document(READS, TIMED), document(TIMED | {"Effect": "Allow"})).removed
    assert [line.allows for line in removed] == [False, True]
