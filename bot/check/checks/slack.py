"""Slack: the tokens, the workspace, the scopes, and whether a connection could be opened. None is: it would take clicks
away from the bot that runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from approvals.ledger import identity
from approvals.operations import belonging
from bot.check.context import CheckContext
from bot.check.row import CheckRow, NotTried, failed, not_tried, ok, warning
from bot.slack.errors import failure_of
from bot.slack.membership import installation_of
from bot.slack.scopes import BOT_SCOPES, ON_CALL_SCOPE

TOKEN, CONNECTION = "Slack token", "Slack connection"
SCOPES, WORKSPACE, APP = "Slack scopes", "Slack workspace", "Slack app"
REINSTALL = "Paste manifest.yml at api.slack.com/apps, App Manifest, and reinstall the app."
_APP_OF_TOKEN = re.compile(r"xapp-\d+-([A-Z0-9]+)-")


def check_slack(context: CheckContext) -> Iterator[CheckRow]:
    """The bot token, and what Slack's answer to it says."""
    slack = context.slack()
    try:
        answer = slack.auth_test()
    except SlackApiError as error:
        code = failure_of(error).code
        yield failed(TOKEN, f"Slack does not take it ({code})", "Take the Bot User OAuth Token of this app's Install.")
        return
    yield ok(TOKEN, f"{answer.get('user')} in {answer.get('team')}")
    yield _workspace(context, answer)
    yield from _scopes(_header(answer, "x-oauth-scopes"))
    yield _app(context, answer)


def _workspace(context: CheckContext, answer: SlackResponse) -> CheckRow:
    try:
        theirs = installation_of(answer).team_id
    except KeyError:
        return failed(WORKSPACE, "Slack does not say which it is", "See that PAIREC_SLACK_API_URL is Slack's.")
    try:
        ours = belonging.owner(context.ledger(), identity.TEAM)
    except NotTried:
        ours = None
    if ours not in (None, theirs):
        remedy = f"Take a token of {ours}; if everybody moved: pairec-access links --team {ours} --to {theirs}."
        return failed(WORKSPACE, f"the token is of {theirs}, the ledger of {ours}", remedy)
    return ok(WORKSPACE, theirs if ours else f"{theirs}; the ledger has none yet")


def _scopes(header: str | None) -> Iterable[CheckRow]:
    if header is None:
        yield not_tried(SCOPES, "Slack's answer does not name them")
        return
    has = {scope.strip() for scope in header.split(",") if scope.strip()}
    for scope in BOT_SCOPES.keys() - has:
        yield failed(f"scope {scope}", f"the token has it not: without it, no {BOT_SCOPES[scope]}", REINSTALL)
    if more := sorted(has - BOT_SCOPES.keys() - {ON_CALL_SCOPE}):
        yield warning(SCOPES, f"more than the app needs: {', '.join(more)}", REINSTALL)
    elif has >= BOT_SCOPES.keys():
        yield ok(SCOPES, f"the {len(BOT_SCOPES)} of manifest.yml")


def _app(context: CheckContext, answer: SlackResponse) -> CheckRow:
    """Both tokens are of one app; of which one, the app token says itself."""
    token = context.settings.app_token
    named = _APP_OF_TOKEN.match(token.get_secret_value()) if token and "SLACK_APP_TOKEN" not in context.faults else None
    if context.settings.slack_mode != "socket" or named is None:
        return not_tried(APP, "no app token to compare with")
    try:
        bot = context.slack().bots_info(bot=str(answer.get("bot_id"))).get("bot") or {}
    except SlackApiError as error:
        return not_tried(APP, f"Slack does not say which it is ({failure_of(error).code})")
    app = str(bot.get("app_id"))
    if app != named[1]:
        remedy = "Take both tokens from one app's page at api.slack.com/apps."
        return failed(APP, f"the bot token is of {app}, the app token of {named[1]}", remedy)
    return ok(APP, app)


def check_connection(context: CheckContext) -> Iterator[CheckRow]:
    """Whether Slack would give an address for Socket Mode."""
    if context.settings.slack_mode == "http":
        yield not_tried(CONNECTION, "in HTTP mode Slack calls the bot; only Slack's own calls show that it does")
        return
    context.need("SLACK_APP_TOKEN")
    token = context.settings.app_token
    try:
        context.slack().apps_connections_open(app_token=token.get_secret_value() if token else "")
    except SlackApiError as error:
        code = failure_of(error).code
        remedy = "Take an app-level token with connections:write (Basic Information); switch Socket Mode on."
        yield failed(CONNECTION, f"Slack does not open one ({code})", remedy)
        return
    yield ok(CONNECTION, "Slack would open one")


def _header(answer: SlackResponse, name: str) -> str | None:
    found = next((value for header, value in answer.headers.items() if header.casefold() == name), None)
    return ",".join(found) if isinstance(found, list) else found
