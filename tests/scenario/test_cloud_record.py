"""The cloud's own record of calls is compared with the app's: a stolen key is found by it, and nobody else's call is
taken for one.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.kinds import NoticeKind
from approvals.ledger import trail
from approvals.millis import DomainMillis
from approvals.model import parse_ref
from bot.program import Program
from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.seed import ACCESS_KEY_ID, WATCHDOG_KEY_ID
from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.program import pairec_access
from tests.harness.waiting import carol_has, comes_to, time_is_up
from tests.scenario import policies
from tests.scenario.recording import (
    MISSING,
    OUTSIDE,
    READ_IN,
    STOLEN,
    THIEF,
    TWENTY_MINUTES,
    looks_later,
    of,
    passes,
    raised,
    state,
    steals,
    told,
)

ATTACH = "attach begun"


def test_a_stolen_key_is_found_within_twenty_minutes_and_told_once(reading: AppHarness) -> None:
    steals(reading)
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert "pairec-access" in said.plain and "`AttachPolicyToUser` `dave`" in said.plain
    assert "198.51.100.66" in said.plain and "Disable the key now" in said.plain
    for _ in range(3):
        passes(reading, TWENTY_MINUTES)
    assert len(told(reading, STOLEN)) == 1 and raised(reading, NoticeKind.STOLEN_KEY) == 1


def test_what_was_refused_to_a_thief_is_told_too(reading: AppHarness) -> None:
    with pytest.raises(Exception, match="EntityNotExist"):
        steals(reading, "DeleteUser", UserName="nobody")
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert "refused: `EntityNotExist.User`" in said.plain


def test_our_own_writes_are_no_alarm_and_are_found(reading: AppHarness) -> None:
    ref = carol_has(reading)
    time_is_up(reading)
    comes_to(reading, ref, "ended")
    passes(reading, TWENTY_MINUTES)
    passes(reading, 2 * 3600)
    assert state(reading) == "read"
    assert raised(reading, *NoticeKind) == 0


def test_a_write_whose_answer_was_lost_is_known_by_its_id(reading: AppHarness) -> None:
    reading.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "drop_answer", "times": 1})
    carol_has(reading)
    passes(reading, TWENTY_MINUTES)
    assert raised(reading, NoticeKind.STOLEN_KEY, NoticeKind.OUTSIDE_WRITES) == 0


def marked(app: AppHarness, ref: str) -> Caller:
    """A thief who copies the id of the write by which somebody was given what they asked for."""
    with app.ledger.read() as tx:
        [begun] = [entry for entry in trail.of_request(tx, parse_ref(ref) or 0) if entry.fields["event"] == ATTACH]
    return THIEF._replace(user_agent=f"pairec-access-write/{begun.fields['write_id']}")


def test_a_copied_id_counts_for_nothing_else(reading: AppHarness) -> None:
    """Whoever has the key may read in ActionTrail which ids the app used."""
    by = marked(reading, carol_has(reading))
    steals(reading, by=by, UserName="dave", PolicyName=DATA, PolicyType="Custom")
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert DATA in said.plain and "give each its own" in said.plain


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("AttachPolicyToUser", {"UserName": "dave", "PolicyName": ENGINE, "PolicyType": "Custom"}),
        ("AttachPolicyToGroup", {"GroupName": "chess", "PolicyName": ENGINE, "PolicyType": "Custom"}),
        ("CreateAccessKey", {"UserName": "carol"}),
        ("CreateUser", {"UserPrincipalName": "spy@example.onaliyun.com"}),
    ],
)
def test_a_copied_id_counts_for_nobody_else(reading: AppHarness, action: str, params: dict[str, str]) -> None:
    """The same policy for an accomplice, or a call that names no policy, with the id of what carol was given."""
    by = marked(reading, carol_has(reading))
    reading.sandbox.account.record(action, params, "ok", by)
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert action in said.plain


def test_a_copied_id_counts_for_no_second_call(reading: AppHarness) -> None:
    """The very same call once more, such as after it was taken back."""
    by = marked(reading, carol_has(reading))
    again = {"UserName": "carol", "PolicyName": ENGINE, "PolicyType": "Custom"}
    reading.sandbox.account.record("AttachPolicyToUser", again, "ok", by)
    passes(reading, TWENTY_MINUTES)
    reading.until(lambda: told(reading, STOLEN), "the alarm")
    passes(reading, TWENTY_MINUTES)
    assert raised(reading, NoticeKind.STOLEN_KEY) == 1


def test_what_others_change_is_told_with_who_and_from_where(reading: AppHarness) -> None:
    by = of(reading, "alice")
    steals(reading, by=by)
    steals(reading, "CreateGroup", by=by, GroupName="chess")
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, OUTSIDE), "it to be told")
    assert "`alice` called `AttachPolicyToUser` `dave`" in said.plain and "192.0.2.17" in said.plain
    assert "chess" not in said.plain and raised(reading, NoticeKind.STOLEN_KEY) == 0


def test_somebody_who_makes_a_key_for_the_app_itself_is_told_of(reading: AppHarness) -> None:
    account = reading.sandbox.account
    account.record("CreateAccessKey", {"UserName": "pairec-access"}, "ok", Caller(WATCHDOG_KEY_ID))
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, OUTSIDE), "it to be told")
    assert "`CreateAccessKey` `pairec-access`" in said.plain


def test_a_thief_who_uses_another_product_is_found(reading: AppHarness) -> None:
    reading.sandbox.account.record("RunInstances", {"Amount": "50"}, "ok", THIEF, service="Ecs")
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert "RunInstances" in said.plain


def test_what_is_kept_for_ever_of_our_own_writes_says_nobodys_name(reading: AppHarness) -> None:
    """What somebody is called is erased from the trail, and has to be from here."""
    carol_has(reading)
    passes(reading, TWENTY_MINUTES)
    with reading.ledger.read() as tx:
        [row] = tx.rows("SELECT * FROM cloud_events WHERE verdict = 'ours'")
    assert row["policy"] == ENGINE and not any("carol" in str(value) for value in row.values())


def test_more_than_a_page_of_theft_is_one_message(reading: AppHarness) -> None:
    for number in range(120):
        reading.sandbox.account.record("CreateUser", {"UserName": f"spy-{number}"}, "ok", THIEF)
    passes(reading, TWENTY_MINUTES)
    reading.until(lambda: told(reading, STOLEN), "the alarm")
    with reading.ledger.read() as tx:
        [count] = tx.rows("SELECT COUNT(*) AS number FROM cloud_events WHERE verdict = 'stolen'")
    assert count["number"] == 120
    assert any("and 40 more" in message.plain for message in told(reading, STOLEN))


def test_an_event_that_comes_later_than_it_should_is_found_when_it_comes(reading: AppHarness) -> None:
    steals(reading)
    reading.sandbox.trail.late_seconds = lambda event: 50 * 60
    passes(reading, TWENTY_MINUTES)
    passes(reading, TWENTY_MINUTES)
    assert not told(reading, STOLEN)
    passes(reading, TWENTY_MINUTES)
    reading.until(lambda: told(reading, STOLEN), "the alarm")


def test_another_region_is_said_to_be_not_readable_and_never_clean(reading: AppHarness) -> None:
    reading.sandbox.trail.elsewhere = True
    carol_has(reading)
    passes(reading, TWENTY_MINUTES)
    assert state(reading) == "nothing yet"
    passes(reading, 3600)
    assert state(reading) == "empty"
    assert reading.program and "not readable here" in reading.program.conditions.current()["cloud_record"].message
    reading.sandbox.trail.elsewhere = False
    passes(reading, TWENTY_MINUTES)
    assert state(reading) == "read" and "cloud_record" not in reading.program.conditions.current()


def test_what_the_cloud_confirmed_and_does_not_know_is_told(reading: AppHarness) -> None:
    reading.attach_by_hand("dave", ENGINE)
    reading.sandbox.trail.lost = lambda event: event["userIdentity"]["userName"] == "pairec-access"
    ref = carol_has(reading)
    passes(reading, TWENTY_MINUTES)
    assert not told(reading, MISSING)
    passes(reading, 3600)
    [said] = reading.until(lambda: told(reading, MISSING), "it to be told")
    assert ref in said.plain and ENGINE in said.plain and "attach" in said.plain
    passes(reading, 3600)
    assert len([each for each in told(reading, MISSING) if "attach" in each.plain]) == 1


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_minutes_off_makes_no_alarm_and_misses_none(reading: AppHarness, minutes: int) -> None:
    reading.clock_is_set(minutes * 60)
    carol_has(reading)
    steals(reading)
    passes(reading, TWENTY_MINUTES)
    passes(reading, 2 * 3600)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert "dave" in said.plain and "carol" not in said.plain
    assert raised(reading, NoticeKind.STOLEN_KEY) == 1 and not told(reading, MISSING)


def test_whoever_may_not_look_says_so_and_goes_on_once_they_may(reading: AppHarness) -> None:
    account = reading.sandbox.account
    allowed = account.identities[ACCESS_KEY_ID]
    account.identities[ACCESS_KEY_ID] = allowed.without("actiontrail:LookupEvents")
    steals(reading)
    reading.people.advance(TWENTY_MINUTES)
    reading.until(lambda: state(reading) == "refused", "the refusal to be noted")
    assert reading.program and "NoPermission" in reading.program.conditions.current()["cloud_record"].message
    account.identities[ACCESS_KEY_ID] = allowed
    reading.real_passes(301)
    reading.until(lambda: told(reading, STOLEN), "the alarm")


def test_a_throttled_look_is_made_again(reading: AppHarness) -> None:
    reading.people.inject_ram_fault({"action": "LookupEvents", "fault": "throttle", "seconds": 0.1, "times": 2})
    steals(reading)
    passes(reading, TWENTY_MINUTES)
    reading.until(lambda: told(reading, STOLEN), "the alarm")


def test_two_apps_on_one_account_with_keys_of_their_own_are_told_of_each_other(reading: AppHarness) -> None:
    """With one key nothing tells them apart from a thief who writes the same mark."""
    other = Caller(WATCHDOG_KEY_ID, f"AlibabaCloud pairec-access-write/{'e' * 32}", "", "192.0.2.9")
    steals(reading, by=other)
    passes(reading, TWENTY_MINUTES)
    reading.until(lambda: told(reading, OUTSIDE), "it to be told")
    assert not told(reading, STOLEN)


def test_a_review_says_who_changed_the_policy_once_the_cloud_does(reading: AppHarness) -> None:
    policies.engine_is_reviewed(reading)
    policies.change(reading, "pairec:*")
    reading.look_at_policies()
    assert "Changed by" not in policies.notice(reading).plain
    passes(reading, TWENTY_MINUTES)
    said = reading.until(
        lambda: next((m for m in policies.notices(reading.bob, policies.CHANGED) if "Changed by" in m.plain), None),
        "who changed it",
    )
    assert "Changed by root" in said.plain.replace("`", "") and "203.0.113.7" in said.plain


def proved(app: AppHarness, page: Path, ref: str) -> str:
    """The page of `audit prove`, as somebody reads it."""
    done = pairec_access("audit", "prove", ref, "--output", str(page), PAIREC_DATABASE_URL=app.ledger_address)
    assert done.returncode == 0, done.stderr
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.read_text("utf-8"))))


def test_the_proof_of_a_request_has_the_clouds_own_record_of_its_writes(reading: AppHarness, tmp_path: Path) -> None:
    ref, page = carol_has(reading), tmp_path / "page.html"
    assert "not there yet: ActionTrail was read until" in proved(reading, page, ref)
    passes(reading, TWENTY_MINUTES)
    page.unlink()
    said = proved(reading, page, ref)
    assert "in ActionTrail AttachPolicyToUser at" in said and "by pairec-access from 127.0.0.1, done" in said
    assert "app.slack.com/client" in page.read_text("utf-8"), "the card on which it was decided"


def test_a_proof_says_why_the_cloud_has_nothing(reading: AppHarness, tmp_path: Path) -> None:
    reading.sandbox.trail.elsewhere = True
    ref = carol_has(reading)
    passes(reading, 2 * 3600)
    assert "not readable here: ActionTrail shows nothing in ap-southeast-1" in proved(reading, tmp_path / "1.html", ref)
    reading.stop_bot()
    reading._settings.pop("PAIREC_ACTIONTRAIL_REGION")
    reading.start_bot()
    assert "PAIREC_ACTIONTRAIL_REGION is not set" in proved(reading, tmp_path / "2.html", ref)


def test_a_replica_is_not_told_of_what_another_did(tmp_path: Path) -> None:
    with AppHarness(tmp_path, READ_IN, pace=10.0) as app:
        app.until(lambda: state(app) and looks_later(app), "a first look")
        other = Program(app.parts(app.environment()))
        other.start()
        try:
            refs = [app.asked(app.carol, f"{name} 1h rollout") for name in (ENGINE, DATA)]
            for ref in refs:
                app.approve(ref, app.bob)
                comes_to(app, ref, "active")
            passes(app, TWENTY_MINUTES)
            passes(app, TWENTY_MINUTES)
        finally:
            other.stop(within=2.0)
        with app.ledger.read() as tx:
            rows = tx.rows("SELECT verdict FROM cloud_events")
        assert [row["verdict"] for row in rows] == ["ours", "ours"]


def test_what_a_backup_does_not_have_any_more_is_no_theft(reading: AppHarness) -> None:
    """What was given since is found, and asked about, by another look."""
    carol_has(reading)
    with reading.ledger.write() as tx:
        now = DomainMillis(round(reading.people.now() * 1_000) + 1_000)
        trail.append_event(tx, now, AuditEvent.RESTORED, last=1)
    steals(reading, by=THIEF._replace(user_agent=f"pairec-access-write/{'d' * 32}"))
    steals(reading, UserName="dave", PolicyName=DATA, PolicyType="Custom")
    passes(reading, TWENTY_MINUTES)
    [said] = reading.until(lambda: told(reading, STOLEN), "the alarm")
    assert DATA in said.plain and ENGINE not in said.plain
