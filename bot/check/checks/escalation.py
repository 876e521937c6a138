"""The places that requests which nobody decides are shown to as well."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.errors import SlackApiError

from approvals.outbox.escalations import is_group
from bot.check.context import CheckContext
from bot.check.refused import OF_THE_TOKEN
from bot.check.row import CheckRow, failed, ok
from bot.slack.conversations import is_shared
from bot.slack.errors import failure_of

NAME = "escalation"
INVITE = "Type /invite @pairec-access in it, or put `escalate_to` right in the catalogue."


def check_escalation(context: CheckContext) -> Iterator[CheckRow]:
    """Of each channel: the bot is in it, and nobody else reads along. A user group needs neither a look nor a scope."""
    places = sorted({item.escalate_to for item in context.catalog().items.values() if item.escalate_to})
    if not places:
        yield ok(NAME, "nothing is escalated")
    for place in places:
        if is_group(place):
            yield ok(NAME, f"{place}: a user group, called below the card")
        else:
            yield _channel(context, place)


def _channel(context: CheckContext, place: str) -> CheckRow:
    try:
        found = context.slack().conversations_info(channel=place)["channel"]
    except SlackApiError as error:
        failure = failure_of(error)
        if failure.code in OF_THE_TOKEN:
            raise
        return failed(NAME, f"{place}: not there, or the bot is not in it ({failure.code})", INVITE)
    if is_shared(found):
        return failed(NAME, f"{place}: shared with another organisation", INVITE)
    if found.get("is_archived") or not found.get("is_member"):
        return failed(NAME, f"{place}: archived, or the bot is not in it", INVITE)
    return ok(NAME, f"{place}: the bot is in it")
