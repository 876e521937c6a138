"""What a bot is told that it was not told at its last start stands in the trail, by name, and no secret does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from approvals.ledger import identity, trail
from tests.harness.app import AppHarness
from tests.scenario.members.asking import CATALOG


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as opened:
        yield opened


def changes(app: AppHarness) -> list[dict[str, Any]]:
    with app.ledger.read() as tx:
        found = [entry.fields for entry in trail.entries(tx)]
    return [each for each in found if each["event"] == "setup changed"]


def own_catalog(folder: Path) -> dict[str, str]:
    """With one policy more, which has the terms of another, and that one asked for in other words."""
    path = folder / "own-catalog.toml"
    text = CATALOG.read_text("utf-8")
    monitor = text[text.index("[policies.PaiRecMonitorAccess]") :].partition("\n\n")[0]
    more = monitor.replace("PaiRecMonitorAccess", "PaiRecExtraAccess").replace('"Monitoring"', '"Extra"')
    path.write_text(text.replace(monitor, f"{monitor.replace('Watch', 'See')}\n\n{more}"), "utf-8")
    return {"PAIREC_CATALOG": str(path)}


def test_a_start_with_what_it_was_told_before_is_no_entry(app: AppHarness) -> None:
    app.restart_bot()
    assert changes(app) == []


def test_a_setting_that_changed_is_named_and_a_secret_is_not_told(app: AppHarness) -> None:
    app.restart_bot({"PAIREC_NEW_ADMINS": "trust", "PAIREC_RETENTION": "365d"})
    (entry,) = changes(app)
    assert entry["what"] == "settings" and entry["changed"] == ["PAIREC_NEW_ADMINS", "PAIREC_RETENTION"]
    assert len(entry["hash"]) == len(entry["before"]) == 64 and entry["hash"] != entry["before"]
    app.restart_bot({"SLACK_SIGNING_SECRET": "zebra0123456789zebra"})
    assert len(changes(app)) == 1
    with app.ledger.read() as tx:
        kept = [row["value"] for row in tx.rows("SELECT value FROM identity")]
    assert not any(app.sandbox.env()["SLACK_BOT_TOKEN"] in value or "trust" in value for value in kept)
    assert app.chain_holds()


def test_of_a_catalogue_and_of_resources_what_is_new_gone_or_other_is_named(tmp_path: Path, app: AppHarness) -> None:
    app.restart_bot(own_catalog(tmp_path))
    catalogue = next(each for each in changes(app) if each["what"] == "catalogue")
    assert catalogue["added"] == ["policies.PaiRecExtraAccess"]
    assert catalogue["changed"] == ["policies.PaiRecMonitorAccess"]
    app.restart_bot({"PAIREC_CATALOG": ""})
    assert changes(app)[-2]["removed"] == ["policies.PaiRecExtraAccess"]
    before = len(changes(app))
    app.restart_bot({"PAIREC_RESOURCES": str(app.sandbox.resources_file(tmp_path))})
    found = {each["what"]: each for each in changes(app)[before:]}
    assert found.keys() == {"resources", "settings"} and any("ranking" in name for name in found["resources"]["added"])


def test_an_empty_ledger_that_a_bot_has_started_on_is_still_known_as_one(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0, first_start=True) as app, app.ledger.read() as tx:
        assert identity.get(tx, "setup:settings") and not any(
            entry.fields["event"] == "setup changed" for entry in trail.entries(tx)
        )
