"""Things of the account that can be broken and put right again by hand, so that the status has something to find.

Whether one is broken is read from the account itself: what the bot or somebody else put right is not broken any more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from bot.sandbox.products.state import PROJECT, QUOTA, ROUTE, TENANT_ROLE, SandboxProducts
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.roles import SERVICE_ROLES, add_service_role, trust_of
from bot.sandbox.ram.seed import (
    ENGINE_POLICY,
    ENGINE_ROLE,
    ENGINE_SERVICE,
    SERVICE_ACTIONS,
    SERVICE_POLICY,
    add_engine_role,
    service_document,
)
from bot.sandbox.ram.state import AccountState, Policy, PolicyKey, PolicyTarget, PolicyVersion

SERVICE, (SERVICE_ROLE, _) = next(iter(SERVICE_ROLES.items()))
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
POLICIES = ("PaiRecRamAdminAccess", "PaiRecDataManagementAccess", "PaiRecEngineAccess", "PaiRecMonitorAccess")


@dataclass(frozen=True, slots=True)
class Switch:
    """`turn` breaks it (True) or puts it right (False)."""

    name: str
    title: str
    what: str
    broken: Callable[[], bool]
    turn: Callable[[bool], None]


class Switches:
    """All that can be broken, by name."""

    def __init__(self, account: CloudAccount, products: SandboxProducts, changed: Callable[[], None]) -> None:
        """`changed` is called after each turn."""
        self._account = account
        self._products = products
        self._changed = changed
        known = account.read().policies
        self._gone: dict[str, tuple[Policy, dict[PolicyTarget, float]]] = {
            name: (known[PolicyKey("Custom", name)], {}) for name in POLICIES
        }
        self._all = {switch.name: switch for switch in (*self._roles(), *self._services(), *self._others())}

    def turn(self, name: str, broken: bool) -> None:
        """KeyError for a name that there is not; nothing is done to what is so already."""
        switch = self._all[name]
        if switch.broken() is not broken:
            switch.turn(broken)
            self._changed()

    def listed(self) -> list[dict[str, Any]]:
        """Every switch with how it stands now, JSON-ready."""
        return [
            {"name": each.name, "title": each.title, "what": each.what, "broken": each.broken()}
            for each in self._all.values()
        ]

    # -- the switches

    def _roles(self) -> Iterator[Switch]:
        def no_role(name: str) -> Callable[[], bool]:
            return lambda: name not in self._account.read().roles

        yield Switch("service-role", "PAI-Rec's own role", "deleted", no_role(SERVICE_ROLE), self._service_role)
        yield Switch("engine-role.role", "The engine's role", "deleted", no_role(ENGINE_ROLE), self._engine_role)
        yield Switch("engine-role.trust", "The engine's role", "not trusted", self._untrusted, self._trust)
        yield Switch("engine-role.policy", "The engine's role", "without its policy", self._unattached, self._attach)

    def _services(self) -> Iterator[Switch]:
        for name, (title, kind) in TITLES.items():
            yield Switch(f"{name}.permission", title, "permission missing", self._forbidden(name), self._forbid(name))
            if kind:
                yield Switch(f"{name}.connection", title, "not connected", self._cut(kind), self._disconnect(kind))

    def _others(self) -> Iterator[Switch]:
        for name in POLICIES:
            yield Switch(f"policy.{name}", name, "not initialised", self._absent(name), self._remove(name))
        roles, properties = self._products.tenant_roles, self._products.properties[PROJECT]
        good = {QUOTA: ("odps:List", "odps:Usage")}
        wrong = {QUOTA: ("odps:List", "odps:Usage", "odps:Alter")}
        yield Switch(
            "tenant-role",
            "Tenant role",
            "missing",
            lambda: TENANT_ROLE not in roles,
            lambda broken: _put(roles, TENANT_ROLE, None if broken else good),
        )
        yield Switch(
            "tenant-role.grants",
            "Tenant role",
            "may do too much",
            lambda: roles.get(TENANT_ROLE) == wrong,
            lambda broken: _put(roles, TENANT_ROLE, wrong if broken else good),
        )
        yield Switch(
            "quota-route",
            "Quota routing",
            "off",
            lambda: properties.get(ROUTE) != "true",
            lambda broken: _put(properties, ROUTE, "false" if broken else "true"),
        )

    # -- roles

    def _service_role(self, broken: bool) -> None:
        def change(state: AccountState, now: float) -> None:
            if broken:
                _delete_role(state, SERVICE_ROLE)
            else:
                add_service_role(state, SERVICE_ROLE, SERVICE, SERVICE_POLICY.name, now)

        self._account.write(change)

    def _engine_role(self, broken: bool) -> None:
        def change(state: AccountState, now: float) -> None:
            if broken:
                _delete_role(state, ENGINE_ROLE)
            else:
                add_engine_role(state, now)

        self._account.write(change)

    def _untrusted(self) -> bool:
        role = self._account.read().roles.get(ENGINE_ROLE)
        return role is not None and role.trust_document != trust_of(ENGINE_SERVICE)

    def _trust(self, broken: bool) -> None:
        def change(state: AccountState, now: float) -> None:
            role = state.roles.get(ENGINE_ROLE)
            if role is not None:
                trusted = "ecs.aliyuncs.com" if broken else ENGINE_SERVICE
                state.roles[ENGINE_ROLE] = replace(role, trust_document=trust_of(trusted), updated=now)

        self._account.write(change)

    def _unattached(self) -> bool:
        state = self._account.read()
        role = state.roles.get(ENGINE_ROLE)
        key = PolicyKey("Custom", ENGINE_POLICY)
        return role is not None and (PolicyTarget("role", role.role_id), key) not in state.attachments

    def _attach(self, broken: bool) -> None:
        def change(state: AccountState, now: float) -> None:
            role = state.roles.get(ENGINE_ROLE)
            if role is None:
                return
            held = (PolicyTarget("role", role.role_id), PolicyKey("Custom", ENGINE_POLICY))
            if broken:
                state.attachments.pop(held, None)
            elif held[1] in state.policies:
                state.attachments[held] = now

        self._account.write(change)

    # -- services

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

    # -- policies

    def _absent(self, name: str) -> Callable[[], bool]:
        return lambda: PolicyKey("Custom", name) not in self._account.read().policies

    def _remove(self, name: str) -> Callable[[bool], None]:
        """A policy that is initialised again is held by whoever held it when it was broken, and is there still."""
        key = PolicyKey("Custom", name)

        def turn(broken: bool) -> None:
            def change(state: AccountState, now: float) -> None:
                if broken:
                    held = {holder: since for (holder, of), since in state.attachments.items() if of == key}
                    self._gone[name] = (state.policies.pop(key), held)
                    state.attachments = {pair: at for pair, at in state.attachments.items() if pair[1] != key}
                else:
                    policy, held = self._gone[name]
                    self._gone[name] = (policy, {})
                    state.policies[key] = policy
                    there = state.holders()
                    state.attachments.update({(who, key): since for who, since in held.items() if who in there})

            self._account.write(change)

        return turn


def switch_routes(switches: Switches) -> list[web.RouteDef]:
    """`/switches`: what is broken; break something, or put it right."""

    async def read(_: web.Request) -> web.Response:
        return web.json_response({"switches": switches.listed()})

    async def turn(request: web.Request) -> web.Response:
        try:
            order = await request.json()
        except (ValueError, RecursionError):
            order = None
        name = order.get("name") if isinstance(order, dict) else None
        broken = order.get("broken") if isinstance(order, dict) else None
        if not isinstance(name, str) or not isinstance(broken, bool):
            raise web.HTTPBadRequest(text="a name, and whether it is to be broken, are needed")
        try:
            switches.turn(name, broken)
        except KeyError:
            raise web.HTTPBadRequest(text="there is no such switch") from None
        return web.json_response({"switches": switches.listed()})

    return [web.get("/switches", read), web.post("/switches", turn)]


def _delete_role(state: AccountState, name: str) -> None:
    role = state.roles.pop(name)
    holder = PolicyTarget("role", role.role_id)
    state.attachments = {held: at for held, at in state.attachments.items() if held[0] != holder}


def _put(mapping: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        mapping.pop(name, None)
    else:
        mapping[name] = value
