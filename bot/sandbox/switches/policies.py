"""PAI-Rec's policies, which the account may not have, or which somebody may change by hand. Those of Alibaba Cloud get
new versions from it alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.policy_versions import with_version
from bot.sandbox.ram.state import AccountState, Policy, PolicyKey, PolicyTarget
from bot.sandbox.switches.switch import Switch

POLICIES = ("PaiRecRamAdminAccess", "PaiRecDataManagementAccess", "PaiRecEngineAccess", "PaiRecMonitorAccess")

SYSTEM_POLICIES = ("AliyunPAIRecFullAccess", "AliyunPAIRecReadOnlyAccess")
FIRST_VERSION = "v1"
ADDED_ACTIONS = ["oss:DeleteObject", "pairec:Delete*"]
"""What somebody adds to a policy."""


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
        custom, system = (("Custom", POLICIES, "changed by hand"), ("System", SYSTEM_POLICIES, "a new version"))
        for type_, names, what in (custom, system):
            for name in names:
                key = PolicyKey(type_, name)
                yield Switch(f"policy.{name}.changed", name, what, self._changed(key), self._change(key))

    def _changed(self, key: PolicyKey) -> Callable[[], bool]:
        def changed() -> bool:
            policy = self._account.read().policies.get(key)
            return policy is not None and policy.default_version != FIRST_VERSION

        return changed

    def _change(self, key: PolicyKey) -> Callable[[bool], None]:
        """It is put right by the first version, which counts again, and the others are gone."""

        def turn(broken: bool) -> None:
            def change(state: AccountState, now: float) -> None:
                policy = state.policies.get(key)
                if policy is None:
                    return
                if broken:
                    changed = with_version(policy, with_more(policy.default.document), now)
                else:
                    first = tuple(each for each in policy.versions if each.version_id == FIRST_VERSION)
                    changed = replace(policy, versions=first, default_version=FIRST_VERSION, updated=now)
                state.policies[key] = changed

            self._account.write(change)

        return turn

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


def with_more(document: str) -> str:
    """The document of a policy that allows more than before."""
    loaded = json.loads(document)
    added = {"Effect": "Allow", "Action": ADDED_ACTIONS, "Resource": "*"}
    return json.dumps({**loaded, "Statement": [*loaded["Statement"], added]}, indent=2)
