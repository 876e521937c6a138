"""The command line says what there is before it loads any of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli.main import COMMANDS, main
from tests.harness.program import surroundings

TOLD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "PAIREC_APPROVALS_CHANNEL": "C0123ABCD",
    "PAIREC_SLACK_API_URL": "http://127.0.0.1:1/api/",
    "PAIREC_RAM_ENDPOINT": "http://127.0.0.1:1",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tABCDEFGHIJ",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "kZ8sYqWcVtRpLm2nBx4hJg6dFa0eUi",
}
"""Of a bot that comes as far as its first call to Slack."""
HEAVY = ("slack_bolt", "alibabacloud_ram20150501", "pydantic", "aiohttp", "rich")


def test_the_help_of_all_commands_loads_none_of_them() -> None:
    look = "import sys; from bot.cli.main import main; main(['--help'], standalone_mode=False);"
    program = f"{look} sys.exit(', '.join(name for name in {HEAVY!r} if name in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.slow
def test_a_program_that_a_test_starts_was_imported_before(tmp_path: Path) -> None:
    """To import a second's worth of modules for each start would be most of the tests' time."""
    look = "import sys; from tests.harness.forked import imported; start = imported(); there = set(sys.modules)"
    program = f"""{look}
sys.argv[1:] = ["run"]
try:
    start()
finally:
    late = {{name for name in set(sys.modules) - there if name.startswith(("bot.", "approvals.", "handlers."))}}
    sys.stderr.write(f"pairec-access: imported late: {{sorted(late)}}")
"""
    told = surroundings(**TOLD, PAIREC_DATABASE_URL=f"sqlite:///{tmp_path / 'ledger.db'}")
    done = subprocess.run(
        [sys.executable, "-c", program], env=told, capture_output=True, text=True, timeout=60, check=False
    )
    came, late = done.stderr.splitlines()
    assert came.startswith("pairec-access: PAIREC_SLACK_API_URL: Slack does not answer right now"), done.stderr
    assert late == "pairec-access: imported late: []"


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_help_of_all_says_of_a_command_is_its_own_first_sentence(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.name == name
    assert command.get_short_help_str(1_000) == COMMANDS[name].summary


def test_a_command_that_there_is_not_is_named() -> None:
    done = CliRunner().invoke(main, ["rnu"])
    assert done.exit_code == 2 and "No such command 'rnu'" in done.output
