"""From a file to a server with everything under way: stop the bot, one command, start it at the new address."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from approvals.ledger import open_ledger
from approvals.ledger.moves import ARRIVING, LedgerMove, set_move
from bot.program import Program
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.settings import SettingsError
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.program import pairec_access, says_plainly
from tests.harness.waiting import carol_has
from tests.scenario.claiming import claims


def told(app: AppHarness, **settings: str) -> dict[str, str]:
    return {**app.sandbox.env(), "PAIREC_DATABASE_URL": app.ledger_address, **settings}


def trail_of(app: AppHarness, address: str) -> tuple[str, str]:
    """As the command line prints it: the entries, and what it says of the chain."""
    done = pairec_access("audit", **told(app, PAIREC_DATABASE_URL=address))
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def listed(person: SandboxPerson) -> str:
    """What the list says to somebody."""
    before = {message.ts for message in person.messages()}
    person.type("/pairec-access list")

    def newest() -> SeenMessage | None:
        return next((each for each in person.messages() if each.ts not in before and each.ephemeral), None)

    return AppHarness.until(newest, f"the list of {person.name}").plain


def watched(app: AppHarness) -> bool:
    with app.ledger.read() as tx:
        return tx.row("SELECT channel FROM status_watches") is not None


@pytest.mark.timeout(180)
def test_what_waits_and_what_runs_goes_on_at_the_new_place(app: AppHarness, databases: Databases) -> None:
    runs = carol_has(app)
    stands = app.asked(app.dave, f"{DATA} until-revoked on call")
    app.approve(stands, app.bob)
    app.card(stands, "active")
    claimed = claims(app, app.erin, "erin", MONITOR)
    waits = app.asked(app.frank, f"{ENGINE} 8h rollout")
    app.bob.type("/pairec-status watch 30m")
    app.until(lambda: watched(app), "a watch")
    lists = {person.name: listed(person) for person in (app.carol, app.bob)}
    app.stop_bot()
    entries, chain = trail_of(app, app.ledger_address)
    address = databases.new()
    done = pairec_access("ledger", "copy", "--to", address, **told(app))
    assert done.returncode == 0, done.stderr
    assert "Moved and read back: requests 4, grants 2, links 6, audit entries " in done.stdout
    assert chain.split("Its head: ")[1] in done.stdout
    assert trail_of(app, address) == (entries, chain)

    app.move_to(address)
    app.start_bot()
    assert {name: listed(app.people.person(name)) for name in lists} == lists
    for ref, name, policy in ((waits, "frank", ENGINE), (claimed, "erin", MONITOR)):
        app.approve(ref, app.judy)
        app.comes_to_hold(name, policy)
    app.revokes(app.bob, stands, "no longer on call")
    app.comes_to_lose("dave", DATA)
    assert app.holds("carol", ENGINE)
    app.people.advance(HOUR + 1)
    app.comes_to_lose("carol", ENGINE)
    app.carol.direct_message_with("has expired")
    assert app.states(runs) == ["ended"]
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
    assert app.asked(app.frank, f"{DATA} 8h reports") == "R-1005"
    assert watched(app) and app.chain_holds()


def test_a_bot_that_opened_its_ledger_before_it_was_moved_does_not_start(app: AppHarness, databases: Databases) -> None:
    app.stop_bot()
    early = Program(app.parts(told(app)))
    address = databases.new()
    app.move_to(address)
    arriving = Program(app.parts(told(app)))
    app.move_to(f"sqlite:///{app.ledger_path}")
    with closing(open_ledger(address)) as destination, destination.write() as tx:
        set_move(tx, LedgerMove("1", ARRIVING, str(app.ledger_path)))
    with pytest.raises(SettingsError, match=r"PAIREC_DATABASE_URL: the ledger .* has not arrived yet"):
        arriving.start()
    assert pairec_access("ledger", "copy", "--to", databases.new(), **told(app)).returncode == 0
    with pytest.raises(SettingsError, match=r"PAIREC_DATABASE_URL: .*this ledger was moved"):
        early.start()


def test_the_bot_does_not_start_from_a_file_that_was_moved(app: AppHarness, databases: Databases) -> None:
    app.stop_bot()
    assert pairec_access("ledger", "copy", "--to", databases.new(), **told(app)).returncode == 0
    for command in (("run",), ("audit",), ("unlink", "U0CAROL")):
        done = pairec_access(*command, **told(app))
        says_plainly(done, f"PAIREC_DATABASE_URL: the ledger {app.ledger_path} was moved to postgresql://")


def test_a_ledger_from_which_the_bot_works_is_not_copied(app: AppHarness, databases: Databases) -> None:
    to = databases.new()
    done = pairec_access("ledger", "copy", "--to", to, **told(app))
    says_plainly(done, f"PAIREC_DATABASE_URL: a bot works from the ledger {app.ledger_path}; stop it first")
    with psycopg.connect(to) as there:
        assert there.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
    carol_has(app)
