"""What no request accounts for is listed with who gave it, as far as the cloud's own record tells that."""

from __future__ import annotations

import json

import pytest

from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.operations import erase
from bot.cloud.action_trail import PAGE_EVENTS
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.worker.drift import PAGES_PER_CALL
from tests.harness.app import ENGINE, MONITOR, AppHarness
from tests.scenario.command_line import CommandLine
from tests.scenario.drifting import about_user, drift, looks, news
from tests.scenario.recording import READ_IN, TWENTY_MINUTES, looks_later, of, passes, state

DAYS = 24 * 3600
HALF_AN_HOUR = 30 * 60
GROUP, POLICY = {"GroupName": "engineers"}, {"PolicyName": ENGINE, "PolicyType": "Custom"}
CAROL = {"UserName": "carol"}


def gives(app: AppHarness, by: str = "alice", action: str = "AttachPolicyToUser", **params: str) -> None:
    execute(app.sandbox.account, action, params or CAROL | POLICY, by=of(app, by))


def begins_to_read(app: AppHarness) -> None:
    """The record is read from now on, and something is seen in it."""
    app.restart_bot(READ_IN)
    app.until(lambda: state(app) and looks_later(app), "a first look")
    app.by_hand("CreateGroup", GroupName="chess")
    passes(app, TWENTY_MINUTES)
    assert state(app) == "read"


def row(app: AppHarness, user: str = "carol", what: str = ENGINE) -> str:
    return about_user(drift(app, app.bob), user, what).plain


def test_who_gave_it_is_told_with_it(reading: AppHarness) -> None:
    gives(reading)
    passes(reading, HALF_AN_HOUR)
    looks(reading)
    [told] = reading.until(lambda: news(reading), "approvers to be told")
    assert f"has `{ENGINE}`; granted elsewhere, since" in told.plain and ", by `alice`" in told.plain
    assert ", by `alice`" in row(reading) and ", by" not in row(reading, "dave", MONITOR)


def test_the_record_is_asked_about_what_is_older_than_what_was_read_of_it(app: AppHarness) -> None:
    gives(app)
    gives(app, "judy", UserName="dave", **POLICY)
    app.people.advance(3 * DAYS)
    begins_to_read(app)
    looks(app)
    assert ", by `alice`" in row(app) and ", by `judy`" in row(app, "dave")
    assert ", by" not in row(app, "frank", MONITOR), "it was given before anything is told of"


def test_what_it_said_is_kept_and_it_is_not_asked_again(app: AppHarness) -> None:
    gives(app)
    app.people.advance(DAYS)
    gives(app, UserName="dave", **POLICY)
    app.people.advance(DAYS)
    begins_to_read(app)
    app.sandbox.trail.lost = lambda event: event["requestParameters"].get("UserName") == "dave"
    looks(app)
    app.sandbox.trail.lost = lambda event: event["requestParameters"].get("UserName") == "carol"
    looks(app)
    assert ", by `alice`" in row(app) and ", by" not in row(app, "dave")


def test_nobody_is_named_where_two_did_the_same(app: AppHarness) -> None:
    gives(app)
    gives(app, action="DetachPolicyFromUser", **CAROL, **POLICY)
    gives(app, "judy")
    app.people.advance(DAYS)
    begins_to_read(app)
    looks(app)
    assert ", by" not in row(app)


@pytest.mark.parametrize("last", ["AddUserToGroup", "AttachPolicyToGroup"])
def test_through_a_group_it_is_whoever_made_it_so_last(app: AppHarness, last: str) -> None:
    made = {"AddUserToGroup": CAROL | GROUP, "AttachPolicyToGroup": GROUP | POLICY}
    app.by_hand("CreateGroup", **GROUP)
    [first] = made.keys() - {last}
    gives(app, "judy", first, **made[first])
    app.people.advance(DAYS)
    gives(app, "alice", last, **made[last])
    app.people.advance(DAYS)
    begins_to_read(app)
    looks(app)
    text = row(app)
    assert ", since" in text and ", by `alice`" in text


def test_nobody_is_named_where_one_put_them_in_the_group_and_another_gave_it_the_policy(app: AppHarness) -> None:
    """A group may be harmless, and whoever puts somebody in it innocent: two minutes later it was not."""
    app.by_hand("CreateGroup", **GROUP)
    gives(app, action="AddUserToGroup", **CAROL, **GROUP)
    app.people.advance(120)
    gives(app, "judy", "AttachPolicyToGroup", **GROUP, **POLICY)
    app.people.advance(DAYS)
    begins_to_read(app)
    looks(app)
    assert ", by" not in row(app)


def test_nobody_is_named_where_one_of_the_calls_was_made_too_often_then(app: AppHarness) -> None:
    """What was not read may be by somebody else."""
    gives(app)
    crowd = {"PrincipalType": "IMSUser", "PrincipalName": "dave@pairec-workshop.onaliyun.com", **POLICY}
    for _ in range(PAGE_EVENTS * PAGES_PER_CALL + 1):
        app.sandbox.account.record("AttachPolicy", crowd, "ok", of(app, "judy"), service="ResourceManager")
    app.people.advance(DAYS)
    begins_to_read(app)
    looks(app)
    assert ", by" not in row(app)


def test_a_record_that_does_not_answer_is_asked_again(app: AppHarness) -> None:
    gives(app)
    app.people.advance(DAYS)
    begins_to_read(app)
    account = app.sandbox.account
    allowed = account.identities[ACCESS_KEY_ID]
    account.identities[ACCESS_KEY_ID] = allowed.without("actiontrail:LookupEvents")
    looks(app)
    assert ", by" not in row(app)
    account.identities[ACCESS_KEY_ID] = allowed
    looks(app)
    assert ", by `alice`" in row(app)


def test_the_command_line_has_it_too(reading: AppHarness) -> None:
    gives(reading)
    passes(reading, HALF_AN_HOUR)
    looks(reading)
    done = CommandLine(reading)("drift", "--format", "json")
    [listed] = [each for each in json.loads(done.stdout) if each["ram_user"] == "carol"]
    assert listed["given_by"] == "alice"


def test_whoever_is_erased_is_named_no_more(reading: AppHarness) -> None:
    gives(reading, "frank")
    passes(reading, HALF_AN_HOUR)
    looks(reading)
    frank = reading.sandbox.account.read().users["frank"].user_id
    assert ", by `frank`" in row(reading)
    assert CommandLine(reading)("unlink", "frank").returncode in (0, 1)
    erase.erase_person(reading.ledger, RamUserId(frank), "frank", "test", DomainMillis(0))
    looks(reading)
    assert f", by `{frank}`" in row(reading)
