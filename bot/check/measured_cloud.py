"""A cloud with a watch beside it: how long a write takes to be answered, and a read to show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from approvals.entitlements import Entitlement
from approvals.errors import CloudError
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.people import Principal
from approvals.ports import Cloud, Go, Receipt, Sighting
from bot.check.refused import cloud_cause, cloud_remedy
from bot.check.row import CheckRow, failed, ok

SHOWN_WITHIN_SECONDS = 15.0
"""Seconds that a read is waited for: well within the lock of a job."""
READ_EVERY_SECONDS = 0.2
ATTACH, DETACH = "AttachPolicyToUser", "DetachPolicyFromUser"


class MeasuredCloud:
    """Of one key."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.seen: dict[str, tuple[float, float | None]] = {}
        """By write: seconds that its answer took, and until a read showed it; None where none did in time."""
        self.errors: dict[str, CloudError] = {}

    def rows(self) -> list[CheckRow]:
        """What came of each write."""
        return [self._row(ATTACH, "shown"), self._row(DETACH, "gone")]

    @property
    def longest_lag(self) -> float | None:
        """Seconds; None where something was not written, or not shown in time."""
        lags = [lag for _, lag in self.seen.values()]
        return max((lag for lag in lags if lag is not None), default=None) if len(lags) > 1 and all(lags) else None

    def _row(self, action: str, word: str) -> CheckRow:
        name = f"probe {action}"
        if action in self.seen:
            took, lag = self.seen[action]
            answer = f"done, answered after {took:.2f} s"
            if lag is not None:
                return ok(name, f"{answer}; {word} {lag:.2f} s later")
            remedy = "Report it: the program takes a read that lags less than a minute for granted."
            return failed(name, f"{answer}; not {word} within {SHOWN_WITHIN_SECONDS:.0f} s", remedy)
        if action in self.errors:
            error = self.errors[action]
            return failed(name, cloud_cause(error), cloud_remedy(error) or "Look at the bot's permissions in RAM.")
        return ok(name, "made by a bot that runs, and not measured")

    # -- the Cloud port

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """As the cloud says."""
        return self._cloud.type_of(principal, entitlement, given_at)

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """As the cloud shows it."""
        return self._cloud.observe(principal, entitlement, recent=recent)

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """As the cloud lists them."""
        return self._cloud.holder_ids(entitlement)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """One write, and reads until one shows it."""
        return self._measured(ATTACH, lambda: self._cloud.attach(principal, entitlement, go), principal, entitlement)

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """Likewise."""
        return self._measured(DETACH, lambda: self._cloud.detach(principal, entitlement, go), principal, entitlement)

    def _measured(
        self, action: str, write: Callable[[], Receipt], principal: Principal, entitlement: Entitlement
    ) -> Receipt:
        begun = time.monotonic()
        try:
            receipt = write()
        except CloudError as error:
            self.errors[action] = error
            raise
        answered = time.monotonic()
        self.seen[action] = answered - begun, self._lag(principal, entitlement, shown=action == ATTACH)
        return receipt

    def _lag(self, principal: Principal, entitlement: Entitlement, *, shown: bool) -> float | None:
        begun = time.monotonic()
        while time.monotonic() - begun < SHOWN_WITHIN_SECONDS:
            with suppress(CloudError):
                if self._cloud.observe(principal, entitlement).present is shown:
                    return time.monotonic() - begun
            time.sleep(READ_EVERY_SECONDS)
        return None
