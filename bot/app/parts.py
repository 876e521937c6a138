"""Everything that the program is made of, built from its settings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from slack_sdk import WebClient

from approvals.entitlement_kind import POLICY, ROLE_POLICY, SERVICE_ROLE
from approvals.ledger import identity
from approvals.operations import belonging
from approvals.operations.linked_id import update_linked_id
from approvals.people import Person, Principal
from approvals.ports import NewUsers
from approvals.queries.item_holders import item_holders
from bot.app.cloud_access import account_clients, find_credentials
from bot.app.opening import (
    asking_ledger,
    catalog_of,
    clock_of,
    egress_of,
    open_ledger,
    plan_of,
    resources_of,
)
from bot.cloud.account import OwnAccount
from bot.cloud.action_trail import ActionTrail
from bot.cloud.clients import actiontrail_client, asking_sts, pairec_client, quiet_sdk, share_certificates
from bot.cloud.connecting import member_products
from bot.cloud.member_roles import MemberRoles
from bot.cloud.own_identity import own_user
from bot.cloud.pairec import PaiRec
from bot.cloud.policies_now import CurrentPolicies
from bot.cloud.policy_texts import PolicyTexts
from bot.cloud.products import CloudProducts
from bot.cloud.ram import BACKGROUND_READS, Ram
from bot.cloud.roles import Roles
from bot.cloud.service_role import ServiceRole
from bot.cloud.tenant import Tenants
from bot.conditions import Conditions
from bot.directory.inventory import LiveInventory
from bot.directory.people import LiveDirectory
from bot.directory.policies import LivePolicies
from bot.egress import Egress
from bot.metrics.metrics import Metrics
from bot.monitor.own_account import bind_account
from bot.redaction import Redaction
from bot.settings import Settings
from bot.slack.web_client import ToldWebClient
from bot.worker.cloud_reads import Sources
from handlers.context import EVIDENCE_MAX_AGE_MS
from handlers.translations import locales

log = logging.getLogger(__name__)
SLACK_TIMEOUT_SECONDS = 10
"""Seconds."""


class Parts:
    """Everything that the program is made of, built from its settings and not yet started."""

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials | None = None,
        *,
        make_ledger: bool = True,
        upgrade_in_use: bool = False,
        redaction: Redaction | None = None,
    ) -> None:
        """`credentials` instead of what the default chain finds; `make_ledger` if it is not there yet; `upgrade_in_use`
        as for `open_ledger`; `redaction` learns which keys are used.

        Raises:
            SettingsError: the program cannot start.
        """
        quiet_sdk()
        self.settings = settings
        self.metrics = Metrics()
        self.egress = egress = egress_of(settings, self.metrics.count)
        share_certificates(egress)
        self.resources = resources_of(settings)
        catalog = catalog_of(settings, self.resources)
        self.plan = plan_of(settings, catalog, self.resources)
        self.catalog = catalog.with_repairs(self.plan.repairs)
        self.catalogs = {
            locale: catalog_of(settings, self.resources, locale).with_repairs(self.plan.repairs) for locale in locales()
        }
        self.ledger = open_ledger(settings, make=make_ledger, upgrade_in_use=upgrade_in_use)
        self.clock = clock_of(settings, self.ledger)
        self.conditions = Conditions(self.clock.real)
        self.slack = slack_client(settings, egress)
        given = credentials or find_credentials(settings, redaction or Redaction(), egress)
        ask = asking_sts(settings.sts_address, settings.region, egress)
        unchecked = Ram(*account_clients(settings, given, egress))
        with asking_ledger(self.ledger):
            ours = belonging.owner(self.ledger, identity.ACCOUNT)
        self.account = credentials = OwnAccount(
            given, ask, ours, lambda account: bind_account(account, self.ledger, self.clock, unchecked)
        )
        ram, ims = account_clients(settings, credentials, egress)
        self.ram = Ram(ram, ims, self.catalog.types)
        self.policies = LivePolicies(CurrentPolicies(self.ram.types, PolicyTexts(ram, self.ram.reading)))
        self.action_trail = ActionTrail(
            partial(actiontrail_client, settings.actiontrail_address, settings.region, credentials, egress)
        )
        address = settings.actiontrail_products_address
        self.products_trail = ActionTrail(
            partial(actiontrail_client, address, settings.region, credentials, egress), self.action_trail
        )
        self.new_users: NewUsers = self.ram.new_users
        self.background_ram = Ram(ram, ims, self.catalog.types, rate=BACKGROUND_READS)
        roles = Roles(ram, self.ram, self.plan.terms.engine_role)
        own = ServiceRole(ram, roles, self.plan.terms.service_role.name)
        members = member_products(self.resources, catalog, settings, credentials, self.ram, egress)
        self.products = CloudProducts({POLICY: self.ram}, {ROLE_POLICY: roles, SERVICE_ROLE: own}, members)
        self.sources = cloud_sources(settings, egress, credentials, self.ram, roles, members, self._holders)
        self.directory = LiveDirectory(
            self.slack,
            self.ram,
            self.products,
            self.catalog,
            self._seen,
            lambda: self.clock.steady(),
            partial(own_user, settings.sts_address, settings.region, credentials, egress),
        )
        self.inventory = LiveInventory(self.ram, self.products, self.catalog)
        self.chance = Random()
        self.evidence_holds = EVIDENCE_MAX_AGE_MS

    def _holders(self, items: Sequence[str]) -> Sequence[Principal]:
        with self.ledger.read() as tx:
            return item_holders(tx, items)

    def _seen(self, person: Person) -> None:
        try:
            update_linked_id(self.ledger, person, self.clock.now())
        except self.ledger.engine_errors:
            # Whoever is found by the id of before is found so the next time as well.
            log.exception("a link does not follow the id that Slack gives now", extra={"slack_user": person.user_id})


def slack_client(settings: Settings, egress: Egress) -> WebClient:
    """Slack's Web API as the bot; nothing is tried again by itself."""
    return ToldWebClient(
        egress.told,
        # A command that asks Slack nothing has none.
        token=settings.bot_token.get_secret_value() if settings.bot_token else None,
        base_url=settings.slack_api_url,
        timeout=SLACK_TIMEOUT_SECONDS,
        retry_handlers=[],
        proxy=egress.proxy_for(settings.slack_api_url),
        ssl=egress.tls,
    )


def cloud_sources(
    settings: Settings,
    egress: Egress,
    credentials: Any,
    ram: Ram,
    roles: Roles,
    members: Mapping[str, MemberRoles],
    holders: Callable[[Sequence[str]], Sequence[Principal]],
) -> Sources:
    """Where the status page looks. `holders`: who has one of these items by the ledger."""
    return Sources(
        ram=ram,
        roles=roles,
        pairec=PaiRec(partial(pairec_client, settings.pairec_address, settings.region, credentials, egress)),
        tenants=Tenants(settings.maxcompute_address, credentials, egress),
        members=members,
        holders=holders,
    )
