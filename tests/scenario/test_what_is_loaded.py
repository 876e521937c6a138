"""What a program has loaded once it has started: what it was set up to use, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.harness.app import AppHarness
from tests.harness.program import surroundings

pytestmark = pytest.mark.slow

STARTS_WITHIN = 60.0
PROGRAM = """
import os, sys, threading
def tell():
    sys.stdin.readline()
    out.write(" ".join(sys.modules))
    out.flush()
    os._exit(0)
out = os.fdopen(os.dup(1), "w")
threading.Thread(target=tell, daemon=True).start()
sys.argv[1:] = ["run"]
from bot.__main__ import start
start()
"""
"""It ends when a line comes in, and writes what is loaded."""
PAI = "alibabacloud_aiworkspace20210204"
SDKS = {
    PAI,
    "alibabacloud_dataworks_public20240518",
    "alibabacloud_hologram20220601",
    "alibabacloud_maxcompute20220104",
    "alibabacloud_pairecservice20221213",
    "alibabacloud_ververica20220718",
}
"""Of products; PAI-Rec is asked for a status board alone."""
NEVER = {
    *("bot.sandbox", "bot.check", "bot.slack.http_mode"),
    *("aiohttp", "apscheduler", "babel", "cryptography", "jwt", "odps", "psycopg", "rich", "sqlite_utils", "structlog"),
}
"""Of other modes, commands and ledgers, and what the SDK would load for calls that are not made."""


def loaded_by_a_start(folder: Path, resources: str | None = None) -> set[str]:
    """`resources`: the product that the file of PAIREC_RESOURCES has in it, or `all`."""
    log = folder / "bot.log"
    with Sandbox() as sandbox:
        told = {**sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{folder}/ledger.db"}
        if resources:
            told["PAIREC_RESOURCES"] = str(_only(resources, sandbox.resources_file(folder)))
        with (
            log.open("wb") as written,
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM],
                env=surroundings(**told, ALIBABA_CLOUD_ECS_METADATA_DISABLED="true", PAIREC_SLACK_MODE="socket"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
            ) as program,
        ):
            AppHarness.until(
                lambda: '"started"' in log.read_text("utf-8") or program.poll() is not None,
                lambda: log.read_text("utf-8"),
                STARTS_WITHIN,
            )
            return set(program.communicate(b"\n", timeout=30)[0].decode().split())


def _only(product: str, file: Path) -> Path:
    """The file, with the places of this product alone."""
    if product == "all":
        return file
    told = tomllib.loads(file.read_text("utf-8"))
    lines = [f"[products.{product}]", f'endpoint = "{told["products"][product]["endpoint"]}"']
    for alias, project in told["projects"].items():
        lines += [f"[projects.{alias}]", f'title = "{project["title"]}"', f'{product} = "{project[product]}"']
    file.write_text("\n".join(lines), "utf-8")
    return file


def of(names: set[str], loaded: set[str]) -> set[str]:
    """Those of these packages and modules of which something is loaded."""
    return {name for name in names if any(each == name or each.startswith(f"{name}.") for each in loaded)}


def test_a_start_loads_no_sdk_of_a_product_that_it_is_not_set_up_with_and_nothing_that_others_need(
    tmp_path: Path,
) -> None:
    loaded = loaded_by_a_start(tmp_path)
    assert of(SDKS | NEVER, loaded) == set()
    assert {"alibabacloud_ram20150501.client", "slack_bolt", "bot.slack.socket_mode"} <= loaded


def test_a_start_loads_the_sdk_of_the_one_product_that_it_is_set_up_with(tmp_path: Path) -> None:
    assert of(SDKS | NEVER, loaded_by_a_start(tmp_path, "pai")) == {PAI}


def test_a_start_with_all_products_loads_what_it_uses_of_each_alone(tmp_path: Path) -> None:
    """It was 4,992 modules while each product's client loaded every model of its API."""
    loaded = loaded_by_a_start(tmp_path, "all")
    assert of(NEVER, loaded) == set()
    assert len(loaded) < 1_550, sorted(loaded)
    assert len([each for each in loaded if each.startswith("alibabacloud_ram20150501.")]) < 60
