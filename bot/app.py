"""The one place where the parts meet: settings in, a running program out."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from random import Random
from ssl import SSLError
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.exceptions import CredentialException
from slack_bolt import App
from slack_sdk import WebClient

from approvals import ledger as ledgers
from approvals.catalog import Catalog
from approvals.catalog_file import load_catalog
from approvals.errors import CatalogError, LedgerError
from approvals.ledger import Ledger, grants, identity
from approvals.ledger.moves import check_here
from approvals.ledger.notices import Notice
from approvals.ledger.opening import is_blank
from approvals.ledger.records import Record
from approvals.ledger.status import Change
from approvals.ledger.store import complaint
from approvals.model import ADMIN_POLICY, Grant, Person
from approvals.operations import admins, belonging, leavers, origin, reconcile
from approvals.operations.known_as import known_as
from approvals.operations.showing import Shown
from approvals.resources import Resources, load_resources, products
from approvals.status.plan import Plan, load_plan
from bot.admin import AdminSite
from bot.admins import AdminWatch
from bot.alarms import Alarms
from bot.approvals_channel import ApprovalsChannel
from bot.approvers import Approvers
from bot.boards import Boards
from bot.checker import Checker, Sources
from bot.clock import ClockError, MovableClock, SystemClock, on_the_wall
from bot.clock_watch import ClockWatch, check_clock
from bot.cloud.account import OwnAccount
from bot.cloud.clients import asking_sts, ims_client, pairec_client, quiet_sdk, ram_client, sts_client
from bot.cloud.connecting import check_needs, member_products
from bot.cloud.credentials import ACCESS_KEY, default_credentials
from bot.cloud.having_credentials import NotIssued
from bot.cloud.member_roles import MemberRoles
from bot.cloud.pairec import PaiRec
from bot.cloud.products import Products
from bot.cloud.ram import UNHURRIED, Ram
from bot.cloud.roles import Roles
from bot.cloud.service_role import ServiceRole
from bot.cloud.tenant import Tenant
from bot.conditions import Conditions
from bot.directory import Directory
from bot.egress import Egress
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.inventory import Inventory
from bot.leavers import LeaverWatch
from bot.messenger import Messenger
from bot.origin import OriginWatch
from bot.other_clocks import OtherClocks, clouds_time, slacks_time
from bot.outgoing import Outgoing
from bot.own_account import AccountWatch, check_team, settled
from bot.probes import Probes, Question
from bot.redaction import Redaction
from bot.settings import Settings, SettingsError
from bot.settler import Settler
from bot.slack_http import SlackHttp
from bot.slack_requests import SlackRequests
from bot.slack_socket import SlackSocket
from bot.slack_start import check_channel, slack_team
from bot.worker import Perform, Worker
from handlers.desk import EVIDENCE_HOLDS, Desk
from handlers.executor import Executor
from handlers.home import draw_home
from handlers.register import register
from handlers.views import alarm, board, card, told
from handlers.views.blocks import Message
from handlers.views.notices import notice_message
from handlers.words import load_words

log = logging.getLogger(__name__)

SLACK_TIMEOUT = 10
"""Seconds."""
CLOUD_THREADS = 24
"""Enough to keep RAM's 10 writes a second up when each of a write's calls takes half a second."""
TALK_THREADS = 6
CHECK_THREADS = 24
"""Each run of checks has one until the last answer, and each row may have a run of its own."""
HOME_THREADS = 2
MAXCOMPUTE = "maxcompute"
"""The product whose projects have an owner that the status looks at."""
READS_ALL_WITHIN = 30.0
"""Seconds: well within the lock of a job."""
STOP_WITHIN = 4.0
"""Seconds for what is in hand when the program is told to stop; what is left is settled by the next process."""


class Renderer:
    """The messenger's way to the views."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def card(self, record: Record) -> Message:
        return card.card(record, self._desk.catalog, self._desk.words)

    def told(self, what: str, to: str, record: Record) -> Message:
        return told.told(what, to, record, self._desk.catalog, self._desk.words)

    def alarm(self, grant: Grant, record: Record, mentioned: Sequence[str]) -> Message:
        return alarm.alarm(grant, record, self._desk.catalog, self._desk.words, mentioned)

    def alarm_over(self, grant: Grant, record: Record) -> Message:
        return alarm.alarm_over(grant, record, self._desk.catalog, self._desk.words)

    def notice(self, notice: Notice) -> Message:
        return notice_message(notice, self._desk.catalog, self._desk.words)

    def board(self, shown: Shown) -> Message:
        return board.board(shown, self._desk.words)

    def changes(self, changes: Sequence[Change]) -> Message:
        return board.changes_message(changes, self._desk.plan, self._desk.words)

    def home(self, to: str) -> dict[str, Any]:
        return draw_home(self._desk, to)


