"""Whoever is erased is named no more in what is kept of the cloud's own record, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approvals.cloud_events import Actor
from approvals.ids import RamUserId
from approvals.ledger import cloud_events
from approvals.operations import erase
from tests.harness.builders import NOW, stolen
from tests.harness.jobs import Work

FRANK = RamUserId("7")


def kept(work: Work, actor: Actor, params: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Of such a call, once Frank is erased: by whom it was, and its parameters."""
    event = replace(stolen(NOW), name="AddUserToGroup", actor=actor, params=params)
    with work.ledger.write() as tx:
        cloud_events.add(tx, event, "others")
    erase.erase_person(work.ledger, FRANK, "frank", "test", NOW)
    with work.ledger.read() as tx:
        [found] = cloud_events.of_names(tx, {event.name}, NOW)
    return found.event.actor.name, dict(found.event.params)


def test_who_made_a_call_is_named_by_the_user_id(work: Work) -> None:
    assert kept(work, Actor("ram-user", FRANK, "frank"), {"UserName": "dave"}) == (FRANK, {"UserName": "dave"})


@pytest.mark.parametrize("login", ["UserPrincipalName", "PrincipalName"])
def test_so_is_whom_a_call_was_about_by_all_names_that_it_has(work: Work, login: str) -> None:
    params = {"UserName": "Frank", login: "frank@example.com", "GroupName": "chess"}
    _, found = kept(work, Actor("ram-user", "9", "alice"), params)
    assert found == {"UserName": FRANK, login: f"{FRANK}@example.com", "GroupName": "chess"}


def test_what_is_called_alike_and_is_somebody_else_or_a_group_keeps_its_name(work: Work) -> None:
    group = {"PrincipalType": "IMSGroup", "PrincipalName": "frank@group.example.com", "GroupName": "frank"}
    params = group | {"UserName": "frankie", "UserPrincipalName": "dave@frank.example.com"}
    assert kept(work, Actor("ram-user", "9", "frank"), params) == ("frank", params)
