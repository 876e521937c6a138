"""The running program: what it does when it starts, while it runs, and when it stops."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

from approvals.ledger import open_grants
from approvals.ledger.moves import check_here
from approvals.ledger.opening import is_blank
from approvals.operations import admins, erase, leavers, origin, setup_changes
from approvals.operations.drift import look as look_at_drift
from approvals.operations.policy_reviews import look
from approvals.reconcile import drift
from bot.app.cloud_record import schedule_cloud_record
from bot.app.languages import languages_of
from bot.app.opening import asking_ledger, naming_setting
from bot.app.parts import Parts
from bot.app.probed_services import probed_services
from bot.app.setup import told_setup
from bot.app.slack_connection import slack_connection
from bot.app.trail_work import schedule_trail_work
from bot.app.workers import make_workers
from bot.cloud.clients import load_ram_models
from bot.cloud.connecting import check_needs
from bot.conditions import Conditions
from bot.directory.inventory import LiveInventory
from bot.health import Health
from bot.health_site import AdminSite
from bot.metrics.ledger_collector import LedgerCollector
from bot.metrics.page import MetricsPage
from bot.metrics.state_collector import StateCollector
from bot.monitor.clock_watch import ClockWatch, check_clock
from bot.monitor.heartbeat import Heartbeat
from bot.monitor.other_clocks import OtherClocks, cloud_time, slack_time
from bot.monitor.own_account import AccountWatch, check_team
from bot.monitor.probes import Probes
from bot.settings import SettingsError
from bot.slack.replies import ReplyAddresses
from bot.slack.startup_checks import check_channel, slack_team
from bot.slack.surface import LiveSlackSurface
from bot.slack.unacknowledged import Unacknowledged
from bot.worker.loop import Worker
from bot.worker.origin import OriginWatch
from handlers.context import HandlerContext
from handlers.executor import Executor
from handlers.views.tracker import Tracker

log = logging.getLogger(__name__)
FULL_READ_TIMEOUT_SECONDS = 30.0
"""Seconds: well within the lock of a job."""
STOP_TIMEOUT_SECONDS = 4.0
"""Seconds for what is in hand when the program is told to stop; what is left is settled by the next process."""


class Program:
    """The running bot."""

    def __init__(self, parts: Parts) -> None:
        """Checks that Slack knows the bot, that the approvals channel is fit for approvals, and that what was given
        can be taken back.

        Raises:
            SettingsError: it does not, it is not, or it cannot.
        """
        self._parts = parts
        settings = parts.settings
        self.team_id = slack_team(parts.slack)
        self._account_watch = AccountWatch(parts.ledger, parts.clock, parts.account, parts.conditions)
        others = OtherClocks(
            parts.ledger.real,
            lambda: slack_time(parts.slack),
            lambda: cloud_time(settings.ram_endpoint, parts.egress),
        )
        check_clock(others.difference())
        self._watch = ClockWatch(parts.ledger, parts.clock, parts.conditions, others.difference)
        check_channel(parts.slack, settings.approvals_channel)
        with asking_ledger(parts.ledger):
            check_team(parts.ledger, self.team_id, parts.clock.now())
            self._account_watch.check()
            with parts.ledger.read() as tx:
                given = open_grants.kinds(tx)
        check_needs(parts.resources, given)
        unacknowledged = Unacknowledged()
        self._executor = Executor(before=unacknowledged.wait)
        self._workers: tuple[Worker, ...] = ()
        replies = ReplyAddresses(parts.egress.webhook, parts.egress.told)
        self.context = self._context(replies)
        self._connection = slack_connection(parts, self.context, unacknowledged)
        self._heartbeat = Heartbeat(parts.ledger, parts.clock, self._connection, parts.conditions)
        self._admin = AdminSite(*settings.admin_at, self._alive, parts.conditions, *self._asked(parts))
        self._probes = Probes(probed_services(parts, self._account_watch), parts.conditions)
        everything = LiveInventory(parts.background_ram, parts.products, parts.catalog, FULL_READ_TIMEOUT_SECONDS)
        self._origin_watch = OriginWatch(parts.ledger, parts.catalog, everything, parts.clock)
        self._all_workers = make_workers(parts, self.context, replies, self._watch, self._origin_watch)

    def _asked(self, parts: Parts) -> tuple[Health, MetricsPage]:
        """What looks when somebody asks how it is."""
        health = Health(parts.ledger, parts.conditions)
        known = {str(entitlement) for entitlement in parts.catalog.known}
        state = StateCollector(parts.conditions, lambda: self._connection.connected)
        return health, MetricsPage(parts.metrics, health, LedgerCollector(parts.ledger, parts.clock, known), state)

    def _context(self, replies: ReplyAddresses) -> HandlerContext:
        parts = self._parts
        return HandlerContext(
            ledger=parts.ledger,
            languages=languages_of(parts),
            plan=parts.plan,
            directory=parts.directory,
            policies=parts.policies,
            inventory=parts.inventory,
            clock=parts.clock,
            executor=self._executor,
            slack=LiveSlackSurface(parts.slack, replies),
            tracker=Tracker(parts.settings.ticket_url),
            team_id=self.team_id,
            wake=self.wake,
            evidence_holds=parts.evidence_holds,
            working_hours=parts.settings.working_hours,
            most_open=parts.settings.open_requests,
            review_required=parts.settings.policy_review_required,
            conditions=parts.conditions.since,
        )

    @property
    def conditions(self) -> Conditions:
        """What keeps it from doing its work right now."""
        return self._parts.conditions

    @property
    def admin(self) -> str | None:
        """The host and port at which it tells how it is, once started."""
        return self._admin.address

    @property
    def listening(self) -> str | None:
        """In HTTP mode the host and port at which Slack is heard, once started."""
        return self._connection.address

    def start(self) -> None:
        """Open the connection to Slack and begin with what is due; returns once both are done.

        Raises:
            SettingsError: it cannot be opened, or the ledger cannot be worked from.
        """
        with naming_setting("PAIREC_DATABASE_URL"):
            self._parts.ledger.check_place()
            alone = self._parts.ledger.take_over()
        self._log_ledger()
        with asking_ledger(self._parts.ledger):
            self._schedule(alone=alone)
            self._heartbeat.begin()
        with naming_setting("PAIREC_DATABASE_URL"):
            # It may be moved since it was opened. Whoever moves it from now on finds what was just written.
            check_here(self._parts.ledger)
        if not alone and not self._parts.ledger.shared:
            log.warning("another process works from this ledger too", extra={"ledger": self._parts.ledger.address})
        self._admin.start()
        try:
            self._connection.connect()
        except SettingsError:
            self._connection.disconnect(0.0)
            raise
        self._start_workers()
        # Whoever clicks is heard already; what is loaded now, nobody has to wait for in a click.
        load_ram_models()
        self._parts.directory.start()
        self._probes.start()
        log.info(
            "started",
            extra={
                "team": self.team_id,
                "channel": self._parts.settings.approvals_channel,
                "conditions": sorted(self._parts.conditions.current()) or None,
            },
        )

    def _schedule(self, *, alone: bool) -> None:
        """What is looked at now and again; `alone`: no other process works from the ledger."""
        ledger, clock = self._parts.ledger, self._parts.clock
        # Before anything is written: what is not known yet is whatever came after the last entry.
        origin.schedule(ledger, clock.now(), clock.real())
        self._watch.correct_records(alone=alone)
        setup_changes.record_setup(ledger, told_setup(self._parts.settings), clock.now())
        drift.schedule(ledger, clock.now())
        admins.schedule(ledger, clock.now(), confirm=self._parts.settings.new_admins == "confirm")
        leavers.schedule(ledger, clock.now())
        look.schedule(ledger, clock.now())
        look_at_drift.schedule(ledger, clock.now())
        schedule_trail_work(ledger, clock.now(), self._parts.settings)
        schedule_cloud_record(ledger, clock.now(), self._parts.settings, self._parts.catalog)
        erase.schedule(ledger, clock.now(), wanted=self._parts.settings.retention is not None)

    def _start_workers(self) -> None:
        self._workers = self._all_workers
        for worker in self._workers:
            worker.start(*(other for other in self._workers if other is not worker))
        self._heartbeat.start()
        self._parts.clock.start(self.wake)
        self._watch.start(self.wake)

    def _alive(self) -> bool:
        return all(worker.alive for worker in self._workers)

    def _log_ledger(self) -> None:
        """A file that lost what stood beside it, or a wrong address, looks like a fresh start: somebody has to notice.

        Raises:
            SettingsError: it cannot be read.
        """
        ledger = self._parts.ledger
        with asking_ledger(ledger), ledger.read() as tx:
            blank = is_blank(tx)
        where = {"ledger": ledger.address}
        if not ledger.found:
            log.info("made a new ledger", extra=where)
        elif blank:
            log.warning(
                "THE LEDGER IS EMPTY, although it was there: nobody is linked and nothing is recorded. If it should not"
                " be, stop this program and put the right one back: pairec-access ledger restore FILE",
                extra=where,
            )

    def wake(self) -> None:
        """There may be something due: look now."""
        for worker in self._workers:
            worker.wake()
        self._heartbeat.wake()

    def stop(self, within: float = STOP_TIMEOUT_SECONDS) -> None:
        """Hear nothing new, finish what is in hand, and leave the rest in the ledger for the next process."""
        deadline = time.monotonic() + within

        def left() -> float:
            return max(deadline - time.monotonic(), 0.0)

        self._connection.disconnect(left())
        self._heartbeat.leave()
        self._executor.stop(left())
        for worker in self._workers:
            worker.stop(left())
        self._probes.stop()
        self._admin.stop()
        self._parts.clock.stop()
        self._watch.stop(left())
        self._parts.directory.stop()
        self._parts.policies.stop()
        self._parts.inventory.stop()
        self._origin_watch.stop()
        self._heartbeat.stop(left())
        with suppress(*self._parts.ledger.engine_errors):
            origin.record_stop(self._parts.ledger, self._parts.clock.now())
        self._parts.ledger.close()
        log.info("stopped")
