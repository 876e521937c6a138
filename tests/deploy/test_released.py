"""What a release is made of: versions with hashes, and licences that go together with this program's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.harness.deployed import ROOT

REQUIREMENTS = ROOT / "deploy" / "requirements"
PARTS = ("base", "members", "postgres", "rules", "training")
LICENCES = re.compile(
    r"(?:MIT|BSD|Apache|PSF-2\.0|Python Software Foundation|Public Domain)[\w ,.-]*"
    r"(?: (?:AND|OR) (?:MIT|BSD|Apache)[\w.-]*)*"
)
"""Those that allow everything but to leave out their own text."""
ALLOWED = {
    **dict.fromkeys(("psycopg", "psycopg-binary", "psycopg-pool"), "LGPL-3.0-only"),
    "certifi": "Mozilla Public License 2.0 (MPL 2.0)",
}
"""Libraries that are used as they are, and of which only their own files come under these."""


def pinned(path: Path) -> dict[str, str]:
    """Versions by name, of lines such as `name==1.2 ; marker`."""
    found = re.findall(r"^([\w.-]+)==([^\s\\;]+)", path.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("part", [*PARTS, "build"])
def test_each_version_that_is_installed_is_that_of_the_tests_and_has_hashes(part: str) -> None:
    path, tested = REQUIREMENTS / f"{part}.txt", pinned(ROOT / "constraints.txt")
    versions = pinned(path)
    assert versions and versions.items() <= tested.items(), "`make hashes` writes it anew"
    blocks = re.split(r"\n(?=\S)", path.read_text("utf-8").partition("make pins\n")[2])
    assert len(blocks) == len(versions) and all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("part", PARTS)
def test_all_that_the_program_depends_on_is_there(part: str, project: dict[str, Any]) -> None:
    needed = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"].get(part, [])]
    names = {canonicalize_name(Requirement(each).name) for each in needed}
    assert names <= pinned(REQUIREMENTS / f"{part}.txt").keys(), "`make hashes` writes it anew"


def test_every_licence_is_one_that_goes_with_ours() -> None:
    names = sorted({name for part in PARTS for name in pinned(REQUIREMENTS / f"{part}.txt")})
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--packages", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    licences = {canonicalize_name(each["Name"]): each["License"] for each in json.loads(done.stdout)}
    assert len(licences) > 50
    unfit = {
        name: licence
        for name, licence in licences.items()
        if not LICENCES.fullmatch(licence) and ALLOWED.get(name) != licence
    }
    assert unfit == {}


def test_a_version_comes_from_the_tag(tmp_path: Path) -> None:
    """By the very builder of the wheel, in a history of its own."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").touch()

    def git(*words: str) -> None:
        who = ("-c", "user.name=judy", "-c", "user.email=judy@example.com")
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True, timeout=60)

    def version() -> str:
        command = [sys.executable, "-m", "hatchling", "version"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.strip()

    assert version() == "0.0.0", "of a folder without a history"
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "first")
    git("tag", "v1.2.3")
    assert version() == "1.2.3"
    git("commit", "--quiet", "--allow-empty", "--message", "second")
    assert re.fullmatch(r"1\.2\.4\.dev1\+g[0-9a-f]+", version())
