"""How what people do in Slack comes in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from slack_bolt import App

from bot.app.parts import SLACK_TIMEOUT_SECONDS, Parts
from bot.health import Health
from bot.slack.unacknowledged import Unacknowledged
from handlers.context import HandlerContext
from handlers.register import register

if TYPE_CHECKING:
    from bot.slack.http_mode import SlackHttp
    from bot.slack.socket_mode import SlackSocket


def slack_connection(parts: Parts, context: HandlerContext, unacknowledged: Unacknowledged) -> SlackSocket | SlackHttp:
    """The connection to Slack, not yet open; the mode's own secret is set, as the settings see to. What the other mode
    needs is not loaded.
    """
    settings, bolt = parts.settings, _bolt(parts, context)
    if settings.slack_mode == "http" and settings.signing_secret:
        from bot.slack.http_mode import SlackHttp
        from bot.slack.signed_requests import SlackRequests

        health = Health(parts.ledger, parts.conditions)
        requests = SlackRequests(bolt, settings.signing_secret.get_secret_value(), health)
        return SlackHttp(requests, *settings.listen_at)
    from bot.slack.socket_mode import SlackSocket

    token = settings.app_token.get_secret_value() if settings.app_token else ""
    return SlackSocket(bolt, token, settings.slack_api_url, SLACK_TIMEOUT_SECONDS, parts.egress, unacknowledged)


def _bolt(parts: Parts, context: HandlerContext) -> App:
    secret = parts.settings.signing_secret
    bolt = App(
        # Bolt would go through all of the stack to find one.
        name="pairec-access",
        client=parts.slack,
        signing_secret=secret.get_secret_value() if secret else None,
        token_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    register(bolt, context)
    return bolt
