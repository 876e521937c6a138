"""For all tests: no proxy, no metadata service, nothing but loopback."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.ledger import open_ledger
from tests.harness.databases import Databases
from tests.harness.forked import forks
from tests.harness.quick import quick


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs PostgreSQL is `slow`. What starts a program says so itself."""
    for item in items:
        if isinstance(item, pytest.Function) and {"databases", "hologres"} & set(item.fixturenames):
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end, so nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def proxies() -> dict[str, str]:
    """Those that were set, for pip, which alone is to go further than loopback."""
    os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
    return {name: os.environ.pop(name) for name in list(os.environ) if name.casefold().endswith("_proxy")}


@pytest.fixture(scope="session")
def databases(testrun_uid: str) -> Iterator[Databases]:
    """PostgreSQL, as soon as one test wants it; in a folder of its own, since pytest clears those of earlier runs."""
    opened = Databases(Path(tempfile.gettempdir()) / f"pairec-access-tests-{testrun_uid}")
    yield opened
    opened.close()


@pytest.fixture(autouse=True, scope="session")
def in_a_hurry(proxies: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Once there is no proxy."""
    own = tmp_path_factory.getbasetemp()
    with quick(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own):
        yield


@pytest.fixture(autouse=True, scope="session")
def programs() -> Iterator[None]:
    """Started from one process, which ends with the tests."""
    yield
    forks().close()


ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a ledger in which nothing was recorded yet, to be copied."""
    path = tmp_path_factory.mktemp("new") / "ledger.db"
    open_ledger(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=ENGINES)
def ledger_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a new ledger, on each engine in turn. It is a copy of one that was made once, and has the same name."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('new_file'), tmp_path / 'ledger.db')}"
    databases: Databases = request.getfixturevalue("databases")
    return databases.new_ledger()


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a ledger that is not there yet, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()
