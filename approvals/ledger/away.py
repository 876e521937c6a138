"""Who is away until when, by the Slack account that is linked."""

from __future__ import annotations

from approvals.ids import SlackUserId
from approvals.millis import DomainMillis
from approvals.transaction import Tx


def every_one(tx: Tx, team_id: str) -> dict[SlackUserId, DomainMillis]:
    """Until when, in milliseconds, by Slack user id. Whose time is up goes a moment later."""
    rows = tx.rows("SELECT slack_user_id, until FROM away WHERE team_id = :team", team=team_id)
    return {SlackUserId(row["slack_user_id"]): DomainMillis(row["until"]) for row in rows}


def until(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> DomainMillis | None:
    """Until when somebody is away; None where they are not."""
    row = tx.row(
        "SELECT until FROM away WHERE team_id = :team AND slack_user_id = :user", team=team_id, user=slack_user_id
    )
    return DomainMillis(row["until"]) if row else None


def put(tx: Tx, team_id: str, slack_user_id: SlackUserId, moment: DomainMillis) -> None:
    """They are away until then, and not until another moment any more."""
    tx.run(
        "INSERT INTO away (team_id, slack_user_id, until) VALUES (:team, :user, :until)"
        " ON CONFLICT (team_id, slack_user_id) DO UPDATE SET until = excluded.until",
        team=team_id,
        user=slack_user_id,
        until=moment,
    )


def remove(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> None:
    """They are here."""
    tx.run("DELETE FROM away WHERE team_id = :team AND slack_user_id = :user", team=team_id, user=slack_user_id)
