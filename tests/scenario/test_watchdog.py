"""`pairec-access watchdog`: what no bot takes back in time is taken back by somebody else, or told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from subprocess import CompletedProcess

import pytest

from approvals.entitlements import Key
from approvals.ledger import Tx, due_jobs, identity, jobs
from approvals.outbox import enqueue
from approvals.reconcile.plan import Write
from approvals.transaction import Row
from bot.ram_policy import watchdog_policy
from bot.sandbox.ram.seed import WATCHDOG_KEY_ID
from bot.worker.reconciler import Reconciler
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.watchdog import TEN_MINUTES, overdue, watchdog, watchdog_environment

NOTHING, OVERDUE, COULD_NOT_LOOK = 0, 1, 2
pytestmark = pytest.mark.slow


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as opened:
        yield opened


def did_nothing(app: AppHarness, done: CompletedProcess[str], says: str) -> None:
    """One sentence, and neither RAM nor the ledger has anything of it."""
    assert (done.returncode, done.stdout) == (COULD_NOT_LOOK, ""), done.stderr
    assert done.stderr.startswith("pairec-access: ") and done.stderr.count("\n") == 1 and says in done.stderr
    assert app.holds("carol", ENGINE)


def key_of(app: AppHarness, ref: str) -> Key:
    (grant,) = app.record(ref).grants
    return grant.key


def said(app: AppHarness) -> list[str]:
    """What it told in the approvals channel, without what is but formatting."""
    return [
        each.plain.replace("`", "").replace("*", "") for each in app.bob.messages(APPROVALS) if "Watchdog" in each.plain
    ]


def test_what_is_overdue_is_taken_back_and_told_while_no_bot_runs(app: AppHarness) -> None:
    ref = overdue(app, ENGINE)
    done = watchdog(app)
    assert (done.returncode, done.stdout) == (OVERDUE, ""), done.stderr
    assert f"{ref}: {ENGINE} of RAM user carol is revoked now. It should have ended 20" in done.stderr
    assert not app.holds("carol", ENGINE) and app.states(ref) == ["ended"]
    (told,) = said(app)
    assert f"{ref}: {ENGINE} of RAM user carol is revoked now" in told and "Check that the app runs" in told
    assert {"watchdog revokes", "detach begun", "detach confirmed", "ended", "watchdog alarm"} <= set(app.events(ref))
    assert app.chain_holds()
    assert watchdog(app).returncode == NOTHING


def test_a_bot_that_comes_back_finds_it_done_and_tells_whoever_had_it(app: AppHarness) -> None:
    ref = overdue(app, ENGINE)
    watchdog(app)
    app.start_bot()
    app.carol.direct_message_with("has expired.")
    assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 1 and app.events(ref).count("ended") == 1


def test_what_is_late_by_less_is_the_bots_affair(app: AppHarness) -> None:
    ref = overdue(app, ENGINE, TEN_MINUTES - 5)
    done = watchdog(app)
    assert (done.returncode, done.stdout, done.stderr) == (NOTHING, "Nothing is overdue.\n", "")
    assert app.holds("carol", ENGINE) and app.states(ref) == ["active"] and said(app) == []


def test_what_somebody_took_back_and_no_bot_did_is_overdue_too(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} until-revoked rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "error", "code": "NoPermission"})
    app.revokes(app.bob, ref)
    app.until(lambda: app.record(ref).grants[0].error_kind is not None, f"{ref} to be refused its way out")
    app.stop_bot()
    app.people.clear_faults()
    app.people.advance(TEN_MINUTES + 60)
    done = watchdog(app)
    assert done.returncode == OVERDUE and "revoked now" in done.stderr, done.stderr
    assert not app.holds("carol", ENGINE) and app.states(ref) == ["ended"]


def test_a_key_that_another_request_wants_stays(app: AppHarness) -> None:
    for duration in ("1h", "3d"):
        ref = app.asked(app.carol, f"{ENGINE} {duration} on call")
        app.approve(ref, app.bob)
        app.until(lambda ref=ref: app.states(ref) == ["active"], f"{ref} to be active")
    app.stop_bot()
    app.people.advance(HOUR + TEN_MINUTES + 60)
    assert watchdog(app).returncode == NOTHING
    assert app.holds("carol", ENGINE) and app.writes("DetachPolicyFromUser", "carol", ENGINE) == 0


def test_what_the_bot_has_in_hand_is_left_to_it(app: AppHarness) -> None:
    ref = overdue(app, ENGINE)
    job = enqueue.reconcile_id(key_of(app, ref))
    with app.ledger.write() as tx:
        tx.run(
            "UPDATE jobs SET lock_token = :token, locked_until_real = :until WHERE id = :id",
            id=job,
            token="3:bot",
            until=app.ledger.real() + 50_000,
        )
    done = watchdog(app)
    assert done.returncode == OVERDUE and "The app is revoking it right now." in done.stderr
    assert app.holds("carol", ENGINE) and "watchdog revokes" not in app.events(ref) and said(app) == []


def test_it_is_taken_back_although_somebody_removed_what_was_to_be_done(app: AppHarness) -> None:
    ref = overdue(app, ENGINE)
    job = enqueue.reconcile_id(key_of(app, ref))
    with app.ledger.write() as tx:
        jobs.drop(tx, job)
    assert watchdog(app).returncode == OVERDUE
    assert not app.holds("carol", ENGINE) and app.states(ref) == ["ended"]


def test_reads_that_lag_and_an_answer_that_is_lost_are_settled_by_looking(app: AppHarness) -> None:
    ref = overdue(app, ENGINE)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "drop_answer", "times": 1})
    assert watchdog(app).returncode == OVERDUE
    app.people.clear_faults()
    assert not app.holds("carol", ENGINE)
    app.start_bot()
    app.until(lambda: app.states(ref) == ["ended"], f"{ref} to be ended")
    assert app.events(ref).count("ended") == 1 and app.chain_holds()


def test_what_ram_refuses_is_told_once_an_hour_with_the_way_to_do_it(app: AppHarness) -> None:
    ref = overdue(app, ENGINE)
    identities = app.sandbox.account.identities
    identities[WATCHDOG_KEY_ID] = identities[WATCHDOG_KEY_ID].without("ram:DetachPolicyFromUser")
    done = watchdog(app)
    assert (
        done.returncode == OVERDUE and "may still be there. RAM says that the app lacks the permission" in done.stderr
    )
    assert watchdog(app).returncode == OVERDUE
    (told,) = said(app)
    assert f"{ref}: {ENGINE} of RAM user carol should have ended" in told and "Open the console" in told
    app.people.advance(HOUR + 1)
    assert watchdog(app).returncode == OVERDUE
    assert len(said(app)) == 2


def test_where_slack_is_not_told_the_exit_status_and_standard_error_tell(app: AppHarness) -> None:
    overdue(app, ENGINE)
    done = watchdog(app, SLACK_BOT_TOKEN="xoxb-0-nobody")
    assert done.returncode == OVERDUE and "Slack was not told: invalid_auth." in done.stderr
    assert "is revoked now" in done.stderr and not app.holds("carol", ENGINE)
    done = watchdog(app)
    assert done.returncode == NOTHING


def test_with_a_key_of_another_account_nothing_is_done(app: AppHarness) -> None:
    overdue(app, ENGINE)
    other = app.sandbox.other_account.access_keys
    ((key, secret),) = other.items()
    done = watchdog(app, ALIBABA_CLOUD_ACCESS_KEY_ID=key, ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret)
    did_nothing(app, done, "the access key belongs to account 1000000000000002, the ledger to 1000000000000001")
    with app.ledger.write() as tx:
        identity.put(tx, identity.ACCOUNT, "")
    did_nothing(app, watchdog(app), "the ledger does not say which account it belongs to")


def test_a_ledger_of_another_version_is_left_as_it_is(app: AppHarness) -> None:
    overdue(app, ENGINE)
    with app.ledger.write() as tx:
        (newest,) = tx.rows("SELECT * FROM schema_steps ORDER BY number DESC LIMIT 1")
        tx.run("DELETE FROM schema_steps WHERE number = :number", number=newest["number"])
    did_nothing(app, watchdog(app), "start the bot of this version first, or run `pairec-access ledger upgrade`")
    with app.ledger.write() as tx:
        tx.run("INSERT INTO schema_steps (number, name) VALUES (:number, :name)", **newest)
        tx.run("INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')")
    did_nothing(app, watchdog(app), "is newer than this program")


def test_its_policy_is_enough_and_gives_nothing(app: AppHarness) -> None:
    """Of a user who was renamed, and has the same through a group, too."""
    account = app.sandbox.account
    app.by_hand("CreateGroup", GroupName="engineers")
    app.by_hand("AddUserToGroup", UserName="carol", GroupName="engineers")
    app.by_hand("AttachPolicyToGroup", GroupName="engineers", PolicyName=DATA, PolicyType="Custom")
    ref = overdue(app, ENGINE)
    app.by_hand("UpdateUser", UserName="carol", NewUserName="carol.new")
    with account._lock:
        account._permissions.clear()
    assert watchdog(app).returncode == OVERDUE and app.states(ref) == ["ended"]
    used = {action for action, _ in account.permissions_used()}
    allowed = {each for statement in json.loads(watchdog_policy())["Statement"] for each in statement["Action"]}
    assert used == allowed
    assert not any("Attach" in action for action in allowed)


def test_a_ledger_that_is_not_there_cannot_be_opened_or_hangs_is_said_in_a_line(
    app: AppHarness, tmp_path: Path
) -> None:
    overdue(app, ENGINE)
    missing = f"sqlite:///{tmp_path / 'nowhere.db'}"
    did_nothing(app, watchdog(app, PAIREC_DATABASE_URL=missing), "there is no ledger at")
    did_nothing(app, watchdog(app, PAIREC_DATABASE_URL="postgresql://127.0.0.1:9/x"), "cannot be used")


def test_nothing_is_done_where_ram_does_not_say_what_time_it_is(app: AppHarness) -> None:
    overdue(app, ENGINE)
    done = watchdog(
        app, PAIREC_RAM_ENDPOINT="http://127.0.0.1:9", PAIREC_STS_ENDPOINT=app.sandbox.env()["PAIREC_RAM_ENDPOINT"]
    )
    did_nothing(app, done, "does not say what time it is; nothing was done")


def test_by_a_clock_that_is_not_rams_nothing_is_done(app: AppHarness) -> None:
    overdue(app, ENGINE)
    did_nothing(app, watchdog(app, PAIREC_CLOCK_URL=""), "s behind RAM's; set it right. Nothing was done")


def test_it_gives_nothing_that_somebody_was_to_get(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "throttle", "times": None})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["granting"], f"{ref} to be on its way")
    app.stop_bot()
    app.people.clear_faults()
    whose = enqueue.reconcile_id(key_of(app, ref))
    app.real_passes(60.0)
    parts = app.parts(watchdog_environment(app))
    with closing(parts.ledger):
        with parts.ledger.write() as tx:
            job = due_jobs.claim_this(tx, whose, real=parts.clock.real(), token="watchdog", steady=parts.clock.steady())
        assert job is not None
        Reconciler(parts.ledger, parts.ram, parts.clock, Random(), writes=frozenset({Write.DETACH})).reconcile(job)
    parts.inventory.stop()
    assert not app.holds("carol", ENGINE) and app.states(ref) == ["granting"]
    app.start_bot()
    app.comes_to_hold("carol", ENGINE)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")


def test_a_member_role_is_alarmed_about_with_the_way_to_do_it(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        ref = overdue(app, "dataworks-developer@ranking")
        done = watchdog(app)
        assert done.returncode == OVERDUE and "The watchdog revokes RAM policies of users only." in done.stderr
        (told,) = said(app)
        assert f"{ref}: " in told and "By hand: DataWorks" in told and "Open the console" in told
        assert app.states(ref) == ["active"]


def test_of_many_at_once_each_is_told(app: AppHarness) -> None:
    """After days without a bot. Slack refuses some messages of 11,000 characters."""
    ref = overdue(app, ENGINE)
    with app.ledger.write() as tx:
        (request,), (grant,) = tx.rows("SELECT * FROM requests"), tx.rows("SELECT * FROM grants")
        for number in range(1, 61):
            number_of = {"id": request["id"] + number, "public_id": f"{number:032}", "asked_key": str(number)}
            user = {"ram_user_id": f"{number:018}", "ram_user_name": f"former-{number:03}"}
            _insert(tx, "requests", {**request, **number_of})
            _insert(tx, "grants", {**grant, **user, "id": grant["id"] + number, "request_id": number_of["id"]})
    done = watchdog(app)
    assert done.returncode == OVERDUE and "Slack was not told" not in done.stderr
    told = said(app)
    assert all(len(each) < 8_000 for each in told)
    for name in ("carol", *(f"former-{number:03}" for number in range(1, 61))):
        assert sum(f"of RAM user {name} is revoked now" in each for each in told) == 1, name
    assert f"{ref}: {ENGINE} of RAM user carol" in told[0]


def _insert(tx: Tx, table: str, row: Row) -> None:
    tx.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", **row)


def test_what_nobody_foresaw_about_one_keeps_no_other_from_being_taken_back(app: AppHarness) -> None:
    """The work on the first has lost what it is about."""
    first = app.asked(app.dave, f"{DATA} 1h features")
    app.approve(first, app.bob)
    app.comes_to_hold("dave", DATA)
    ref = overdue(app, ENGINE)
    job = enqueue.reconcile_id(key_of(app, first))
    with app.ledger.write() as tx:
        tx.run("UPDATE jobs SET payload = '{}' WHERE id = :id", id=job)
    done = watchdog(app)
    assert done.returncode == OVERDUE and app.states(ref) == ["ended"] and not app.holds("carol", ENGINE)
    assert f"{first}: {DATA} of RAM user dave should have ended" in done.stderr
    assert any(f"{first}: {DATA} of RAM user dave should have ended" in each for each in said(app))
