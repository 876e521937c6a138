"""Services that PAI-Rec may not use, or is not connected to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.sandbox.products.state import SandboxProducts
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.seed import SERVICE_ACTIONS, SERVICE_POLICY, service_document
from bot.sandbox.ram.state import AccountState, PolicyVersion
from bot.sandbox.switches.switch import Switch

TITLES = {
    "oss": ("OSS", "OSS"),
    "container-registry": ("Container Registry", "ACR"),
    "datahub": ("DataHub", "DataHub"),
    "maxcompute": ("MaxCompute", "MaxCompute"),
    "console": ("PAI-Rec console", "Rec"),
    "featurestore": ("FeatureStore", ""),
    "eas": ("PAI-EAS", "EAS"),
    "hologres": ("Hologres", "Hologres"),
    "flink": ("Flink", "Flinkvvp"),
    "sls": ("Simple Log Service", "SLS"),
}
"""Of each service: its title, and the type of its resources."""


class ServiceSwitches:
    """Of each service its permission, and the connection of a resource where there are any."""

    def __init__(self, account: CloudAccount, products: SandboxProducts) -> None:
        self._account = account
        self._products = products

    def all(self) -> Iterator[Switch]:
        """In the order of the page."""
        for name, (title, kind) in TITLES.items():
            yield Switch(f"{name}.permission", title, "permission missing", self._forbidden(name), self._forbid(name))
            if kind:
                yield Switch(f"{name}.connection", title, "not connected", self._cut(kind), self._disconnect(kind))

    def _forbidden_now(self) -> frozenset[str]:
        document = json.loads(self._account.read().policies[SERVICE_POLICY].default.document)
        allowed = [tuple(statement["Action"]) for statement in document["Statement"]]
        return frozenset(name for name, actions in SERVICE_ACTIONS.items() if actions not in allowed)

    def _forbidden(self, name: str) -> Callable[[], bool]:
        return lambda: name in self._forbidden_now()

    def _forbid(self, name: str) -> Callable[[bool], None]:
        def turn(broken: bool) -> None:
            without = self._forbidden_now() | {name} if broken else self._forbidden_now() - {name}

            def change(state: AccountState, now: float) -> None:
                version = PolicyVersion("v1", json.dumps(service_document(without), indent=2), now)
                known = state.policies[SERVICE_POLICY]
                state.policies[SERVICE_POLICY] = replace(known, versions=(version,), updated=now)

            self._account.write(change)

        return turn

    def _cut(self, kind: str) -> Callable[[], bool]:
        return lambda: kind in self._products.unreachable

    def _disconnect(self, kind: str) -> Callable[[bool], None]:
        def turn(broken: bool) -> None:
            (self._products.unreachable.add if broken else self._products.unreachable.discard)(kind)

        return turn
