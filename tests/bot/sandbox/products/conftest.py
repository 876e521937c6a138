"""A sandbox for each test, and the makers' own clients for what it stands in for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.products.cloud_clients import SECRET, Cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        yield Cloud(sandbox)
