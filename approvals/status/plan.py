"""What is checked, as data: status.toml, read and checked whole before anything starts.

Three kinds of names come of it: a *row* of the board (`oss`), a *check* (`oss/permission`, one source of a row) and a
*repair* (`engine-role`, what an Authorize button asks approval for).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from approvals.catalog.model import Catalog, Item
from approvals.catalog.resources import products
from approvals.catalog.toml_file import read_data_file
from approvals.errors import CatalogError
from approvals.status.checks import registry
from approvals.status.checks.kind import StatusRow
from approvals.status.repairs import repairs
from approvals.status.schema import EngineRoleTable, ServiceTable, StatusFile, TrainingTable
from approvals.status.terms import (
    EngineRole,
    ExpectedRole,
    ListedPolicy,
    OwnRole,
    ServiceRoleTerms,
    ServiceTerms,
    StatusTerms,
    Training,
)


@dataclass(frozen=True, slots=True)
class StatusPlan:
    """Everything that is looked at, by whatever name."""

    rows: tuple[StatusRow, ...]
    terms: StatusTerms
    repairs: Mapping[str, Item]

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
    """What people may call a row."""
    titles = {row.title.casefold()} if row.typed_by_title else set()
    return {row.name.casefold(), *titles, *(word.casefold() for word in row.also)}


def load_plan(
    catalog: Catalog,
    path: Path | None = None,
    *,
    engine_role: str | None = None,
    quota: str | None = None,
    tunnel_group: str | None = None,
    training_project: str | None = None,
    instances: Sequence[str] = (),
    projects: Sequence[str] = (),
    places: Mapping[str, Sequence[str]] | None = None,
) -> StatusPlan:
    """Read the plan at `path`, or the one that comes with the program.

    Args:
        engine_role: the engine's role, where it is not called as in the file.
        quota: the MaxCompute quota of a subscription; None for pay-as-you-go.
        tunnel_group: the Data Transmission Service group that the training project has to itself.
        training_project: the MaxCompute project that training reads.
        instances: PAI-Rec's instances whose resources are looked at.
        projects: MaxCompute projects that jobs run in; with any, there is a row for their owner.
        places: by product, the places that people can be members of.

    Raises:
        CatalogError: it cannot be read or used; the text is one line.
    """
    source = str(path) if path else "the built-in status plan"
    loaded = read_data_file(StatusFile, path, "status/status.toml", source)
    terms = StatusTerms(
        service_role=ServiceRoleTerms(loaded.service_role.name, loaded.service_role.service, loaded.service_role.title),
        services={name: _service(name, table) for name, table in loaded.services.items()},
        engine_role=_engine_role(loaded.engine_role, engine_role),
        policies=tuple(ListedPolicy(item.name, item.title) for item in catalog.policies),
        training=_training(loaded.training, training_project, quota, tunnel_group),
        instances=tuple(instances),
        projects=tuple(projects),
        own_roles=_own_roles(places or {}),
        expected_roles=_expected_roles(catalog),
    )
    plan = StatusPlan(registry.rows(terms), terms, repairs(loaded, terms))
    _no_word_twice(plan.rows, source)
    for name in plan.repairs:
        if name in catalog.choices:
            raise CatalogError(f"{source}: {name!r} is what Authorize asks for, and cannot be in the catalogue as well")
    return plan


def _service(name: str, table: ServiceTable) -> ServiceTerms:
    return ServiceTerms(name, tuple(table.actions), tuple(table.resources), table.title, tuple(table.also))


def _engine_role(table: EngineRoleTable, name: str | None) -> EngineRole:
    return EngineRole(name or table.name, table.trusts, table.policy, table.title, tuple(table.also))


def _training(table: TrainingTable, project: str | None, quota: str | None, tunnel_group: str | None) -> Training:
    return Training(
        title=table.title,
        route_title=table.route_title,
        owner_title=table.owner_title,
        tenant_role=table.subscription_tenant_role.replace("{quota}", quota) if quota else table.tenant_role,
        grants=frozenset(table.grants),
        route=table.route,
        project=project,
        quota=quota,
        tunnel_group=tunnel_group,
    )


def _own_roles(places: Mapping[str, Sequence[str]]) -> dict[str, OwnRole]:
    return {
        name: OwnRole(product.title, product.bot_role, tuple(places[name]), product.ram_code)
        for name, product in products().items()
        if product.bot_role and places.get(name)
    }


def _expected_roles(catalog: Catalog) -> dict[str, ExpectedRole]:
    """A row for each role, whichever bundles it goes with and wherever."""
    found: dict[str, ExpectedRole] = {}
    for name, item in catalog.items.items():
        for expected in item.expected:
            row = f"{expected.kind}-{expected.role}".casefold()
            title = catalog.parts[expected].title
            code = catalog.parts[expected].product.ram_code
            before = found.get(row, ExpectedRole(title, expected.kind.name, expected.role, {}, code))
            items = {**before.items, expected.place: (*before.items.get(expected.place, ()), name)}
            found[row] = replace(before, items=items)
    return found


def _no_word_twice(rows: Sequence[StatusRow], source: str) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        for word in _words(row):
            if word in seen:
                raise CatalogError(f"{source}: {word!r} would mean both {seen[word]} and {row.name}")
            seen[word] = row.name
