"""Others are asked what time it is, and believed as far as they agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from approvals.millis import HOUR, MINUTE, DomainMillis
from bot.clock import wall_clock_ms
from bot.egress import Egress
from bot.monitor.other_clocks import ClockDifference, OtherClocks, cloud_time, slack_time
from bot.sandbox.server import Sandbox

NOW = DomainMillis(1_700_000_000_000)
NEAR = 5_000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def test_slack_and_the_cloud_say_what_time_it_is_with_every_answer(sandbox: Sandbox) -> None:
    environment = sandbox.env()
    slack = WebClient(base_url=environment["PAIREC_SLACK_API_URL"])
    for told in (slack_time(slack), cloud_time(environment["PAIREC_RAM_ENDPOINT"], Egress())):
        assert told is not None and abs(told - wall_clock_ms()) < NEAR


def test_where_nobody_answers_nothing_is_known() -> None:
    slack = WebClient(base_url="http://127.0.0.1:1/api/", timeout=1, retry_handlers=[])
    assert (slack_time(slack), cloud_time("http://127.0.0.1:1", Egress())) == (None, None)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ((), None),
        ((None, None), None),
        ((NOW + HOUR, None), ClockDifference(-HOUR, sure=False)),
        ((NOW - HOUR, NOW - HOUR), ClockDifference(HOUR, sure=True)),
        ((NOW - HOUR, NOW - HOUR + 2 * MINUTE), None),
    ],
    ids=["nobody", "no answer", "one", "two of one mind", "two of two minds"],
)
def test_two_that_agree_are_sure_and_two_that_do_not_say_nothing(
    told: tuple[int | None, ...], known: ClockDifference | None
) -> None:
    assert OtherClocks(lambda: NOW, *(lambda each=each: each for each in told)).difference() == known
