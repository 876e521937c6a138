"""Every scenario has an app of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import AppHarness
from tests.harness.checked import Installation, installation
from tests.harness.stalls import Stalls
from tests.scenario.command_line import CommandLine
from tests.scenario.recording import READ_IN, looks_later, state

PACE = 10.0


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    """Nobody waits here for the bot's turn to post, nor for its backoff."""
    with AppHarness(tmp_path, pace=PACE) as opened:
        yield opened


@pytest.fixture
def pairec_access(app: AppHarness) -> CommandLine:
    return CommandLine(app)


@pytest.fixture
def unhurried(tmp_path: Path) -> Iterator[AppHarness]:
    """An app in which time passes for the bot as it does for everybody, and Slack counts its posts."""
    with AppHarness(tmp_path) as opened:
        yield opened


@pytest.fixture
def stalls() -> Iterator[Stalls]:
    """How long the machine keeps this test waiting."""
    with Stalls() as measured:
        yield measured


@pytest.fixture(scope="module")
def newly_installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A sandbox without a bot, for all tests of a module."""
    with installation(tmp_path_factory.mktemp("installed")) as opened:
        yield opened


@pytest.fixture
def installed(newly_installed: Installation) -> Iterator[Installation]:
    """The same; what a test broke in it is mended afterwards."""
    yield newly_installed
    newly_installed.mend()


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[AppHarness]:
    """An app that reads the cloud's own record, and has looked at it once."""
    with AppHarness(tmp_path, READ_IN, pace=PACE) as opened:
        opened.until(lambda: state(opened) and looks_later(opened), "a first look")
        yield opened
