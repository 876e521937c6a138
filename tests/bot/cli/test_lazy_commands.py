"""The command line says what there is before it loads any of it."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from bot.cli.main import COMMANDS, main

HEAVY = ("slack_bolt", "alibabacloud_ram20150501", "pydantic", "aiohttp", "sqlite_utils", "rich")


def test_the_help_of_all_commands_loads_none_of_them() -> None:
    look = "import sys; from bot.cli.main import main; main(['--help'], standalone_mode=False);"
    program = f"{look} sys.exit(', '.join(name for name in {HEAVY!r} if name in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_help_of_all_says_of_a_command_is_its_own_first_sentence(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.name == name
    assert command.get_short_help_str(1_000) == COMMANDS[name].summary


def test_a_command_that_there_is_not_is_named() -> None:
    done = CliRunner().invoke(main, ["rnu"])
    assert done.exit_code == 2 and "No such command 'rnu'" in done.output
