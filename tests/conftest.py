"""For all tests: no proxy, no metadata service, nothing but loopback."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> None:
    for name in [name for name in os.environ if name.casefold().endswith("_proxy")]:
        del os.environ[name]
    os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
