"""The one place where the parts meet: settings in, a running program out."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from random import Random
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.exceptions import CredentialException
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from approvals import ledger as ledgers
from approvals.catalog import Catalog, load_catalog
from approvals.errors import CatalogError, LedgerError
from approvals.ledger import Ledger
from approvals.ledger.records import Record
from approvals.ledger.status import Change
from approvals.model import Grant
from approvals.operations import reconcile
from approvals.operations.showing import Shown
from approvals.status.plan import Plan, load_plan
from bot.boards import Boards
from bot.checker import Checker, Sources
from bot.clock import ClockError, MovableClock, SystemClock
from bot.cloud.clients import ims_client, pairec_client, quiet_sdk, ram_client
from bot.cloud.pairec import PaiRec
from bot.cloud.products import Products
from bot.cloud.ram import Ram
from bot.cloud.roles import Roles
from bot.cloud.service_role import ServiceRole
from bot.cloud.tenant import Tenant
from bot.directory import Directory
from bot.messenger import Messenger, is_shared
from bot.settings import Settings, SettingsError
from bot.settler import Settler
from bot.slack_errors import code_of, is_slacks, is_trouble
from bot.worker import Worker
from handlers.desk import Desk
from handlers.executor import Executor
from handlers.home import draw_home
from handlers.register import register
from handlers.views import alarm, board, card, told
from handlers.views.blocks import Message
from handlers.words import load_words

log = logging.getLogger(__name__)

SLACK_TIMEOUT = 10
"""Seconds."""
PING_EVERY = 2
"""Seconds. A connection that was cut without a word is noticed after a few unanswered pings."""
CLOUD_THREADS = 24
"""Enough to keep RAM's 10 writes a second up when each of a write's calls takes half a second."""
TALK_THREADS = 6
CHECK_THREADS = 24
"""Each run of checks has one until the last answer, and each row may have a run of its own."""
HOME_THREADS = 2
ACCESS_KEY = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
"""Read by the SDK itself, and only where the environment is what it takes its credentials from."""
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

    def alarm(self, grant: Grant, record: Record) -> Message:
        return alarm.alarm(grant, record, self._desk.words)

    def alarm_over(self, grant: Grant, record: Record) -> Message:
        return alarm.alarm_over(grant, record, self._desk.words)

    def board(self, shown: Shown) -> Message:
        return board.board(shown, self._desk.words)

    def changes(self, changes: Sequence[Change]) -> Message:
        return board.changes_message(changes, self._desk.plan, self._desk.words)

    def home(self, to: str) -> dict[str, Any]:
        return draw_home(self._desk, to)


class Parts:
    """Everything that the program is made of, built from its settings and not yet started."""

    def __init__(self, settings: Settings, credentials: Credentials | None = None, *, make_ledger: bool = True) -> None:
        """`credentials` instead of what the default chain finds; `make_ledger` if it is not there yet.

        Raises:
            SettingsError: the program cannot start.
        """
        quiet_sdk()
        self.settings = settings
        catalog = _catalog(settings)
        self.plan = _plan(settings, catalog)
        self.catalog = catalog.with_mends(self.plan.mends)
        self.ledger = open_ledger(settings, make=make_ledger)
        self.clock = _clock(settings, self.ledger)
        self.slack = WebClient(
            token=settings.bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            timeout=SLACK_TIMEOUT,
            retry_handlers=[],
        )
        credentials = credentials or _credentials()
        ram = ram_client(settings.ram_endpoint, settings.region, credentials)
        ims = ims_client(settings.ims_endpoint, settings.region, credentials)
        self.ram = Ram(ram, ims, self.catalog.types)
        roles = Roles(ram, self.ram, self.plan.engine_role)
        own = ServiceRole(ram, roles, self.plan.service_role)
        self.products = Products({"policy": self.ram}, {"role_policy": roles, "service_role": own})
        self.sources = _sources(settings, credentials, self.ram, roles)
        self.directory = Directory(self.slack, self.ram, self.products, self.catalog)
        self.chance = Random()


class Program:
    """The running bot."""

    def __init__(self, parts: Parts) -> None:
        """Checks that Slack knows the bot and that the approvals channel is fit for approvals.

        Raises:
            SettingsError: it does not, or it is not.
        """
        self._parts = parts
        settings = parts.settings
        self.team_id = slack_team(parts.slack)
        check_channel(parts.slack, settings.approvals_channel)
        self._executor = Executor()
        self._workers: tuple[Worker, ...] = ()
        self.desk = Desk(
            ledger=parts.ledger,
            catalog=parts.catalog,
            plan=parts.plan,
            directory=parts.directory,
            clock=parts.clock,
            executor=self._executor,
            slack=parts.slack,
            words=load_words("en"),
            team_id=self.team_id,
            wake=self.wake,
        )
        self._bolt = App(client=parts.slack, token_verification_enabled=False, logger=logging.getLogger("slack_bolt"))
        register(self._bolt, self.desk)
        settler = Settler(parts.ledger, parts.products, parts.clock, parts.chance)
        messenger = Messenger(
            parts.slack, parts.ledger, parts.clock, Renderer(self.desk), settings.approvals_channel, parts.chance
        )
        renderer = Renderer(self.desk)
        boards = Boards(parts.slack, parts.ledger, parts.clock, parts.plan, renderer, parts.chance)
        checker = Checker(parts.ledger, parts.plan, parts.sources, parts.clock)
        talk = {**messenger.performs(), **boards.performs()}
        cloud_work = {"settle": settler.settle, "reconcile": settler.reconcile}
        self._all_workers = (
            Worker("cloud", parts.ledger, parts.clock, cloud_work, parts.chance, threads=CLOUD_THREADS),
            Worker("talk", parts.ledger, parts.clock, talk, parts.chance, threads=TALK_THREADS),
            Worker("check", parts.ledger, parts.clock, checker.performs(), parts.chance, threads=CHECK_THREADS),
            # Drawing App Home asks RAM who may approve, and may wait for it; nobody else has to.
            Worker("home", parts.ledger, parts.clock, {"home": messenger.home}, parts.chance, threads=HOME_THREADS),
        )
        self._socket = SocketModeHandler(
            self._bolt,
            settings.app_token.get_secret_value(),
            web_client=WebClient(base_url=settings.slack_api_url, timeout=SLACK_TIMEOUT),
            ping_interval=PING_EVERY,
        )

    def start(self) -> None:
        """Open the socket to Slack and begin with what is due; returns once both are done.

        Raises:
            SettingsError: Slack opens none, or the ledger cannot be worked from.
        """
        with _named("PAIREC_DATABASE_URL"):
            alone = self._parts.ledger.take_over()
        with asking_ledger(self._parts.ledger):
            reconcile.schedule(self._parts.ledger, self._parts.clock.now())
        if not alone and not self._parts.ledger.shared:
            log.warning("another process works from this ledger too", extra={"ledger": self._parts.ledger.address})
        self._parts.directory.start()
        try:
            self._connect()
        except SettingsError:
            self._hang_up()
            raise
        self._workers = self._all_workers
        for worker in self._workers:
            worker.start(*(other for other in self._workers if other is not worker))
        self._parts.clock.start(self.wake)
        log.info("started", extra={"team": self.team_id, "channel": self._parts.settings.approvals_channel})

    def _connect(self) -> None:
        """The SDK would ask for the address itself, but it logs a refusal besides raising it, and sits out a limit."""
        client = self._socket.client
        with _asking_slack("SLACK_APP_TOKEN: Slack does not open a connection with it"):
            client.wss_uri = client.web_client.apps_connections_open(app_token=client.app_token)["url"]
            self._socket.connect()

    def wake(self) -> None:
        for worker in self._workers:
            worker.wake()

    def stop(self, within: float = STOP_WITHIN) -> None:
        """Hear nothing new, finish what is in hand, and leave the rest in the ledger for the next process."""
        deadline = time.monotonic() + within

        def left() -> float:
            return max(deadline - time.monotonic(), 0.0)

        self._hang_up()
        self._executor.stop(left())
        for worker in self._workers:
            worker.stop(left())
        self._parts.clock.stop()
        self._parts.directory.stop()
        self._parts.ledger.release()
        log.info("stopped")

    def _hang_up(self) -> None:
        """Leave Slack. The SDK waits seconds for its own threads meanwhile, so it does that on one of ours."""
        self._socket.client.auto_reconnect_enabled = False
        threading.Thread(target=self._socket.close, name="socket-close", daemon=True).start()


@contextmanager
def _asking_slack(refused: str) -> Iterator[None]:
    """`refused` is the sentence for when Slack says no; the setting that it names is then at fault.

    Raises:
        SettingsError: Slack says no, or does not answer, which is no setting's fault unless its address is wrong.
    """
    try:
        yield
    except SlackApiError as error:
        if is_trouble(error):
            raise SettingsError(_not_now(error)) from None
        if not is_slacks(error):
            raise SettingsError("PAIREC_SLACK_API_URL: what answers there is not Slack") from None
        raise SettingsError(f"{refused} ({code_of(error)})") from None
    except (SlackClientError, HTTPException, OSError) as error:
        raise SettingsError(_not_now(error)) from None


def _not_now(error: Exception) -> str:
    return (
        f"PAIREC_SLACK_API_URL: Slack does not answer right now ({code_of(error)}); "
        "if the address is right, start again in a while"
    )


def slack_team(slack: WebClient) -> str:
    """The team that the bot token belongs to.

    Raises:
        SettingsError: Slack does not take the token, or does not answer.
    """
    with _asking_slack("SLACK_BOT_TOKEN: Slack does not take it"):
        return str(slack.auth_test()["team_id"])


def check_channel(slack: WebClient, channel: str | None) -> None:
    """Approvals must not be readable by other organisations, and had better not be public.

    Raises:
        SettingsError: the channel is shared with another organisation, or Slack does not tell.
    """
    if channel is None:
        log.warning("no approvals channel is set: each approver gets cards by direct message")
        return
    with _asking_slack("PAIREC_APPROVALS_CHANNEL: Slack does not tell who reads it"):
        found = _seen(slack, channel)
    if found is None:
        # Cards go to the approvers in person then; the bot may be invited later.
        return
    if is_shared(found):
        raise SettingsError(
            "PAIREC_APPROVALS_CHANNEL is shared with another organisation; choose a private channel of this workspace"
        )
    if not found.get("is_private"):
        log.warning(
            "the approvals channel is public: everybody here reads who asks for what", extra={"channel": channel}
        )


def _seen(slack: WebClient, channel: str) -> dict[str, Any] | None:
    """What Slack says of a channel; None when there is none, or the bot is not in it."""
    try:
        found: dict[str, Any] = slack.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        if code_of(error) not in ("channel_not_found", "not_in_channel"):
            raise
        log.warning("the approvals channel cannot be seen", extra={"channel": channel, "error": code_of(error)})
        return None
    return found


def open_ledger(settings: Settings, *, make: bool = True) -> Ledger:
    """`make`: one that is not there yet is made.

    Raises:
        SettingsError: it cannot be used.
    """
    with _named("PAIREC_DATABASE_URL"):
        return ledgers.open_ledger(settings.database_url, make=make)


def _catalog(settings: Settings) -> Catalog:
    with _named("PAIREC_CATALOG"):
        return load_catalog(settings.catalog)


def _plan(settings: Settings, catalog: Catalog) -> Plan:
    with _named("PAIREC_STATUS"):
        return load_plan(catalog, settings.status, engine_role=settings.engine_role, quota=settings.training_quota)


@contextmanager
def _named(setting: str) -> Iterator[None]:
    """Puts the name of a setting before what is wrong with the file that it names, which the core cannot know."""
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
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise SettingsError(f"PAIREC_DATABASE_URL: the ledger {ledger.address} does not do it: {told[0]}") from None


def _clock(settings: Settings, ledger: Ledger) -> SystemClock | MovableClock:
    if settings.clock_url is None:
        return SystemClock(ledger.ahead)
    try:
        return MovableClock(settings.clock_url)
    except ClockError as error:
        raise SettingsError(f"PAIREC_CLOCK_URL: {error}") from None


def _credentials() -> Credentials:
    """By the SDK's default chain: environment, RRSA, configuration files, instance role."""
    credentials = Credentials()
    try:
        credentials.get_credential()
    except (CredentialException, OSError):
        raise SettingsError(_no_credentials()) from None
    return credentials


def _no_credentials() -> str:
    missing = [name for name in ACCESS_KEY if not os.environ.get(name)]
    if len(missing) == 1:
        return f"{missing[0]} is not set, and no other credentials were found in the SDK's chain"
    return f"{ACCESS_KEY[0]}: no credentials were found, in the environment or elsewhere in the SDK's chain"


def _sources(settings: Settings, credentials: Credentials, ram: Ram, roles: Roles) -> Sources:
    project = settings.training_project
    return Sources(
        ram=ram,
        roles=roles,
        pairec=PaiRec(pairec_client(settings.pairec_address, settings.region, credentials)),
        instances=settings.instance_ids,
        tenant=Tenant(project, settings.maxcompute_address, credentials) if project else None,
        quota=settings.training_quota,
        tunnel_group=settings.tunnel_group,
    )
