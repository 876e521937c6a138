"""How the account's users come and log in, and what may stand in the way of a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.state import AccountState, ProvisionType, RecycledUser, User
from bot.sandbox.switches.switch import Switch

PROVISIONED = "frank"
"""The user who comes from another directory while the switch is on."""
NEWCOMER = "heidi"
"""The name that is taken while a switch is on."""


class UserSwitches:
    """The directory that users come from, single sign-on, and a name that is taken."""

    def __init__(self, account: CloudAccount) -> None:
        self._account = account

    def all(self) -> Iterator[Switch]:
        """In the order of the page."""
        yield Switch("users.scim", "RAM users", "come by SCIM", *self._provisioned("SCIM"))
        yield Switch("users.cloudsso", "RAM users", "come from CloudSSO", *self._provisioned("CloudSSO"))
        yield Switch("users.sso", "RAM users", "log in by SSO", lambda: self._account.read().sso_enabled, self._sso)
        yield Switch(
            "users.recycled",
            f"RAM user {NEWCOMER}",
            "in the recycle bin",
            lambda: NEWCOMER in self._account.read().recycled,
            self._recycle,
        )
        yield Switch(
            "users.by-hand",
            f"RAM user {NEWCOMER}",
            "made by hand",
            lambda: NEWCOMER in self._account.read().users,
            self._by_hand,
        )

    def _provisioned(self, how: ProvisionType) -> tuple[Callable[[], bool], Callable[[bool], None]]:
        def broken() -> bool:
            return any(user.provision_type == how for user in self._account.read().users.values())

        def turn(broken: bool) -> None:
            def change(state: AccountState, now: float) -> None:
                state.users[PROVISIONED] = replace(
                    state.users[PROVISIONED], provision_type=how if broken else "Manual", updated=now
                )

            self._account.write(change)

        return broken, turn

    def _sso(self, broken: bool) -> None:
        def change(state: AccountState, now: float) -> None:
            state.sso_enabled = broken

        self._account.write(change)

    def _recycle(self, broken: bool) -> None:
        def change(state: AccountState, now: float) -> None:
            if broken:
                state.recycled[NEWCOMER] = RecycledUser(_made(state, now), now)
            else:
                del state.recycled[NEWCOMER]

        self._account.write(change)

    def _by_hand(self, broken: bool) -> None:
        """Whoever has the name is deleted again, with what they had, whoever made them."""

        def change(state: AccountState, now: float) -> None:
            if broken:
                state.users[NEWCOMER] = _made(state, now)
                return
            gone = state.users.pop(NEWCOMER).user_id
            state.attachments = {held: at for held, at in state.attachments.items() if held[0].id != gone}
            state.members = {pair: at for pair, at in state.members.items() if pair[1] != gone}

        self._account.write(change)


def _made(state: AccountState, now: float) -> User:
    return User(f"2{state.next_number():017d}", NEWCOMER, now, now, "Heidi, by hand")
