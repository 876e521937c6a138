"""A bot of an earlier version is stopped with much under way; the one of this version goes on with all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.ledger import Tx, open_ledger
from approvals.ledger.jobs import TURNS
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.older_ledgers import program_of_step
from tests.harness.refusals import invite, new_ram_user, newcomer, refused, restart
from tests.harness.waiting import carol_has, comes_to, in_time
from tests.scenario.claiming import claims
from tests.scenario.test_claimed_for_others import ASKS, carol_claims

BEFORE = 14
"""The last schema step without holders of the admin policy, what subjects say, and the width of lanes."""


@pytest.fixture(params=["sqlite", "postgres"])
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the ledger of the earlier version is to be, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'earlier.db'}"
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()


def upgraded(office: AppHarness, address: str) -> None:
    office.stop_bot()
    goes_back_to_step(office, BEFORE, address)
    with program_of_step(BEFORE):
        old = open_ledger(address)
        with old.write() as tx:
            as_the_program_before(tx)
        old.close()
    office.sandbox.call(lambda: erin_was_not_asked(office))
    office.move_to(address)
    office.start_bot()


def as_the_program_before(tx: Tx) -> None:
    """It asked no subject, and looked at no holders; its lanes were in use when it was stopped."""
    tx.run("DELETE FROM notice_messages WHERE notice_id IN (SELECT id FROM notices WHERE what = 'claim')")
    tx.run("DELETE FROM notices WHERE what = 'claim'")
    tx.run("DELETE FROM jobs WHERE kind IN ('admins', 'notice')")
    for lane in ("ram", f"ram{TURNS}"):
        tx.run(
            "INSERT INTO slots (lane, next_free_real) VALUES (:lane, 1) ON CONFLICT (lane) DO UPDATE"
            " SET next_free_real = 1",
            lane=lane,
        )


def erin_was_not_asked(office: AppHarness) -> None:
    for channel in office.sandbox.workspace.channels.values():
        channel.messages[:] = [message for message in channel.messages if ASKS not in message.text]


def asked_erin(office: AppHarness) -> bool:
    return any(ASKS in message.plain for message in office.erin.messages())


@pytest.mark.timeout(120)
def test_what_was_under_way_goes_on(office: AppHarness, earlier: str) -> None:
    runs = carol_has(office, ENGINE, "2h")
    for_erin = carol_claims(office)
    office.until(lambda: asked_erin(office), "erin to be asked by the version of now")
    henry = newcomer(office, "henry")
    new_ram_user(office, "henry-p")
    restart(office)
    for_himself = claims(office, henry, "henry-p", MONITOR)
    upgraded(office, earlier)
    assert not asked_erin(office), "the program before asked nobody"
    office.approve(for_himself, office.bob)
    in_time(office, lambda: office.states(for_himself) == ["active"], "whoever claimed for himself to have it")
    office.approve(for_erin, office.bob)
    assert office.record(for_erin).pending and not office.holds("erin", DATA)
    office.erin.click("Yes, that is me", office.erin.direct_message_with(ASKS))
    office.comes_to_hold("erin", DATA)
    office.people.order_ram({"action": "DetachPolicyFromUser", "fault": "throttle", "seconds": 0.1, "times": 2})
    office.people.advance(2 * HOUR + 1)
    comes_to(office, runs, "ended")
    assert not office.holds("carol", ENGINE)
    assert office.chain_holds()


def test_whoever_could_decide_before_still_can_and_whoever_is_given_the_policy_after_cannot(
    office: AppHarness, earlier: str
) -> None:
    invite(office, office.frank)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    upgraded(office, earlier)
    office.attach_by_hand("frank", ADMIN)
    with refused(office, office.frank, "unconfirmed_admin", "lately, and not through this app", ref):
        office.frank.click("Approve", office.card(ref))
    office.bob.message_with("RAM user `frank`", APPROVALS)
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
