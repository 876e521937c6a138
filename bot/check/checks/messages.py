"""Whether Slack would take every message, form and tab that the program can send, at its fullest. Nothing is sent:
Slack is asked to look at each (`blocks.validate`, which needs no scope).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.check.context import CheckContext
from bot.check.row import CheckRow, NotTried, failed, ok, warning
from bot.check.samples.views import ViewSample, all_samples
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import failure_of
from handlers.translations import load_translations, locales
from handlers.views.blocks import Message

NAME = "messages"
WITHIN_SECONDS = 90.0
"""Slack says that special limits apply to the method, and not which: what is not asked about by then is left out."""
ASKED_AT_ONCE = 4
REFUSED = ("invalid_blocks", "invalid_message", "invalid_view")
PAUSES = 3
"""Times that Slack may ask to wait before one is asked about."""


def check_messages(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each that is refused, with the place in it; the others are counted."""
    slack = context.slack()
    slack.auth_test()
    slack.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=PAUSES))
    samples = [
        sample
        for locale in locales()
        for sample in all_samples(context.catalog_in(locale), context.plan(), load_translations(locale))
    ]
    deadline = time.monotonic() + WITHIN_SECONDS
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        answers = list(pool.map(lambda each: _answer(slack, each, deadline), samples))
    refused = {sample.name: answer for sample, answer in zip(samples, answers, strict=True) if answer}
    for name, why in refused.items():
        yield failed(f"message {name}", why, "Report it: Slack takes less than this program sends at its fullest.")
    left = answers.count(None)
    if left == len(samples):
        raise NotTried("Slack takes no more questions now")
    if left:
        yield warning(NAME, f"{len(samples) - left} of {len(samples)} looked at: Slack asked to wait", "Run it again.")
    elif not refused:
        yield ok(NAME, f"Slack takes all {len(samples)} messages, forms and tabs")


def _answer(slack: WebClient, sample: ViewSample, deadline: float) -> str | None:
    """What Slack says is wrong with it, empty where nothing is; None where it was not asked or does not say."""
    if time.monotonic() > deadline:
        return None
    shown = sample.shown
    try:
        if isinstance(shown, Message):
            slack.blocks_validate(message={"text": shown.text, "blocks": shown.blocks})
        else:
            slack.blocks_validate(view=dict(shown))
    except SlackApiError as error:
        if failure_of(error).code in REFUSED:
            first = (error.response.get("errors") or [{}])[0]
            return f"{first.get('pointer')}: {first.get('message')}"
        if failure_of(error).kind is SlackErrorKind.RATE_LIMITED:
            return None
        raise
    return ""
