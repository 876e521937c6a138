"""The catalogue: what comes along is fine, and a mistake is named with its file, its place and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.entitlements import ADMIN_POLICY
from approvals.errors import CatalogError
from approvals.millis import DAY, HOUR

FULL_ACCESS = "AliyunPAIRecFullAccess"
GOOD = """
[policies.PaiRecEngineAccess]
title = "Engine"
allows = "Deploy the engine."
default = "8h"
longest = "90d"
until_revoked = true
approvals = 1
reason = true
ticket = false
expires_after = "24h"

[policies.PaiRecMonitorAccess]
title = "Monitoring"
allows = "Read logs."
default = "4h"
longest = "30d"
until_revoked = false
approvals = 2
reason = false
ticket = true
expires_after = "12h"

[bundles.engine-engineer]
title = "Engine engineer"
allows = "Keep it running."
policies = ["PaiRecEngineAccess", "PaiRecMonitorAccess"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "terms.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_catalogue_that_comes_along_has_the_four_policies_two_of_alibabas_own_and_three_jobs() -> None:
    catalog = load_catalog()
    assert [item.name for item in catalog.policies] == [
        ADMIN_POLICY,
        "PaiRecDataManagementAccess",
        "PaiRecEngineAccess",
        "PaiRecMonitorAccess",
        "AliyunPAIRecReadOnlyAccess",
        FULL_ACCESS,
    ]
    assert [item.name for item in catalog.bundles] == ["algorithm-engineer", "engine-engineer", "business-analyst"]
    two = {item.name: item.approvals for item in catalog.policies if item.approvals != 1}
    assert two == {ADMIN_POLICY: 2, FULL_ACCESS: 2}
    assert all(item.expires_after == DAY for item in catalog.items.values())


def test_a_bundle_has_the_strictest_terms_of_its_policies(tmp_path: Path) -> None:
    bundle = load_catalog(write(tmp_path, GOOD)).items["engine-engineer"]
    assert (bundle.default, bundle.longest, bundle.expires_after) == (4 * HOUR, 30 * DAY, 12 * HOUR)
    assert (bundle.until_revoked, bundle.approvals, bundle.reason, bundle.ticket) == (False, 2, True, True)
    assert [each.name for each in bundle.entitlements] == ["PaiRecEngineAccess", "PaiRecMonitorAccess"]


@pytest.mark.parametrize("typed", ["PaiRecEngineAccess", "pairecengineaccess", " PAIRECENGINEACCESS "])
def test_an_item_is_found_however_it_is_typed(tmp_path: Path, typed: str) -> None:
    item = load_catalog(write(tmp_path, GOOD)).find(typed)
    assert item is not None and item.name == "PaiRecEngineAccess"


def test_a_mistyped_item_is_not_found_but_the_nearest_is_named(tmp_path: Path) -> None:
    catalog = load_catalog(write(tmp_path, GOOD))
    assert catalog.find("PaiRecEngine") is None
    assert catalog.nearest("PaiRecEngin") == "PaiRecEngineAccess"
    assert catalog.nearest("engine-enginer") == "engine-engineer"
    assert catalog.nearest("zzz") is None


MISTAKES = [
    # what is written instead of what, where the mistake is, and what is said of it
    ('default = "8h"', 'default = "8x"', "policies.PaiRecEngineAccess.default", "'30m', '8h', '7d' or '1h30m'"),
    ('default = "8h"', "default = 8", "policies.PaiRecEngineAccess.default", "a duration is text"),
    ('default = "8h"', 'default = "0h"', "policies.PaiRecEngineAccess.default", "more than nothing"),
    ('longest = "90d"', 'longest = "9999d"', "policies.PaiRecEngineAccess.longest", "at most '3650d'"),
    ('default = "8h"', 'default = "91d"', "policies.PaiRecEngineAccess.default", "not be longer than `longest`"),
    ("approvals = 1", "approvals = 0", "policies.PaiRecEngineAccess.approvals", "greater than or equal to 1"),
    ("approvals = 1", "approvals = 9", "policies.PaiRecEngineAccess.approvals", "less than or equal to 5"),
    ("approvals = 1", "approvals = true", "policies.PaiRecEngineAccess.approvals", "integer"),
    ("until_revoked = true", 'until_revoked = "yes"', "policies.PaiRecEngineAccess.until_revoked", "boolean"),
    ("reason = true\n", "", "policies.PaiRecEngineAccess.reason", "is missing"),
    ("reason = true\n", "reason = true\nreasons = true\n", "policies.PaiRecEngineAccess.reasons", "not a known key"),
    ('title = "Engine"', 'title = ""', "policies.PaiRecEngineAccess.title", "one line, not empty"),
    ('title = "Engine"', 'title = "a\\nb"', "policies.PaiRecEngineAccess.title", "one line"),
    ('title = "Engine"', f'title = "{"x" * 61}"', "policies.PaiRecEngineAccess.title", "at most 60"),
    ("reason = true\n", 'reason = true\ntype = "custom"\n', "policies.PaiRecEngineAccess.type", "'Custom' or 'System'"),
    ("[policies.PaiRecEngineAccess]", '[policies."Engine Access"]', "policies.Engine Access", "A-Za-z0-9-"),
    ('"PaiRecMonitorAccess"]', '"PaiRecLogs"]', "bundles.engine-engineer.policies.1", "PaiRecEngineAccess, PaiRecMon"),
    ('"PaiRecMonitorAccess"]', '"PaiRecEngineAccess"]', "bundles.engine-engineer.policies", "twice"),
    ('["PaiRecEngineAccess", "PaiRecMonitorAccess"]', "[]", "bundles.engine-engineer", "names nothing"),
    ('"PaiRecMonitorAccess"]', '"engine-engineer"]', "bundles.engine-engineer.policies.1", "cannot name itself"),
    ("[bundles.engine-engineer]", "[bundles.pairecengineaccess]", "bundles.pairecengineaccess", "taken"),
    ("PaiRecMonitorAccess]", "PAIRECENGINEACCESS]", "policies", "differ only in case"),
    ("[bundles.engine-engineer]", "[boxes.engine-engineer]", "boxes", "not a known key"),
    ("[policies.PaiRecEngineAccess]", "[policies.PaiRecRamAdminAccess]", "PaiRecRamAdminAccess.approvals", "must be 2"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "allowed"), MISTAKES, ids=[f"{place}: {allowed}" for _, _, place, allowed in MISTAKES]
)
def test_a_mistake_is_named_with_its_file_its_place_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, place: str, allowed: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CatalogError) as refused:
        load_catalog(path)
    text = str(refused.value)
    assert text.startswith(f"{path}: ") and place in text and allowed in text
    assert "\n" not in text


