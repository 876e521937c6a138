"""Catalogues as large as they may be, for drawing."""

from __future__ import annotations

from pathlib import Path

from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.catalog.resources import load_resources, products
from bot.check.samples.records import APPROVERS
from tests.harness.products.case import ACCOUNT
from tests.harness.products.cases import ALL_CASES

LONGEST_NAME = "P" * 128
MOST_IN_A_BUNDLE = 10


def large_catalog(folder: Path, policies: int = 40) -> Catalog:
    """A catalogue of many policies with the longest names and texts that it may have, and a bundle of ten of them."""
    names = [f"{LONGEST_NAME[:125]}{number:03d}" for number in range(policies)]
    parts = [
        f'[policies.{name}]\ntitle = "{"T" * 60}"\nallows = "{"a" * 200}"\ndefault = "8h"\nlongest = "3650d"\n'
        "until_revoked = true\napprovals = 5\nreason = false\nticket = true\n"
        'expires_after = "24h"\n'
        for name in names
    ]
    listed = ", ".join(f'"{name}"' for name in names[:MOST_IN_A_BUNDLE])
    parts.append(f'[bundles.big]\ntitle = "{"B" * 60}"\nallows = "{"a" * 200}"\npolicies = [{listed}]\n')
    path = folder / "large.toml"
    path.write_text("\n".join(parts), "utf-8")
    return load_catalog(path)


def widest_catalog(folder: Path) -> Catalog:
    """One bundle of as many parts as a file may give it, policies, roles and what is given by hand,
    each with the longest names and texts.
    """
    policies = [f"{LONGEST_NAME[:125]}{number:03d}" for number in range(MOST_IN_A_BUNDLE)]
    roles = [f"{'r' * 125}{number:03d}" for number in range(MOST_IN_A_BUNDLE)]
    by_hand = [f"{'h' * 125}{number:03d}" for number in range(MOST_IN_A_BUNDLE)]
    terms = (
        f'title = "{"T" * 60}"\nallows = "{"a" * 200}"\ndefault = "8h"\nlongest = "3650d"\nuntil_revoked = true\n'
        'approvals = 5\nreason = false\nticket = true\nexpires_after = "24h"\n'
    )
    tables = [f"[policies.{name}]\n{terms}" for name in policies]
    tables += [
        f'[roles.{name}]\n{terms}product = "dataworks"\ncode = "role_{"c" * 50}_{number:03d}"\n'
        for number, name in enumerate(roles)
    ]
    steps = f"{['s' * 200] * 10}"
    tables += [
        f"[manual.{name}]\n{terms}give = {steps}\ntake = {steps}\ndone_by = {list(APPROVERS)}\n" for name in by_hand
    ]
    listed = [", ".join(f'"{name}"' for name in names) for names in (policies, roles, by_hand)]
    tables.append(
        f'[bundles.big]\ntitle = "{"B" * 60}"\nallows = "{"a" * 200}"\n'
        f"policies = [{listed[0]}]\nroles = [{listed[1]}]\nmanual = [{listed[2]}]\n"
    )
    path, resources = folder / "widest.toml", folder / "resources.toml"
    path.write_text("\n".join(tables), "utf-8")
    project = f'[projects.{"p" * 40}]\ntitle = "{"T" * 200}"\nmode = "standard"\ndataworks = "{10**18}"\n'
    resources.write_text(project, "utf-8")
    return load_catalog(path, resources=load_resources(resources))


def catalog_of_projects(folder: Path, projects: int = 120) -> Catalog:
    """The built-in catalogue where there are more projects than a list takes, of the longest names."""
    tables = [
        f'[projects.{f"{number:03d}" + "p" * 37}]\ntitle = "{"T" * 200}"\nmode = "standard"\n'
        + "".join(f'{case.product} = "{case.longest_place(number)}"\n' for case in ALL_CASES)
        for number in range(projects)
    ]
    needs = [f'products.{name}.{key} = "{ACCOUNT}"\n' for name, product in products().items() for key in product.needs]
    path = folder / "resources.toml"
    path.write_text("".join(needs) + "\n".join(tables), "utf-8")
    return load_catalog(resources=load_resources(path))
