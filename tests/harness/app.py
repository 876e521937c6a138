"""An app to test in: the sandbox with the bot in it, in this process, and the cast at their screens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self, TypeVar

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals import audit
from approvals.ids import RamUserId
from approvals.ledger import admins, jobs, open_ledger, trail
from approvals.ledger.admins import AdminHolder
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.opening import OPEN_TIMEOUT_SECONDS
from approvals.millis import DomainMillis, RealMillis
from approvals.model import parse_ref
from approvals.operations import admins as admin_operations
from approvals.operations import leavers, origin
from approvals.operations.policy_reviews import look
from approvals.queries import request_view
from approvals.queries.request_view import RequestView
from approvals.reconcile import drift
from bot.app.parts import Parts
from bot.cli.audit_record import differences
from bot.clock import FollowingClock, wall_clock_ms
from bot.directory.inventory import READ_TIMEOUT_SECONDS, LiveInventory
from bot.program import Program
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.process import link_the_cast
from bot.sandbox.ram.execute import execute
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.limits import RateLimits
from bot.settings import load_settings
from tests.harness.near_page import NearClient
from tests.harness.timeouts import PATIENCE

APPROVALS = "C0APPROVALS"
T = TypeVar("T")
ENGINE = "PaiRecEngineAccess"
DATA = "PaiRecDataManagementAccess"
MONITOR = "PaiRecMonitorAccess"
ADMIN = "PaiRecRamAdminAccess"
HOUR = 3600
LOOKS = {
    JobKind.ORIGIN: (JobKind.ORIGIN, origin.LOOK_INTERVAL_MS),
    JobKind.ADMINS: (JobKind.ADMINS, admin_operations.LOOK_INTERVAL_MS),
    JobKind.LEAVERS: (JobKind.LEAVERS, leavers.LOOK_INTERVAL_MS),
    JobKind.POLICIES: (JobKind.POLICIES, look.LOOK_INTERVAL_MS),
    drift.JOB_ID: (JobKind.FIND_DRIFT, drift.DRIFT_INTERVAL_MS),
}
"""The jobs that a bot begins with, by their ids: the kind, and the milliseconds from one to the next."""
ANY_NUMBER = {"PAIREC_OPEN_REQUESTS": "9999"}
"""A few people ask for all that is tried."""
RAM_SILENT = "RAM did not answer in time, so nothing was changed."
FIRST_PAUSE, LONGEST_PAUSE = 0.015, 0.06
"""Seconds between two looks: most things come at once, and for the others looking costs more than it brings."""


class EarlyClock(FollowingClock):
    """The bot's clock, whose real time a test may let pass faster than it does: for locks, lanes and backoff. Or it may
    be set, forward and back, while no time passes; both its times show that.
    """

    def __init__(
        self,
        url: str,
        ahead: Callable[[], int],
        real: Callable[[], int] = wall_clock_ms,
        set_by: Callable[[], int] = lambda: 0,
        pace: Callable[[], float] = lambda: 1.0,
    ) -> None:
        """`ahead`: milliseconds by which it is ahead of `real`; `pace`: so many times as fast as ours it passes now."""
        self._ahead = ahead
        self._pace = pace
        self._set_by = set_by
        super().__init__(url, real)

    def now(self) -> DomainMillis:
        return DomainMillis(super().real() + self._set_by() + self._offset)

    def real(self) -> RealMillis:
        return super().real() + self._set_by() + self._ahead()

    def steady(self) -> int:
        return super().steady() + self._ahead()

    def wait(self, awake: threading.Event, seconds: float) -> None:
        super().wait(awake, seconds / self._pace())


class WorkedBefore(Program):
    """A bot whose ledger was worked from until this moment: all was looked at, and will be again when it is due."""

    def _schedule(self, *, alone: bool) -> None:
        ledger, now = self._parts.ledger, self._parts.clock.now()
        origin.record_stop(ledger, now)
        with ledger.write() as tx:
            for job_id, (kind, interval) in LOOKS.items():
                jobs.drop(tx, job_id)
                jobs.enqueue(tx, job_id, kind, due_at=DomainMillis(now + interval))


@cache
def worked_ledger(members: bool) -> bytes:
    """The file of a ledger that a bot has worked from: everybody is linked, and all that there is was looked at. Made
    once for each process of tests.
    """
    with TemporaryDirectory() as name:
        with AppHarness(Path(name), members=members, first_start=True) as app:
            app.until(app.has_looked, "the bot to have looked at everything")
        return app.ledger_path.read_bytes()


class AppHarness:
    """Everything of one test; `settings` replace single environment variables.

    For the bot, real time passes `pace` times as fast as it does, so that nobody waits for its turn to post; Slack
    then counts no posts. At pace 1 everything is as in life. `patience`: seconds that the bot waits for its ledger.
    `members`: the bot knows the workspaces and projects, so that bundles have member roles in them. `read_timeout`:
    seconds in which the bot reads who has something. `first_start`: the ledger is a new one, from which no bot has
    worked yet, as it is with settings or a ledger of one's own.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        pace: float = 1.0,
        ledger_address: str | None = None,
        patience: float = OPEN_TIMEOUT_SECONDS,
        members: bool = False,
        read_timeout: float = READ_TIMEOUT_SECONDS,
        first_start: bool = False,
    ) -> None:
        self._folder = folder
        self._settings = dict(settings or {})
        self._pace = pace
        self._spawned = time.monotonic()
        self.sandbox = Sandbox(limits=RateLimits(enabled=pace == 1.0))
        self.ledger_path = folder / "ledger.db"
        self.ledger_address = ledger_address or f"sqlite:///{self.ledger_path}"
        self._patience = patience
        self._members = members
        self._read_timeout = read_timeout
        self._first_start = first_start or bool(settings) or ledger_address is not None
        self.program: Program | None = None
        self.ahead = 0
        self.set_by = 0
        self._cast: dict[str, SandboxPerson] = {}

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.people = NearClient(self.sandbox)
        # Tests read what everybody is told; those about languages choose them.
        self.people.inject_slack_fault({"person": "U0ALICE", "set": {"locale": "en-US"}})
        if self._first_start:
            link_the_cast(open_ledger(self.ledger_address), self.sandbox)
        else:
            self.ledger_path.write_bytes(worked_ledger(self._members))
        self.ledger = open_ledger(self.ledger_address)
        self.start_bot(Program if self._first_start else WorkedBefore)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_bot()
        self.sandbox.stop()
        self.ledger.close()

    # -- the bot

    def start_bot(self, kind: type[Program] = Program) -> None:
        parts = self.parts(self.environment())
        self.program, self._bots_ledger = kind(parts), parts.ledger
        self.program.start()
        self._wait_for_first_look()
        if self.program.listening:
            self.people.inject_slack_fault({"request_urls": [f"http://{self.program.listening}/slack/events"]})

    def _wait_for_first_look(self) -> None:
        """Whoever is given the admin policy from now on is new to the bot."""
        with self._bots_ledger.read() as tx:
            confirms = tx.row("SELECT id FROM jobs WHERE id = 'admins'") is not None
        if confirms:
            self.until(self.known_admins, "the bot to have looked who holds the admin policy")

    def has_looked(self) -> bool:
        """Whether all that a bot looks at when it starts was looked at."""
        with self.ledger.read() as tx:
            due = {row["id"]: row["due_at"] for row in tx.rows("SELECT id, due_at FROM jobs")}
        return all(due.get(job_id, 0) > self.sandbox.clock.now() * 1_000 for job_id in LOOKS)

    def known_admins(self) -> dict[RamUserId, AdminHolder]:
        with self.ledger.read() as tx:
            return admins.every_one(tx)

    def environment(self) -> dict[str, str]:
        """The settings of every bot in here."""
        own = {"PAIREC_HTTP_LISTEN": "127.0.0.1:0", "PAIREC_DATABASE_URL": self.ledger_address, **ANY_NUMBER}
        if self._members:
            own["PAIREC_RESOURCES"] = str(self.sandbox.resources_file(self._folder))
        return {**self.sandbox.env(), **own, **self._settings}

    def parts(self, environment: Mapping[str, str]) -> Parts:
        """What the next bot is made of."""
        parts = Parts(load_settings(environment), self.credentials(environment), upgrade_in_use=True)
        if self._patience != OPEN_TIMEOUT_SECONDS:
            parts.ledger.close()
            parts.ledger = open_ledger(self.ledger_address, patience=self._patience)
        parts.clock = EarlyClock(
            environment["PAIREC_CLOCK_URL"], self._ahead_now, parts.ledger.real, lambda: self.set_by, self._pace_now
        )
        parts.inventory.stop()
        parts.inventory = LiveInventory(parts.ram, parts.products, parts.catalog, self._read_timeout)
        # Of time as it passes for people, not for the bot.
        parts.evidence_holds = round(parts.evidence_holds * self._pace)
        return parts

    def credentials(self, environment: Mapping[str, str]) -> Any:
        key = Config(
            type="access_key",
            access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        )
        return Credentials(key)

    def real_passes(self, seconds: float) -> None:
        """For the bot, so much real time is over now: its backoff, its locks and its turns to write."""
        self.ahead += round(seconds * 1_000)
        if self.program:
            self.program.wake()

    def clock_is_set(self, seconds: float) -> None:
        """By so much, forward or back, although no time passes."""
        self.set_by += round(seconds * 1_000)
        if self.program:
            self.program.wake()

    def _ahead_now(self) -> int:
        return self.ahead + round((time.monotonic() - self._spawned) * (self._pace - 1.0) * 1_000)

    def _pace_now(self) -> float:
        return self._pace

    def stop_bot(self) -> None:
        if self.program:
            self.program.stop(within=2.0)
            self.program = None
            self._bots_ledger.close()
            # Its process would be gone now, and its socket with it; nothing more is to be delivered there.
            self.people.inject_slack_fault({"fault": "disconnect", "drop": True})

    def move_to(self, ledger_address: str) -> None:
        """The next bot works from there."""
        self.ledger.close()
        self.ledger_address = ledger_address
        self.ledger = open_ledger(ledger_address)

    def restart_bot(self, settings: Mapping[str, str] | None = None) -> None:
        """Stop it and start it again, with these settings as well."""
        self.stop_bot()
        self._settings.update(settings or {})
        self.start_bot()

    # -- people

    def __getattr__(self, name: str) -> SandboxPerson:
        """`app.carol` is Carol at her screen."""
        if name in ("alice", "bob", "judy", "carol", "dave", "erin", "frank", "grace"):
            if name not in self._cast:
                self._cast[name] = self.people.person(name)
            return self._cast[name]
        raise AttributeError(name)

    def asked(self, person: SandboxPerson, line: str, timeout: float = PATIENCE) -> str:
        """Have a person ask in one line; the reference of their request, once its card is posted."""
        before = {message.ts for message in self.cards()}
        card = self._once_more(
            person,
            lambda: person.type(f"/pairec-access request {line}"),
            lambda: next((c for c in self.cards() if c.ts not in before), None),
            lambda: f"a card for {line!r}; {person.name} sees:\n{person.screen_text()}",
            timeout,
        )
        return card.plain.split()[0]

    def _once_more(
        self,
        person: SandboxPerson,
        act: Callable[..., object],
        look: Callable[..., T | None],
        what: Callable[..., str],
        timeout: float = PATIENCE,
    ) -> T:
        """A person acts, and does so again when they are told that nothing was decided and to try again: a machine that
        has much else to do may keep RAM's answer longer than the bot waits for it.
        """
        read = {message.ts for message in person.messages()}

        def seen() -> T | None:
            if (found := look()) is not None:
                return found
            for message in person.messages():
                if message.ts not in read and message.ephemeral and RAM_SILENT in message.plain:
                    read.add(message.ts)
                    act()
            return None

        act()
        found = self.until(seen, what, timeout)
        assert found is not None
        return found

    def cards(self) -> list[SeenMessage]:
        return [message for message in self.bob.messages(APPROVALS) if message.plain.startswith("R-")]

    def card(self, ref: str, text: str = "") -> SeenMessage:
        """The card of a request, once it says `text`."""
        return self.until(
            lambda: next((c for c in self.cards() if c.plain.startswith(f"{ref} ") and text in c.plain), None),
            lambda: f"a card of {ref} with {text!r}; bob sees:\n{self.bob.screen_text()}",
        )

    def cancels(self, person: SandboxPerson, ref: str) -> None:
        """A person types it, and clicks on what they are shown."""
        self._sure(person, f"/pairec-access cancel {ref}", "Cancel request")

    def revokes(self, person: SandboxPerson, ref: str, reason: str = "") -> None:
        """The same, for access: their own, or as an approver."""
        own = self.record(ref).request.subject == person.id
        self._sure(person, f"/pairec-access revoke {ref} {reason}".rstrip(), "End access" if own else "Revoke")

    def _sure(self, person: SandboxPerson, line: str, button: str) -> None:
        read = {message.ts for message in person.messages()}
        person.type(line)
        shown = self.until(
            lambda: next(
                (m for m in person.messages() if m.ts not in read and m.ephemeral and button in m.buttons), None
            ),
            lambda: f"{line!r} to show {button!r}; {person.name} sees:\n{person.screen_text()}",
        )
        person.click(button, shown)

    def name(self, ref: str) -> str:
        """What the buttons of a request carry."""
        return self.record(ref).request.public_id

    def approve(self, ref: str, *approvers: SandboxPerson) -> None:
        """Each of these clicks Approve on the card, one after the other."""
        for person in approvers:
            card = self.card(ref, "needs approval")
            self._once_more(
                person,
                lambda person=person, card=card: person.click("Approve", card),
                lambda person=person: self._counts(ref, person),
                lambda person=person: f"{person.name}'s approval to count; {person.name} sees:\n{person.screen_text()}",
            )

    def _counts(self, ref: str, person: SandboxPerson) -> bool | None:
        return True if any(word.slack_user_id == person.id for word in self.record(ref).approvals) else None

    def confirmed_admin(self, name: str, by: SandboxPerson | None = None) -> None:
        """Somebody who was given the admin policy by hand is noticed, and an approver confirms them."""
        approver = by or self.bob
        self.look_at_admins()
        said = approver.message_with(f"RAM user `{name}`", APPROVALS)
        approver.click("Confirm as approver", said)
        approver.ephemeral_with(f"RAM user `{name}` is confirmed")

    def look_at_admins(self) -> None:
        """The bot looks who holds the admin policy, as it does every few minutes."""
        with self.ledger.write() as tx:
            jobs.enqueue(tx, "admins", JobKind.ADMINS, due_at=DomainMillis(0))
        if self.program:
            self.program.wake()

    def look_at_policies(self) -> None:
        """The bot compares all policies with those that were reviewed, as it does every day."""
        with self.ledger.write() as tx:
            jobs.enqueue(tx, "policies", JobKind.POLICIES, due_at=DomainMillis(0))
        if self.program:
            self.program.wake()

    def look_at_drift(self) -> None:
        """The bot looks for what no request accounts for, as it does every day."""
        with self.ledger.write() as tx:
            jobs.enqueue(tx, "drift", JobKind.DRIFT, due_at=DomainMillis(0))
        if self.program:
            self.program.wake()

    def look_at_leavers(self) -> None:
        """The bot looks whether those who have something are still here, as it does every few minutes."""
        with self.ledger.write() as tx:
            jobs.enqueue(tx, "leavers", JobKind.LEAVERS, due_at=DomainMillis(0))
        if self.program:
            self.program.wake()

    # -- RAM

    def by_hand(self, action: str, **params: Any) -> dict[str, Any]:
        """Somebody does this in the RAM console, without the bot."""
        return execute(self.sandbox.account, action, params)

    def attach_by_hand(self, user: str, policy: str) -> None:
        self.by_hand("AttachPolicyToUser", UserName=user, PolicyName=policy, PolicyType="Custom")

    def detach_by_hand(self, user: str, policy: str) -> None:
        self.by_hand("DetachPolicyFromUser", UserName=user, PolicyName=policy, PolicyType="Custom")

    def holds(self, user: str, policy: str) -> bool:
        return user in self.people.holders(policy)

    def comes_to_hold(self, user: str, policy: str, timeout: float = PATIENCE) -> None:
        self.until(lambda: self.holds(user, policy), f"{user} to hold {policy}", timeout)

    def comes_to_lose(self, user: str, policy: str, timeout: float = PATIENCE) -> None:
        self.until(lambda: not self.holds(user, policy), f"{user} to lose {policy}", timeout)

    def writes(self, action: str, user: str, policy: str) -> int:
        """How often RAM did this, by its own log."""
        return sum(
            1
            for write in self.people.account()["log"]
            if (write["action"], write["user"], write["policy"], write["result"]) == (action, user, policy, "ok")
        )

    # -- the record

    def record(self, ref: str) -> RequestView:
        with self.ledger.read() as tx:
            found = request_view.read(tx, parse_ref(ref) or 0)
        assert found is not None, f"no request {ref}"
        return found

    def states(self, ref: str) -> list[str]:
        return [grant.state.value for grant in self.record(ref).grants]

    def events(self, ref: str) -> list[str]:
        with self.ledger.read() as tx:
            return [entry.fields["event"] for entry in trail.of_request(tx, parse_ref(ref) or 0)]

    def course(self, ref: str) -> list[str]:
        """The same but for the calls to the cloud, and the card: whoever is quick decides on it before it is noted that
        it was posted.
        """
        events = [event for event in self.events(ref) if not event.startswith(("attach ", "detach "))]
        events.remove("card posted")
        return events

    def requests(self) -> int:
        with self.ledger.read() as tx:
            return int(tx.rows("SELECT COUNT(*) AS number FROM requests")[0]["number"])

    def chain_holds(self) -> bool:
        """And the record says what the trail says."""
        with self.ledger.read() as tx:
            differing = differences(tx)
            assert not differing, "\n".join(map(str, differing))
            return audit.verify(trail.entries(tx)) is None

    # -- waiting

    @staticmethod
    def until(look: Callable[..., T | None], what: str | Callable[[], str], timeout: float = PATIENCE) -> T:
        """What `look` returns, once it is true; fails with `what` otherwise."""
        deadline, pause = time.monotonic() + timeout, FIRST_PAUSE
        while not (seen := look()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {timeout} s for {what() if callable(what) else what}")
            time.sleep(pause)
            pause = min(pause * 1.3, LONGEST_PAUSE)
        return seen
