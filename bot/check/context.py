"""What the checks look at: the program's parts, each made when the first check needs it and once for all of them, so
that one that cannot be made holds up nothing but what needs it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

from slack_sdk import WebClient

from approvals.catalog.model import Catalog, Item
from approvals.catalog.resources import Resources
from approvals.errors import LedgerError, NoLedger, OlderLedger
from approvals.ledger import Ledger, open_ledger
from approvals.people import Principal
from approvals.queries.item_holders import item_holders
from approvals.status.plan import StatusPlan
from bot.app.cloud_access import account_clients, find_credentials
from bot.app.opening import catalog_of, egress_of, plan_of, resources_of
from bot.app.parts import cloud_sources, slack_client
from bot.check.row import NotTried
from bot.check.settings_faults import ACCESS_KEY_ID
from bot.cloud.clients import quiet_sdk
from bot.cloud.connecting import member_products
from bot.cloud.member_roles import MemberRoles
from bot.cloud.members import PlaceMembership
from bot.cloud.own_identity import OwnIdentity, own_identity
from bot.cloud.policy_texts import PolicyTexts
from bot.cloud.ram import Ram
from bot.cloud.roles import Roles
from bot.egress import Egress
from bot.redaction import Redaction
from bot.settings import Settings
from bot.worker.cloud_reads import Sources

T = TypeVar("T")
ACCOUNT = "cloud account"
"""The row that says whose the credentials are."""


class Once(Generic[T]):
    """Makes something when it is asked for, once; whoever asks again gets the same, or the same error."""

    def __init__(self, make: Callable[[], T], said_by: str = "") -> None:
        """`said_by`: the row that says why, where it cannot be made; others only name that."""
        self._make = make
        self._said_by = said_by
        self._lock = threading.Lock()
        self.made: list[T] = []
        """It, once it is made."""
        self._error: Exception | None = None

    def __call__(self) -> T:
        """Wait for it.

        Raises:
            NotTried: it cannot be made, and another row says why.
            Exception: what making it raises, where none does.
        """
        try:
            return self.raw()
        except Exception as error:
            if isinstance(error, NotTried) or not self._said_by:
                raise
            raise NotTried(f"{self._said_by} comes first") from error

    def raw(self) -> T:
        """The same for the row that says why it cannot be made."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if not self.made:
                try:
                    self.made.append(self._make())
                except Exception as error:
                    self._error = error
                    raise
            return self.made[0]

    def settle(self) -> None:
        """Have it made, if it can be."""
        with suppress(Exception):
            self()


