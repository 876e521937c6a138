"""The approvals channel."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.errors import SlackApiError

from bot.check.context import CheckContext
from bot.check.refused import OF_THE_TOKEN
from bot.check.row import CheckRow, failed, ok, warning
from bot.slack.conversations import is_shared
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import failure_of

NAME = "approvals channel"


def check_channel(context: CheckContext) -> Iterator[CheckRow]:
    """It is there, the bot is in it, and nobody else reads along."""
    context.need("PAIREC_APPROVALS_CHANNEL")
    channel = context.settings.approvals_channel
    if channel is None:
        yield ok(NAME, "none is set: each approver gets the cards by direct message")
        return
    invite = "Type /invite @pairec-access in it, or put PAIREC_APPROVALS_CHANNEL right."
    try:
        found = context.slack().conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        failure = failure_of(error)
        if failure.code in OF_THE_TOKEN:
            raise
        unseen = failure.kind is SlackErrorKind.NOT_IN_CHANNEL
        said = "not there, or the bot is not in it" if unseen else "Slack does not say how it is"
        yield failed(NAME, f"{said} ({failure.code})", invite)
        return
    private = "Make a private channel of this workspace, and set its id."
    if is_shared(found):
        yield failed(NAME, "shared with another organisation", private)
    elif found.get("is_archived"):
        yield failed(NAME, "archived", private)
    elif not found.get("is_member"):
        yield failed(NAME, "the bot is not in it", invite)
    elif not found.get("is_private"):
        yield warning(NAME, "public: everybody in the workspace reads who asks for what", private)
    else:
        yield ok(NAME, "private, and the bot is in it")
