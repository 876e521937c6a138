"""What people wrote, and what they are called, goes when it is over for long enough, or when somebody says so; what was
decided and done stays, and the chain holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals import audit
from approvals.ledger import trail
from approvals.millis import DomainMillis
from approvals.model import parse_ref
from approvals.operations import erase
from approvals.outbox import enqueue
from bot.cli.audit_record import differences
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.waiting import comes_to
from tests.scenario.command_line import CommandLine
from tests.scenario.onboarding import becomes, heidi, onboard

DAY = 24 * HOUR
NAMES = ("carol", "erin", "bob")
SECRETS = ("zebra-one", "zebra-two", "zebra-three")
pytestmark = pytest.mark.slow


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_RETENTION": "30d"}, pace=10.0, ledger_address=address) as opened:
        yield opened


def everything(app: AppHarness, *tables: str) -> str:
    """All that the ledger has, as a text."""
    of = tables or (
        "requests",
        "decisions",
        "grants",
        "claims",
        "audit",
        "audit_texts",
        "recorded_names",
        "onboardings",
    )
    with app.ledger.read() as tx:
        return "\n".join(repr(row) for table in of for page in tx.pages(table) for row in page)


def of_request(app: AppHarness, ref: str) -> str:
    with app.ledger.read() as tx:
        entries = repr(trail.of_request(tx, parse_ref(ref) or 0))
    return entries + repr(app.record(ref).request)


def over(app: AppHarness) -> str:
    """Carol had it for an hour, and wrote why."""
    ref = app.asked(app.carol, f"{ENGINE} 1h zebra-one")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    app.people.advance(HOUR + 1)
    comes_to(app, ref, "ended")
    return ref


def denied(app: AppHarness) -> str:
    ref = app.asked(app.erin, f"{MONITOR} 1h zebra-two")
    app.bob.click("Deny", app.card(ref, "needs approval"))
    app.bob.submit({"Reason": "zebra-three"})
    app.until(lambda: not app.record(ref).pending, f"{ref} to be denied")
    return ref


def days_pass(app: AppHarness, days: int) -> None:
    app.people.advance(days * DAY)


def erased(app: AppHarness, ref: str) -> bool:
    with app.ledger.read() as tx:
        return tx.row("SELECT erased_at FROM requests WHERE id = :id", id=parse_ref(ref))["erased_at"] is not None  # type: ignore[index]


def test_what_was_written_and_who_it_was_goes_after_its_time_and_the_chain_holds(app: AppHarness) -> None:
    refs = [over(app), denied(app)]
    runs = app.asked(app.carol, f"{DATA} until-revoked zebra-stays")
    app.approve(runs, app.bob)
    comes_to(app, runs, "active")
    days_pass(app, 29)
    assert not any(erased(app, ref) for ref in refs)
    days_pass(app, 2)
    app.until(lambda: all(erased(app, ref) for ref in refs), "both to be erased")
    found = everything(app)
    assert not any(text in found for text in SECRETS) and "zebra-stays" in found
    for ref in refs:
        assert not any(f"{quote}{name}{quote}" in of_request(app, ref) for name in NAMES for quote in "'\"")
    assert app.record(refs[0]).request.principal.name == app.record(refs[0]).request.principal.user_id
    assert app.states(refs[0]) == ["ended"] and "approved" in app.events(refs[0])
    assert app.chain_holds()
    done = CommandLine(app)("audit")
    assert done.returncode == 0 and "What people wrote was erased in: " in done.stderr


def test_a_card_that_is_drawn_anew_shows_nothing_of_it(app: AppHarness) -> None:
    ref = over(app)
    days_pass(app, 31)
    app.until(lambda: erased(app, ref), f"{ref} to be erased")
    request = app.record(ref).request
    with app.ledger.write() as tx:
        enqueue.redraw(tx, DomainMillis(0), request)
    app.until(lambda: "zebra" not in app.card(ref).plain, "the card to be drawn without it")
    shown = app.card(ref).plain
    assert "Approved by" in shown and request.principal.user_id in shown and "carol" not in shown


def test_many_go_in_batches(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erase, "REQUESTS_PER_BATCH", 2)
    refs = [over(app) for _ in range(5)]
    days_pass(app, 31)
    app.until(lambda: all(erased(app, ref) for ref in refs), "all to be erased")
    assert app.chain_holds()


def test_of_somebody_who_decided_on_many_they_go_in_batches_too(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else can write while one of them is at work."""
    monkeypatch.setattr(erase, "REQUESTS_PER_BATCH", 2)
    refs = [over(app) for _ in range(5)]
    bob = app.record(refs[0]).decisions[0].principal
    assert CommandLine(app)("unlink", "bob").returncode == 0
    done = erase.erase_person(app.ledger, bob.user_id, bob.name, "test", DomainMillis(0))
    assert (done.requests, done.left) == (5, 0) and all(erased(app, ref) for ref in refs)
    with app.ledger.read() as tx:
        told = [each.fields["requests"] for each in trail.entries(tx) if each.fields["event"] == "texts erased"]
    assert [len(each) for each in told] == [2, 2, 1]
    assert app.chain_holds()


def test_without_the_setting_nothing_goes(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0) as app:
        ref = over(app)
        days_pass(app, 399)
        app.restart_bot()
        assert not erased(app, ref) and "zebra-one" in everything(app)


def of_step(app: AppHarness, step: int, older: Path) -> None:
    """The program of now starts on what the one of that step left."""
    app.stop_bot()
    goes_back_to_step(app, step, f"sqlite:///{older}")
    app.move_to(f"sqlite:///{older}")
    app.start_bot()


