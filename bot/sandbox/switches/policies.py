"""PAI-Rec's policies, which the account may not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.state import AccountState, Policy, PolicyKey, PolicyTarget
from bot.sandbox.switches.switch import Switch

POLICIES = ("PaiRecRamAdminAccess", "PaiRecDataManagementAccess", "PaiRecEngineAccess", "PaiRecMonitorAccess")


class PolicySwitches:
    """One for each policy."""

    def __init__(self, account: CloudAccount) -> None:
        self._account = account
        known = account.read().policies
        self._gone: dict[str, tuple[Policy, dict[PolicyTarget, float]]] = {
            name: (known[PolicyKey("Custom", name)], {}) for name in POLICIES
        }

    def all(self) -> Iterator[Switch]:
        """In the order of the page."""
        for name in POLICIES:
            yield Switch(f"policy.{name}", name, "not initialised", self._absent(name), self._remove(name))

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
