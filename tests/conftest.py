"""For all tests: no proxy, no metadata service, nothing but loopback."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def proxies() -> dict[str, str]:
    """Those that were set, for pip, which alone is to go further than loopback."""
    os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
    return {name: os.environ.pop(name) for name in list(os.environ) if name.casefold().endswith("_proxy")}
