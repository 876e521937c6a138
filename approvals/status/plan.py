"""What is checked, as data: status.toml, read and checked whole before anything starts.

Three kinds of names come of it: a *row* of the board (`oss`), a *check* (`oss/permission`, one source of a row) and a
*repair* (`engine-role`, what an Authorize button asks approval for).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from approvals.catalog.model import Catalog, Item
from approvals.catalog.toml_file import Duration, Line, Name, Strict, read_data_file
from approvals.errors import CatalogError
from approvals.model import Entitlement, role_policy, service_role

PERMISSION, CONNECTION, ROLE, POLICY, TENANT, ROUTE = "permission", "connection", "role", "policy", "tenant", "route"
OWNER = "owner"
SERVICE_ROLE, ENGINE_ROLE, TENANT_ROLE, QUOTA_ROUTE = "service-role", "engine-role", "tenant-role", "quota-route"
TASK_OWNER = "task-owner"
Action = Annotated[str, Field(pattern=r"^[a-z-]{1,40}:[A-Za-z]{1,80}$")]
Service = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
RowName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class _Repair(Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    approvals: Annotated[int, Field(ge=1, le=5)]
    expires_after: Duration


class _ServiceRole(Strict):
    name: Name
    service: Service
    title: Line
    mend: _Repair


class _EngineRole(Strict):
    name: Name
    trusts: Service
    policy: Name
    title: Line
    also: list[RowName] = Field(default_factory=list)
    mend: _Repair


class _Service(Strict):
    title: Annotated[Line, Field(max_length=60)]
    also: list[RowName] = Field(default_factory=list)
    actions: Annotated[list[Action], Field(min_length=1, max_length=30)]
    resources: list[Annotated[str, Field(pattern=r"^[A-Za-z]{1,40}$")]]


class _Training(Strict):
    title: Line
    route_title: Line
    owner_title: Line = "Task owner of the MaxCompute projects"
    tenant_role: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
    subscription_tenant_role: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}\{quota\}[A-Za-z0-9_-]{0,64}$")]
    grants: Annotated[list[Action], Field(min_length=1)]
    route: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,128}$")]


class _StatusFile(Strict):
    service_role: _ServiceRole
    services: Annotated[dict[RowName, _Service], Field(min_length=1, max_length=20)]
    engine_role: _EngineRole
    training: _Training


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of the board."""

    name: str
    title: str
    sources: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[str, ...]:
        return tuple(f"{self.name}/{source}" for source in self.sources)


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What counts for one service."""

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngineRole:
    name: str
    trusts: str
    policy: str


@dataclass(frozen=True, slots=True)
class Training:
    tenant_role: str
    grants: frozenset[str]
    route: str


@dataclass(frozen=True, slots=True)
class StatusPlan:
    rows: tuple[StatusRow, ...]
    services: Mapping[str, ServiceTerms]
    service_role: str
    service: str
    """The service that PAI-Rec's own role is linked to."""
    engine_role: EngineRole
    training: Training
    repairs: Mapping[str, Item]
    projects: tuple[str, ...] = ()
    """MaxCompute projects whose owner is looked at."""

    def find(self, typed: str) -> StatusRow | None:
        """The row of that name, title or other word; case does not matter."""
        wanted = typed.strip().casefold()
        return next((row for row in self.rows if wanted in _words(row)), None)

    def nearest(self, typed: str) -> list[str]:
        """Up to three rows whose names are near to what was typed."""
        words = {word: row.name for row in self.rows for word in _words(row)}
        close = difflib.get_close_matches(typed.strip().casefold(), words, n=5, cutoff=0.5)
        return list(dict.fromkeys(words[word] for word in close))[:3]

    def scope(self, name: str | None) -> tuple[StatusRow, ...]:
        """The rows of a board: one, or all."""
        return self.rows if name is None else tuple(row for row in self.rows if row.name == name)


def _words(row: StatusRow) -> set[str]:
    """What people may call a row. Titles of policies are not among it: a catalogue may use one twice."""
    titles = set() if POLICY in row.sources else {row.title.casefold()}
    return {row.name.casefold(), *titles, *(word.casefold() for word in row.also)}


