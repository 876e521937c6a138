"""What a catalogue may give at once in an emergency, and what it may not, by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.errors import CatalogError
from approvals.millis import DAY, HOUR, MINUTE
from tests.harness.break_glass import BREAK_GLASS
from tests.harness.by_hand import GRAFANA, manual_table
from tests.harness.rules import catalog_with

TABLE = """
[break_glass]
items = [
  "PaiRecMonitorAccess",
  "{item}",
]
groups = ["rec-oncall"]
"""
ADMINS = """
[bundles.platform]
title = "Platform"
allows = "Everything."
policies = ["PaiRecMonitorAccess", "PaiRecRamAdminAccess"]
"""
TAKES_TWO = """
[policies.PaiRecSecretAccess]
title = "Secrets"
allows = "Secrets."
default = "8h"
longest = "8h"
until_revoked = false
approvals = 2
reason = true
ticket = false
expires_after = "1d"
"""


def test_it_is_off_unless_the_file_has_it(tmp_path: Path) -> None:
    assert load_catalog().break_glass is None
    found = load_catalog(catalog_with(tmp_path, BREAK_GLASS)).break_glass
    assert found is not None
    assert (found.groups, found.longest, found.barred_for) == (("rec-oncall",), 30 * MINUTE, 14 * DAY)
    assert found.has("PaiRecEngineAccess") and not found.has("PaiRecDataManagementAccess")
    usual = load_catalog(catalog_with(tmp_path, TABLE.format(item="algorithm-engineer"))).break_glass
    assert usual is not None
    assert usual.has("algorithm-engineer@ranking") and (usual.longest, usual.barred_for) == (HOUR, 30 * DAY)


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("PaiRecRamAdminAccess", "makes administrators, so people decide on it"),
        ("PaiRecSecretAccess", "takes 2 approvals, so people decide on it"),
        ("platform", "has PaiRecRamAdminAccess in it, which makes administrators"),
        (GRAFANA, "is given by hand, which takes people"),
        ("PaiRecEngin", "the catalogue has nothing of that name"),
    ],
)
def test_what_people_have_to_decide_on_is_refused_with_its_line(tmp_path: Path, item: str, says: str) -> None:
    path = catalog_with(tmp_path, ADMINS, TAKES_TWO, manual_table(), TABLE.format(item=item))
    line = 1 + path.read_text("utf-8").splitlines().index(f'  "{item}",')
    with pytest.raises(CatalogError) as refused:
        load_catalog(path)
    assert str(refused.value).startswith(f"{path}, line {line}: break_glass: {item}: ")
    assert says in str(refused.value)


def test_it_is_for_an_hour_at_most(tmp_path: Path) -> None:
    path = catalog_with(tmp_path, BREAK_GLASS.replace("30m", "61m"))
    line = 1 + path.read_text("utf-8").splitlines().index('longest = "61m"')
    with pytest.raises(CatalogError, match=rf"line {line}: break_glass: must be at most '1h'"):
        load_catalog(path)
