"""Anything that people, hands in RAM, the weather and fate may do to the bot, in any order; Hypothesis chooses."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from approvals.millis import DomainMillis
from approvals.model import Verdict, request_ref
from approvals.operations.revoke import revoke_all
from tests.harness.app import HOUR
from tests.harness.crashing_app import CrashingApp
from tests.harness.oracle import Oracle
from tests.property.acting import Acting
from tests.property.chances import (
    ANYBODY,
    APPROVERS,
    DURATIONS,
    ITEMS,
    POLICIES,
    RAM_CALLS,
    RAM_FAULTS,
    SLACK_CALLS,
    SLACK_FAULTS,
    TIMES,
    WHICH,
)

MINUTE = 60
LONG_AFTER = 91 * 24 * HOUR
LAG = 1.0
"""Seconds by which a read may lag."""


class Anything(RuleBasedStateMachine):
    """`new_ledger` gives the address of an empty one for each course of events."""

    new_ledger: Callable[[Path], str]

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.app = CrashingApp(folder, pace=10.0, ledger_address=type(self).new_ledger(folder))
        self.app.__enter__()
        self.oracle = Oracle(self.app)
        self.people = Acting(self.app, self.oracle)

    def teardown(self) -> None:
        try:
            self._settle()
            self.app.people.advance(LONG_AFTER)
            self._settle()
            self.oracle.compared()
            self.oracle.hold()
            self.oracle.hold_when_settled()
        finally:
            self.app.__exit__(None, None, None)
            self._folder.cleanup()

    # -- people

    @rule(who=ANYBODY, item=ITEMS, duration=DURATIONS, subject=st.none() | ANYBODY)
    def asks(self, who: str, item: str, duration: str, subject: str | None) -> None:
        person = "" if subject is None else f"@{subject} "
        self.people.types(who, f"/pairec-access request {item} {person}{duration} rolling out")

    @rule(who=ANYBODY, item=ITEMS, duration=DURATIONS, approvers=st.lists(APPROVERS, min_size=1, max_size=3))
    def asks_and_is_heard(self, who: str, item: str, duration: str, approvers: list[str]) -> None:
        """What happens most of the time in life."""
        before = self.people.request(0)
        self.people.types(who, f"/pairec-access request {item} {duration} rolling out")
        self.app.served()
        number = self.people.request(0)
        if number and number != before:
            for approver in approvers:
                self.people.decides(approver, number, Verdict.APPROVE)

    @rule(who=APPROVERS | ANYBODY, which=WHICH)
    def approves(self, who: str, which: int) -> None:
        if number := self.people.request(which):
            self.people.decides(who, number, Verdict.APPROVE)

    @rule(who=APPROVERS | ANYBODY, which=WHICH)
    def denies(self, who: str, which: int) -> None:
        if number := self.people.request(which):
            self.people.decides(who, number, Verdict.DENY)

    @rule(who=ANYBODY, which=WHICH)
    def cancels(self, who: str, which: int) -> None:
        if number := self.people.request(which):
            self.people.types(who, f"/pairec-access cancel {request_ref(number)}")
            self.people.presses(who, "cancel", number)

    @rule(who=ANYBODY, which=WHICH)
    def revokes(self, who: str, which: int) -> None:
        if number := self.people.request(which):
            self.people.types(who, f"/pairec-access revoke {request_ref(number)} no longer needed")
            self.people.presses(who, "give_back", number)

    @rule(who=APPROVERS, which=WHICH)
    def tries_again(self, who: str, which: int) -> None:
        if number := self.people.request(which):
            self.people.presses(who, "retry", number)

    @rule(who=ANYBODY)
    def leaves(self, who: str) -> None:
        """As `pairec-access revoke --all` does it, which is a process of its own."""
        user_id = next(user["user_id"] for user in self.app.people.account()["users"] if user["name"] == who)
        revoke_all(self.app.ledger, user_id, "a test", DomainMillis(round(self.app.people.now() * 1_000)))

    # -- hands in the RAM console

    @rule(who=ANYBODY, policy=POLICIES)
    def hands_attach(self, who: str, policy: str) -> None:
        if not self.app.holds(who, policy):
            self.oracle.attached_by_hand(who, policy)
            with suppress(Exception):
                self.app.attach_by_hand(who, policy)

    @rule(who=ANYBODY, policy=POLICIES)
    def hands_detach(self, who: str, policy: str) -> None:
        if self.app.holds(who, policy):
            self.oracle.detached_by_hand(who, policy)
            with suppress(Exception):
                self.app.detach_by_hand(who, policy)

    # -- time, weather and fate

    @rule(minutes=st.sampled_from([1, 6, 29, 61, 8 * 60 + 1, 25 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.app.people.advance(minutes * MINUTE)

    @rule(seconds=st.sampled_from([1, 10, 61]))
    def the_bots_pauses_pass(self, seconds: int) -> None:
        self.app.real_passes(seconds)

    @rule(action=RAM_CALLS, fault=RAM_FAULTS, times=TIMES)
    def ram_misbehaves(self, action: str, fault: str, times: int) -> None:
        self.people.fair = False
        self.app.people.inject_ram_fault({"action": action, "fault": fault, "times": times})

    @rule(times=TIMES)
    def ram_shows_the_past(self, times: int) -> None:
        self.people.fair = False
        self.oracle.reads_lag(LAG)
        order = {"action": "ListPoliciesForUser", "fault": "lag", "seconds": LAG, "times": times}
        self.app.people.inject_ram_fault(order)

    @rule(method=SLACK_CALLS, fault=SLACK_FAULTS, times=TIMES)
    def slack_misbehaves(self, method: str, fault: str, times: int) -> None:
        self.people.fair = False
        self.app.people.inject_slack_fault({"method": method, "fault": fault, "times": times})

    @rule()
    def slack_delivers_twice(self) -> None:
        self.app.people.inject_slack_fault({"fault": "redeliver"})

    @rule(points=st.integers(1, 60))
    def the_bot_is_about_to_die(self, points: int) -> None:
        self.people.fair = False
        self.app.points.die_after(points)

    @rule()
    def the_bot_is_started_again(self) -> None:
        self.app.bury()

    @rule()
    def everything_settles(self) -> None:
        self._settle()
        self.oracle.hold_when_settled()

    @rule()
    def the_bot_compares_with_ram(self) -> None:
        self._settle()
        self.app.people.advance(6 * MINUTE)
        self._settle()
        self.oracle.compared()
        self.oracle.hold_when_settled()

    # -- what is so at any time

    @invariant()
    def the_record_is_in_order(self) -> None:
        self.app.served()
        self.oracle.hold()

    def _settle(self) -> None:
        self.app.settle()
        self.oracle.reads_are_true()
        self.people.fair = True
