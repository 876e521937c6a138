"""What counts as it should be: the status file and the settings, as values for the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What counts for one service."""

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    """Types of resources whose connection PAI-Rec itself can check."""
    title: str
    also: tuple[str, ...] = ()
    """Other words for it."""


@dataclass(frozen=True, slots=True)
class ServiceRoleTerms:
    """The role that PAI-Rec assumes, and the service that it is linked to."""

    name: str
    service: str
    title: str


@dataclass(frozen=True, slots=True)
class EngineRole:
    """The role under which the engine runs: who has to be let assume it, and which policy it needs."""

    name: str
    trusts: str
    policy: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedPolicy:
    """One of the catalogue's policies."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Training:
    """What training in PAI-DLC needs of MaxCompute."""

    title: str
    route_title: str
    owner_title: str
    tenant_role: str
    grants: frozenset[str]
    route: str
    """The property of a project that routes its reads."""
    project: str | None = None
    """The MaxCompute project that training reads; None where none is set."""
    quota: str | None = None
    """The MaxCompute quota of a subscription; None for pay-as-you-go."""
    tunnel_group: str | None = None
    """The Data Transmission Service group that the project has to itself."""


@dataclass(frozen=True, slots=True)
class OwnRole:
    """The role that this program needs in the places of a product."""

    title: str
    """The product's."""
    role: str
    places: tuple[str, ...]
    ram_code: str = "ram"
    """What begins the names of the product's permissions."""


@dataclass(frozen=True, slots=True)
class ExpectedRole:
    """A member role that goes with bundles, and that nobody is given from here."""

    title: str
    product: str
    role: str
    items: Mapping[str, tuple[str, ...]]
    """By place, the items whose holders should have it there."""
    ram_code: str = "ram"
    """What begins the names of the product's permissions."""


@dataclass(frozen=True, slots=True)
class StatusTerms:
    """All that the checks go by."""

    service_role: ServiceRoleTerms
    services: Mapping[str, ServiceTerms]
    engine_role: EngineRole
    policies: tuple[ListedPolicy, ...]
    training: Training
    instances: tuple[str, ...] = ()
    """PAI-Rec's instances whose resources are looked at."""
    projects: tuple[str, ...] = ()
    """MaxCompute projects whose owner is looked at."""
    own_roles: Mapping[str, OwnRole] = field(default_factory=dict)
    """By product."""
    expected_roles: Mapping[str, ExpectedRole] = field(default_factory=dict)
    """By the name of their row."""
