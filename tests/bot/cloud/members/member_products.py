"""The sandbox with the bot's own adapters connected to it, and how things stand in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.errors import CloudError
from approvals.ids import RamUserId
from approvals.people import Principal
from approvals.ports import Go
from bot.cloud import members
from bot.cloud.members import MemberProduct, ProductConnection
from bot.sandbox.products import places as of
from bot.sandbox.products.places import PlaceKey, PlaceRefused
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.server import Sandbox

SECRET = "secret-of-the-test"


@dataclass
class MemberSandbox:
    sandbox: Sandbox

    def connect(self, product: str, roles: tuple[str, ...] = ()) -> MemberProduct:
        """`roles` can be asked for there."""
        return members.connect(product, replace(self.line(), roles=roles))

    def line(self) -> ProductConnection:
        account = self.sandbox.account
        return ProductConnection(
            credentials(),
            "cn-hangzhou",
            self.sandbox.env()["PAIREC_SERVICE_ENDPOINT"],
            options={"account": account.account_id},
            users=lambda: {user.name: user.user_id for user in account.read().users.values()},
        )

    def user(self, name: str) -> Principal:
        return Principal(RamUserId(self.sandbox.account.read().users[name].user_id), name)

    def roles(self, product: str, place: str, user: str) -> set[str] | None:
        """Of a user by name; None for somebody who is no member."""
        found = self.sandbox.membership.place(product, place).members.get(self.user(user).user_id)
        return None if found is None else set(found.roles)

    def give(self, product: str, place: str, user: str, *roles: str) -> None:
        """By hand, past the API."""
        for role in roles:
            self.sandbox.membership.give(product, place, user, role)

    def crowd(self, product: str, place: str, size: int, role: str) -> set[str]:
        """So many new members, whom RAM does not have any more; their UserIds."""
        ids = {f"29{number:016}" for number in range(size)}

        def joined(places: of.Places, now: float) -> of.Places:
            for user_id in sorted(ids):
                places = of.join(places, PlaceKey(product, place), user_id, f"gone-{user_id}", [role], now)
            return places

        self.sandbox.membership.change(joined)
        return ids

    def order(self, action: str, fault: str, **more: Any) -> None:
        self.sandbox.ram_faults.add({"action": action, "fault": fault, **more})

    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """What the products were asked, in order: action and parameters."""
        return [(each["action"], each["params"]) for each in self.sandbox.membership.calls()]

    def actions(self) -> list[str]:
        return [action for action, _ in self.calls()]


def credentials() -> Credentials:
    return Credentials(Config(type="access_key", access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET))


def go(replaces: str | None = None) -> str:
    """For whoever has nothing to do right before a write."""
    return "0123456789abcdef0123456789abcdef"


def trouble(call: Callable[..., Any]) -> CloudError:
    """What a call that is expected to fail says."""
    with pytest.raises(CloudError) as caught:
        call()
    return caught.value


def quietly(call: Callable[..., Any], *args: Any) -> Go:
    """For `go`: somebody else does something by hand at the last moment."""

    def done(replaces: str | None = None) -> str:
        try:
            call(*args)
        except PlaceRefused as error:
            raise AssertionError("the stand-in refuses what the test does by hand") from error
        return go()

    return done


def written(actions: Sequence[str]) -> list[str]:
    return [action for action in actions if not action.startswith("List")]
