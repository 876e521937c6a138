"""Which requests still matter: they wait, or something of them is there, on its way or to be tried again."""

from __future__ import annotations

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger.requests import of_row, of_rows
from approvals.model import AccessRequest
from approvals.transaction import Tx

CONCERNS = (
    ("requester", "user"),
    ("subject", "user"),
    ("subject_ram_id", "ram_user"),
    ("requester_ram_id", "ram_user"),
)
"""The columns that say whom a request concerns, and whether that is a Slack account or a RAM user."""
_THEIRS = (
    "SELECT * FROM requests WHERE id IN ("
    + " UNION ".join(
        f"SELECT id FROM (SELECT id FROM requests WHERE {column} = :{name} AND {{which}} AND team_id = :team"
        f" ORDER BY id DESC LIMIT :limit) AS by_{column}"
        for column, name in CONCERNS
    )
    + ") ORDER BY id DESC LIMIT :limit"
)
"""A branch for each column that has an index."""


def waiting(tx: Tx, team_id: str, *, limit: int = 100) -> list[AccessRequest]:
    """Those of a workspace that nobody has decided, oldest first."""
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE state = 'pending' AND team_id = :team ORDER BY id LIMIT :limit",
            team=team_id,
            limit=limit,
        )
    )


def running(tx: Tx, team_id: str, *, limit: int) -> list[AccessRequest]:
    """Those approved ones of a workspace of which something is there, on its way or to be tried again, newest first."""
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE unfinished = 1 AND state = 'approved' AND scheduled = 0 AND team_id = :team"
            " ORDER BY id DESC LIMIT :limit",
            team=team_id,
            limit=limit,
        )
    )


def unfinished(tx: Tx) -> list[AccessRequest]:
    """Those that wait, and those of which something is there, on its way or still to be tried again."""
    return of_rows(tx.rows("SELECT * FROM requests WHERE unfinished = 1 ORDER BY id"))


def waiting_for_item(tx: Tx, item: str, principal: str) -> AccessRequest | None:
    """The oldest one that waits and asks for this by name, for somebody or some role of that name."""
    row = tx.row(
        "SELECT * FROM requests WHERE state = 'pending' AND item = :item AND subject_ram_name = :name"
        " ORDER BY id LIMIT 1",
        item=item,
        name=principal,
    )
    return of_row(row) if row else None


def waiting_for_user(tx: Tx, ram_user_id: RamUserId) -> list[AccessRequest]:
    """Those for this RAM user that nobody has decided, or that are yet to begin, oldest first."""
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE unfinished = 1 AND (state = 'pending' OR scheduled = 1)"
            " AND subject_ram_id = :id ORDER BY id",
            id=ram_user_id,
        )
    )


def waiting_of(tx: Tx, team_id: str, requester: SlackUserId, requester_ram_id: RamUserId | None) -> int:
    """How many wait for a decision that somebody asked for, by whichever of their Slack accounts."""
    row = tx.row(
        "SELECT COUNT(*) AS number FROM ("
        " SELECT id FROM requests WHERE requester = :user AND unfinished = 1 AND state = 'pending' AND team_id = :team"
        " UNION SELECT id FROM requests WHERE requester_ram_id = :ram_user AND unfinished = 1 AND state = 'pending'"
        ") AS waiting",
        user=requester,
        ram_user=requester_ram_id,
        team=team_id,
    )
    return int(row["number"]) if row else 0


def concerning(
    tx: Tx, team_id: str, slack_user_id: SlackUserId, ram_user_id: RamUserId | None = None
) -> list[AccessRequest]:
    """What a person made, or what was made for them, and still matters: pending, running, or found to be held before,
    newest first. However many others there were, none of these is left out, but for older ones of the last kind.

    With the RAM user that they are, also what they made, or was made for them, by another Slack account.
    """
    whose = {"team": team_id, "user": slack_user_id, "ram_user": ram_user_id or ""}
    live = tx.rows(_THEIRS.format(which="unfinished = 1"), **whose, limit=1_000)
    held = tx.rows(_THEIRS.format(which="held = 1"), **whose, limit=20)
    return sorted(of_rows(list({row["id"]: row for row in (*live, *held)}.values())), key=lambda request: -request.id)
