"""What can stand in the way of a Hologres instance, or of somebody's end there; all of it on the one of `ranking`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox.products.hologres.contents import DATABASES, INSTANCES, NORMAL, SUPERUSER
from bot.sandbox.products.hologres.instances import RUNNING
from bot.sandbox.products.members.hologres import RANKING
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places import Place, PlaceKey, Places
from bot.sandbox.ram.identity import BOT_USER_ID
from bot.sandbox.switches.switch import Switch

OWNER, TABLE, DATABASE = "dave", "dave_notes", "ranking"
"""Whose table it is, what it is called, and where it is."""
_BOT = "pairec-access"
_INSTANCE = PlaceKey(INSTANCES, RANKING)


class DatabaseSwitches:
    """Of a database that is not started yet, those that need one start it."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership
        self._hologres = membership.hologres
        self._deleted: Places = {}
        self._added_owner = False

    def all(self) -> Iterator[Switch]:
        """In the order of the page; none where there is no instance, or nothing to run one with."""
        if not self._hologres.installed or _INSTANCE not in self._membership.read():
            return
        title, hologres = "Hologres instance ranking", self._hologres
        yield Switch("instance.stopped", title, "stopped", self._stopped, self._stop, waits=True)
        yield Switch("instance.deleted", title, "deleted", lambda: bool(self._deleted), self._delete, waits=True)
        yield Switch("instance.hangs", title, "hangs", lambda: hologres.hangs(RANKING), self._hang, waits=True)
        yield Switch(
            "instance.statements",
            title,
            "ExecuteStatement off",
            lambda: not hologres.statements(RANKING),
            lambda broken: hologres.switch_statements(RANKING, not broken),
        )
        yield Switch("instance.superuser", title, "app no superuser", self._demoted, self._demote, waits=True)
        yield Switch("instance.owner", title, f"{OWNER} owns a table", self._owns, self._own, waits=True)

    def _stopped(self) -> bool:
        return self._hologres.status(RANKING) != RUNNING

    def _stop(self, broken: bool) -> None:
        self._hologres.suspend(RANKING, broken)

    def _hang(self, broken: bool) -> None:
        self._hologres.hang(RANKING, broken, self._membership.read())

    def _delete(self, broken: bool) -> None:
        """Its database goes on, so that all is there again with it."""
        kept: dict[PlaceKey, Place] = {}

        def delete(places: Places, _: float) -> Places:
            inside = {key for key in places if key.product == DATABASES and key.id.startswith(f"{RANKING}/")}
            kept.update({key: places[key] for key in (_INSTANCE, *inside) if key in places})
            return {key: place for key, place in places.items() if key not in kept}

        if broken:
            self._membership.change(delete)
            self._deleted = kept
        else:
            restored, self._deleted = self._deleted, {}
            self._membership.change(lambda places, _: {**places, **restored})
            self._look()

    def _demoted(self) -> bool:
        place = self._membership.read().get(_INSTANCE)
        bot = place.members.get(BOT_USER_ID) if place else None
        return bot is not None and SUPERUSER not in bot.roles

    def _demote(self, broken: bool) -> None:
        self._membership.give(*_INSTANCE, _BOT, NORMAL if broken else SUPERUSER)

    def _owns(self) -> bool:
        return self._owner in self._hologres.owners(RANKING)

    def _own(self, broken: bool) -> None:
        """Somebody whom this made a user is none again afterwards."""
        owner = self._owner
        if owner is None or self._stopped() or self._hologres.hangs(RANKING):
            return
        running = self._hologres.started(RANKING, self._membership.read())
        if broken:
            self._added_owner = owner not in running.look().users
        running.own_table(owner, DATABASE, TABLE, broken)
        self._look()
        if not broken and self._added_owner:
            self._membership.remove(*_INSTANCE, OWNER)

    @property
    def _owner(self) -> str | None:
        """None where the account has no user of that name any more."""
        user = self._membership.account.read().users.get(OWNER)
        return self._hologres.name_of(user.user_id) if user else None

    def _look(self) -> None:
        self._membership.observed(self._hologres.observed(RANKING, self._membership.name_of))