def load_plan(
    catalog: Catalog,
    path: Path | None = None,
    *,
    engine_role: str | None = None,
    quota: str | None = None,
    projects: Sequence[str] = (),
) -> StatusPlan:
    """Read the plan at `path`, or the one that comes with the program.

    Args:
        engine_role: the engine's role, where it is not called as in the file.
        quota: the MaxCompute quota of a subscription; None for pay-as-you-go.
        projects: MaxCompute projects that jobs run in; with any, there is a row for their owner.

    Raises:
        CatalogError: it cannot be read or used; the text is one line.
    """
    source = str(path) if path else "the built-in status plan"
    loaded = read_data_file(_StatusFile, path, "status/status.toml", source)
    if engine_role:
        named = loaded.engine_role.model_copy(update={"name": engine_role})
        loaded = loaded.model_copy(update={"engine_role": named})
    engine = loaded.engine_role
    rows = _rows(loaded, catalog)
    if projects:
        rows = (*rows, StatusRow(TASK_OWNER, loaded.training.owner_title, (OWNER,), ("owner",)))
    _no_word_twice(rows, source)
    for name in (SERVICE_ROLE, ENGINE_ROLE):
        if name in catalog.choices:
            raise CatalogError(f"{source}: {name!r} is what Authorize asks for, and cannot be in the catalogue as well")
    training = loaded.training
    tenant_role = training.subscription_tenant_role.replace("{quota}", quota) if quota else training.tenant_role
    return StatusPlan(
        rows=rows,
        services={
            name: ServiceTerms(name, tuple(terms.actions), tuple(terms.resources))
            for name, terms in loaded.services.items()
        },
        service_role=loaded.service_role.name,
        service=loaded.service_role.service,
        engine_role=EngineRole(engine.name, engine.trusts, engine.policy),
        training=Training(tenant_role, frozenset(training.grants), training.route),
        repairs={
            SERVICE_ROLE: _item(
                SERVICE_ROLE,
                loaded.service_role.mend,
                service_role(loaded.service_role.service),
                loaded.service_role.name,
            ),
            ENGINE_ROLE: _item(ENGINE_ROLE, engine.mend, role_policy(engine.policy), engine.name),
        },
        projects=tuple(projects),
    )


def _rows(loaded: _StatusFile, catalog: Catalog) -> tuple[StatusRow, ...]:
    services = (
        StatusRow(name, terms.title, (PERMISSION, CONNECTION), tuple(terms.also))
        for name, terms in loaded.services.items()
    )
    policies = (StatusRow(item.name, item.title, (POLICY,)) for item in catalog.policies)
    return (
        StatusRow(SERVICE_ROLE, loaded.service_role.title, (ROLE,), (loaded.service_role.name,)),
        *services,
        StatusRow(ENGINE_ROLE, loaded.engine_role.title, (ROLE,), (*loaded.engine_role.also, loaded.engine_role.name)),
        *policies,
        StatusRow(TENANT_ROLE, loaded.training.title, (TENANT,), ("training",)),
        StatusRow(QUOTA_ROUTE, loaded.training.route_title, (ROUTE,), ("dts",)),
    )


def _no_word_twice(rows: Sequence[StatusRow], source: str) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        for word in _words(row):
            if word in seen:
                raise CatalogError(f"{source}: {word!r} would mean both {seen[word]} and {row.name}")
            seen[word] = row.name


def _item(name: str, repair: _Repair, entitlement: Entitlement, role: str) -> Item:
    """A repair in the catalogue's terms: it has no end, and is asked for with a reason."""
    return Item(
        name=name,
        title=repair.title,
        allows=repair.allows,
        entitlements=(entitlement,),
        default=0,
        longest=0,
        until_revoked=True,
        approvals=repair.approvals,
        reason=True,
        ticket=False,
        expires_after=repair.expires_after,
        is_bundle=False,
        role=role,
    )
