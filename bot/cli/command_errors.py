"""What every command of the command line has in common: its settings, and one clear line when something is wrong."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from approvals import text_input
from approvals.errors import CatalogError, CloudError, LedgerError, Refusal
from bot.egress import clear_proxy_variables
from bot.log import configure_logging
from bot.redaction import Redaction, secrets_in
from bot.settings import Settings, SettingsError, load_settings
from handlers.refusals.sentences import plain_sentence
from handlers.translations import load_translations
from handlers.views.unwell import bot_error_text, remedy_text

MISCONFIGURED = 2


def report_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """One clear line and exit status 2 for what a person can put right; never a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            for typed in (value for value in kwargs.values() if isinstance(value, str)):
                # Bytes that are no text in this place's encoding come as halves of characters.
                for refusal in text_input.refusals_of(typed):
                    raise refusal
            return command(*args, **kwargs)
        except (SettingsError, CatalogError, LedgerError) as error:
            _fail(str(error))
        except Refusal as refusal:
            _fail(plain_sentence(refusal, load_translations("en")))
        except CloudError as error:
            _fail(_cloud_sentence(error))

    return run


def error_cause(error: CloudError) -> str:
    """Why the cloud did not do something, in a few words."""
    own = bot_error_text(error.kind.value, load_translations("en"))
    text = f"{error.action}: {error.code or error.kind.value}"
    if own is not None:
        text = own.rstrip(".") + (f", {error.code}" if error.code else "")
    return f"{text}, request id {error.request_id}" if error.request_id else text


def _cloud_sentence(error: CloudError) -> str:
    if error.kind.is_of_bot:
        return f"{error_cause(error)}. {remedy_text(error.kind.value, load_translations('en'))}"
    return f"RAM does not do {error_cause(error)}"


def _fail(line: str) -> None:
    click.echo(f"pairec-access: {line}", err=True)
    sys.exit(MISCONFIGURED)


def load_command_settings(*, slack: bool = False) -> Settings:
    """For a command that answers in lines of its own; `slack`: that asks Slack something, and needs a token for it."""
    configure_logging("WARNING", process_redaction())
    settings = load_settings(slack=slack)
    clear_proxy_variables(os.environ)
    return settings


def process_redaction() -> Redaction:
    """That of this process, which `bot.__main__` made; one of its own where it was started otherwise."""
    context = click.get_current_context()
    found = context.find_object(Redaction)
    if found is None:
        found = context.obj = Redaction(secrets_in(os.environ, sys.argv[1:]))
    return found


def command_author() -> str:
    """Who typed the command, for the audit trail."""
    try:
        return f"command line of {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"
