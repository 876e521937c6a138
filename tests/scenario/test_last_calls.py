"""Who goes through an access review reads when whoever has it called anything last, as far as ActionTrail tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.identity import Identity
from tests.harness.app import AppHarness
from tests.scenario.command_line import CommandLine
from tests.scenario.recording import looks_later, passes, state
from tests.scenario.reviewing import DAY, due_later, events, item, over, part, start, told, whose

READ_IN = {"PAIREC_ACTIONTRAIL_REGION": "ap-southeast-1"}
LAST, NONE = "Last call in ActionTrail: <!date^", "ActionTrail shows no call of this RAM user in 89 days."


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, READ_IN, pace=10.0) as opened:
        opened.until(lambda: state(opened) and looks_later(opened), "a first look")
        yield opened


def calls(app: AppHarness, user: str) -> None:
    """Something that RAM refuses, and that is in the record all the same."""
    account = app.sandbox.account
    account.identities[f"key of {user}"] = Identity(account.read().users[user].user_id, ())
    with suppress(RamError):
        execute(account, "DeleteUser", {"UserName": "nobody"}, by=Caller(f"key of {user}"))


def read_once(app: AppHarness) -> None:
    """Erin called something, and the record is seen to have it."""
    calls(app, "erin")
    passes(app, 20 * 60)
    assert state(app) == "read"


def is_known(app: AppHarness, user: str) -> bool:
    return item(app, user).access.is_looked_up


def test_it_stands_with_what_somebody_has(app: AppHarness, pairec_access: CommandLine) -> None:
    read_once(app)
    start(app, pairec_access)
    app.until(lambda: is_known(app, "erin") and is_known(app, "frank"), "the record to be asked")
    assert LAST in part(app, whose(app, "erin")).plain
    assert NONE in part(app, whose(app, "frank")).plain
    assert (item(app, "erin").access.last_call or 0) > 0 and item(app, "frank").access.last_call is None


def test_nobody_is_told_of_their_part_twice_for_it(app: AppHarness, pairec_access: CommandLine) -> None:
    read_once(app)
    start(app, pairec_access)
    app.until(lambda: is_known(app, "erin") and is_known(app, "frank"), "the record to be asked")
    app.until(app.has_looked, "all to be done")
    assert [len(told(each)) for each in (app.alice, app.bob, app.judy)] == [1, 1, 1]
    app.people.advance(15 * DAY + 60)
    app.until(lambda: len(told(app.bob)) == 1, "him to be reminded half way")
    assert events(app).count(AuditEvent.ACCESS_REVIEW_COLLECTED) == 1


def test_a_record_that_never_had_anything_says_nothing_of_anybody(app: AppHarness, pairec_access: CommandLine) -> None:
    app.sandbox.trail.elsewhere = True
    start(app, pairec_access)
    app.until(lambda: due_later(app), "the review to wait for what comes next")
    shown = part(app, whose(app, "erin")).plain
    assert LAST not in shown and NONE not in shown


def test_a_review_goes_on_where_the_record_does_not_answer(app: AppHarness, pairec_access: CommandLine) -> None:
    read_once(app)
    app.people.inject_ram_fault({"action": "LookupEvents", "fault": "error", "status": 403, "code": "NoPermission"})
    start(app, pairec_access)
    app.until(lambda: due_later(app), "the review to wait for what comes next")
    shown = part(app, whose(app, "erin")).plain
    assert LAST not in shown and NONE not in shown
    app.people.advance(30 * DAY + 60)
    over(app)
