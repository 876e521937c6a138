"""What every command of the command line has in common: its settings, and one clear line when something is wrong."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from approvals.errors import CatalogError, CloudError, LedgerError, Refusal
from bot.log import configure_logging
from bot.settings import Settings, SettingsError, load_settings, passwords_in
from handlers.errors import plain_sentence
from handlers.words import load_words

MISCONFIGURED = 2
CLOUD_SECRETS = ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN")
"""No settings of ours, since the SDK reads them itself, but no more to be seen in the log than those."""


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """One clear line and exit status 2 for what a person can put right; never a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (SettingsError, CatalogError, LedgerError) as error:
            _fail(str(error))
        except Refusal as refusal:
            _fail(plain_sentence(refusal, load_words("en")))
        except CloudError as error:
            _fail(f"RAM does not do {error.action}: {error.code or error.trouble.value}")

    return run


def _fail(line: str) -> None:
    click.echo(f"pairec-access: {line}", err=True)
    sys.exit(MISCONFIGURED)


def quiet_settings(*addresses: str) -> Settings:
    """For a command that answers in lines of its own. Passwords in `addresses` are kept out of the log as well."""
    settings = load_settings()
    hidden = [word for address in addresses for word in passwords_in(address)]
    configure_logging("WARNING", [*secrets(settings), *hidden])
    return settings


def secrets(settings: Settings) -> list[str]:
    tokens = [*settings.secrets, *passwords_in(settings.database_url)]
    return [*tokens, *(os.environ[name] for name in CLOUD_SECRETS if name in os.environ)]


def who() -> str:
    """Who typed the command, for the audit trail."""
    try:
        return f"command line of {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"
