"""The one place where the parts meet: settings in, everything that the program is made of out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from ssl import SSLError
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.exceptions import CredentialException
from slack_sdk import WebClient

from approvals import ledger as ledgers
from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.catalog.resources import Resources, load_resources
from approvals.entitlement_kind import POLICY, ROLE_POLICY, SERVICE_ROLE
from approvals.errors import CatalogError, LedgerError
from approvals.ledger import Ledger, identity
from approvals.ledger.store import complaint
from approvals.model import Person
from approvals.operations import belonging
from approvals.operations.known_as import known_as
from approvals.status.plan import StatusPlan, load_plan
from bot.clock import ClockError, FollowingClock, SystemClock, on_the_wall
from bot.cloud.account import OwnAccount
from bot.cloud.clients import asking_sts, ims_client, pairec_client, quiet_sdk, ram_client, sts_client
from bot.cloud.connecting import member_products
from bot.cloud.credentials import ACCESS_KEY, default_credentials
from bot.cloud.having_credentials import NotIssued
from bot.cloud.member_roles import MemberRoles
from bot.cloud.pairec import PaiRec
from bot.cloud.products import CloudProducts
from bot.cloud.ram import UNHURRIED, Ram
from bot.cloud.roles import Roles
from bot.cloud.service_role import ServiceRole
from bot.cloud.tenant import Tenants
from bot.conditions import Conditions
from bot.directory.inventory import LiveInventory
from bot.directory.people import LiveDirectory
from bot.egress import Egress
from bot.monitor.own_account import settled
from bot.redaction import Redaction
from bot.settings import Settings, SettingsError
from bot.worker.cloud_reads import Sources
from handlers.context import EVIDENCE_MAX_AGE_MS

log = logging.getLogger(__name__)

SLACK_TIMEOUT_SECONDS = 10
"""Seconds."""
MAXCOMPUTE = "maxcompute"
"""The product whose projects have an owner that the status looks at."""


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
        self.catalog = catalog.with_repairs(self.plan.repairs)
        self.ledger = open_ledger(settings, make=make_ledger)
        self.clock = clock_of(settings, self.ledger)
        self.conditions = Conditions(self.clock.real)
        self.slack = WebClient(
            token=settings.bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            timeout=SLACK_TIMEOUT_SECONDS,
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
        roles = Roles(ram, self.ram, self.plan.terms.engine_role)
        own = ServiceRole(ram, roles, self.plan.terms.service_role.name)
        members = member_products(self.resources, catalog, settings, credentials, self.ram)
        self.products = CloudProducts({POLICY: self.ram}, {ROLE_POLICY: roles, SERVICE_ROLE: own}, members)
        self.sources = _sources(settings, credentials, self.ram, roles, members[MAXCOMPUTE])
        self.directory = LiveDirectory(self.slack, self.ram, self.products, self.catalog, self._seen)
        self.inventory = LiveInventory(self.ram, self.products, self.catalog)
        self.chance = Random()
        self.evidence_holds = EVIDENCE_MAX_AGE_MS

    def _seen(self, person: Person) -> None:
        try:
            known_as(self.ledger, person, self.clock.now())
        except self.ledger.engine_errors:
            # Whoever is found by the id of before is found so the next time as well.
            log.exception("a link does not follow the id that Slack gives now", extra={"slack_user": person.user_id})


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


def _plan(settings: Settings, catalog: Catalog, resources: Resources) -> StatusPlan:
    projects = [project.main[MAXCOMPUTE] for project in resources.projects.values() if MAXCOMPUTE in project.main]
    with named("PAIREC_STATUS"):
        return load_plan(
            catalog,
            settings.status,
            engine_role=settings.engine_role,
            quota=settings.training_quota,
            tunnel_group=settings.tunnel_group,
            training_project=settings.training_project,
            instances=settings.instance_ids,
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
    except ledger.engine_errors as error:
        raise SettingsError(
            f"PAIREC_DATABASE_URL: the ledger {ledger.address} does not do it: {complaint(error)}"
        ) from None


def clock_of(settings: Settings, ledger: Ledger | None = None) -> SystemClock | FollowingClock:
    """
    Raises:
        SettingsError: the sandbox's clock is not there.
    """
    real = ledger.real if ledger else on_the_wall
    if settings.clock_url is None:
        return SystemClock(real)
    try:
        return FollowingClock(settings.clock_url, real)
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
    return Sources(
        ram=ram,
        roles=roles,
        pairec=PaiRec(pairec_client(settings.pairec_address, settings.region, credentials, settings.egress)),
        tenants=Tenants(settings.maxcompute_address, credentials, settings.egress),
        owner=maxcompute.owner,
    )
