"""What the cloud was seen to have, before anybody judges it: the adapters' answers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from approvals.errors import CloudErrorKind


@dataclass(frozen=True, slots=True)
class PolicySeen:
    """One policy that is attached to a role."""

    name: str
    type: str
    """`Custom` or `System`."""
    document: str | None = None
    """The text of its default version; None where it was not asked for."""


@dataclass(frozen=True, slots=True)
class RoleSeen:
    """A role of the account, with the policies that are attached to it."""

    role_id: str
    name: str
    account_id: str
    service_linked: bool
    trust_document: str
    policies: tuple[PolicySeen, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceSeen:
    """One resource of an instance, and what PAI-Rec says of its connection."""

    uri: str
    reached: bool | None
    """None where PAI-Rec said neither Success nor Failure."""


@dataclass(frozen=True, slots=True)
class TenantRoleSeen:
    """What a tenant role of MaxCompute allows."""

    grants: Mapping[str, frozenset[str]]
    """Actions by the object that they are allowed on, such as `quotas/…`."""


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """One of the catalogue's policies as the account has it."""

    error: CloudErrorKind | None
    """NO_POLICY or AMBIGUOUS_TYPE where it is not there, or not clear which it is."""
    holders: int = 0
