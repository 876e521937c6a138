"""Who is a member of the account's workspaces and projects, now and a short while ago, and every call about it.

Safe to use from several threads. People's changes by hand go through the same door as the products' calls.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from approvals.catalog.resources import products
from bot.sandbox.actiontrail.consoles import HandChange
from bot.sandbox.products import places as of
from bot.sandbox.products.hologres.contents import consistent
from bot.sandbox.products.hologres.instances import HologresInstances
from bot.sandbox.products.places import Place, PlaceKey, PlaceRefusalReason, PlaceRefused, Places
from bot.sandbox.ram.account import REMEMBERED_SECONDS, CloudAccount
from bot.sandbox.ram.caller import BY_HAND, Caller
from bot.sandbox.ram.identity import BOT_USER_ID

CALLS_KEPT = 200
Change = Callable[[Places, float], Places]
"""From what is there, and the domain time, to what is there afterwards."""


class Membership:
    """All places with their members, and their short past. Safe to use from several threads."""

    def __init__(
        self,
        account: CloudAccount,
        places: Places,
        monotonic: Callable[[], float] = time.monotonic,
        hologres: HologresInstances | None = None,
    ) -> None:
        """`places` are there at first. `monotonic`: real seconds, by which reads may lag. `hologres`: the databases
        behind its places.
        """
        self.account = account
        self.hologres = hologres or HologresInstances(account.account_id)
        self._monotonic = monotonic
        self.owners: dict[str, str] = {}
        """Whom a MaxCompute project belongs to, where that is not the account."""
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.RLock()
        self._past: deque[tuple[float, Places]] = deque([(float("-inf"), places)])
        self._calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody looks in between."""
        with self._lock:
            yield

    def read(self, seconds_ago: float = 0.0) -> Places:
        """All places, as they are or as they were some real seconds ago."""
        with self._lock:
            moment = self._monotonic() - seconds_ago
            return next((places for since, places in reversed(self._past) if since <= moment), self._past[0][1])

    def place(self, product: str, place: str) -> Place:
        """KeyError for one that there is not."""
        return self.read()[PlaceKey(product, place)]

    def change(self, change: Change) -> float:
        """One write, whole or, where it raises, not at all; the domain time that it was made at."""
        with self._lock:
            now, moment = self.account.now(), self._monotonic()
            self._past.append((moment, change(self._past[-1][1], now)))
            while len(self._past) > 1 and self._past[1][0] < moment - REMEMBERED_SECONDS:
                self._past.popleft()
        return now

    def on_observed(self, listener: Callable[[], None]) -> None:
        """Call `listener` once a database showed something else than the places had; it must not block."""
        self._listeners.append(listener)

    def observed(self, change: Change | None) -> None:
        """Take over what a product's own database shows, where it could be looked at."""
        if change is None:
            return
        with self._lock:
            before = self.read()
            if change(before, self.account.now()) == before:
                return
            self.change(change)
        for listener in self._listeners:
            listener()

    def name_of(self, user_id: str) -> str:
        """What RAM calls a user; for one whom it does not have, what they were called, or else the UserId."""
        for user in self.account.read().users.values():
            if user.user_id == user_id:
                return user.name
        known = (place.members[user_id].name for place in self.read().values() if user_id in place.members)
        return next(known, user_id)

    def require_user_name(self, user_id: str) -> str:
        """The name of a RAM user who is about to join; refused for a UserId that RAM does not have."""
        for user in self.account.read().users.values():
            if user.user_id == user_id:
                return user.name
        raise PlaceRefused(PlaceRefusalReason.NO_USER, user_id)

    # -- by hand, past the products' APIs

    def give(self, product: str, place: str, user: str, role: str) -> None:
        """`user` is the name of a RAM user, who is made a member if need be."""
        key, user_id = PlaceKey(product, place), self._id_of(user)

        def given(places: Places, now: float) -> Places:
            if user_id in of.place_of(places, key).members:
                return of.grant(places, key, user_id, [role], now)
            return of.join(places, key, user_id, user, [role], now)

        self._by_hand("Give by hand", given, key, user, role)

    def take(self, product: str, place: str, user: str, role: str) -> None:
        """Whoever loses their last role stays a member."""
        key, user_id = PlaceKey(product, place), self._id_of(user)
        self._by_hand("Take by hand", lambda places, now: of.revoke(places, key, user_id, [role], now), key, user, role)

    def remove(self, product: str, place: str, user: str) -> None:
        """Take a member out, with all of their roles."""
        key, user_id = PlaceKey(product, place), self._id_of(user)
        self._by_hand("Remove by hand", lambda places, now: of.leave(places, key, user_id, now), key, user)

    def delete_place(self, product: str, place: str) -> None:
        """Delete a place with all who are in it; raises `PlaceRefused` where it does not exist."""
        key = PlaceKey(product, place)
        self._by_hand("Delete by hand", lambda places, _: of.without(places, key), key)

    def _by_hand(self, action: str, change: Change, key: PlaceKey, user: str = "", role: str = "") -> None:
        """Raises `PlaceRefused`."""
        before = self.read()
        at = self.change(lambda places, now: consistent(places, change(places, now), now))
        self.hologres.applied(before, self.read())
        sent = None
        if user:
            joins = (user_id := self._id_of(user)) not in of.place_of(before, key).members
            sent = {"by hand": HandChange(key.product, key.id, user_id, role, self.account.account_id, joins)}
        self.note_write(action, key, user, (role,) if role else (), "ok", BY_HAND, at, sent)

    def _id_of(self, name: str) -> str:
        user = self.account.read().users.get(name)
        if user is not None:
            return user.user_id
        for place in self.read().values():
            for member in place.members.values():
                if member.name == name:
                    return member.user_id
        raise PlaceRefused(PlaceRefusalReason.NO_USER, name)

    # -- what happened

    def note_write(
        self,
        action: str,
        at: PlaceKey,
        user: str,
        roles: tuple[str, ...],
        result: str,
        by: Caller,
        when: float | None = None,
        sent: Mapping[str, Any] | None = None,
    ) -> None:
        """An attempted write, into the account's log beside RAM's. `when`: domain time; `sent`: its parameters."""
        where = f"{at.product} {at.id}"
        what = f"{where}: {', '.join(roles)}" if roles else where
        named = {"UserName": user, "PolicyName": what}
        self.account.record(action, named, result, by, when, products()[at.product].title, sent)

    def note_call(self, product: str, action: str, params: Mapping[str, Any], result: str, by: Caller) -> None:
        """Keep a call for `calls`, whether it was carried out or not."""
        call = {"product": product, "action": action, "params": dict(params), "result": result, **by._asdict()}
        with self._lock:
            self._calls.append(call)

    def calls(self) -> list[dict[str, Any]]:
        """The last calls to the products, oldest first: what was asked, and `ok`, a code or a fault; and who
        made them.
        """
        with self._lock:
            return list(self._calls)

    def view(self) -> dict[str, Any]:
        """JSON-ready: every place with its members, and the calls."""
        places = self.read()
        return {"members": [self._shown(place) for place in places.values()], "calls": self.calls()}

    def _shown(self, place: Place) -> dict[str, Any]:
        members = [
            {
                "user": self.name_of(member.user_id),
                "user_id": member.user_id,
                # Whoever is there for the account itself.
                "owner": member.user_id in (self.account.account_id, BOT_USER_ID),
                "roles": sorted(member.roles),
                "since": member.since,
                "roles_since": {role: held.since for role, held in sorted(member.roles.items())},
            }
            for member in place.members.values()
        ]
        product = place.key.product
        return {
            "product": product,
            "product_title": products()[product].title,
            "place": place.key.id,
            "title": place.title,
            "members": members,
        }
