"""Entries that nobody of ours wrote, in a chain that was hashed anew from its first one to its last."""

from __future__ import annotations

import json
from typing import Any

import pytest

from approvals import audit
from approvals.grant import GrantState
from approvals.queries import audit_compare
from approvals.queries.audit_replay.replay import ENTRIES, replay

NAMES = (
    "request",
    "grant",
    "entitlements",
    "entitlement",
    "left_out",
    "ram_user_id",
    "by_ram_user_id",
    "hash",
    "policy",
)
ODD: tuple[Any, ...] = ([], {}, [[1]], {"a": {}}, None, 1.5, "x", -1, True)


def entry(seq: int, fields: object) -> audit.Entry:
    return audit.next_entry(seq, audit.iso(0), fields, "0" * 64, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("odd", ODD, ids=json.dumps)
def test_whatever_an_entry_says_is_compared_or_named_and_never_ends_the_comparison(odd: Any) -> None:
    events = [*ENTRIES, *(state.value for state in GrantState), odd]
    entries = [entry(seq, {"event": event, **dict.fromkeys(NAMES, odd)}) for seq, event in enumerate(events, 1)]
    found = list(audit_compare.differences(replay(entries), lambda _: []))
    named = {each.row for each in found if each.table == "audit"}
    assert str(ENTRIES_AT["asked"]) in named


@pytest.mark.parametrize("odd", ({}, {"event": []}, {"event": {}}), ids=json.dumps)
def test_an_entry_without_an_event_that_can_be_is_named(odd: Any) -> None:
    found = list(audit_compare.differences(replay([entry(7, odd)]), lambda _: []))
    assert [(each.table, each.row) for each in found] == [("audit", "7")]


ENTRIES_AT = {str(event): number for number, event in enumerate(ENTRIES, 1)}
