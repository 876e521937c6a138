"""This machine's clock beside those of Slack and of RAM."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from approvals.millis import MINUTE, SECOND
from bot.app.opening import clock_of
from bot.check.context import CheckContext
from bot.check.row import CheckRow, failed, not_tried, ok, warning
from bot.clock import wall_clock_ms
from bot.monitor.clock_watch import MAX_USABLE_DIFFERENCE_MS, MIN_REPORTED_DIFFERENCE_MS
from bot.monitor.other_clocks import cloud_time, slack_time

SLACK, RAM = "Slack clock", "RAM clock"
REMEDY = "Set this machine's clock, and keep it right by NTP."


def check_slack_clock(context: CheckContext) -> Iterator[CheckRow]:
    """By the date of an answer of Slack's."""
    slack = context.slack()
    yield _compared(SLACK, wall_clock_ms, lambda: slack_time(slack))


def check_cloud_clock(context: CheckContext) -> Iterator[CheckRow]:
    """By the date of an answer of RAM's; in the sandbox, whose clock can be moved, RAM goes by that one."""
    context.need("PAIREC_RAM_ENDPOINT", "PAIREC_CLOCK_URL")
    clock, egress = clock_of(context.settings), context.egress()
    yield _compared(RAM, clock.now, lambda: cloud_time(context.settings.ram_endpoint, egress))


def _compared(name: str, ours: Callable[[], int], theirs: Callable[[], int | None]) -> CheckRow:
    before = ours()
    told = theirs()
    if told is None:
        return not_tried(name, "it does not say what time it is")
    # The answer was written somewhere between the question and now.
    ahead = (before + ours()) // 2 - told
    seen = f"{abs(ahead) / SECOND:.0f} s {'ahead' if ahead > 0 else 'behind'}"
    if abs(ahead) >= MAX_USABLE_DIFFERENCE_MS:
        return failed(name, f"{abs(ahead) // MINUTE} min {'ahead' if ahead > 0 else 'behind'}", REMEDY)
    if abs(ahead) >= MIN_REPORTED_DIFFERENCE_MS:
        return warning(name, seen, REMEDY)
    return ok(name, f"within {max(1, round(abs(ahead) / SECOND))} s")
