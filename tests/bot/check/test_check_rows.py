"""Rows about the machine itself, each as it is when something is amiss."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import pytest

from bot.check.checks import extras, ledger
from bot.check.context import CheckContext
from bot.check.row import CheckRow, RowState
from bot.redaction import Redaction
from bot.settings import load_settings

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def context(tmp_path: Path, **settings: str) -> CheckContext:
    values = {**TOKENS, "PAIREC_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db", **settings}
    return CheckContext(load_settings(values), {}, Redaction())


def named(rows: list[CheckRow], name: str) -> CheckRow:
    (found,) = [row for row in rows if row.name == name]
    return found


@pytest.mark.parametrize(
    ("least", "little", "state"),
    [(1 << 62, 1 << 62, RowState.FAILED), (0, 1 << 62, RowState.WARNING), (0, 0, RowState.OK)],
)
def test_a_disk_on_which_little_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int, little: int, state: RowState
) -> None:
    monkeypatch.setattr(ledger, "MIN_FREE_BYTES", least)
    monkeypatch.setattr(ledger, "LITTLE_FREE_BYTES", little)
    row = named(list(ledger.check_ledger(context(tmp_path))), "free disk")
    assert row.state is state and row.seen.endswith(" MB")
    assert bool(row.remedy) is (state is not RowState.OK)


def test_an_extra_that_the_settings_have_a_use_for_and_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(extras.MODULES, "training", ("nobodys_module",))
    assert named(list(extras.check_extras(context(tmp_path))), "extras").state is RowState.OK
    found = named(list(extras.check_extras(context(tmp_path, PAIREC_TRAINING_PROJECT="ranking"))), "extra training")
    assert found.state is RowState.FAILED and "PAIREC_TRAINING_PROJECT is set" in found.seen
    assert found.remedy == "pip install 'pairec-access[training]'"


def test_a_machine_without_time_zones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(list(extras.check_time_zones(context(tmp_path))), "time zones").state is RowState.OK
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    row = named(list(extras.check_time_zones(context(tmp_path))), "time zones")
    assert row.state is RowState.WARNING and "tzdata" in row.remedy
