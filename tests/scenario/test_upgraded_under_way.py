"""A bot of an earlier version is stopped with much under way; the one of this version goes on with all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.ledger import Tx, open_ledger, replicas
from approvals.ledger.lanes import TURNS
from approvals.ledger.replicas import Replica
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.older_ledgers import program_of_step
from tests.harness.refusals import invite, new_ram_user, newcomer, refused, restart
from tests.harness.waiting import carol_has, comes_to, in_time
from tests.scenario.claiming import claims
from tests.scenario.command_line import CommandLine
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


def upgraded(app: AppHarness, address: str) -> None:
    app.stop_bot()
    goes_back_to_step(app, BEFORE, address)
    with program_of_step(BEFORE):
        old = open_ledger(address)
        with old.write() as tx:
            as_the_program_before(tx)
        old.close()
    app.sandbox.call(lambda: erin_was_not_asked(app))
    app.move_to(address)
    app.start_bot()


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


def erin_was_not_asked(app: AppHarness) -> None:
    for channel in app.sandbox.workspace.channels.values():
        channel.messages[:] = [message for message in channel.messages if ASKS not in message.text]


def asked_erin(app: AppHarness) -> bool:
    return any(ASKS in message.plain for message in app.erin.messages())


@pytest.mark.timeout(120)
def test_what_was_under_way_goes_on(app: AppHarness, earlier: str) -> None:
    runs = carol_has(app, ENGINE, "2h")
    for_erin = carol_claims(app)
    app.until(lambda: asked_erin(app), "erin to be asked by the version of now")
    henry = newcomer(app, "henry")
    new_ram_user(app, "henry-p")
    restart(app)
    for_himself = claims(app, henry, "henry-p", MONITOR)
    upgraded(app, earlier)
    assert not asked_erin(app), "the program before asked nobody"
    app.approve(for_himself, app.bob)
    in_time(app, lambda: app.states(for_himself) == ["active"], "whoever claimed for himself to have it")
    app.approve(for_erin, app.bob)
    assert app.record(for_erin).pending and not app.holds("erin", DATA)
    app.erin.click("Yes, that is me", app.erin.direct_message_with(ASKS))
    app.comes_to_hold("erin", DATA)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "throttle", "seconds": 0.1, "times": 2})
    app.people.advance(2 * HOUR + 1)
    comes_to(app, runs, "ended")
    assert not app.holds("carol", ENGINE)
    assert app.chain_holds()


def test_whoever_could_decide_before_still_can_and_whoever_is_given_the_policy_after_cannot(
    app: AppHarness, earlier: str
) -> None:
    invite(app, app.frank)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    upgraded(app, earlier)
    app.attach_by_hand("frank", ADMIN)
    with refused(app, app.frank, "unconfirmed_admin", "recently, outside this app", ref):
        app.frank.click("Approve", app.card(ref))
    app.bob.message_with("RAM user `frank`", APPROVALS)
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


@pytest.mark.parametrize(
    "words", [("audit",), ("report", "access"), ("links",), ("approvers",), ("revoke", "--all", "carol")]
)
def test_a_command_of_this_version_waits_until_the_bot_is_of_it_too(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    earlier = f"sqlite:///{tmp_path / 'in-use.db'}"
    with program_of_step(17):
        old = open_ledger(earlier)
        with old.write() as tx:
            replicas.beat(tx, Replica("an earlier bot", old.real(), old.real(), 1))
        old.close()
    pairec_access.fails("upgrade and start it first", *words, PAIREC_DATABASE_URL=earlier)
