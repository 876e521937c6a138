"""The user groups that rules or break-glass of the catalogue go by."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.errors import SlackApiError

from bot.check.context import CheckContext
from bot.check.refused import OF_THE_TOKEN
from bot.check.row import CheckRow, failed, ok, warning
from bot.slack.errors import failure_of
from bot.slack.scopes import ON_CALL_SCOPE

NAME = "on call"
SCOPE = f"Take the line {ON_CALL_SCOPE} of manifest.yml into the app's manifest, and reinstall the app."
GROUP = "Enable that user group in Slack, or put `on_call` right in the catalogue."


def check_on_call(context: CheckContext) -> Iterator[CheckRow]:
    """Slack says of each who is in it. Nothing where neither a rule nor break-glass goes by them."""
    catalog = context.catalog()
    for name, group in catalog.asked_on_call(break_glass=True).items():
        yield _group(context, name, group)


def _group(context: CheckContext, name: str, group: str) -> CheckRow:
    try:
        users = context.slack().usergroups_users_list(usergroup=group).get("users") or []
    except SlackApiError as error:
        code = failure_of(error).code
        if code in OF_THE_TOKEN:
            raise
        return failed(NAME, f"{name}: Slack does not say who is in {group} ({code})", _remedy(code))
    if not users:
        return warning(NAME, f"{name}: nobody is in {group}", GROUP)
    return ok(NAME, f"{name}: {len(users)} in {group}")


def _remedy(code: str) -> str:
    return SCOPE if code == "missing_scope" else GROUP
