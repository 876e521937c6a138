"""The points at which a bot may die or stop: before and after each transaction and each call to RAM and Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slack_sdk import WebClient

from approvals.entitlements import Entitlement
from approvals.ledger import Ledger, Tx
from approvals.millis import DomainMillis
from approvals.onboarding import MadeUser, NewUser
from approvals.people import Principal
from approvals.ports import Go, NewUsers, Receipt, Sighting
from bot.app.parts import SLACK_TIMEOUT_SECONDS, Parts
from bot.cloud.products import CloudProducts
from bot.directory.people import LiveDirectory


class Points:
    """What happens at a point is for whoever counts them."""

    def point(self, name: str) -> None:
        raise NotImplementedError

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        self.point(f"before {name}")
        yield
        self.point(f"after {name}")


def number(parts: Parts, points: Points) -> None:
    """From now on these parts come by the points."""
    parts.ledger = PointedLedger(parts.ledger, points)
    parts.products = PointedProducts(parts.products, points)  # type: ignore[assignment]
    parts.new_users = PointedNewUsers(parts.new_users, points)
    slack = PointedSlack(
        token=parts.slack.token, base_url=parts.slack.base_url, timeout=SLACK_TIMEOUT_SECONDS, retry_handlers=[]
    )
    slack.points = points
    parts.slack = slack
    parts.directory = LiveDirectory(slack, parts.ram, parts.products, parts.catalog, lambda _: None, parts.clock.steady)


class PointedLedger:
    def __init__(self, ledger: Ledger, points: Points) -> None:
        self._ledger = ledger
        self._points = points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        self._points.point("before BEGIN")
        with self._ledger.write() as tx:
            yield tx
            self._points.point("before COMMIT")
        self._points.point("after COMMIT")


class PointedProducts:
    def __init__(self, products: CloudProducts, points: Points) -> None:
        self._products = products
        self._points = points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._products, name)

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        with self._points.around("a look at RAM"):
            return self._products.observe(principal, entitlement, recent=recent)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        with self._points.around("an attach"):
            return self._products.attach(principal, entitlement, self._leaving(go, "the attach"))

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        with self._points.around("a detach"):
            return self._products.detach(
                principal, entitlement, self._leaving(go, "the detach"), leave=leave, restores=restores
            )

    def _leaving(self, go: Go, name: str) -> Go:
        """The last moment before the call itself, when nothing is looked at any more."""

        def gone(replaces: str | None = None) -> str:
            write_id = go(replaces)
            self._points.point(f"{name} leaves")
            return write_id

        return gone


class PointedNewUsers:
    def __init__(self, users: NewUsers, points: Points) -> None:
        self._users = users
        self._points = points

    def find(self, principal_name: str) -> MadeUser | None:
        with self._points.around("a look for a user"):
            return self._users.find(principal_name)

    def create(self, principal_name: str, user: NewUser, comment: str, write_id: str) -> tuple[MadeUser, str | None]:
        with self._points.around("the making of a user"):
            return self._users.create(principal_name, user, comment, write_id)

    def recycled(self) -> Mapping[str, DomainMillis]:
        return self._users.recycled()

    def taken(self) -> set[str]:
        return self._users.taken()


class PointedSlack(WebClient):
    points: Points

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        with self.points.around(api_method):
            return super().api_call(api_method, **arguments)
