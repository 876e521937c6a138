"""Notices that the clock was set while the program ran, and has what was written by it put right before anything more
is claimed.

Real time is compared with time that only passes. Which was wrong, the clock before or the clock after, this machine
cannot know: others are asked then, and every minute.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from approvals.ledger import Ledger
from approvals.millis import DAY, HOUR, MINUTE, SECOND
from approvals.operations import clock_set
from approvals.operations.clock_set import MAX_CLOCK_DIFFERENCE_MS
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.monitor.other_clocks import ClockDifference
from bot.settings import SettingsError

log = logging.getLogger(__name__)

CONDITION = "clock"
CHECK_INTERVAL_MS = MINUTE
MIN_REPORTED_DIFFERENCE_MS = MINUTE
"""A clock that is this far from others' is said to be wrong."""
MAX_USABLE_DIFFERENCE_MS = 15 * MINUTE
"""From here on the cloud takes no request (InvalidTimeStamp.Expired): all that could still be done is to end access in
the record alone, by a clock that is wrong."""
DOUBT_MS = 20 * SECOND
"""A clock that was set by so much is not gone by until others were asked, but no longer than this."""
MAX_READING_MS = SECOND // 2
"""A thread that was held up between two readings of the clocks cannot compare them."""


class ClockWatch:
    """Safe to share between threads."""

    def __init__(
        self, ledger: Ledger, clock: Clock, conditions: Conditions, others: Callable[[], ClockDifference | None]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._conditions = conditions
        self._others = others
        self._lock = threading.Lock()
        self._offset = clock.real() - clock.steady()
        self._corrected_at = clock.steady()
        self._doubted_until = 0
        self._useless = False
        self._ask = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def correct_records(self, *, alone: bool) -> None:
        """What an earlier process left. `alone`: no other process works from this ledger."""
        self._correct(stepped=alone)

    def start(self, wake: Callable[[], None]) -> None:
        """Ask others, now and from now on; `wake` is called when there may be more to do."""
        self._ask.set()
        self._thread = threading.Thread(target=self._keep_comparing, args=(wake,), name="clocks", daemon=True)
        self._thread.start()

    def stop(self, within: float) -> None:
        """Wait up to so many seconds for what it is recording."""
        self._stopped.set()
        self._ask.set()
        if self._thread:
            self._thread.join(within)

    def may_claim(self) -> bool:
        """Whether work may be claimed by the clock as it stands. Where it was set, what it wrote is put right first.
        Where the ledger does not take that, its own error is raised, and the next call tries again.
        """
        with self._lock:
            step = self._step()
            if abs(step) >= MAX_CLOCK_DIFFERENCE_MS:
                log.warning("the clock was set", extra={"by_seconds": round(step / SECOND, 1)})
                self._correct(stepped=True)
                self._doubted_until = self._clock.steady() + (DOUBT_MS if abs(step) >= MAX_USABLE_DIFFERENCE_MS else 0)
                self._ask.set()
            elif self._clock.steady() - self._corrected_at >= CHECK_INTERVAL_MS:
                self._correct(stepped=False)
            # Also where it is put right little by little, which is no step.
            self._offset += step
            return not self._useless and self._clock.steady() >= self._doubted_until

    def is_steady(self) -> bool:
        """Whether the clock still goes as it did when it was looked at last."""
        return abs(self._step()) < MAX_CLOCK_DIFFERENCE_MS

    def _step(self) -> int:
        """Milliseconds by which the clock went further than time did."""
        before = self._clock.steady()
        real = self._clock.real()
        after = self._clock.steady()
        return 0 if after - before > MAX_READING_MS else real - after - self._offset

    def _correct(self, *, stepped: bool) -> None:
        with self._ledger.write() as tx:
            changed = clock_set.correct_times(tx, self._clock.now(), self._clock.real(), stepped=stepped)
        self._corrected_at = self._clock.steady()
        if changed:
            log.warning("nothing waits any longer for what a wrong clock said", extra={"moments": changed})

    # -- the others

    def compare(self) -> None:
        """Ask the others, and go by what they say of this clock."""
        difference = self._others()
        if self._stopped.is_set():
            return
        self._useless = difference is not None and difference.sure and abs(difference.ahead) >= MAX_USABLE_DIFFERENCE_MS
        self._doubted_until = 0
        if difference is None:
            return
        if abs(difference.ahead) >= MIN_REPORTED_DIFFERENCE_MS:
            self._conditions.report(CONDITION, describe_difference(difference))
            return
        self._conditions.clear(CONDITION)
        with self._ledger.write() as tx:
            shortened = clock_set.shorten_future_requests(tx, self._clock.now())
            begun = clock_set.begin_future_reviews(tx, self._clock.now())
        if shortened:
            log.warning("requests of a clock that was ahead last from now on", extra={"requests": shortened})
        if begun:
            log.warning("access reviews of a clock that was ahead run from now on", extra={"reviews": begun})

    def _keep_comparing(self, wake: Callable[[], None]) -> None:
        while not self._stopped.is_set():
            self._ask.wait(CHECK_INTERVAL_MS / SECOND)
            self._ask.clear()
            try:
                self.compare()
            except Exception:
                # The next minute is soon enough; what nobody foresaw must not be the end of all later ones.
                log.exception("the clock could not be compared")
            wake()


def check_clock(difference: ClockDifference | None) -> None:
    """At the start: refuse a clock that is too wrong to work by. None, where no other clock answers, is no reason to.

    Raises:
        SettingsError: two other clocks agree that a program that starts by this one could do nothing but harm.
    """
    if difference is not None and difference.sure and abs(difference.ahead) >= MAX_USABLE_DIFFERENCE_MS:
        raise SettingsError(describe_difference(difference))


def describe_difference(difference: ClockDifference) -> str:
    """In a line, which stays the same while the clock stays about as wrong."""
    way = "ahead of" if difference.ahead > 0 else "behind"
    text = f"the clock is about {_span(abs(difference.ahead))} {way} those of Slack and Alibaba Cloud; set it right"
    if difference.sure and abs(difference.ahead) >= MAX_USABLE_DIFFERENCE_MS:
        return f"{text}: the cloud takes no request by it, and nothing is given or taken back until then"
    return f"{text}: access ends so much too {'early' if difference.ahead > 0 else 'late'}"


def _span(milliseconds: int) -> str:
    unit, name = next(
        (each for each in ((DAY, "days"), (HOUR, "hours")) if milliseconds >= 2 * each[0]), (MINUTE, "minutes")
    )
    return f"{round(milliseconds / unit)} {name}"