class CheckContext:
    """Safe to share between threads. What cannot be made raises NotTried where another row says why, and otherwise what
    making it raises.
    """

    def __init__(self, settings: Settings, faults: Mapping[str, str], redaction: Redaction) -> None:
        """`faults`: what is wrong with the settings that are not as they may be; `settings` has others in their
        place.
        """
        quiet_sdk()
        self.settings = settings
        self.faults = faults
        self._redaction = redaction
        self.egress: Once[Egress] = Once(lambda: egress_of(settings))
        self.resources: Once[Resources] = Once(lambda: self._with("PAIREC_RESOURCES", resources_of), "PAIREC_RESOURCES")
        self.catalog: Once[Catalog] = Once(
            lambda: self._with("PAIREC_CATALOG", partial(catalog_of, resources=self.resources())), "the catalogue"
        )
        self.plan: Once[StatusPlan] = Once(
            lambda: self._with("PAIREC_STATUS", partial(plan_of, catalog=self.catalog(), resources=self.resources())),
            "PAIREC_STATUS",
        )
        self.open_ledger: Once[Ledger] = Once(
            lambda: self._with(
                "PAIREC_DATABASE_URL", lambda known: open_ledger(known.database_url, make=False, upgrade=False)
            )
        )
        self.slack: Once[WebClient] = Once(self._slack)
        self.credentials: Once[Any] = Once(
            lambda: self._with(ACCESS_KEY_ID, partial(find_credentials, redaction=redaction, egress=self.egress())),
            ACCOUNT,
        )
        self.identity: Once[OwnIdentity] = Once(
            lambda: own_identity(settings.sts_address, settings.region, self.credentials.raw(), self.egress()), ACCOUNT
        )

        self.clients: Once[tuple[Any, Any]] = Once(self._account_clients)
        self.ram: Once[Ram] = Once(lambda: Ram(*self.clients(), self.catalog().types))
        self.texts: Once[PolicyTexts] = Once(lambda: PolicyTexts(self.clients()[0], self.ram().reading))
        self.members: Once[Mapping[str, MemberRoles]] = Once(
            lambda: member_products(
                self.resources(), self.catalog(), settings, self.credentials(), self.ram(), self.egress()
            )
        )
        self._lists: dict[tuple[str, str], Once[tuple[PlaceMembership, ...]]] = {}
        self._lock = threading.Lock()
        self.sources: Once[Sources] = Once(self._sources)

    def need(self, *names: str) -> None:
        """Whatever needs these settings.

        Raises:
            NotTried: one of them is not as it may be.
        """
        for name in names:
            if name in self.faults:
                raise NotTried(f"{name} comes first")

    def ledger(self) -> Ledger:
        """The ledger, for whoever reads it.

        Raises:
            NotTried: there is none yet, or none that this program may read as it is.
        """
        try:
            return self.open_ledger()
        except NoLedger:
            raise NotTried("there is no ledger yet") from None
        except OlderLedger:
            raise NotTried("the ledger is of an older version") from None
        except LedgerError:
            raise NotTried("the ledger comes first") from None

    def policies(self) -> dict[str, Item]:
        """Those that can be asked for, by name."""
        return {
            each.name: item for item in self.catalog().items.values() for each in item.entitlements if each.has_type
        }

    def place_members(self, kind: str, place: str) -> tuple[PlaceMembership, ...]:
        """Who is in a place of a product, read once; of one that lists the members of a role alone, those of a role
        that can be asked for there.
        """

        def read() -> tuple[PlaceMembership, ...]:
            roles = (part.role for part in self.catalog().parts if part.kind.product == kind and part.place == place)
            return self.members()[kind].product.members(place, next(roles, ""))

        with self._lock:
            once = self._lists.setdefault((kind, place), Once(read))
        return once()

    def close(self) -> None:
        """The ledger's file is left as it was found."""
        for ledger in self.open_ledger.made:
            ledger.close()

    def catalog_in(self, locale: str) -> Catalog:
        """The catalogue, with titles in the language of that locale.

        Raises:
            NotTried: what it is made of is missing.
        """
        resources = self.resources()
        return self._with("PAIREC_CATALOG", lambda settings: catalog_of(settings, resources, locale))

    def _with(self, name: str, make: Callable[[Settings], T]) -> T:
        self.need(name)
        return make(self.settings)

    def _slack(self) -> WebClient:
        self.need("SLACK_BOT_TOKEN", "PAIREC_SLACK_API_URL")
        return slack_client(self.settings, self.egress())

    def _account_clients(self) -> tuple[Any, Any]:
        self.need("PAIREC_RAM_ENDPOINT", "PAIREC_IMS_ENDPOINT", "PAIREC_REGION")
        return account_clients(self.settings, self.credentials(), self.egress())

    def _sources(self) -> Sources:
        self.need("PAIREC_INSTANCES", "PAIREC_SERVICE_ENDPOINT", "PAIREC_MAXCOMPUTE_ENDPOINT")
        ram, credentials = self.ram(), self.credentials()
        roles = Roles(self.clients()[0], ram, self.plan().terms.engine_role)
        return cloud_sources(self.settings, self.egress(), credentials, ram, roles, self.members(), self._holders)

    def _holders(self, items: Sequence[str]) -> Sequence[Principal]:
        try:
            with self.ledger().read() as tx:
                return item_holders(tx, items)
        except NotTried:
            return ()
