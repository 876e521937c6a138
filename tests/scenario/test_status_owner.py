"""Whether the Alibaba Cloud account owns the MaxCompute projects, with the step to take where it does not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import AppHarness
from tests.harness.boards import boards, row, status, whole

TITLE = "Task owner of the MaxCompute projects"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        yield opened


def test_projects_of_the_account_are_as_they_should_be(app: AppHarness) -> None:
    said = row(whole(app.carol, status(app, app.carol)), TITLE)
    assert said.startswith("🟢") and "the Alibaba Cloud account owns `ranking`, `search`" in said


def test_a_project_of_a_ram_user_is_named_with_its_owner_and_the_step_to_take(app: AppHarness) -> None:
    app.sandbox.membership.owners["ranking"] = "RAM$workshop:dave"
    said = row(status(app, app.carol, "task-owner"), TITLE)
    assert "Failed since" in said
    assert "`ranking` should belong to the Alibaba Cloud account, not to `RAM$workshop:dave`" in said
    assert "DataWorks console > Management Center > Computing Resources" in said
    assert "search" not in said


def test_a_project_that_is_gone_is_named(app: AppHarness) -> None:
    app.sandbox.membership.delete_place("maxcompute", "search")
    said = row(status(app, app.carol, "task-owner"), TITLE)
    assert "Failed since" in said and "there is no project `search`" in said


def test_a_bot_that_may_not_look_says_so(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "GetProject", "fault": "no_permission"})
    said = row(status(app, app.carol, "task-owner"), TITLE)
    assert "Unknown" in said and "lacks the permission `odps:GetProject`" in said


def test_without_the_sdk_the_row_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alibabacloud_maxcompute20220104", None)
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        said = row(status(app, app.carol, "task-owner"), TITLE)
    assert "MaxCompute's SDK is not installed" in said and "`pip install 'pairec-access[members]'`" in said


def test_the_row_of_another_product_names_its_own_sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alibabacloud_ververica20220718", None)
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        said = row(status(app, app.carol, "flink-bot"), "Flink: this app")
    assert "Flink's SDK is not installed" in said and "`pip install 'pairec-access[members]'`" in said


def test_without_any_project_there_is_no_such_row(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0) as app:
        assert TITLE not in status(app, app.carol).plain
        app.carol.type("/pairec-status task-owner")
        app.until(lambda: "There is no" in app.carol.screen_text(), "an answer")
        assert len(boards(app.carol)) == 1
