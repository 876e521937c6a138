"""A ledger from before a grant could replace a role: whom the bot made a member still goes with the last role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from approvals.entitlements import Key, member_role
from approvals.ids import RamUserId
from approvals.ledger import Ledger, Tx, memberships, open_ledger
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 18
DEVELOPER = Key(RamUserId("103"), member_role("dataworks", "10001", "role_project_dev"))
EDITOR = Key(RamUserId("103"), member_role("flink", "a14bd5d90a4dbe/ranking-default", "EDITOR"))


def join_as_before(tx: Tx, key: Key) -> None:
    """As the version before notes it."""
    tx.run(
        "INSERT INTO memberships (ram_user_id, place, since) VALUES (:user, :place, :now) ON CONFLICT DO NOTHING",
        user=key.user_id,
        place=key.entitlement.whole_place,
        now=NOW,
    )


@pytest.fixture
def upgraded(address: str) -> Iterator[Ledger]:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        join_as_before(tx, DEVELOPER)
    with closing(open_ledger(address)) as opened:
        yield opened


def test_a_member_of_ours_is_still_ours(upgraded: Ledger) -> None:
    with upgraded.read() as tx:
        assert memberships.former_role(tx, DEVELOPER) == ""


def test_what_a_replica_of_the_version_before_notes_is_ours_too(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        join_as_before(tx, EDITOR)
    with upgraded.read() as tx:
        assert memberships.former_role(tx, EDITOR) == ""


def test_a_member_whose_role_was_replaced_is_not_ours_and_their_role_is_known(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        memberships.replacing(tx, EDITOR, "VIEWER", NOW)
    with upgraded.read() as tx:
        assert memberships.former_role(tx, EDITOR) == "VIEWER"
