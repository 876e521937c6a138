"""What Slack's answers mean: a code in a list says what it says, and whatever proves nothing passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.error_kinds import CLOSED, FINAL, NOT_REDRAWN, NOT_REPLIED_TO, PASSING, SlackErrorKind
from bot.slack.errors import SlackNotTaken, SlackRefused, failure_of, not_sent, reply_failure

REFUSE: Callable[[str, SlackResponse], SlackApiError] = SlackApiError
"""The SDK's own type has no annotations."""


def said(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    answer = SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    return REFUSE("no", answer)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (said({"ok": False, "error": "not_in_channel"}), SlackErrorKind.NOT_IN_CHANNEL, "not_in_channel"),
        (said({"ok": False, "error": "is_archived"}), SlackErrorKind.CONVERSATION_CLOSED, "is_archived"),
        (said({"ok": False, "error": "users_not_found"}), SlackErrorKind.NO_SUCH_USER, "users_not_found"),
        (said({"ok": False, "error": "message_not_found"}), SlackErrorKind.MESSAGE_GONE, "message_not_found"),
        (said({"ok": False, "error": "token_revoked"}), SlackErrorKind.APP_REFUSED, "token_revoked"),
        (said({"ok": False, "error": "missing_scope"}), SlackErrorKind.MISSING_SCOPE, "missing_scope"),
        (said({"ok": False, "error": "never_seen"}), SlackErrorKind.OTHER, "never_seen"),
        (said({"ok": False, "error": "message_limit_exceeded"}), SlackErrorKind.RATE_LIMITED, "message_limit_exceeded"),
        # A status that says that Slack is busy or fails is believed before the code.
        (said({"ok": False, "error": "is_archived"}, 429), SlackErrorKind.RATE_LIMITED, "ratelimited"),
        (said({"ok": False, "error": "is_archived"}, 503), SlackErrorKind.UNAVAILABLE, "is_archived"),
        (said({"ok": False, "error": "rate_limited"}, 503), SlackErrorKind.RATE_LIMITED, "rate_limited"),
        # What answers in Slack's place.
        (said({}), SlackErrorKind.NOT_SLACK, "http_200"),
        (said({"error": "the page of a proxy"}, 403), SlackErrorKind.NOT_SLACK, "http_403"),
        (said({}, 502), SlackErrorKind.UNAVAILABLE, "http_502"),
        (TimeoutError(), SlackErrorKind.NO_ANSWER, "TimeoutError"),
    ],
    ids=str,
)
def test_what_an_answer_means(error: Exception, kind: SlackErrorKind, code: str) -> None:
    failure = failure_of(error)
    assert (failure.kind, failure.code) == (kind, code)
    sent = not_sent(error)
    assert isinstance(sent, SlackRefused if kind in FINAL else SlackNotTaken)
    assert failure_of(sent) == failure


@pytest.mark.parametrize(("asked", "pause"), [("30", 30_000), ("86400", 600_000), ("soon", 0), ("-1", 0)])
def test_a_pause_that_slack_asks_for_is_kept_within_reason(asked: str, pause: int) -> None:
    assert failure_of(said({}, 429, {"Retry-After": asked})).asked_pause_ms == pause


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("used_url", SlackErrorKind.REPLY_SPENT),
        ("channel_not_found", SlackErrorKind.REPLY_SPENT),
        ("invalid_blocks", SlackErrorKind.MALFORMED),
        ("never_seen", SlackErrorKind.OTHER),
        (None, SlackErrorKind.OTHER),
    ],
)
def test_an_address_for_replies_has_codes_of_its_own(code: str | None, kind: SlackErrorKind) -> None:
    assert reply_failure(code, 200, {}).kind is kind


def test_nothing_that_passes_is_final() -> None:
    assert not PASSING & FINAL
    assert {SlackErrorKind.MESSAGE_GONE} == NOT_REDRAWN & NOT_REPLIED_TO and not CLOSED & (NOT_REDRAWN | NOT_REPLIED_TO)
