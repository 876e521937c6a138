"""What Slack is asked before anything starts, and whose fault it is when the answer is no."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLCertVerificationError
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.egress import refused_by_proxy
from bot.settings import SettingsError
from bot.slack.conversations import is_shared
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SLACK_FAILURES, failure_of
from bot.slack.membership import installation_of

log = logging.getLogger(__name__)

_NOT_NOW = (SlackErrorKind.RATE_LIMITED, SlackErrorKind.UNAVAILABLE, SlackErrorKind.NO_ANSWER)
"""No setting's fault."""


@contextmanager
def asking_slack(refused: str) -> Iterator[None]:
    """`refused` is the sentence for when Slack says no; the setting that it names is then at fault.

    Raises:
        SettingsError: Slack says no, or does not answer, which is no setting's fault unless its address is wrong.
    """
    try:
        yield
    except SLACK_FAILURES as error:
        failure = failure_of(error)
        if failure.kind in _NOT_NOW:
            raise SettingsError(unreachable_reason(error)) from None
        if failure.kind is SlackErrorKind.NOT_SLACK:
            raise SettingsError("PAIREC_SLACK_API_URL: what answers there is not Slack") from None
        raise SettingsError(f"{refused} ({failure.code})") from None


def unreachable_reason(error: Exception) -> str:
    """What is in the way, as a line: whoever stands between, or that Slack does not answer."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, SSLCertVerificationError):
        return (
            f"PAIREC_SLACK_API_URL: the certificate of what answers there is not trusted ({cause.verify_message});"
            " SSL_CERT_FILE names the certificate authorities that are"
        )
    return refused_by_proxy(cause, "Slack") or (
        f"PAIREC_SLACK_API_URL: Slack does not answer right now ({failure_of(error).code}); "
        "if the address is right, start again in a while"
    )


def slack_team(slack: WebClient) -> str:
    """The workspace that the bot token belongs to, or the organisation.

    Raises:
        SettingsError: Slack does not take the token, or does not answer.
    """
    with asking_slack("SLACK_BOT_TOKEN: Slack does not take it"):
        answer = slack.auth_test()
    try:
        return installation_of(answer).team_id
    except KeyError:
        raise SettingsError("PAIREC_SLACK_API_URL: what answers there does not say which workspace it is") from None


def check_channel(slack: WebClient, channel: str | None) -> None:
    """Approvals must not be readable by other organisations, and had better not be public.

    Raises:
        SettingsError: the channel is shared with another organisation, or Slack does not tell.
    """
    if channel is None:
        log.warning("no approvals channel is set: each approver gets cards by direct message")
        return
    with asking_slack("PAIREC_APPROVALS_CHANNEL: Slack does not tell who reads it"):
        found = _channel_info(slack, channel)
    if found is None:
        # Cards go to the approvers in person then; the bot may be invited later.
        return
    if is_shared(found):
        raise SettingsError(
            "PAIREC_APPROVALS_CHANNEL is shared with another organisation; choose a private channel of this workspace"
        )
    if not found.get("is_private"):
        log.warning(
            "the approvals channel is public: everybody here reads who asks for what", extra={"channel": channel}
        )


def _channel_info(slack: WebClient, channel: str) -> dict[str, Any] | None:
    """What Slack says of a channel; None when there is none, or the bot is not in it."""
    try:
        found: dict[str, Any] = slack.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        failure = failure_of(error)
        if failure.kind is not SlackErrorKind.NOT_IN_CHANNEL:
            raise
        log.warning("the approvals channel cannot be seen", extra={"channel": channel, "error": failure.code})
        return None
    return found
