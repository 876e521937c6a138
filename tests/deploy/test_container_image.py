"""The Dockerfile: by its linter's word on it, and by a bot that was installed and started by its very steps."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox.bot_process import ALWAYS
from bot.sandbox.process import SandboxProcess
from tests.harness.deployed import ROOT, deployed, free_port, serves_a_request
from tests.harness.dockerfile import WITHIN, built, in_place, outside, stages

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
LINTER = str(Path(sys.executable).with_name("hadolint"))
STATE = "/var/lib/pairec-access"
BACKUPS = "/var/backups/pairec-access"


def linted(text: str) -> str:
    """What the linter finds in a Dockerfile, down to matters of style."""
    command = [LINTER, "--no-color", "--failure-threshold", "style", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60).stdout


def test_the_linter_finds_nothing_in_it() -> None:
    text = DOCKERFILE.read_text("utf-8")
    assert linted(text) == ""
    assert "DL3002" in linted(text.replace("USER 10001:10001", "USER root")), "nothing would be found"


def test_nothing_but_what_is_copied_gets_into_the_build() -> None:
    build, _ = stages(DOCKERFILE)
    copied = {source for rest in build.of("COPY") for source in rest.split()[:-1]}
    everything, *let_in = [
        line for line in Path(f"{DOCKERFILE}.dockerignore").read_text("utf-8").splitlines() if line[:1] not in ("#", "")
    ]
    assert everything == "*"
    assert {line.removeprefix("!") for line in let_in if line.startswith("!")} == copied


def test_it_runs_as_a_user_who_owns_nothing_but_the_folders_of_the_ledger_and_its_backups() -> None:
    _, image = stages(DOCKERFILE)
    assert image.of("USER") == ["10001:10001"]
    assert image.of("RUN") == [f"install -d -o 10001 -g 10001 -m 700 {STATE} {BACKUPS}"]
    assert image.of("VOLUME") == image.of("WORKDIR") == [STATE]
    assert image.environment()["PAIREC_DATABASE_URL"] == f"sqlite:///{STATE}/ledger.db"


@pytest.mark.slow
@pytest.mark.timeout(WITHIN + 240)
def test_a_bot_that_is_built_and_started_by_its_steps_serves_a_request_and_says_that_it_lives(
    tmp_path: Path, proxies: dict[str, str]
) -> None:
    moved = {each: tmp_path / each[1:] for each in ("/src", "/opt", STATE)}
    moved[STATE].mkdir(parents=True, mode=0o700)
    build, image = stages(DOCKERFILE)
    built(build, ROOT, moved, {**outside(), **proxies})
    told = {name: in_place(value, moved) for name, value in image.environment().items()}
    port = free_port()
    with SandboxProcess(with_bot=False) as workshop:
        shutil.copy(workshop.ledger_path, moved[STATE] / "ledger.db")
        settings = {**ALWAYS, **workshop.environment(), **told, "PAIREC_ADMIN_LISTEN": f"127.0.0.1:{port}"}
        program = str(moved["/opt"] / "pairec-access" / "bin" / image.words("ENTRYPOINT")[0])
        with deployed(workshop, [program, *image.words("CMD")], settings, moved[STATE]):
            serves_a_request(workshop)
            assert lives(image.words("HEALTHCHECK"), told, port) == 0
        assert lives(image.words("HEALTHCHECK"), told, port) != 0, "a bot that is gone lives on"


def lives(check: list[str], environment: dict[str, str], port: int) -> int:
    """The exit status of the image's own question, at another port."""
    command = [word.replace(":9464/", f":{port}/") for word in check]
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60).returncode
