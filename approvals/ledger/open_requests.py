"""Which requests still matter: they wait, or something of them is there, on its way or to be tried again."""

from __future__ import annotations

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger.requests import of_row, of_rows
from approvals.model import AccessRequest
from approvals.transaction import Tx


def waiting(tx: Tx, team_id: str, *, limit: int = 100) -> list[AccessRequest]:
    """Those of a workspace that nobody has decided, oldest first."""
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE state = 'pending' AND team_id = :team ORDER BY id LIMIT :limit",
            team=team_id,
            limit=limit,
        )
    )


def unfinished(tx: Tx) -> list[AccessRequest]:
    """Those that wait, and those of which something is there, on its way or still to be tried again."""
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE state = 'pending' OR EXISTS (SELECT 1 FROM grants"
            " WHERE grants.request_id = requests.id"
            " AND grants.state IN ('planned', 'granting', 'active', 'ending', 'failed')) ORDER BY id"
        )
    )


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
    """Those that nobody has decided and that are for this RAM user, oldest first."""
    return of_rows(
        tx.rows("SELECT * FROM requests WHERE state = 'pending' AND subject_ram_id = :id ORDER BY id", id=ram_user_id)
    )


def concerning(
    tx: Tx, team_id: str, slack_user_id: SlackUserId, ram_user_id: RamUserId | None = None
) -> list[AccessRequest]:
    """What a person made, or what was made for them, and still matters: pending, running, or found to be held before,
    newest first. However many others there were, none of these is left out, but for older ones of the last kind.

    With the RAM user that they are, also what they made, or was made for them, by another Slack account.
    """
    about = (
        "SELECT * FROM requests WHERE team_id = :team AND (requester = :user OR subject = :user"
        " OR subject_ram_id = :ram_user OR requester_ram_id = :ram_user)"
        " AND (state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE grants.request_id = requests.id"
        " AND grants.state IN ({states}))) ORDER BY id DESC LIMIT :limit"
    )
    running = about.format(states="'planned', 'granting', 'active', 'ending', 'failed'")
    whose = {"team": team_id, "user": slack_user_id, "ram_user": ram_user_id or ""}
    live = tx.rows(running, **whose, limit=1_000)
    held = tx.rows(about.format(states="'held'"), **whose, limit=20)
    return sorted(of_rows(list({row["id"]: row for row in (*live, *held)}.values())), key=lambda request: -request.id)
