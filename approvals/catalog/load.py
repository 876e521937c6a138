"""Read the catalogue file, and check it whole before anything starts.

A mistake in it would become somebody's permission, so an unclear line ends the start with a sentence that names the
file, the place and what is allowed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from approvals.catalog.access_reviews import load_review_terms
from approvals.catalog.break_glass import load_break_glass
from approvals.catalog.build import (
    bundle_choice,
    implied_by,
    manual_choice,
    manual_items,
    needed,
    parts,
    policy_choice,
    role_choice,
)
from approvals.catalog.escalation import with_escalation
from approvals.catalog.model import Catalog
from approvals.catalog.resources import Resources, products
from approvals.catalog.schema import BundleTerms, CatalogFile, ItemTerms, PolicyTerms, RoleTerms
from approvals.catalog.standing_rules import load_rules
from approvals.catalog.toml_file import read_data_file
from approvals.entitlements import ADMIN_POLICY
from approvals.errors import CatalogError


def load_catalog(path: Path | None = None, resources: Resources | None = None, language: str = "en") -> Catalog:
    """Read the catalogue at `path`, or the one that comes with the program. Member roles can be asked for in the
    projects of `resources`; without any, bundles are of policies alone. `language`, as Slack names it, is that of
    titles, where the file has it.

    Raises:
        CatalogError: it cannot be read or used; the text is one line for whoever starts the program.
    """
    source = str(path) if path else "the built-in catalogue"
    loaded = read_data_file(CatalogFile, path, "catalog/catalog.toml", source).in_language(language)
    loaded = with_escalation(loaded, source)
    _check_names(loaded, source)
    resources = resources or Resources()
    choices = {}
    for name, policy in loaded.policies.items():
        _check_policy(name, policy, source)
        choices[name] = policy_choice(name, policy)
    for name, role in loaded.roles.items():
        _check_role(name, role, loaded, source)
        if role.granted and any(role.product in project.places for project in resources.projects.values()):
            choices[name] = role_choice(name, role, loaded, resources)
    for name, terms in loaded.manual.items():
        _check_terms(f"{source}: manual.{name}", terms)
        choices[name] = manual_choice(name, terms)
    for name, bundle in loaded.bundles.items():
        _check_bundle(name, bundle, loaded, resources, source)
        choice = bundle_choice(name, bundle, loaded, resources)
        if choice.items or choice.lacking:
            choices[name] = choice
    lines = path.read_text("utf-8").splitlines() if path and (loaded.rules or loaded.break_glass) else []
    return Catalog(
        choices,
        resources.default,
        parts(loaded, resources),
        implied_by(loaded, resources),
        needed(loaded),
        manual_items(loaded),
        rules=load_rules(loaded.rules, source, lines, on_call=bool(loaded.on_call)),
        break_glass=load_break_glass(loaded, source, lines),
        access_review=load_review_terms(loaded.access_review, source),
        on_call=loaded.on_call,
    )


def _check_names(loaded: CatalogFile, source: str) -> None:
    if len({name.casefold() for name in loaded.policies}) != len(loaded.policies):
        raise CatalogError(f"{source}: policies: two names differ only in case")
    taken = {name.casefold() for name in loaded.policies}
    for table, names in (("roles", loaded.roles), ("manual", loaded.manual), ("bundles", loaded.bundles)):
        for name in names:
            if name.casefold() in taken:
                raise CatalogError(f"{source}: {table}.{name}: the name is taken by another policy, role or bundle")
            taken.add(name.casefold())


def _check_terms(where: str, terms: ItemTerms) -> None:
    if terms.default > terms.longest:
        raise CatalogError(f"{where}.default: must not be longer than `longest`")


def _check_policy(name: str, terms: PolicyTerms, source: str) -> None:
    _check_terms(f"{source}: policies.{name}", terms)
    if name == ADMIN_POLICY and terms.approvals != 2:
        raise CatalogError(f"{source}: policies.{name}.approvals: must be 2, it makes administrators")


def _check_role(name: str, role: RoleTerms, loaded: CatalogFile, source: str) -> None:
    where = f"{source}: roles.{name}"
    _check_terms(where, role)
    if role.product not in products():
        raise CatalogError(f"{where}.product: no product {role.product!r}; one of {', '.join(products())}")
    known = products()[role.product].roles
    if known is not None and role.code not in known:
        raise CatalogError(
            f"{where}.code: no role of {products()[role.product].title} that is given; {', '.join(known)} is"
        )
    same = [other for other, terms in loaded.roles.items() if (terms.product, terms.code) == (role.product, role.code)]
    if same[0] != name:
        # The looser terms of two would be a way round the stricter.
        raise CatalogError(f"{where}.code: is the code of roles.{same[0]} already")
    with_it = loaded.roles.get(role.comes_with or "")
    if role.comes_with and (with_it is None or with_it.product == role.product or with_it.comes_with):
        raise CatalogError(f"{where}.comes_with: must be a role of another product that comes with no other itself")
    if role.needs:
        _check_needs(where, role, loaded)


def _check_needs(where: str, role: RoleTerms, loaded: CatalogFile) -> None:
    """What is needed is in the place that this one's place is in, so that each project has both or neither."""
    first = loaded.roles.get(role.needs or "")
    if first is None or first.needs or products()[role.product].within != first.product:
        raise CatalogError(f"{where}.needs: must be a role in what {products()[role.product].title} is within")
    if role.granted and not first.granted:
        raise CatalogError(f"{where}.needs: roles.{role.needs} is not given, so that this one cannot be")


def _check_bundle(name: str, bundle: BundleTerms, loaded: CatalogFile, resources: Resources, source: str) -> None:
    where = f"{source}: bundles.{name}"
    if not any((bundle.policies, bundle.roles, bundle.roles_if_there, bundle.manual)):
        raise CatalogError(f"{where}: names nothing; it needs policies, roles or both")
    tables: tuple[tuple[str, str, list[str], list[str]], ...] = (
        ("policies", "policy", bundle.policies, list(loaded.policies)),
        ("roles", "role", bundle.roles, list(loaded.roles)),
        ("roles_if_there", "role", bundle.roles_if_there, list(loaded.roles)),
        ("manual", "manual access", bundle.manual, list(loaded.manual)),
    )
    for table, one, names, known in tables:
        for number, part in enumerate(each.partition("@")[0] for each in names):
            if part == name:
                raise CatalogError(f"{where}.{table}.{number}: a bundle cannot name itself")
            if part not in known:
                of = f"one of {', '.join(known)}" if known else f"there is no table under `{table}`"
                raise CatalogError(f"{where}.{table}.{number}: no {one} {part!r}; {of}")
    for table, one, names, _ in tables:
        if len(set(names)) != len(names):
            raise CatalogError(f"{where}.{table}: names a {one} twice")
    for number, role in enumerate(bundle.roles):
        named, _, alias = role.partition("@")
        if alias and resources.projects and loaded.roles[named].product not in _places(resources, alias):
            raise CatalogError(f"{where}.roles.{number}: PAIREC_RESOURCES has no such place {role!r}")


def _places(resources: Resources, alias: str) -> Mapping[str, str]:
    project = resources.projects.get(alias)
    return project.places if project else {}
