"""Who wishes to be reminded by direct message as well, by the Slack account that is linked."""

from __future__ import annotations

from approvals.ids import SlackUserId
from approvals.transaction import Tx


def every_one(tx: Tx, team_id: str) -> frozenset[SlackUserId]:
    """Slack user ids."""
    rows = tx.rows("SELECT slack_user_id FROM dm_reminders WHERE team_id = :team", team=team_id)
    return frozenset(SlackUserId(row["slack_user_id"]) for row in rows)


def wished(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> bool:
    """Whether somebody wishes it."""
    return bool(
        tx.row(
            "SELECT 1 AS found FROM dm_reminders WHERE team_id = :team AND slack_user_id = :user",
            team=team_id,
            user=slack_user_id,
        )
    )


def put(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> None:
    """They wish it from now on."""
    tx.run(
        "INSERT INTO dm_reminders (team_id, slack_user_id) VALUES (:team, :user) ON CONFLICT DO NOTHING",
        team=team_id,
        user=slack_user_id,
    )


def remove(tx: Tx, team_id: str, slack_user_id: SlackUserId) -> None:
    """They do not any more."""
    tx.run("DELETE FROM dm_reminders WHERE team_id = :team AND slack_user_id = :user", team=team_id, user=slack_user_id)
