"""What other clocks say: Slack's and the cloud's answers each carry the time at which they were written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from approvals.millis import MINUTE, SECOND
from bot.egress import Egress
from bot.slack.errors import SLACK_FAILURES

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_SECONDS = 3
"""Seconds."""
MAX_DIFFERENCE_MS = MINUTE
Ask = Callable[[], int | None]


@dataclass(frozen=True, slots=True)
class ClockDifference:
    """How far ours is ahead of others' clocks, in milliseconds."""

    ahead: int
    sure: bool
    """Two of them say so, which do not know of each other."""


class OtherClocks:
    """Our clock beside those of others, who do not know of each other."""

    def __init__(self, real: Callable[[], int], *asks: Ask) -> None:
        """`real` is ours; each of `asks` gives another's, None where it does not tell now. In milliseconds."""
        self._real = real
        self._asks = asks

    def difference(self) -> ClockDifference | None:
        """None where no other clock tells, or those that do are not of one mind."""
        found = [time - self._real() for ask in self._asks if (time := ask()) is not None]
        if not found or max(found) - min(found) > MAX_DIFFERENCE_MS:
            return None
        return ClockDifference(-round(sum(found) / len(found)), sure=len(found) > 1)


def slack_time(slack: WebClient) -> int | None:
    """Slack says when it answered, whatever it answered."""
    try:
        return _dated(slack.api_test().headers.items())
    except SlackApiError as error:
        return _dated(error.response.headers.items())
    except SLACK_FAILURES:
        return None


def cloud_time(endpoint: str, egress: Egress) -> int | None:
    """The same of an endpoint of the cloud: it is asked for nothing, so that it does not matter what it answers, nor
    whether it would take a signature of this time.
    """
    address = endpoint if "://" in endpoint else f"https://{endpoint}"
    proxy = egress.proxy_for(address)
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("https://", egress.adapter())
            answer = session.head(
                address, timeout=ANSWER_TIMEOUT_SECONDS, proxies={"http": proxy, "https": proxy} if proxy else {}
            )
            return _dated(answer.headers.items())
    except (requests.RequestException, OSError):
        return None


def _dated(headers: Iterable[tuple[str, Any]]) -> int | None:
    """The half of a second is the middle of what a date of whole seconds can mean."""
    header = next((value for name, value in headers if name.casefold() == "date"), "")
    try:
        date = parsedate_to_datetime(str(header[0] if isinstance(header, list) else header))
        return int(date.timestamp()) * SECOND + SECOND // 2
    except (ValueError, IndexError, OverflowError):
        return None
