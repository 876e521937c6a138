"""The compose files: by their schema, by what each service may do, and by the commands in them, run as they stand."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from compose_spec import PyCompose

from approvals.ledger import open_ledger
from bot.sandbox.bot_process import ALWAYS
from bot.sandbox.process import SandboxProcess, link_the_cast
from bot.settings import Settings
from tests.harness.app import AppHarness
from tests.harness.databases import KEEPER, PASSWORD, Databases
from tests.harness.deployed import PROGRAM, ROOT, deployed, serves_a_request
from tests.harness.dockerfile import stages

FOLDER = ROOT / "deploy" / "compose"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml"))
STATE, BACKUPS = "/var/lib/pairec-access", "/var/backups/pairec-access"


def loaded(name: str) -> dict[str, Any]:
    """With all that its aliases stand for."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return found


def check(spec: dict[str, Any]) -> None:
    """ValueError where the schema does not allow it, or something is named that is not there."""
    told = PyCompose.from_json(json.dumps(spec))
    told.validate()
    told.to_spec()


def programs(name: str) -> dict[str, Any]:
    """The services that are this program."""
    return {service: told for service, told in loaded(name)["services"].items() if told["image"] == "pairec-access"}


@pytest.mark.parametrize("name", FILES)
def test_the_schema_takes_the_file(name: str) -> None:
    check(loaded(name))
    wrong = loaded(name)
    wrong["services"]["bot"]["restart"] = "sometimes"
    with pytest.raises(ValueError, match="sometimes"):
        check(wrong)


@pytest.mark.parametrize("name", FILES)
def test_every_container_of_the_program_is_built_from_here_and_has_no_rights(name: str) -> None:
    for service, told in programs(name).items():
        context = (FOLDER / told["build"]["context"]).resolve()
        assert context == ROOT and (context / told["build"]["dockerfile"]).is_file(), service
        assert told["read_only"] is True and told["cap_drop"] == ["ALL"], service
        assert told["security_opt"] == ["no-new-privileges:true"] and "ports" not in told, service


def test_every_extra_that_an_image_gets_is_one_and_brings_what_its_ledger_needs() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    build, _ = stages(ROOT / "deploy" / "Dockerfile")
    defaults = dict(each.split("=", 1) for each in build.of("ARG"))
    files = {name: programs(name)["bot"]["build"]["args"]["EXTRAS"] for name in FILES}
    for extras in (defaults["EXTRAS"], *files.values()):
        assert set(extras.split(",")) <= set(known), extras
    assert "postgres" in files["postgres.yaml"] and "postgres" in defaults["EXTRAS"]


@pytest.mark.parametrize("name", FILES)
def test_what_the_file_sets_are_settings(name: str) -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()} | {"PGPASSWORD"}
    for service, told in programs(name).items():
        assert set(told.get("environment", {})) <= known, service


def test_the_database_is_reached_by_the_bots_alone() -> None:
    spec = loaded("postgres.yaml")
    assert spec["services"]["database"]["networks"] == ["ledger"] and "ports" not in spec["services"]["database"]
    assert spec["networks"]["ledger"] == {"internal": True}


def typed(service: str, state: Path, backups: Path) -> list[str]:
    """What a service of sqlite.yaml is started by, as docker compose reads it, with folders of a test."""
    words: list[str] = programs("sqlite.yaml")[service]["entrypoint"]
    return [each.replace("$$", "$").replace(STATE, str(state)).replace(BACKUPS, str(backups)) for each in words]


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_bot_whose_ledger_is_gone_begins_no_new_one(tmp_path: Path) -> None:
    done = run(typed("bot", tmp_path, tmp_path))
    assert done.returncode == 3 and "There is no ledger" in done.stderr
    assert list(tmp_path.iterdir()) == []


def an_old_backup(folder: Path) -> tuple[Path, Path]:
    """The folder of backups, and one in it that is older than any that is kept."""
    old = folder / "backups" / "ledger-20200101T000000Z.db"
    old.parent.mkdir()
    old.touch()
    os.utime(old, (0, 0))
    return old.parent, old


def sleeping_once(folder: Path) -> str:
    """A PATH on which `sleep` takes no time, and fails when it is called again, which ends a loop."""
    sleep = folder / "bin" / "sleep"
    sleep.parent.mkdir()
    sleep.write_text('#!/bin/sh\n[ ! -e "$0.once" ] && : > "$0.once"\n', "utf-8")
    sleep.chmod(0o755)
    return os.pathsep.join((str(sleep.parent), str(PROGRAM.parent), os.environ["PATH"]))


@pytest.mark.slow
def test_a_bot_that_is_started_as_the_file_says_serves_a_request_and_is_backed_up(tmp_path: Path) -> None:
    state, (backups, old) = tmp_path / "state", an_old_backup(tmp_path)
    state.mkdir()
    with SandboxProcess(with_bot=False) as workshop:
        shutil.copy(workshop.ledger_path, state / "ledger.db")
        path = sleeping_once(tmp_path)
        ledger = f"sqlite:///{state}/ledger.db"
        told = {**ALWAYS, **workshop.environment(), "PAIREC_DATABASE_URL": ledger, "PATH": path}
        with deployed(workshop, [str(shutil.which("sh")), *typed("bot", state, backups)[1:]], told, state):
            serves_a_request(workshop)
            done = run(typed("backup", state, backups), **told)
    (backup,) = backups.iterdir()
    assert backup != old, done.stdout + done.stderr
    with sqlite3.connect(backup) as copied:
        assert copied.execute("SELECT COUNT(*) FROM requests").fetchone() == (1,)


@pytest.mark.slow
def test_old_backups_stay_where_no_new_one_could_be_made(tmp_path: Path) -> None:
    backups, old = an_old_backup(tmp_path)
    done = run(typed("backup", tmp_path / "nowhere", backups), PATH=sleeping_once(tmp_path))
    assert "PAIREC_DATABASE_URL: there is no ledger" in done.stderr
    assert list(backups.iterdir()) == [old]


@pytest.mark.slow
def test_two_bots_that_are_started_as_the_file_says_work_from_one_database(
    tmp_path: Path, databases: Databases
) -> None:
    bot = programs("postgres.yaml")["bot"]
    assert bot["deploy"]["replicas"] == 2
    address = databases.guarded("").replace(f"{KEEPER}:@", f"{KEEPER}@")
    with psycopg.connect(address.replace(f"{KEEPER}@", "postgres:@")) as owner:
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    # As docker compose puts them in place of what the file says.
    database = {"PAIREC_DATABASE_URL": address, "PGPASSWORD": PASSWORD}
    assert database.keys() == bot["environment"].keys()
    with SandboxProcess(with_bot=False) as workshop, ExitStack() as bots:
        with_password = address.replace(f"{KEEPER}@", f"{KEEPER}:{PASSWORD}@")
        link_the_cast(open_ledger(with_password), workshop.sandbox)
        for name in ("first", "second"):
            (folder := tmp_path / name / "state").mkdir(parents=True)
            told = {**ALWAYS, **workshop.environment(), **database}
            bots.enter_context(deployed(workshop, [str(PROGRAM), "run"], told, folder))
        AppHarness.until(lambda: len(workshop.sandbox.call(workshop.sandbox.slack.sockets.open_sockets)) == 2, "both")
        serves_a_request(workshop)
