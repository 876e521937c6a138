"""The running program: what it does when it starts, while it runs, and when it stops."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from slack_bolt import App

from approvals.catalog.resources import products
from approvals.findings import Change
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import grants
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.moves import check_here
from approvals.ledger.opening import is_blank
from approvals.model import ADMIN_POLICY, Grant, Notice
from approvals.operations import admins, leavers, origin
from approvals.queries.request_view import RequestView
from approvals.reconcile import drift
from approvals.status.boards import BoardView
from bot.app import SLACK_TIMEOUT_SECONDS, Parts, asking_ledger, named
from bot.cloud.connecting import check_needs
from bot.conditions import Conditions
from bot.directory.approvers import Approvers
from bot.directory.inventory import LiveInventory
from bot.health import Health
from bot.health_site import AdminSite
from bot.monitor.clock_watch import ClockWatch, check_clock
from bot.monitor.heartbeat import Heartbeat
from bot.monitor.other_clocks import OtherClocks, clouds_time, slacks_time
from bot.monitor.own_account import AccountWatch, check_team
from bot.monitor.probes import Probes, Question
from bot.settings import SettingsError
from bot.slack.http_mode import SlackHttp
from bot.slack.outgoing import Outgoing
from bot.slack.replies import ReplyAddresses
from bot.slack.signed_requests import SlackRequests
from bot.slack.socket_mode import SlackSocket
from bot.slack.startup_checks import check_channel, slack_team
from bot.slack.surface import LiveSlackSurface
from bot.worker.admins import AdminWatch
from bot.worker.alarms import Alarms
from bot.worker.approvals_channel import ApprovalsChannel
from bot.worker.boards import Boards
from bot.worker.checker import Checker
from bot.worker.leavers import LeaverWatch
from bot.worker.loop import Perform, Worker
from bot.worker.notifier import Notifier
from bot.worker.origin import OriginWatch
from bot.worker.reconciler import Reconciler
from handlers.context import HandlerContext
from handlers.executor import Executor
from handlers.home import draw_home
from handlers.register import register
from handlers.translations import load_translations
from handlers.views import alarm, board, card
from handlers.views.blocks import Message
from handlers.views.direct_messages import direct_message
from handlers.views.notices import notice_message

log = logging.getLogger(__name__)
CLOUD_THREADS = 24
"""Enough to keep RAM's 10 writes a second up when each of a write's calls takes half a second."""
TALK_THREADS = 6
CHECK_THREADS = 24
"""Each run of checks has one until the last answer, and each row may have a run of its own."""
HOME_THREADS = 2
FULL_READ_TIMEOUT_SECONDS = 30.0
"""Seconds: well within the lock of a job."""
STOP_TIMEOUT_SECONDS = 4.0
"""Seconds for what is in hand when the program is told to stop; what is left is settled by the next process."""


class ViewRenderer:
    """The messenger's way to the views."""

    def __init__(self, context: HandlerContext) -> None:
        self._context = context

    def card(self, record: RequestView) -> Message:
        return card.card(record, self._context.catalog, self._context.translations)

    def told(self, what: MessageKind, to: SlackUserId, record: RequestView) -> Message:
        return direct_message(what, to, record, self._context.catalog, self._context.translations)

    def alarm(self, grant: Grant, record: RequestView, mentioned: Sequence[str]) -> Message:
        return alarm.alarm(grant, record, self._context.catalog, self._context.translations, mentioned)

    def alarm_over(self, grant: Grant, record: RequestView) -> Message:
        return alarm.alarm_over(grant, record, self._context.catalog, self._context.translations)

    def notice(self, notice: Notice) -> Message:
        return notice_message(notice, self._context.catalog, self._context.translations)

    def board(self, shown: BoardView) -> Message:
        return board.board(shown, self._context.translations)

    def changes(self, changes: Sequence[Change]) -> Message:
        return board.changes_message(changes, self._context.plan, self._context.translations)

    def home(self, to: SlackUserId) -> dict[str, Any]:
        return draw_home(self._context, to)


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
            lambda: slacks_time(parts.slack),
            lambda: clouds_time(settings.ram_endpoint, parts.egress),
        )
        check_clock(others.apart())
        self._watch = ClockWatch(parts.ledger, parts.clock, parts.conditions, others.apart)
        check_channel(parts.slack, settings.approvals_channel)
        with asking_ledger(parts.ledger):
            check_team(parts.ledger, self.team_id, parts.clock.now())
            self._account_watch.check()
            with parts.ledger.read() as tx:
                given = grants.open_kinds(tx)
        check_needs(parts.resources, given)
        self._executor = Executor()
        self._workers: tuple[Worker, ...] = ()
        replies = ReplyAddresses(parts.egress.webhook)
        self.context = HandlerContext(
            ledger=parts.ledger,
            catalog=parts.catalog,
            plan=parts.plan,
            directory=parts.directory,
            inventory=parts.inventory,
            clock=parts.clock,
            executor=self._executor,
            slack=LiveSlackSurface(parts.slack, replies),
            translations=load_translations("en"),
            team_id=self.team_id,
            wake=self.wake,
            evidence_holds=parts.evidence_holds,
        )
        secret = settings.signing_secret
        bolt = App(
            # Bolt would go through all of the stack to find one.
            name="pairec-access",
            client=parts.slack,
            signing_secret=secret.get_secret_value() if secret else None,
            token_verification_enabled=False,
            logger=logging.getLogger("slack_bolt"),
        )
        register(bolt, self.context)
        self._line = _line(parts, bolt)
        self._heartbeat = Heartbeat(parts.ledger, parts.clock, self._line)
        implied_by = parts.catalog.implied_by
        reconciler = Reconciler(parts.ledger, parts.products, parts.clock, parts.chance, implied_by)
        renderer = ViewRenderer(self.context)
        out = Outgoing(parts.slack, parts.clock, parts.conditions)
        approvers = Approvers(parts.ledger, parts.directory, parts.clock, self.team_id)
        channel = ApprovalsChannel(out, parts.clock, parts.conditions, approvers.is_here, settings.approvals_channel)
        alarms = Alarms(out, parts.ledger, parts.clock, renderer, channel, approvers, parts.chance)
        messenger = Notifier(out, parts.ledger, parts.clock, renderer, channel, approvers, alarms.tell, parts.chance)
        boards = Boards(out, replies, parts.ledger, parts.clock, parts.plan, renderer, parts.chance)
        checker = Checker(parts.ledger, parts.plan, parts.sources, parts.clock)
        talk = {**messenger.performs(), **alarms.performs(), **boards.performs()}
        admin_watch = AdminWatch(parts.ledger, parts.directory, parts.clock, parts.chance)
        cloud_work = {
            JobKind.RECONCILE_KEY: reconciler.reconcile,
            JobKind.FIND_DRIFT: reconciler.find_drift,
            JobKind.ADMINS: admin_watch.look,
        }
        health = Health(parts.ledger, parts.conditions)
        self._admin = AdminSite(*settings.admin_at, self._alive, health, parts.conditions)
        whose = ("STS, which says whose account the key is,", self._account_watch.ask)
        self._probes = Probes({"sts": whose, **_questions(parts)}, parts.conditions)
        leaver_watch = LeaverWatch(parts.ledger, parts.directory, parts.clock, parts.chance, self.team_id)
        everything = LiveInventory(parts.unhurried_ram, parts.products, parts.catalog, FULL_READ_TIMEOUT_SECONDS)
        self._origin_watch = OriginWatch(parts.ledger, parts.catalog, everything, parts.clock)
        home_work = {
            JobKind.HOME: messenger.home,
            JobKind.LEAVERS: leaver_watch.look,
            JobKind.ORIGIN: self._origin_watch.look,
        }
        self._all_workers = (
            self._worker("cloud", cloud_work, CLOUD_THREADS),
            self._worker("talk", talk, TALK_THREADS, out.shut),
            self._worker("time", messenger.keeps_time(), 1),
            self._worker("check", checker.performs(), CHECK_THREADS),
            # Drawing App Home asks RAM who may approve, and may wait for it; nobody else has to.
            self._worker("home", home_work, HOME_THREADS, out.shut),
        )

    def _worker(
        self, name: str, perform: Mapping[JobKind, Perform], threads: int, shut: Callable[[], bool] = lambda: False
    ) -> Worker:
        parts, watch = self._parts, self._watch
        return Worker(name, parts.ledger, parts.clock, perform, parts.chance, threads=threads, shut=shut, watch=watch)

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
        return self._line.address

    def start(self) -> None:
        """Open the line to Slack and begin with what is due; returns once both are done.

        Raises:
            SettingsError: it cannot be opened, or the ledger cannot be worked from.
        """
        with named("PAIREC_DATABASE_URL"):
            self._parts.ledger.check_place()
            alone = self._parts.ledger.take_over()
        self._say_what_ledger()
        with asking_ledger(self._parts.ledger):
            # Before anything is written: what is not known yet is whatever came after the last entry.
            origin.schedule(self._parts.ledger, self._parts.clock.now(), self._parts.clock.real())
            self._watch.put_right(alone=alone)
            drift.schedule(self._parts.ledger, self._parts.clock.now())
            confirm = self._parts.settings.new_admins == "confirm"
            admins.schedule(self._parts.ledger, self._parts.clock.now(), confirm=confirm)
            leavers.schedule(self._parts.ledger, self._parts.clock.now())
            self._heartbeat.begin()
        with named("PAIREC_DATABASE_URL"):
            # It may be moved since it was opened. Whoever moves it from now on finds what was just written.
            check_here(self._parts.ledger)
        if not alone and not self._parts.ledger.shared:
            log.warning("another process works from this ledger too", extra={"ledger": self._parts.ledger.address})
        self._admin.start()
        self._probes.start()
        self._parts.directory.start()
        try:
            self._line.connect()
        except SettingsError:
            self._line.hang_up(0.0)
            raise
        self._workers = self._all_workers
        for worker in self._workers:
            worker.start(*(other for other in self._workers if other is not worker))
        self._heartbeat.start()
        self._parts.clock.start(self.wake)
        self._watch.start(self.wake)
        log.info(
            "started",
            extra={
                "team": self.team_id,
                "channel": self._parts.settings.approvals_channel,
                "conditions": sorted(self._parts.conditions.current()) or None,
            },
        )

    def _alive(self) -> bool:
        return all(worker.alive for worker in self._workers)

    def _say_what_ledger(self) -> None:
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
        for worker in self._workers:
            worker.wake()
        self._heartbeat.wake()

    def stop(self, within: float = STOP_TIMEOUT_SECONDS) -> None:
        """Hear nothing new, finish what is in hand, and leave the rest in the ledger for the next process."""
        deadline = time.monotonic() + within

        def left() -> float:
            return max(deadline - time.monotonic(), 0.0)

        self._line.hang_up(left())
        self._heartbeat.leave()
        self._executor.stop(left())
        for worker in self._workers:
            worker.stop(left())
        self._probes.stop()
        self._admin.stop()
        self._parts.clock.stop()
        self._watch.stop(left())
        self._parts.directory.stop()
        self._parts.inventory.stop()
        self._origin_watch.stop()
        self._heartbeat.stop(left())
        with suppress(*self._parts.ledger.engine_errors):
            origin.stopping(self._parts.ledger, self._parts.clock.now())
        self._parts.ledger.close()
        log.info("stopped")


def _questions(parts: Parts) -> dict[str, tuple[str, Question]]:
    """The cheap one to each side, by the condition that holds without an answer."""
    kinds = {kind for project in parts.resources.projects.values() for kind in project.places}
    return {
        "slack": ("Slack", parts.slack.auth_test),
        "ram": ("RAM", partial(parts.ram.entities, ADMIN_POLICY)),
        "users": ("the list of RAM users, which comes from RAM and IMS,", parts.directory.read_users),
        **{
            f"product {kind}": (products()[kind].title, partial(parts.directory.read_places, kind))
            for kind in sorted(kinds)
        },
    }


def _line(parts: Parts, bolt: App) -> SlackSocket | SlackHttp:
    """How what people do comes in; the mode's own secret is set, as the settings see to."""
    settings = parts.settings
    if settings.slack_mode == "http" and settings.signing_secret:
        health = Health(parts.ledger, parts.conditions)
        requests = SlackRequests(bolt, settings.signing_secret.get_secret_value(), health)
        return SlackHttp(requests, *settings.listen_at)
    token = settings.app_token.get_secret_value() if settings.app_token else ""
    return SlackSocket(bolt, token, settings.slack_api_url, SLACK_TIMEOUT_SECONDS, parts.egress)
