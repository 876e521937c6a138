"""The record is compared with its trail: whoever changes a row is found out, and an auditor is told what differs."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.ledger.admins import HolderState
from bot.cli.audit_record import differences
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, MONITOR, AppHarness
from tests.harness.break_glass import BREAK_GLASS, on_call, reviews, takes
from tests.harness.databases import Databases
from tests.harness.program import pairec_access, says_plainly
from tests.harness.refusals import newcomer
from tests.harness.rules import catalog_with
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.bot_process import told
from tests.scenario.claiming import claims
from tests.scenario.onboarding import becomes, deny, heidi, onboard
from tests.scenario.policies import engine_is_reviewed, notice, reviewed


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppHarness]:
    """In which something of every kind has happened; nobody works in it any more."""
    databases: Databases = request.getfixturevalue("databases")
    address = databases.new() if request.param == "postgres" else None
    folder = tmp_path_factory.mktemp("audited")
    settings = {"PAIREC_CATALOG": str(catalog_with(folder, BREAK_GLASS))}
    with AppHarness(folder, settings, pace=10.0, ledger_address=address) as opened:
        something_of_every_kind(opened)
        opened.stop_bot()
        yield opened


def something_of_every_kind(app: AppHarness) -> None:
    carol_has(app)  # R-1001
    app.asked(app.dave, f"{ADMIN} 1h incident")  # R-1002 waits for a second approval
    app.approve("R-1002", app.bob)
    denied = app.asked(app.frank, f"{DATA} 8h reports")  # R-1003
    app.bob.click("Deny", app.card(denied))
    app.bob.submit({"Reason": "ask the owner"})
    app.card(denied, "denied")
    withdrawn = app.asked(app.carol, f"{DATA} 8h reports")  # R-1004
    app.cancels(app.carol, withdrawn)
    app.card(withdrawn, "cancelled")
    back = app.asked(app.frank, f"{ENGINE} 8h rollout")  # R-1005
    app.approve(back, app.judy)
    comes_to(app, back, "active")
    app.revokes(app.bob, back, "no longer on call")
    comes_to(app, back, "ended")
    claims(app, app.erin, "erin", DATA)  # R-1006
    app.approve("R-1006", app.bob)
    comes_to(app, "R-1006", "active")
    came_and_went(app, "frank")
    people_come_and_go(app)
    policies_are_reviewed(app)
    break_glass(app)


def policies_are_reviewed(app: AppHarness) -> None:
    """One by two approvers, who are asked for the others as well; the published ones by nobody."""
    engine_is_reviewed(app)
    app.bob.click("Reviewed", notice(app, f"`{MONITOR}`"))
    app.bob.message_with("1 of 2* reviewed", APPROVALS)
    app.look_at_policies()
    app.until(lambda: ADMIN in reviewed(app), "the published ones to be known")


def break_glass(app: AppHarness) -> None:
    """Carol takes something in an emergency; she should not have."""
    on_call(app)
    ref = takes(app, item=MONITOR)
    comes_to(app, ref, "active")
    reviews(app, app.judy, ref, "Not justified", "a rollout can wait")
    comes_to(app, ref, "ended")


def people_come_and_go(app: AppHarness) -> None:
    """Somebody new gets a RAM user, others do not, and one leaves."""
    ivan, mia = newcomer(app, "ivan", email="ivan@example.com"), newcomer(app, "mia", email="mia@example.com")
    deny(app, app.bob, onboard(app, app.carol, ivan), "one is enough")
    onboard(app, app.carol, ivan)
    app.carol.type("/pairec-access cancel @ivan")
    app.carol.click("Cancel request", app.carol.ephemeral_with("It is pending"))
    becomes(app, ivan, "cancelled")
    new = heidi(app)
    app.bob.click("Approve", onboard(app, app.carol, new, "h.roth engine-engineer"))
    becomes(app, new, "done")
    onboard(app, app.carol, mia)
    app.bob.type("/pairec-access offboard @dave")
    app.bob.click("Revoke all", app.bob.message_with("offboards", APPROVALS))
    app.bob.message_with("no longer linked", APPROVALS)


def came_and_went(app: AppHarness, name: str) -> None:
    """Somebody is given the admin policy by hand, and is confirmed; it is taken away, and given again."""
    app.attach_by_hand(name, ADMIN)
    app.confirmed_admin(name)
    app.detach_by_hand(name, ADMIN)
    seen_to_be(app, name, HolderState.GONE)
    app.attach_by_hand(name, ADMIN)
    seen_to_be(app, name, HolderState.NEW)


def seen_to_be(app: AppHarness, name: str, state: HolderState) -> None:
    def seen() -> bool:
        app.look_at_admins()
        app.real_passes(120)
        return any(each.principal.name == name and each.state is state for each in app.known_admins().values())

    app.until(seen, f"{name} to be {state}", timeout=30)


TAMPERING = {
    "a rule that is said to have approved": (
        "UPDATE requests SET approved_by_rule = 'anything' WHERE id = 1001",
        'requests 1001: approved_by_rule is "anything", and by the trail nothing',
    ),
    "what a reviewer said of break-glass": (
        "UPDATE emergencies SET verdict = 'justified'",
        'emergencies *: verdict is "justified", and by the trail "not_justified"',
    ),
    "until when somebody is barred": (
        "UPDATE emergencies SET barred_until = 1",
        "emergencies 1008: barred_until is 1, and by the trail *",
    ),
    "an emergency that nobody is to see": (
        "DELETE FROM emergencies",
        "emergencies *: is in the trail, and not in the table",
    ),
    "who decided": (
        "UPDATE decisions SET slack_user_id = 'U0MALLORY' WHERE request_id = 1001",
        'decisions 1001/*: slack_user_id is "U0MALLORY", and by the trail "U0BOB"',
    ),
    "what was decided": (
        "UPDATE decisions SET verdict = 'approve', counted = 1 WHERE request_id = 1003",
        'decisions 1003/*: verdict is "approve", and by the trail "deny"',
    ),
    "for how long": (
        "UPDATE decisions SET duration = 1 WHERE request_id = 1001",
        "decisions 1001/*: duration is 1, and by the trail nothing",
    ),
    "an approval that was never given": (
        "INSERT INTO decisions (request_id, ram_user_id, ram_user_name, slack_user_id, verdict, at, counted)"
        " VALUES (1002, '666', 'mallory', 'U0MALLORY', 'approve', 1, 1)",
        "decisions 1002/666: is in the table, and not in the trail",
    ),
    "an approval that is gone": (
        "DELETE FROM decisions WHERE request_id = 1002",
        "decisions 1002/*: is in the trail, and not in the table",
    ),
    "until when": (
        "UPDATE grants SET ends_at = NULL WHERE request_id = 1001",
        "grants 1: ends_at is nothing, and by the trail *",
    ),
    "what is active": (
        "UPDATE grants SET state = 'ended' WHERE request_id = 1001",
        'grants 1: state is "ended", and by the trail "active"',
    ),
    "what was given": (
        "UPDATE grants SET entitlement = 'policy/AdministratorAccess' WHERE request_id = 1001",
        'grants 1: entitlement is "policy/AdministratorAccess", and by the trail "policy/PaiRecEngineAccess"',
    ),
    "to whom": (
        "UPDATE grants SET ram_user_id = '666' WHERE request_id = 1001",
        'grants 1: ram_user_id is "666", and by the trail *',
    ),
    "why it ended": (
        "UPDATE grants SET end_cause = 'deadline' WHERE request_id = 1005",
        'grants 2: end_cause is "deadline", and by the trail "taken back"',
    ),
    "a grant that nobody approved": (
        "INSERT INTO grants (id, request_id, ram_user_id, ram_user_name, entitlement, state)"
        " VALUES (99, 1002, '666', 'mallory', 'policy/AdministratorAccess', 'planned')",
        "grants 99: is in the table, and not in the trail",
    ),
    "a link by hand": (
        "INSERT INTO links (team_id, slack_user_id, ram_user_id, ram_user_name, linked_at)"
        " VALUES ('T0PAIREC', 'U0MALLORY', '666', 'mallory', 1)",
        "links U0MALLORY: is in the table, and not in the trail",
    ),
    "somebody else's link": (
        "UPDATE links SET ram_user_id = '666' WHERE slack_user_id = 'U0BOB'",
        'links U0BOB: ram_user_id is "666", and by the trail *',
    ),
    "an administrator whom nobody confirmed": (
        "INSERT INTO admin_holders (ram_user_id, ram_user_name, state, since) VALUES ('666', 'm', 'confirmed', 1)",
        "admin_holders 666: is confirmed, and by the trail nobody did that",
    ),
    "of which type a policy is": (
        "UPDATE grants SET policy_type = 'System' WHERE request_id = 1001",
        'grants 1: policy_type is "System", and by the trail "Custom"',
    ),
    "an administrator who had gone": (
        "UPDATE admin_holders SET state = 'confirmed' WHERE ram_user_name = 'frank'",
        "admin_holders *: is confirmed, and by the trail nobody did that",
    ),
    "what is not even readable": (
        "UPDATE requests SET entitlements = 'all' WHERE id = 1002",
        'requests 1002: entitlements is "all", and by the trail *',
    ),
    "a link that is gone": (
        "DELETE FROM links WHERE slack_user_id = 'U0BOB'",
        "links U0BOB: is in the trail, and not in the table",
    ),
    "a request that is decided": (
        "UPDATE requests SET state = 'approved', closed_by = 'U0BOB' WHERE id = 1003",
        'requests 1003: state is "approved", and by the trail "denied"',
    ),
    "a request that is open again": (
        "UPDATE requests SET state = 'pending', closed_at = NULL WHERE id = 1004",
        'requests 1004: state is "pending", and by the trail "cancelled"',
    ),
    "how many must approve": (
        "UPDATE requests SET approvals_needed = 1 WHERE id = 1002",
        "requests 1002: approvals_needed is 1, and by the trail 2",
    ),
    "how long it may be decided": (
        "UPDATE requests SET expires_at = 1 WHERE id = 1002",
        "requests 1002: expires_at is 1, and by the trail *",
    ),
    "what is asked": (
        "UPDATE requests SET entitlements = '[\"policy/AdministratorAccess\"]' WHERE id = 1002",
        'requests 1002: entitlements is ["policy/AdministratorAccess"], and by the trail *',
    ),
    "which request a button means": (
        "UPDATE requests SET public_id = 'x' || SUBSTR(public_id, 2) WHERE id = 1002",
        "requests 1002: public_id is *",
    ),
    "for whom": (
        "UPDATE requests SET subject_ram_id = '666' WHERE id = 1002",
        'requests 1002: subject_ram_id is "666", and by the trail *',
    ),
    "who approved a RAM user": (
        "UPDATE onboardings SET decided_by = 'U0MALLORY' WHERE state = 'done'",
        'onboardings *: decided_by is "U0MALLORY", and by the trail "U0BOB"',
    ),
    "which RAM user was made": (
        "UPDATE onboardings SET ram_user_id = '666' WHERE state = 'done'",
        'onboardings *"',
    ),
    "a RAM user that nobody approved": (
        "UPDATE onboardings SET state = 'creating', decided_by = 'U0BOB' WHERE state = 'pending'",
        'onboardings *: state is "creating", and by the trail "pending"',
    ),
    "a denied RAM user that waits again": (
        "UPDATE onboardings SET state = 'creating' WHERE state = 'denied'",
        'onboardings *: state is "creating", and by the trail "denied"',
    ),
    "a withdrawn one": (
        "UPDATE onboardings SET state = 'creating' WHERE state = 'cancelled'",
        'onboardings *: state is "creating", and by the trail "cancelled"',
    ),
    "for whom a RAM user is": (
        "UPDATE onboardings SET subject = 'U0MALLORY' WHERE state = 'pending'",
        'onboardings *: subject is "U0MALLORY", and by the trail "U0MIA"',
    ),
    "what is asked for next": (
        "UPDATE onboardings SET item = 'engine-engineer' WHERE state = 'pending'",
        'onboardings *: item is "engine-engineer", and by the trail "algorithm-engineer"',
    ),
    "an onboarding that nobody asked for": (
        "INSERT INTO onboardings (public_id, asked_key, team_id, requester, subject, user_name, display_name, domain,"
        " state, created_at, expires_at) VALUES ('x', 'y', 'T0PAIREC', 'U0MALLORY', 'U0MALLORY', 'm', 'm', 'd',"
        " 'creating', 1, 1)",
        "onboardings x: is in the table, and not in the trail",
    ),
    "why it was asked": (
        "UPDATE requests SET reason = 'a better one' WHERE id = 1002",
        'requests 1002: reason is "a better one", and by the trail "incident"',
    ),
    "which document of a policy was reviewed": (
        "UPDATE policy_reviews SET hash = 'wide' WHERE policy = 'PaiRecEngineAccess'",
        'policy_reviews PaiRecEngineAccess: hash is "wide", and by the trail *',
    ),
    "what that document says": (
        "UPDATE policy_reviews SET document = '{}' WHERE policy = 'PaiRecEngineAccess'",
        "policy_reviews PaiRecEngineAccess: document is not the one of its hash",
    ),
    "who reviewed it": (
        "UPDATE policy_reviews SET reviewed_by = '[]' WHERE policy = 'PaiRecEngineAccess'",
        'policy_reviews PaiRecEngineAccess: reviewed_by is [], and by the trail ["U0BOB", "U0JUDY"]',
    ),
    "a review that nobody gave": (
        "UPDATE policy_reviews SET reviewed_by = '[\"U0BOB\", \"U0JUDY\"]' WHERE policy = 'PaiRecRamAdminAccess'",
        'policy_reviews PaiRecRamAdminAccess: reviewed_by is ["U0BOB", "U0JUDY"], and by the trail []',
    ),
    "a review that is gone": (
        "DELETE FROM policy_reviews WHERE policy = 'PaiRecEngineAccess'",
        "policy_reviews PaiRecEngineAccess: is in the trail, and not in the table",
    ),
    "whose word waits for another one's": (
        "UPDATE notices SET details = REPLACE(details, 'U0BOB', 'U0MALLORY') WHERE what = 'policy_review'"
        " AND about = 'PaiRecMonitorAccess'",
        "notices *: has the word of U0MALLORY, and by the trail nobody gave it",
    ),
    "what a button to review stands for": (
        "UPDATE notices SET details = REPLACE(details, 'pairec', 'ram') WHERE what = 'policy_review'"
        " AND about = 'PaiRecMonitorAccess'",
        "notices *: document is not the one of its hash",
    ),
}


class Undone(Exception):
    """So that nothing of it stays."""


def test_the_record_agrees_with_its_trail(app: AppHarness) -> None:
    assert app.chain_holds()


@pytest.mark.parametrize("what", TAMPERING)
def test_a_row_that_somebody_changed_differs_from_the_trail(app: AppHarness, what: str) -> None:
    deed, says = TAMPERING[what]
    with pytest.raises(Undone), app.ledger.write() as tx:
        assert tx.changed(deed) == 1
        found = [str(difference) for difference in differences(tx)]
        begins, _, ends = says.partition("*")
        assert [each for each in found if each.startswith(begins) and each.endswith(ends.partition("*")[0])], found
        raise Undone


def audit(app: AppHarness, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return pairec_access("audit", *words, **told(app, **settings))


def test_an_auditor_gets_every_entry_the_head_and_that_the_record_agrees(app: AppHarness) -> None:
    done = audit(app)
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    head = f"The chain holds. Its head: {len(entries)} {entries[-1]['hash']}\n"
    assert done.stderr == f"The record agrees with the trail.\n{head}"
    asked = next(entry for entry in entries if entry["entry"]["event"] == "asked")
    assert asked["request"] == 1001 and asked["written"]["reason"]["text"] == "rollout"


def test_the_entries_of_one_request_are_said_to_be_a_part_of_the_chain(app: AppHarness) -> None:
    whole = audit(app).stderr.splitlines()[-1]
    done = audit(app, "--request", "R-1003")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line)["entry"]["event"] for line in done.stdout.splitlines()]
    assert events[0] == "asked" and "denied" in events
    of_all = whole.split()[-2]
    assert done.stderr.splitlines()[0] == f"R-1003 has {len(events)} of the {of_all} entries of one chain."
    assert done.stderr.splitlines()[-1] == whole, "the head is that of the chain, and not of the request's last entry"


def test_a_request_that_there_is_not_is_said_to_be_none(app: AppHarness) -> None:
    says_plainly(audit(app, "--request", "4711"), "--request: there is no R-4711 in this ledger")
    says_plainly(audit(app, "--request", "carol"), "--request: 'carol' is no request, such as R-1042")


def test_a_difference_is_printed_and_the_status_says_so(app: AppHarness, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert pairec_access("ledger", "backup", str(copy), **told(app)).returncode == 0
    with closing(sqlite3.connect(copy, isolation_level=None)) as file:
        file.execute(TAMPERING["until when"][0])
    elsewhere = {"PAIREC_DATABASE_URL": f"sqlite:///{copy}"}
    done = audit(app, **elsewhere)
    assert done.returncode == 1
    assert "The record differs from the trail: grants 1: ends_at is nothing, and by the trail " in done.stderr
    assert "agrees" not in done.stderr and "The chain holds. Its head: " in done.stderr
    assert "grants 1: ends_at is nothing" in audit(app, "--request", "1001", **elsewhere).stderr
    other = audit(app, "--request", "1003", **elsewhere)
    assert other.returncode == 1 and "It differs elsewhere too, 1 times: see all of it." in other.stderr
