"""`pairec-access check`: the first command on a new installation."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from bot.check.assumed.probes import try_assumptions
from bot.check.context import CheckContext
from bot.check.probe_writes import Probe
from bot.check.record import recorded
from bot.check.registry import all_checks
from bot.check.runner import Progress, SelfCheck, run_checks
from bot.check.settings_faults import usable_settings
from bot.check.table import all_well, as_json, print_report
from bot.cli.command_errors import command_author, process_redaction, report_errors
from bot.cli.examples import examples
from bot.cli.output_file import check_output, keep_output
from bot.egress import clear_proxy_variables
from bot.log import configure_logging
from bot.settings import SettingsError

FAILED = 1
INTERRUPTED = 130
"""What a shell makes of Ctrl-C."""
PIPE_WIDTH = 120
"""Columns, where there is no terminal that says how many it has."""


@examples(
    "pairec-access check",
    "pairec-access check --only 'approvals channel' --only ledger",
    "pairec-access check --format json",
    "pairec-access check --record seen.json",
    "pairec-access check --probe-writes pairec-probe",
)
@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How it is printed.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="CHECK",
    help="Look at this alone, by its name in the table, as after something was put right. May be given again.",
)
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what was seen to this file, without names, ids and secrets, to be handed on.",
)
@click.option(
    "--probe-writes",
    "user",
    metavar="USER",
    help="Attach one policy to this RAM user, made for it, and detach it again, to see how the cloud answers.",
)
@report_errors
def check(form: str, only: tuple[str, ...], record: Path | None, user: str | None) -> None:
    """Check that everything the bot needs is there: settings, ledger, Slack, the cloud.

    It may run beside a bot, and changes nothing unless --probe-writes is given. Each row says what was seen, and what
    to do.

    Exit status: 0 all is well, or there are warnings alone; 1 something failed; 2 it could not be run.
    """
    if only and (record is not None or user is not None):
        raise click.UsageError("--record and --probe-writes look at everything: leave --only out.")
    checks = _chosen(only)
    if record is not None:
        check_output("--record", record)
    redaction = process_redaction()
    configure_logging("CRITICAL", redaction)
    settings, faults = usable_settings(os.environ)
    clear_proxy_variables(os.environ)
    if user is not None and faults:
        raise SettingsError("--probe-writes: put the settings right first; pairec-access check names them")
    probe = Probe(settings, redaction, user) if user is not None else None
    context = CheckContext(settings, faults, redaction)
    try:
        with _progress() as progress:
            rows = run_checks(checks, context, progress)
            assumed = [] if only else try_assumptions(context, progress)
            if probe is not None:
                rows += probe.rows(command_author())
                assumed = probe.judged(assumed)
    except KeyboardInterrupt:
        context.close()
        _end(INTERRUPTED)
    if record is not None:
        keep_output("--record", record, recorded(context, rows, assumed) + "\n")
    context.close()
    if form == "json":
        click.echo(as_json(rows, assumed))
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal that has no arrows shows something else in their place.
            sys.stdout.reconfigure(errors="replace")
        print_report(_console(), rows, assumed)
    sys.stdout.flush()
    _end(0 if all_well(rows) else FAILED)


def _chosen(only: Sequence[str]) -> Sequence[SelfCheck]:
    """A row's name begins with that of its check."""
    checks, wanted = all_checks(), [each.casefold() for each in only]
    for text in wanted:
        if not any(_is_named(each, text) for each in checks):
            names = ", ".join(each.name for each in checks)
            raise click.UsageError(f"There is no check {text!r}. There are: {names}.")
    return [each for each in checks if not wanted or any(_is_named(each, text) for text in wanted)]


def _is_named(check: SelfCheck, text: str) -> bool:
    name = check.name.casefold()
    return text == name or text.startswith((f"{name} ", f"{name}:"))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=PIPE_WIDTH)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A line on standard error, where somebody sees it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    with console.status("Looking …") as status:

        def show(done: int, waiting: Sequence[str]) -> None:
            status.update(f"Looking … {done} of {done + len(waiting)}: {', '.join(waiting[:3])}")

        yield show


def _end(status: int) -> NoReturn:
    """A question that hangs would hold the process, in a thread of the SDK's reads."""
    sys.stderr.flush()
    os._exit(status)
