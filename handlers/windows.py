"""Forms and windows on somebody's screen: Slack puts them there, and may be too late or too busy for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from approvals.errors import Refusal, RefusalReason
from handlers.context import HandlerContext
from handlers.views.blocks import Message, note

log = logging.getLogger(__name__)

TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")
OVERTAKEN = ("not_found", "hash_conflict", "view_not_found")
PASSING = frozenset(
    (
        "access_denied",
        "accesslimited",
        "account_inactive",
        "ekm_access_denied",
        "fatal_error",
        "internal_error",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_authed",
        "org_login_required",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_access_not_granted",
        "team_added_to_org",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    )
)
"""What Slack says of the app, whatever the window is (docs.slack.dev/reference/methods/views.open, as of 2026-08)."""


def open_window(context: HandlerContext, body: dict[str, Any], view: dict[str, Any], too_late: str) -> Message | None:
    """Put a window before whoever did this. `too_late` is the answer when Slack no longer lets it be opened.

    Raises:
        Refusal: SLACK_BUSY.
    """
    try:
        with _busy_told():
            context.slack.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except SlackApiError as error:
        if _word(error) in TOO_LATE:
            return note(too_late)
        raise
    return None


def redraw_window(context: HandlerContext, view: dict[str, Any], redrawn: dict[str, Any]) -> None:
    """Show `redrawn` in place of `view`, unless that was closed, or changed again: the newer change redraws it.

    Raises:
        Refusal: SLACK_BUSY.
    """
    try:
        with _busy_told():
            context.slack.views_update(view_id=str(view["id"]), hash=str(view.get("hash") or ""), view=redrawn)
    except SlackApiError as error:
        if _word(error) not in OVERTAKEN:
            raise


def _word(error: SlackApiError) -> str | None:
    """What Slack says; None where it was not Slack who answered."""
    told = error.response.data
    word = told.get("error") if isinstance(told, dict) else None
    return word if isinstance(word, str) and word.isidentifier() else None


@contextmanager
def _busy_told() -> Iterator[None]:
    """What may work in a minute is no fault of ours to look into, and the person reads so."""
    try:
        yield
    except SlackApiError as error:
        word = _word(error)
        if word and word not in PASSING and error.response.status_code not in (429, *range(500, 600)):
            raise
        log.warning("Slack did not show a window", extra={"error": word or error.response.status_code})
        raise Refusal(RefusalReason.SLACK_BUSY) from error
    except (SlackClientError, OSError, HTTPException) as error:
        log.warning("Slack did not show a window", extra={"error": type(error).__name__})
        raise Refusal(RefusalReason.SLACK_BUSY) from error
