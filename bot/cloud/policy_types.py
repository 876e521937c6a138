"""Of which of RAM's two types a policy is: an account may have a custom one and a system one of one name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alibabacloud_ram20150501 import models as ram

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.millis import DomainMillis
from bot.cloud.dates import parse_date
from bot.cloud.marked_pages import marked_pages
from bot.cloud.reading import Reading

TYPE_MAX_AGE_SECONDS = 300.0
"""Seconds for which the type of a policy that was found is remembered."""


class PolicyTypes:
    """Safe to share between threads."""

    def __init__(
        self,
        ram_client: Any,
        reading: Reading,
        named: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`named`: the type of policies for which it is not to be found out, by name."""
        self._ram = ram_client
        self._reading = reading
        self._named = dict(named)
        self._monotonic = monotonic
        self._types: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def of(self, name: str) -> str:
        """`Custom` or `System`.

        Raises:
            CloudError: NO_POLICY when the account has none of that name, AMBIGUOUS_TYPE when it has both.
        """
        with self._lock:
            known = self._types.get(name)
        if known and known[1] > self._monotonic():
            return known[0]
        possible = (self._named[name],) if name in self._named else ("Custom", "System")
        there = self._reading.read_parallel(lambda kind: self._exists(name, kind), possible)
        found = [kind for kind, exists in zip(possible, there, strict=True) if exists]
        if not found:
            raise CloudError(CloudErrorKind.NO_POLICY, code="EntityNotExist.Policy", action="GetPolicy")
        if len(found) > 1:
            raise CloudError(CloudErrorKind.AMBIGUOUS_TYPE, action="GetPolicy")
        with self._lock:
            self._types[name] = (found[0], self._monotonic() + TYPE_MAX_AGE_SECONDS)
        return found[0]

    def wanted(self, entitlement: Entitlement) -> str:
        """The type that a policy is given and taken by: the entitlement's own, where it has one.

        Raises:
            CloudError: as `of` does.
        """
        return entitlement.policy_type or self.of(entitlement.name)

    def of_named_type(self, policies: Sequence[Any] | None) -> list[Any]:
        """Policies, without those that are of another type than the catalogue says: RAM may have two policies of one
        name, and only one of them is ours to give and to take.
        """
        return [
            policy
            for policy in policies or []
            if self._named.get(policy.policy_name, policy.policy_type) == policy.policy_type
        ]

    def of_its_type(self, entitlement: Entitlement, policies: Sequence[Any] | None) -> list[Any]:
        """The one that was given, of those that RAM lists; or else the one that is meant."""
        named = [policy for policy in policies or [] if policy.policy_name == entitlement.name]
        if entitlement.policy_type is None:
            return self.of_named_type(named)
        return [policy for policy in named if policy.policy_type == entitlement.policy_type]

    def _exists(self, name: str, kind: str) -> bool:
        request = ram.GetPolicyRequest(policy_name=name, policy_type=kind)
        try:
            self._reading.read("GetPolicy", lambda: self._ram.get_policy(request))
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_POLICY:
                return False
            if error.kind is not CloudErrorKind.NO_PERMISSION:
                raise
            return any(
                policy.policy_name == name
                for body in marked_pages(
                    self._reading, "ListPolicies", self._ram.list_policies, ram.ListPoliciesRequest, policy_type=kind
                )
                for policy in body.policies.policy or []
            )
        return True


def type_given(listed: Sequence[Any] | None, entitlement: Entitlement, given_at: DomainMillis) -> str | None:
    """The type of the policy that was given at that moment, of those that RAM lists. Where both of its name are there,
    it is the one that was attached nearest to it.
    """
    named = [each for each in listed or [] if each.policy_name == entitlement.name]
    nearest = min(named, key=lambda each: abs((parse_date(each.attach_date) or 0) - given_at), default=None)
    return str(nearest.policy_type) if nearest else None
