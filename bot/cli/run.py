"""`pairec-access run`: the bot, until it is told to stop."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
from contextlib import closing

import click

from bot.app.parts import Parts
from bot.cli.command_errors import process_redaction, report_errors
from bot.cli.examples import examples
from bot.egress import clear_proxy_variables
from bot.environment import unknown_names
from bot.log import everything_logged
from bot.program import Program
from bot.settings import known_names, load_settings

log = logging.getLogger(__name__)
LOST = 3
"""Exit status of a bot whose ledger was deleted or replaced under it."""
SIGNAL_CHECK_SECONDS = 0.5
"""Seconds. The kernel may give a signal to any thread; the main one, which alone acts on it, is not woken by that."""


@examples("pairec-access run", "PAIREC_ENV_FILE=/etc/pairec-access/env pairec-access run")
@click.command()
@report_errors
def run() -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    settings, redaction = load_settings(), process_redaction()
    # Bolt would read them again, and nothing that this process starts needs them.
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        os.environ.pop(name, None)
    clear_proxy_variables(os.environ)
    with everything_logged(settings.log_level, redaction, settings.log_format):
        if others := unknown_names(os.environ, known_names()):
            log.warning("these are no settings, and do nothing", extra={"names": ", ".join(others)})
        _run(Parts(settings, redaction=redaction, upgrade_in_use=True))


def _run(parts: Parts) -> None:
    stop = threading.Event()
    # Nothing of what is made at the start is garbage, and looking for it takes a tenth of the start.
    gc.disable()
    # Also where it does not come to start, or to a stop: a file that is closed is all in one piece.
    with closing(parts.ledger):
        program = Program(parts)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        program.start()
        # What was imported stays; looking through it for what may go takes longer than all that runs in a minute.
        gc.collect()
        gc.freeze()
        gc.enable()
        lost = None
        while lost is None and not stop.wait(SIGNAL_CHECK_SECONDS):
            lost = parts.ledger.lost()
        if lost:
            # Since then nobody's click counts; they are told so before the end.
            log.critical("THE LEDGER IS LOST, and nothing is decided any more", extra={"why": lost})
        program.stop()
    # Threads that still wait for an answer from far away would hold the process; the ledger has what they left.
    logging.shutdown()
    os._exit(LOST if lost else 0)