class Parts:
    """Everything that the program is made of, built from its settings and not yet started."""

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials | None = None,
        *,
        make_ledger: bool = True,
        redaction: Redaction | None = None,
    ) -> None:
        """`credentials` instead of what the default chain finds; `make_ledger` if it is not there yet; `redaction`
        learns which keys are used.

        Raises:
            SettingsError: the program cannot start.
        """
        quiet_sdk()
        self.settings = settings
        self.egress = egress = _egress(settings)
        self.resources = _resources(settings)
        catalog = _catalog(settings, self.resources)
        self.plan = _plan(settings, catalog, self.resources)
        self.catalog = catalog.with_mends(self.plan.mends)
        self.ledger = open_ledger(settings, make=make_ledger)
        self.clock = clock_of(settings, self.ledger)
        self.conditions = Conditions(self.clock.real)
        self.slack = WebClient(
            token=settings.bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            timeout=SLACK_TIMEOUT,
            retry_handlers=[],
            proxy=egress.proxy_for(settings.slack_api_url),
            ssl=egress.tls,
        )
        given = credentials or _credentials(settings, redaction or Redaction(), egress)
        ask = asking_sts(settings.sts_address, settings.region, egress)
        unchecked = Ram(*_account_clients(settings, given, egress))
        with asking_ledger(self.ledger):
            ours = belonging.owner(self.ledger, identity.ACCOUNT)
        self.account = credentials = OwnAccount(
            given, ask, ours, lambda account: settled(account, self.ledger, self.clock, unchecked)
        )
        ram, ims = _account_clients(settings, credentials, egress)
        self.ram = Ram(ram, ims, self.catalog.types)
        self.unhurried_ram = Ram(ram, ims, self.catalog.types, rate=UNHURRIED)
        roles = Roles(ram, self.ram, self.plan.engine_role)
        own = ServiceRole(ram, roles, self.plan.service_role)
        members = member_products(self.resources, catalog, settings, credentials, self.ram)
        self.products = Products({"policy": self.ram}, {"role_policy": roles, "service_role": own}, members)
        self.sources = _sources(settings, credentials, self.ram, roles, members[MAXCOMPUTE])
        self.directory = Directory(self.slack, self.ram, self.products, self.catalog, self._seen)
        self.inventory = Inventory(self.ram, self.products, self.catalog)
        self.chance = Random()
        self.evidence_holds = EVIDENCE_HOLDS

    def _seen(self, person: Person) -> None:
        try:
            known_as(self.ledger, person, self.clock.now())
        except self.ledger.troubles:
            # Whoever is found by the id of before is found so the next time as well.
            log.exception("a link does not follow the id that Slack gives now", extra={"slack_user": person.user_id})


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
        self.desk = Desk(
            ledger=parts.ledger,
            catalog=parts.catalog,
            plan=parts.plan,
            directory=parts.directory,
            inventory=parts.inventory,
            clock=parts.clock,
            executor=self._executor,
            slack=parts.slack,
            webhook=parts.egress.webhook,
            words=load_words("en"),
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
        register(bolt, self.desk)
        self._line = _line(parts, bolt)
        self._heartbeat = Heartbeat(parts.ledger, parts.clock, self._line)
        comes_with = parts.catalog.comes_with
        settler = Settler(parts.ledger, parts.products, parts.clock, parts.chance, comes_with)
        renderer = Renderer(self.desk)
        out = Outgoing(parts.slack, parts.clock, parts.conditions)
        approvers = Approvers(parts.ledger, parts.directory, parts.clock, self.team_id)
        channel = ApprovalsChannel(out, parts.clock, parts.conditions, approvers.is_here, settings.approvals_channel)
        alarms = Alarms(out, parts.ledger, parts.clock, renderer, channel, approvers, parts.chance)
        messenger = Messenger(out, parts.ledger, parts.clock, renderer, channel, approvers, alarms.tell, parts.chance)
        boards = Boards(out, parts.egress.webhook, parts.ledger, parts.clock, parts.plan, renderer, parts.chance)
        checker = Checker(parts.ledger, parts.plan, parts.sources, parts.clock)
        talk = {**messenger.performs(), **alarms.performs(), **boards.performs()}
        admin_watch = AdminWatch(parts.ledger, parts.directory, parts.clock, parts.chance)
        cloud_work = {"settle": settler.settle, "reconcile": settler.reconcile, "admins": admin_watch.look}
        health = Health(parts.ledger, parts.conditions)
        self._admin = AdminSite(*settings.admin_at, self._alive, health, parts.conditions)
        whose = ("STS, which says whose account the key is,", self._account_watch.ask)
        self._probes = Probes({"sts": whose, **_questions(parts)}, parts.conditions)
        leaver_watch = LeaverWatch(parts.ledger, parts.directory, parts.clock, parts.chance, self.team_id)
        everything = Inventory(parts.unhurried_ram, parts.products, parts.catalog, READS_ALL_WITHIN)
        self._origin_watch = OriginWatch(parts.ledger, parts.catalog, everything, parts.clock)
        home_work = {
            "home": messenger.home,
            "leavers": leaver_watch.look,
            origin.JOB: self._origin_watch.look,
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
        self, name: str, perform: Mapping[str, Perform], threads: int, shut: Callable[[], bool] = lambda: False
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
            reconcile.schedule(self._parts.ledger, self._parts.clock.now())
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

    def stop(self, within: float = STOP_WITHIN) -> None:
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
        with suppress(*self._parts.ledger.troubles):
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
    return SlackSocket(bolt, token, settings.slack_api_url, SLACK_TIMEOUT, parts.egress)


def open_ledger(settings: Settings, *, make: bool = True) -> Ledger:
    """`make`: one that is not there yet is made.

    Raises:
        SettingsError: it cannot be used.
    """
    with named("PAIREC_DATABASE_URL"):
        return ledgers.open_ledger(settings.database_url, make=make)


def _egress(settings: Settings) -> Egress:
    egress = settings.egress
    try:
        egress.tls.cert_store_stats()
    except OSError as error:
        why = "there is no certificate in it" if isinstance(error, SSLError) else error.strerror
        raise SettingsError(f"SSL_CERT_FILE: {egress.believed} cannot be read: {why}") from None
    return egress


def _resources(settings: Settings) -> Resources:
    with named("PAIREC_RESOURCES"):
        return load_resources(settings.resources)


def _catalog(settings: Settings, resources: Resources) -> Catalog:
    with named("PAIREC_CATALOG"):
        return load_catalog(settings.catalog, resources)


def _plan(settings: Settings, catalog: Catalog, resources: Resources) -> Plan:
    projects = [project.main[MAXCOMPUTE] for project in resources.projects.values() if MAXCOMPUTE in project.main]
    with named("PAIREC_STATUS"):
        return load_plan(
            catalog,
            settings.status,
            engine_role=settings.engine_role,
            quota=settings.training_quota,
            projects=list(dict.fromkeys(projects)),
        )


@contextmanager
def named(setting: str) -> Iterator[None]:
    """Puts the name of a setting before what is wrong with what it names, which the core cannot know.

    Raises:
        SettingsError: something is.
    """
    try:
        yield
    except (CatalogError, LedgerError) as error:
        raise SettingsError(f"{setting}: {error}") from None


@contextmanager
def asking_ledger(ledger: Ledger) -> Iterator[None]:
    """For whoever waits at a terminal.

    Raises:
        SettingsError: it opened, but does not do what it is told now.
    """
    try:
        yield
    except ledger.troubles as error:
        raise SettingsError(
            f"PAIREC_DATABASE_URL: the ledger {ledger.address} does not do it: {complaint(error)}"
        ) from None


def clock_of(settings: Settings, ledger: Ledger | None = None) -> SystemClock | MovableClock:
    """
    Raises:
        SettingsError: the sandbox's clock is not there.
    """
    real = ledger.real if ledger else on_the_wall
    if settings.clock_url is None:
        return SystemClock(real)
    try:
        return MovableClock(settings.clock_url, real)
    except ClockError as error:
        raise SettingsError(f"PAIREC_CLOCK_URL: {error}") from None


def ram_to_read(settings: Settings, redaction: Redaction, account_id: str | None) -> Ram:
    """RAM for whoever only wants to know its users, and has no need of a catalogue that can be read. `account_id`: the
    account that the ledger belongs to.

    Raises:
        SettingsError: it cannot be asked.
    """
    egress = _egress(settings)
    ask = asking_sts(settings.sts_address, settings.region, egress)
    credentials = OwnAccount(_credentials(settings, redaction, egress), ask, account_id)
    return Ram(*_account_clients(settings, credentials, egress))


def _account_clients(settings: Settings, credentials: Any, egress: Egress) -> tuple[Any, Any]:
    return (
        ram_client(settings.ram_endpoint, settings.region, credentials, egress),
        ims_client(settings.ims_endpoint, settings.region, credentials, egress),
    )


def _credentials(settings: Settings, redaction: Redaction, egress: Egress) -> Credentials:
    sts = sts_client(settings.sts_address, settings.region, egress=egress)
    credentials = default_credentials(redaction, sts)
    try:
        credentials.get_credential()
    except NotIssued as refused:
        raise SettingsError(refused.message) from None
    except (CredentialException, OSError):
        raise SettingsError(_no_credentials()) from None
    return credentials


def _no_credentials() -> str:
    missing = [name for name in ACCESS_KEY if not os.environ.get(name)]
    if len(missing) == 1:
        return f"{missing[0]} is not set, and no other credentials were found in the SDK's chain"
    return f"{ACCESS_KEY[0]}: no credentials were found, in the environment or elsewhere in the SDK's chain"


def _sources(settings: Settings, credentials: Any, ram: Ram, roles: Roles, maxcompute: MemberRoles) -> Sources:
    project = settings.training_project
    return Sources(
        ram=ram,
        roles=roles,
        pairec=PaiRec(pairec_client(settings.pairec_address, settings.region, credentials, settings.egress)),
        instances=settings.instance_ids,
        tenant=Tenant(project, settings.maxcompute_address, credentials, settings.egress) if project else None,
        quota=settings.training_quota,
        tunnel_group=settings.tunnel_group,
        owner=maxcompute.owner,
    )
