"""Lists that are read every now and then, so that a form can be drawn and checked without waiting for the cloud."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.errors import CloudError
from approvals.evidence import RamUser
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram

log = logging.getLogger(__name__)

MAX_AGE_SECONDS = 60.0
READ_INTERVAL_SECONDS = 45.0
WANTED_FOR_SECONDS = 900.0
"""Seconds for which the users are read again and again after somebody wanted to see them: a form is open for less. Ten
thousand of them take a processor a quarter of a second, and most of the time nobody looks."""


class CachedLists:
    """The account's RAM users, and the places of each product."""

    def __init__(self, ram: Ram, products: CloudProducts, catalog: Catalog) -> None:
        self._ram = ram
        self._products = products
        self._catalog = catalog
        self._users: tuple[float, tuple[RamUser, ...]] | None = None
        self._places: dict[str, tuple[float, Mapping[str, str]]] = {}
        self._wanted_at = -WANTED_FOR_SECONDS - 1
        self._read_users = threading.Condition()
        self._wake = threading.Event()
        self._stopped = threading.Event()

    def start(self) -> None:
        """Read places at once, and again and again, and users while somebody wants them, on threads of their own."""
        threading.Thread(target=self._keep_places, name="places", daemon=True).start()
        threading.Thread(target=self._keep_users, name="roster", daemon=True).start()

    def stop(self) -> None:
        """Read no more; what is being read is not waited for."""
        self._stopped.set()
        self._wake.set()

    def users(self, within: float = 0.0) -> tuple[RamUser, ...] | None:
        """None where they were not read within the last minute, and are not read within these seconds; they are read
        then for whoever asks next.
        """
        self._wanted_at = time.monotonic()
        if self._users_at_hand() is None:
            self._wake.set()
            with self._read_users:
                self._read_users.wait_for(self._users_at_hand, within)
        return self._users_at_hand()

    @property
    def are_wanted(self) -> bool:
        """Whether somebody wanted to see the users lately."""
        return time.monotonic() - self._wanted_at <= WANTED_FOR_SECONDS

    def _users_at_hand(self) -> tuple[RamUser, ...] | None:
        kept = self._users
        return kept[1] if kept and time.monotonic() - kept[0] <= MAX_AGE_SECONDS else None

    def places(self) -> Mapping[str, Mapping[str, str]]:
        """By product, of those whose places were read within the last minute: what each place is called by its id."""
        kept = dict(self._places)
        return {kind: found for kind, (read, found) in kept.items() if time.monotonic() - read <= MAX_AGE_SECONDS}

    def read_users(self) -> None:
        """Read the list of RAM users anew.

        Raises:
            CloudError: RAM or IMS does not tell.
        """
        begun = time.monotonic()
        users = self._ram.users.roster()
        with self._read_users:
            self._users = (begun, users)
            self._read_users.notify_all()

    def ask_for_users(self) -> None:
        """Whether the users would be told. At first, and while somebody wants to see them, they are read; else one of
        them is asked for: ten thousand take a processor a quarter of a second.

        Raises:
            CloudError: RAM or IMS does not tell.
        """
        if self._users is None or self.are_wanted:
            self.read_users()
        else:
            self._ram.users.ask_for_one()

    def read_places(self, kind: str) -> None:
        """Read the places of a product anew.

        Raises:
            CloudError: it does not tell.
        """
        self._places[kind] = (time.monotonic(), self._products.members[kind].places())

    def _keep_users(self) -> None:
        while not self._stopped.is_set():
            self._wake.wait(READ_INTERVAL_SECONDS if self.are_wanted else None)
            self._wake.clear()
            if self._stopped.is_set():
                return
            try:
                self.read_users()
            except CloudError as error:
                log.debug("the list of RAM users could not be read", extra={"code": error.code})
            except Exception:
                # What nobody foresaw in one answer must not be the end of all later ones.
                log.exception("the list of RAM users could not be read")

    def _keep_places(self) -> None:
        """The products whose places people can be members of."""
        named = {part.kind.name for part in self._catalog.entitlements if part.is_member_role}
        while True:
            for kind in sorted(named):
                self._keep_places_of(kind)
            if self._stopped.wait(READ_INTERVAL_SECONDS):
                return

    def _keep_places_of(self, kind: str) -> None:
        try:
            self.read_places(kind)
        except CloudError as error:
            log.debug("the places of a product could not be read", extra={"product": kind, "code": error.code})
        except Exception:
            log.exception("the places of a product could not be read", extra={"product": kind})
