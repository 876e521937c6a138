"""A backup is put back while an access review runs that revokes: what approvers said since then is lost, and revokes
nothing until they were reminded and had time to say it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.ledger import access_reviews
from bot.sandbox.client import SandboxPerson
from tests.harness.app import DATA, HOUR, AppHarness
from tests.harness.restoring import WAYS, backed_up, put_back
from tests.harness.rules import catalog_with
from tests.harness.unreviewed_kill_points import REVOKES
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.command_line import CommandLine
from tests.scenario.conftest import PACE
from tests.scenario.drifting import about_user
from tests.scenario.reviewing import DAY, events, item, over, part, passes, shows, start, told, whose

REVIEW_DAYS = 10


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, REVOKES))}, pace=PACE) as opened:
        yield opened


@pytest.fixture
def pairec_access(app: AppHarness) -> CommandLine:
    return CommandLine(app)


def keeps(app: AppHarness) -> SandboxPerson:
    by = whose(app, "carol")
    by.click("Keep", about_user(part(app, by), "carol"))
    shows(app, by, "1 thing stays.")
    return by


def reminded_for_the_last_time(app: AppHarness, pairec_access: CommandLine) -> str:
    """It ends in an hour."""
    ref = carol_has(app, duration="60d", policy=DATA)
    start(app, pairec_access, f"{REVIEW_DAYS}d")
    passes(app, REVIEW_DAYS, but=HOUR)
    return ref


def due_at(app: AppHarness) -> float:
    """In seconds."""
    with app.ledger.read() as tx:
        return access_reviews.every_one(tx)[0].due_at / 1_000


@pytest.mark.parametrize("way", WAYS)
def test_what_was_kept_since_the_backup_is_not_revoked_before_reviewers_had_another_day(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path, way: str
) -> None:
    ref = reminded_for_the_last_time(app, pairec_access)
    file = backed_up(app, tmp_path)
    keeps(app)
    app.people.advance(2 * HOUR)
    app.until(lambda: "access review closed" in events(app), "the review to end as if nothing were lost")
    assert app.holds("carol", DATA)
    before = {message.ts for message in told(app.bob)}
    put_back(app, file, WAYS[way])
    app.until(lambda: any(message.ts not in before for message in told(app.bob)), "bob to be reminded")
    assert 23 * HOUR < due_at(app) - app.people.now() <= 24 * HOUR and events(app)[-1] == "access review moved"
    app.people.advance(22 * HOUR)
    assert app.holds("carol", DATA) and item(app, "carol").verdict is None
    app.people.advance(2 * HOUR + 1)
    comes_to(app, ref, "ended")
    assert item(app, "carol").verdict == "revoke unreviewed" and app.chain_holds()


def test_what_is_kept_once_more_stays(app: AppHarness, pairec_access: CommandLine, tmp_path: Path) -> None:
    reminded_for_the_last_time(app, pairec_access)
    file = backed_up(app, tmp_path)
    keeps(app)
    put_back(app, file)
    app.until(lambda: "access review moved" in events(app), "the review to run for longer")
    by = keeps(app)
    app.people.advance(DAY + 1)
    over(app)
    assert item(app, "carol").said_by == by.id and app.holds("carol", DATA)


def test_where_there_is_time_left_its_end_stays_and_reviewers_are_reminded_at_once(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path
) -> None:
    start(app, pairec_access, f"{REVIEW_DAYS}d")
    ends = due_at(app)
    file = backed_up(app, tmp_path)
    before = {message.ts for message in told(app.bob)}
    put_back(app, file)
    app.until(lambda: {message.ts for message in told(app.bob)} not in (before, set()), "bob to be reminded")
    assert due_at(app) == ends and "access review moved" not in events(app)


def test_a_bot_that_was_restarted_at_once_changes_nothing_of_it(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = reminded_for_the_last_time(app, pairec_access)
    app.restart_bot()
    app.people.advance(HOUR + 1)
    comes_to(app, ref, "ended")
    assert "access review moved" not in events(app)
