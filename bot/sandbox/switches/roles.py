"""Roles of the account that are deleted, or not trusted, or without their policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.roles import SERVICE_ROLES, add_service_role, trust_of
from bot.sandbox.ram.seed import ENGINE_POLICY, ENGINE_ROLE, ENGINE_SERVICE, SERVICE_POLICY, add_engine_role
from bot.sandbox.ram.state import AccountState, PolicyKey, PolicyTarget
from bot.sandbox.switches.switch import Switch

SERVICE, (SERVICE_ROLE, _) = next(iter(SERVICE_ROLES.items()))


class RoleSwitches:
    """PAI-Rec's own role, and the engine's."""

    def __init__(self, account: CloudAccount) -> None:
        self._account = account

    def all(self) -> Iterator[Switch]:
        """In the order of the page."""

        def no_role(name: str) -> Callable[[], bool]:
            return lambda: name not in self._account.read().roles

        yield Switch("service-role", "PAI-Rec's own role", "deleted", no_role(SERVICE_ROLE), self._service_role)
        yield Switch("engine-role.role", "The engine's role", "deleted", no_role(ENGINE_ROLE), self._engine_role)
        yield Switch("engine-role.trust", "The engine's role", "not trusted", self._untrusted, self._trust)
        yield Switch("engine-role.policy", "The engine's role", "without its policy", self._unattached, self._attach)

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


def _delete_role(state: AccountState, name: str) -> None:
    role = state.roles.pop(name)
    holder = PolicyTarget("role", role.role_id)
    state.attachments = {held: at for held, at in state.attachments.items() if held[0] != holder}
