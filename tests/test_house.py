"""What holds for the whole tree: style, types, layers, the manifest, the messages and the package."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections import Counter
from graphlib import TopologicalSorter
from importlib import metadata
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.cloud.credentials import ACCESS_KEY
from bot.sandbox.seed import default_app_config
from bot.settings import Settings
from handlers.commands.registry import ACCESS
from handlers.commands.status.registry import STATUS
from handlers.register import COMMANDS, SHORTCUT
from tests.harness.program import lines_of, running
from tests.harness.timeouts import workshop_at

ROOT = Path(__file__).parent.parent
INSTALLED_WITHIN = 480
"""Seconds that pip may take to fetch and install everything."""


def run(*command: str, cwd: Path = ROOT, within: float = 110, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=within
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("importlinter",),
    ],
    ids=" ".join,
)
@pytest.mark.slow
def test_the_tree_passes(command: tuple[str, ...]) -> None:
    if command == ("importlinter",):
        done = run(str(Path(sys.executable).with_name("lint-imports")))
    else:
        done = run(sys.executable, "-m", *command)
    assert done.returncode == 0, done.stdout + done.stderr


KNOWN = {
    "approvals": {"pydantic", "pydantic_core", "psycopg", "psycopg_pool", "cel_expr_python"},
    "handlers": {"slack_bolt", "slack_sdk", "babel"},
}
"""What the core and the surfaces may import besides Python's own modules."""


def test_neither_the_core_nor_the_surfaces_know_any_of_the_clouds_packages_but_only_a_few_others() -> None:
    graph = grimp.build_graph("approvals", "handlers", "bot", include_external_packages=True, cache_dir=None)
    outside = {name for name in graph.modules if graph.is_module_squashed(name)} - sys.stdlib_module_names
    for root, known in KNOWN.items():
        inside = [name for name in graph.modules if name.partition(".")[0] == root]
        found = {name: graph.find_modules_directly_imported_by(name) & outside for name in inside}
        assert {name: others for name, others in found.items() if others - known} == {}, f"{root} may import {known}"
        assert set().union(*found.values()) == known
    assert any(name.startswith("alibabacloud_") for name in outside), "no import of the SDKs would be noticed"


def test_the_constraints_have_one_version_of_all_that_is_declared_and_needed_and_of_nothing_else() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, groups = told["project"], told["dependency-groups"]
    # Each group as it stands, without those that it includes.
    ours = [[line for line in groups[name] if isinstance(line, str)] for name in ("pins", "build")]
    lists = [project["dependencies"], *project["optional-dependencies"].values(), *ours]
    declared = [Requirement(line) for each in [told["build-system"]["requires"], *lists] for line in each]
    pins = _pins()
    for one in declared:
        if (name := canonicalize_name(one.name)) != project["name"]:
            assert name in pins, f"{one}: `make pins` renews constraints.txt"
            (pinned,) = pins[name].specifier
            assert one.specifier.contains(pinned.version), f"{one}: `make pins` renews constraints.txt"
    here = {name for name, pin in pins.items() if pin.marker is None or pin.marker.evaluate()}
    assert here == _needed(declared) - {project["name"]}, "`make pins` renews constraints.txt"


def _pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