IN_THE_FILE = "policies, roles, bundles"
IN_A_POLICY = "title, allows, default, longest, until_revoked, approvals, reason, ticket, expires_after"
IN_A_BUNDLE = "title, allows, policies, roles"


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("[bundles.engine-engineer]", "[boxes.engine-engineer]", IN_THE_FILE),
        ("reason = true\n", "reason = true\nreasons = true\n", IN_A_POLICY),
        ("reason = true\n", "", IN_A_POLICY),
        ('allows = "Keep it running."\n', "", IN_A_BUNDLE),
        ('allows = "Keep it running."\n', 'allows = "Keep it running."\nreason = true\n', IN_A_BUNDLE),
    ],
)
def test_where_a_key_is_wrong_or_missing_those_that_there_are_are_told(
    tmp_path: Path, old: str, new: str, allowed: str
) -> None:
    with pytest.raises(CatalogError) as refused:
        load_catalog(write(tmp_path, GOOD.replace(old, new, 1)))
    assert f"; the keys there are {allowed}" in str(refused.value)


def test_a_line_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"is not TOML: .*line 5"):
        load_catalog(write(tmp_path, GOOD.replace('default = "8h"', "default = = 8h")))


def test_an_empty_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="policies: is missing"):
        load_catalog(write(tmp_path, ""))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_catalog(tmp_path / "nowhere.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogError, match="not UTF-8"):
        load_catalog(path)


def test_an_item_is_found_by_the_title_that_cards_show_if_only_one_has_it(tmp_path: Path) -> None:
    engine = load_catalog().find("engine")
    assert engine is not None and engine.name == "PaiRecEngineAccess"
    twice = load_catalog(write(tmp_path, GOOD.replace('title = "Monitoring"', 'title = "Engine"')))
    assert twice.find("Engine") is None
