"""Access reviews are compared with the audit trail: whoever changes what is under review, or what was said of it, is
found out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.audit_record import differences
from tests.harness.app import DATA, AppHarness
from tests.harness.program import pairec_access
from tests.harness.rules import catalog_with
from tests.harness.unreviewed_kill_points import REVOKES
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.bot_process import told
from tests.scenario.command_line import CommandLine
from tests.scenario.conftest import PACE
from tests.scenario.drifting import about_user, request
from tests.scenario.reviewing import another, item, over, part, passes, shows, start, whose

UNDER_REVIEW = " WHERE id = (SELECT id FROM review_items WHERE {} ORDER BY id LIMIT 1)"
SIGNED = " WHERE signed_by IS NOT NULL"
OPEN = " WHERE closed_at IS NULL"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppHarness]:
    """In which a review came to its end and was signed off, and another one runs."""
    folder = tmp_path_factory.mktemp("reviewed")
    with AppHarness(folder, {"PAIREC_CATALOG": str(catalog_with(folder, REVOKES))}, pace=PACE) as opened:
        reviews_of_every_kind(opened)
        opened.stop_bot()
        yield opened


def reviews_of_every_kind(app: AppHarness) -> None:
    command_line = CommandLine(app)
    ref = carol_has(app, duration="60d", policy=DATA)
    start(app, command_line, "10d")
    by = whose(app, "dave")
    by.click("Keep", about_user(part(app, by), "dave"))
    shows(app, by, "1 thing stays.")
    asks_to_revoke(app, "erin", "Approve")
    app.until(lambda: item(app, "erin").verdict == "revoke", "what was asked to be agreed to")
    asks_to_revoke(app, "frank", "Deny")
    app.until(lambda: item(app, "frank").verdict is None, "it to be decided anew")
    passes(app, 10)
    comes_to(app, ref, "ended")
    app.judy.click("Sign off", over(app))
    app.until(lambda: "Signed off by" in over(app).plain, "who signed to be shown")
    start(app, command_line, "10d")


def asks_to_revoke(app: AppHarness, user: str, word: str) -> None:
    """The one whose part it is does, and another approver says so."""
    by = whose(app, user)
    by.click("Revoke", about_user(part(app, by), user), confirm=True)
    asked = request(app)
    other = another(app, by)
    other.click(word, asked)


TAMPERING = {
    "what somebody decided": (
        "UPDATE review_items SET verdict = 'revoke'" + UNDER_REVIEW.format("verdict = 'keep'"),
        'verdict is "revoke", and by the trail "keep"',
    ),
    "who decided it": (
        "UPDATE review_items SET said_by = 'U0MALLORY'" + UNDER_REVIEW.format("verdict = 'keep'"),
        'said_by is "U0MALLORY", and by the trail "U0',
    ),
    "what another approver agreed to": (
        "UPDATE review_items SET verdict = 'keep'" + UNDER_REVIEW.format("verdict = 'revoke'"),
        'verdict is "keep", and by the trail "revoke"',
    ),
    "what nobody reviewed": (
        "UPDATE review_items SET verdict = 'keep', said_by = 'U0BOB'" + UNDER_REVIEW.format("stays IS NOT NULL"),
        'verdict is "keep", and by the trail nothing',
    ),
    "what was revoked in the end": (
        "UPDATE review_items SET verdict = 'gone'" + UNDER_REVIEW.format("verdict = 'revoke unreviewed'"),
        'verdict is "gone", and by the trail "revoke unreviewed"',
    ),
    "why it stays": (
        "UPDATE review_items SET stays = 'few approvers'" + UNDER_REVIEW.format("stays = 'granted elsewhere'"),
        'stays is "few approvers", and by the trail "granted elsewhere"',
    ),
    "who did not answer": (
        "UPDATE review_items SET reviewer = 'U0MALLORY'" + UNDER_REVIEW.format("stays IS NOT NULL"),
        'reviewer is "U0MALLORY", and by the trail "U0',
    ),
    "whose part it is": (
        "UPDATE review_items SET reviewer = 'U0MALLORY'"
        + UNDER_REVIEW.format(f"review_id IN (SELECT id FROM access_reviews{OPEN})"),
        'reviewer is "U0MALLORY", and by the trail "U0',
    ),
    "that it is nobody's part": (
        "UPDATE review_items SET reviewer = NULL"
        + UNDER_REVIEW.format(f"review_id IN (SELECT id FROM access_reviews{OPEN})"),
        'reviewer is nothing, and by the trail "U0',
    ),
    "that it ends anyway": (
        """UPDATE review_items SET details = REPLACE(details, '"ends_at": null', '"ends_at": 1')"""
        + UNDER_REVIEW.format("""details LIKE '%"ends_at": null%'"""),
        "ends_at is 1, and by the trail nothing",
    ),
    "whose account it is": (
        """UPDATE review_items SET details = REPLACE(details, '"account": "', '"account": "U0MALLORY')"""
        + UNDER_REVIEW.format("""details LIKE '%"account": "%'"""),
        'account is "U0MALLORY',
    ),
    "that it cannot be revoked": (
        """UPDATE review_items SET details = REPLACE(details, '"barred": null', '"barred": "own"')"""
        + UNDER_REVIEW.format("""details LIKE '%"barred": null%'"""),
        'barred is "own", and by the trail nothing',
    ),
    "by which request it was granted": (
        "UPDATE review_items SET details = REPLACE(details, '[1001]', '[]')"
        + UNDER_REVIEW.format("details LIKE '%[1001]%'"),
        "requests is [], and by the trail [1001]",
    ),
    "what is under review": (
        "UPDATE review_items SET details = REPLACE(details, 'PaiRecRamAdminAccess', 'PaiRecMonitorAccess')"
        + UNDER_REVIEW.format("about LIKE '%PaiRecRamAdminAccess'"),
        "access is [",
    ),
    "what that is about": (
        "UPDATE review_items SET about = 'x' || about" + UNDER_REVIEW.format("verdict = 'keep'"),
        "access is [",
    ),
    "what is kept in one click": (
        "UPDATE review_items SET harmless = 1" + UNDER_REVIEW.format("harmless = 0"),
        "harmless is 1, and by the trail 0",
    ),
    "what cannot even be read": (
        "UPDATE review_items SET details = 'all'" + UNDER_REVIEW.format("verdict = 'keep'"),
        'access is "all", and by the trail [',
    ),
    "what nobody is to see": (
        "DELETE FROM review_items" + UNDER_REVIEW.format("verdict = 'keep'"),
        "is in the trail, and not in the table",
    ),
    "what nobody collected": (
        "INSERT INTO review_items (id, review_id, about, details, harmless) SELECT 'x', id, 'y', '{}', 0"
        " FROM access_reviews" + OPEN,
        "is in the table, and not in the trail",
    ),
    "until when it runs": ("UPDATE access_reviews SET due_at = due_at + 1" + OPEN, "due_at is "),
    "what becomes of what nobody reviews": (
        "UPDATE access_reviews SET unreviewed = 'escalate'" + OPEN,
        'unreviewed is "escalate", and by the trail "revoke"',
    ),
    "who signed it off": (
        "UPDATE access_reviews SET signed_by = 'U0MALLORY'" + SIGNED,
        'signed_by is "U0MALLORY", and by the trail "U0JUDY"',
    ),
    "when it was signed off": ("UPDATE access_reviews SET signed_at = 1" + SIGNED, "signed_at is 1, and by the trail "),
    "when it was over": ("UPDATE access_reviews SET closed_at = 1" + SIGNED, "closed_at is 1, and by the trail "),
    "that it is over": (
        "UPDATE access_reviews SET closed_at = started_at" + OPEN,
        "closed_at is ",
    ),
    "that it ends": ("UPDATE access_reviews SET ending_at = 1" + OPEN, "ending_at is 1, and by the trail nothing"),
    "who ended it": ("UPDATE access_reviews SET ended_by = 'x'" + SIGNED, 'ended_by is "x", and by the trail nothing'),
    "that not all could be read": (
        "UPDATE access_reviews SET complete = 0" + SIGNED,
        "complete is 0, and by the trail 1",
    ),
    "who started it": ("UPDATE access_reviews SET started_by = 'x'" + SIGNED, 'started_by is "x", and by the trail '),
}


class Undone(Exception):
    """So that nothing of it stays."""


def test_access_reviews_agree_with_the_trail(app: AppHarness) -> None:
    assert app.chain_holds()
    with app.ledger.read() as tx:
        assert list(differences(tx)) == []


@pytest.mark.parametrize("what", TAMPERING)
def test_what_somebody_changed_of_a_review_differs_from_the_trail(app: AppHarness, what: str) -> None:
    deed, says = TAMPERING[what]
    with pytest.raises(Undone), app.ledger.write() as tx:
        assert tx.changed(deed) == 1
        found = [str(difference) for difference in differences(tx)]
        assert any(says in each and each.startswith(("access_reviews ", "review_items ")) for each in found), found
        raise Undone


def test_the_audit_names_the_item_that_somebody_changed(app: AppHarness, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert pairec_access("ledger", "backup", str(copy), **told(app)).returncode == 0
    with closing(sqlite3.connect(copy, isolation_level=None)) as file:
        file.execute(TAMPERING["what somebody decided"][0])
    done = pairec_access("audit", **told(app, PAIREC_DATABASE_URL=f"sqlite:///{copy}"))
    assert done.returncode == 1
    assert "The record differs from the trail: review_items " in done.stderr and 'by the trail "keep"' in done.stderr