@pytest.mark.parametrize("step", [12, 28])
def test_entries_that_an_older_program_wrote_lose_what_was_written_in_them_too(
    tmp_path: Path, app: AppHarness, step: int
) -> None:
    refs = [over(app), denied(app)]
    of_step(app, step, tmp_path / "older.db")
    days_pass(app, 31)
    app.until(lambda: all(erased(app, ref) for ref in refs), "both to be erased")
    assert not any(text in everything(app) for text in SECRETS)
    for ref in refs:
        assert not any(f"{quote}{name}{quote}" in of_request(app, ref) for name in NAMES for quote in "'\"")
    with app.ledger.read() as tx:
        assert audit.verify(trail.entries(tx)) is None
        forms = [each.version for each in trail.entries(tx)]
        assert sorted(set(forms)) == [1 if step == 12 else 2, 3] and forms == sorted(forms)
        # Of the type of policies that ledger had no column yet.
        assert not [each for each in differences(tx) if "policy_type" not in each.problem]


def test_somebody_is_erased_when_an_administrator_says_so(app: AppHarness) -> None:
    ref = over(app)
    pairec_access = CommandLine(app)
    linked = pairec_access("ledger", "erase", "carol", "--yes")
    assert linked.returncode == 2 and "carol is linked; `pairec-access unlink carol` first" in linked.stderr
    assert pairec_access("unlink", "carol").returncode == 0
    asked = pairec_access("ledger", "erase", "carol")
    assert asked.returncode == 2 and "with --yes" in asked.stderr and not erased(app, ref)
    done = pairec_access("ledger", "erase", "@carol", "--yes")
    assert (done.returncode, done.stdout) == (0, "Erased: 1 request.\n"), done.stderr
    assert erased(app, ref) and "zebra-one" not in everything(app) and "carol'" not in everything(app, "audit")
    assert app.chain_holds()


def test_nobody_is_erased_who_has_access(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h zebra-one")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    done = CommandLine(app)("ledger", "erase", "carol", "--yes")
    assert done.returncode == 2 and f"nothing was erased: {ref} of carol is not over" in done.stderr
    assert "zebra-one" in everything(app)


@pytest.mark.parametrize("how", ["rest", "by", "moved"])
def test_what_was_changed_and_not_erased_shows(tmp_path: Path, app: AppHarness, how: str) -> None:
    """Of an older form; one of the newest is never left with less."""
    ref = over(app)
    of_step(app, 28, tmp_path / "older.db")
    with app.ledger.read() as tx:
        entry = trail.of_request(tx, parse_ref(ref) or 0)[0]
    days_pass(app, 31)
    app.until(lambda: erased(app, ref), f"{ref} to be erased")
    with app.ledger.read() as tx:
        entries = list(trail.entries(tx))
    assert audit.verify(entries) is None
    done = CommandLine(app)("audit")
    assert done.returncode == 0 and "What they say now is proved by no head" in done.stderr
    left = entries[entry.seq - 1]
    assert left.erased_by is not None
    changed = {
        "rest": left._replace(entry=left.entry.replace(ENGINE, DATA)),
        "by": left._replace(erased_by=left.erased_by - 1),
        "moved": left._replace(request_id=4711),
    }
    entries[entry.seq - 1] = changed[how]
    found = audit.verify(entries)
    assert found is not None and found.seq == entry.seq


def test_whoever_took_it_back_and_names_of_before_go_too(app: AppHarness) -> None:
    """Alice decided on nothing, and carol was called something else when she asked."""
    ref = app.asked(app.carol, f"{ENGINE} 1h zebra-one")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    app.by_hand("UpdateUser", UserName="carol", NewUserName="carol.new")
    app.revokes(app.alice, ref)
    comes_to(app, ref, "ended")
    days_pass(app, 31)
    app.until(lambda: erased(app, ref), f"{ref} to be erased")
    found = of_request(app, ref)
    assert not [name for name in ("alice", "bob", "carol", "carol.new") if f'"{name}"' in found or f"'{name}'" in found]
    assert app.chain_holds()


def test_nobody_else_is_called_by_the_user_id_of_whoever_is_erased(app: AppHarness) -> None:
    """Carol asked for a RAM user for heidi, and bob approved it."""
    new = heidi(app)
    app.bob.click("Approve", onboard(app, app.carol, new))
    heidi_id = becomes(app, new, "done").ram_user_id
    pairec_access = CommandLine(app)
    assert pairec_access("unlink", "bob").returncode == 0
    done = pairec_access("ledger", "erase", "bob", "--yes")
    assert done.returncode == 0, done.stderr
    with app.ledger.read() as tx:
        of_event = {each.fields["event"]: each.fields for each in trail.entries(tx) if each.request_id is None}
    approved = of_event["onboarding approved"]
    assert approved["ram_user"] == "heidi"
    assert approved["by_ram_user"] == approved["by_ram_user_id"] != heidi_id
    assert app.chain_holds()


def test_what_somebody_was_called_when_they_were_made_a_ram_user_goes_too(app: AppHarness) -> None:
    new = heidi(app)
    app.bob.click("Approve", onboard(app, app.carol, new))
    made = becomes(app, new, "done")
    app.cancels(app.carol, f"R-{made.request_id}")
    pairec_access = CommandLine(app)
    app.until(lambda: pairec_access("unlink", "heidi").returncode == 0, "heidi to be linked no more")
    done = pairec_access("ledger", "erase", "heidi", "--yes")
    assert done.returncode == 0, done.stderr
    found = everything(app)
    assert [each for each in ("heidi@", "Heidi Roth", '"heidi"', "'heidi'") if each in found] == []
    assert made.ram_user_id is not None and made.ram_user_id in found and pairec_access("audit").returncode == 0
    assert app.chain_holds()
