"""The help of each command shows how it is typed, and says what is not there on purpose."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli.completion import SHELLS
from bot.cli.main import COMMANDS, main

ANCHORS = "received.jsonl"
"""A file that examples read."""


def commands() -> Iterator[tuple[list[str], click.Command]]:
    """Those that do something, with the words by which they are called."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from (([name, below], each) for below, each in command.commands.items())
        elif command is not None:
            yield [name], command


ALL = {" ".join(words): command for words, command in commands()}


def examples(command: click.Command) -> list[str]:
    """The lines below the word, without settings before them and what becomes of the output."""
    shown = (command.epilog or "").partition("Examples:\n")[2].splitlines()
    return [re.sub(r"^(\w+=\S+ )+|[>|].*$", "", line.strip()) for line in shown if "pairec-access " in line]


@pytest.mark.parametrize("name", ALL)
def test_the_help_of_a_command_has_examples_that_are_taken(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ANCHORS).touch()
    lines = examples(ALL[name])
    assert lines, f"no example in the help of {name}"
    for line in lines:
        program, *words = shlex.split(line)
        expected = name.split()
        assert program == "pairec-access" and words[: len(expected)] == expected
        # Parses the words as the command itself would, and does nothing.
        ALL[name].make_context(name, words[len(expected) :])


def test_each_example_stands_on_a_line_of_its_own() -> None:
    shown = CliRunner().invoke(main, ["requests", "list", "--help"]).output
    assert (
        "\n  Examples:\n    pairec-access requests list --state pending\n    pairec-access requests list --person"
        in shown
    )


@pytest.mark.parametrize(
    "words", [["approve", "R-1042"], ["deny"], ["request"], ["requests", "approve"], ["grants", "revoke"]]
)
def test_what_is_done_in_slack_alone_is_said_to_be_no_command_on_purpose(words: list[str]) -> None:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and "on purpose" in done.output and "Slack" in done.output


def test_a_misspelt_command_is_answered_by_the_nearest_one() -> None:
    assert "Did you mean 'requests'?" in CliRunner().invoke(main, ["reqests"]).output
    assert "Did you mean 'list'?" in CliRunner().invoke(main, ["grants", "lst"]).output


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_learns_the_commands_and_their_options(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0 and f"_PAIREC_ACCESS_COMPLETE={shell}_complete" in done.output


def completed(typed: str) -> list[str]:
    """What bash would offer, by the program itself."""
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli.main import main; main(prog_name='pairec-access')"],
        env={**os.environ, "_PAIREC_ACCESS_COMPLETE": "bash_complete", **words},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_commands_and_options_are_completed() -> None:
    assert completed("pairec-access re") == ["report", "requests", "review", "revoke"]
    assert completed("pairec-access grants list --st") == ["--state"]
