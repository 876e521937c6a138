"""What people give by hand, in the catalogue: its steps, who does them, and every mistake in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.entitlements import manual
from approvals.errors import CatalogError
from approvals.millis import HOUR
from tests.harness.by_hand import BUNDLE, GRAFANA, catalog_file, manual_table


def test_it_is_asked_for_by_its_name_or_title_with_terms_of_its_own(tmp_path: Path) -> None:
    catalog = load_catalog(catalog_file(tmp_path, manual_table()))
    item = catalog.find(GRAFANA)
    assert item is not None and catalog.find("grafana admin") == item
    assert item.entitlements == (manual(GRAFANA),) and item.default == 8 * HOUR
    assert item.name not in {policy.name for policy in catalog.policies}
    assert catalog.allows(manual(GRAFANA)) == "Change dashboards and alerts."
    steps = catalog.manual[manual(GRAFANA)]
    assert steps.give[1] == "Set the role to Admin" and len(steps.take) == 1 and steps.done_by == ("U0ERIN",)


def test_without_anybody_named_the_approvers_do_it(tmp_path: Path) -> None:
    catalog = load_catalog(catalog_file(tmp_path, manual_table(done_by='"approvers"')))
    assert catalog.manual[manual(GRAFANA)].done_by == ()


def test_a_bundle_may_have_it_beside_policies_or_alone(tmp_path: Path) -> None:
    alone = f'[bundles.tools]\ntitle = "Tools"\nallows = "All of them."\nmanual = ["{GRAFANA}"]\n'
    catalog = load_catalog(catalog_file(tmp_path, manual_table(), BUNDLE, alone))
    assert [str(each) for each in catalog.items["on-call"].entitlements] == [
        "policy/PaiRecMonitorAccess",
        f"manual/{GRAFANA}",
    ]
    assert catalog.items["tools"].entitlements == (manual(GRAFANA),)


GIVE = 'give = ["Open https://grafana.example.com/admin/users", "Set the role to Admin"]\n'
MISTAKES = [
    (GIVE, "", f"manual.{GRAFANA}.give", "is missing; the keys there are title, allows"),
    (GIVE, "give = []\n", f"manual.{GRAFANA}.give", "at least 1 item"),
    (GIVE, f"give = {['x'] * 11}\n", f"manual.{GRAFANA}.give", "at most 10 items"),
    (GIVE, 'give = "Open it"\n', f"manual.{GRAFANA}.give", "list"),
    (GIVE, 'give = ["Open it", " "]\n', f"manual.{GRAFANA}.give.1", "one line, not empty"),
    (GIVE, f'give = ["{"x" * 201}"]\n', f"manual.{GRAFANA}.give.0", "at most 200"),
    ('["U0ERIN"]', "[]", f"manual.{GRAFANA}.done_by", '"approvers", or a list of 1 to 10 Slack user ids'),
    ('["U0ERIN"]', '["@erin"]', f"manual.{GRAFANA}.done_by", 'such as "U0JUDY"'),
    ('["U0ERIN"]', '"U0ERIN"', f"manual.{GRAFANA}.done_by", 'such as "U0JUDY"'),
    ('["U0ERIN"]', "[7]", f"manual.{GRAFANA}.done_by", 'such as "U0JUDY"'),
    ('["U0ERIN"]', str([f"U0ERIN{number}" for number in range(11)]), f"manual.{GRAFANA}.done_by", "1 to 10"),
    ('done_by = ["U0ERIN"]\n', "", f"manual.{GRAFANA}.done_by", "is missing"),
    ("reason = true", "reason = true\nby = 1", f"manual.{GRAFANA}.by", "the keys there are title, allows"),
    ('default = "8h"', 'default = "91d"', f"manual.{GRAFANA}.default", "not be longer than `longest`"),
    (f"[manual.{GRAFANA}]", "[manual.pairecengineaccess]", "manual.pairecengineaccess", "the name is taken"),
    (f'manual = ["{GRAFANA}"]', 'manual = ["kibana"]', "bundles.on-call.manual.0", f"one of {GRAFANA}"),
    (f'manual = ["{GRAFANA}"]', 'manual = ["on-call"]', "bundles.on-call.manual.0", "cannot name itself"),
    (f'manual = ["{GRAFANA}"]', f'manual = ["{GRAFANA}", "{GRAFANA}"]', "bundles.on-call.manual", "twice"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "allowed"), MISTAKES, ids=[f"{place}: {allowed}" for _, _, place, allowed in MISTAKES]
)
def test_a_mistake_is_named_with_its_file_its_place_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, place: str, allowed: str
) -> None:
    whole = manual_table() + BUNDLE
    assert old in whole
    path = catalog_file(tmp_path, whole.replace(old, new, 1))
    with pytest.raises(CatalogError) as refused:
        load_catalog(path)
    text = str(refused.value)
    assert text.startswith(f"{path}: ") and place in text and allowed in text
    assert "\n" not in text


def test_a_bundle_that_names_what_no_table_has_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="there is no table under `manual`"):
        load_catalog(catalog_file(tmp_path, BUNDLE))