def _needed(declared: list[Requirement]) -> set[str]:
    """The packages that these need on this machine, and the ones that those need: as the installed ones have it."""
    waiting = [(each.name, extra) for each in declared for extra in ("", *each.extras)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        if (one := waiting.pop()) in seen:
            continue
        seen.add(one)
        try:
            lines = metadata.requires(one[0]) or []
        except metadata.PackageNotFoundError:
            continue  # Only builds other packages, or makes the constraints, and needs nothing itself.
        for each in map(Requirement, lines):
            if each.marker is None or each.marker.evaluate({"extra": one[1]}):
                waiting += [(each.name, extra) for extra in ("", *each.extras)]
    return {canonicalize_name(name) for name, _ in seen}


def test_a_class_name_stands_for_one_thing_in_the_whole_product() -> None:
    places: dict[str, list[str]] = {}
    for package in ("approvals", "handlers", "bot"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
    assert len(places) > 200


def test_no_two_files_of_tests_have_one_name() -> None:
    """Folders of tests are no packages, so that a run of all of them could import but one of the two."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_module_of_the_sandboxes_page_needs_itself_again() -> None:
    """Their types count as well, which comments import."""
    needs = {
        script.name: set(re.findall(r'(?:\bfrom |\bimport |\bimport\()"\./([\w.]+)"', script.read_text("utf-8")))
        for script in (ROOT / "bot/sandbox/page").glob("*.js")
    }
    order = list(TopologicalSorter(needs).static_order())
    assert set(order) == set(needs) and len(order) > 30


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    return loaded


def test_the_manifest_names_the_commands_that_the_program_answers_and_no_others(manifest: dict[str, Any]) -> None:
    named = [each["command"] for each in manifest["features"]["slash_commands"]]
    assert sorted(named) == sorted(COMMANDS)
    hints = {each["command"]: each["usage_hint"] for each in manifest["features"]["slash_commands"]}
    assert hints == {"/pairec-access": ACCESS.usage_hint(), "/pairec-status": STATUS.usage_hint()}, "`make generated`"
    assert [each["callback_id"] for each in manifest["features"]["shortcuts"]] == [SHORTCUT]


def test_the_sandbox_installs_the_app_as_the_manifest_has_it(manifest: dict[str, Any]) -> None:
    app = default_app_config()
    commands = {
        (each["command"], each["usage_hint"], each["description"]) for each in manifest["features"]["slash_commands"]
    }
    installed_ones = {(each.command, each.usage_hint, each.description) for each in app.commands}
    assert installed_ones == commands, "bot/sandbox/seed.py and manifest.yml"
    assert {each.callback_id for each in app.shortcuts} == {SHORTCUT}
    assert app.bot_scopes == set(manifest["oauth_config"]["scopes"]["bot"])
    assert app.bot_events == set(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_the_manifest_turns_on_what_the_program_needs(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["features"]["app_home"]["home_tab_enabled"] is True
    assert all(each["should_escape"] is True for each in manifest["features"]["slash_commands"])


def test_every_text_is_collected_for_translation(tmp_path: Path) -> None:
    fresh = tmp_path / "messages.pot"
    options = ["-q", "extract", "-k", "_", "-k", "ngettext:1,2", "--no-location", "--sort-output", "--omit-header"]
    done = run(sys.executable, "-m", "babel.messages.frontend", *options, "-o", str(fresh), "handlers")
    assert done.returncode == 0, done.stderr
    kept = (ROOT / "handlers/locales/messages.pot").read_text("utf-8")
    assert fresh.read_text("utf-8") == kept, "`make messages` collects them"


def test_the_documents_list_every_setting_with_its_default_and_no_others() -> None:
    defaults = {str(field.validation_alias): field.default for field in Settings.model_fields.values()}
    listed = _settings_in_the_documents()
    assert sorted(listed) == sorted([*defaults, *ACCESS_KEY]), "docs/settings.md"
    # A value is in backticks; where there is none, words say what holds instead.
    values = {name: default.strip("`") for name, default in listed.items() if "`" in default}
    assert values == {name: str(default) for name, default in defaults.items() if default is not None}


def test_every_link_of_the_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    assert pages
    lost = []
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            if "://" in target or target.startswith("mailto:"):
                continue
            path, _, heading = target.partition("#")
            there = (page.parent / path) if path else page
            if not there.exists() or (heading and heading not in anchors(there)):
                lost.append(f"{page.name}: {target}")
    assert lost == []


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_test_that_a_guarantee_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "guarantees.md").read_text("utf-8")))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 40 and named <= there, sorted(named - there)


def _settings_in_the_documents() -> dict[str, str]:
    """The first two columns of its table: the names, and the defaults as they are written."""
    section = (ROOT / "docs" / "settings.md").read_text("utf-8").partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", section, re.MULTILINE))


@pytest.mark.slow
def test_the_demo_plays_to_a_true_end() -> None:
    started = time.monotonic()
    done = run(sys.executable, "-m", "bot", "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout and "R-1001" in done.stdout
    assert time.monotonic() - started < 60


@pytest.mark.slow
def test_a_demo_in_which_a_step_does_not_come_true_says_so_and_fails(tmp_path: Path) -> None:
    strict = tmp_path / "catalog.toml"
    usual = (ROOT / "approvals/catalog/catalog.toml").read_text("utf-8")
    strict.write_text(usual.replace("approvals = 1\n", "approvals = 2\n"), "utf-8")
    done = run(sys.executable, "-m", "bot", "demo", PAIREC_CATALOG=str(strict))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "✗ RAM shows PaiRecEngineAccess attached to carol" in done.stdout
    assert "✓ the approval card is in #pairec-approvals" in done.stdout, "what came true before is still said"


@pytest.mark.slow
@pytest.mark.timeout(INSTALLED_WITHIN + 120)
def test_the_wheel_installs_with_its_dependencies_and_opens_the_sandbox_from_any_folder(
    tmp_path: Path, proxies: dict[str, str]
) -> None:
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT))
    assert built.returncode == 0, built.stdout + built.stderr
    programs = installed(next(tmp_path.glob("*.whl")), tmp_path / "venv", proxies)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    env_file, log = elsewhere / "sandbox.env", tmp_path / "sandbox.log"
    with running("sandbox", "--headless", "--env-file", "sandbox.env", program=programs, cwd=elsewhere, log=log) as it:
        page = lines_of(env_file, it, log)["SANDBOX_PAGE_URL"]
        for path in ("", "main.js", "people"):
            with urllib.request.urlopen(page + path) as answer:
                assert answer.status == 200
        assert workshop_at(page).person("carol").type("/pairec-access help")["ok"], "the bot in it does not answer"


def installed(wheel: Path, folder: Path, proxies: dict[str, str]) -> str:
    """`pairec-access` in a virtual environment of its own, where pip put the wheel and what it depends on."""
    made = run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    assert made.returncode == 0, made.stdout + made.stderr
    pip = (
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(folder / "bin/python"),
        "--disable-pip-version-check",
        "--quiet",
    )
    pinned = (
        "install",
        "--disable-pip-version-check",
        "--no-compile",
        "--constraint",
        str(ROOT / "constraints.txt"),
        str(wheel),
    )
    done = run(*pip, *pinned, cwd=folder, within=INSTALLED_WITHIN, **proxies)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(folder / "bin/pairec-access")
