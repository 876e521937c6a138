"""A sandbox for each test, and the makers' own clients for what it stands in for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.products.cloud_clients import SECRET, Cloud
from tests.bot.sandbox.products.hologres_calls import Hologres


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        yield Cloud(sandbox)


@pytest.fixture
def short_folder() -> Path:
    """For a socket, whose path may not be long; nobody else needs to be able to reach it."""
    return Path(tempfile.mkdtemp(prefix="pairec-hologres-"))


@pytest.fixture(scope="module")
def hologres_sandbox() -> Iterator[Sandbox]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        # On a busy machine that takes longer than a client waits.
        sandbox.start_databases()
        yield sandbox


@pytest.fixture
def hologres(hologres_sandbox: Sandbox) -> Iterator[Hologres]:
    """On the one database of the whole module, which is as it was once a test is over."""
    membership = hologres_sandbox.membership
    first = membership.read()
    yield Hologres(Cloud(hologres_sandbox))
    last = membership.read()
    membership.change(lambda *_: first)
    membership.hologres.applied(last, first)
