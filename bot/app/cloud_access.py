"""The clients of the account's own APIs, and the credentials they sign with."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.exceptions import CredentialException

from bot.app.opening import egress_of
from bot.cloud.account import OwnAccount
from bot.cloud.clients import asking_sts, ims_client, ram_client, sts_client
from bot.cloud.credential_errors import NotIssued
from bot.cloud.credentials import ACCESS_KEY, default_credentials
from bot.cloud.ram import Ram
from bot.egress import Egress
from bot.redaction import Redaction
from bot.settings import Settings, SettingsError


def ram_to_read(settings: Settings, redaction: Redaction, account_id: str | None) -> Ram:
    """RAM for whoever only wants to know its users, and has no need of a catalogue that can be read. `account_id`: the
    account that the ledger belongs to.

    Raises:
        SettingsError: it cannot be asked.
    """
    egress = egress_of(settings)
    ask = asking_sts(settings.sts_address, settings.region, egress)
    credentials = OwnAccount(find_credentials(settings, redaction, egress), ask, account_id)
    return Ram(*account_clients(settings, credentials, egress))


def account_clients(settings: Settings, credentials: Any, egress: Egress) -> tuple[Any, Any]:
    """The SDK's clients of RAM and of IMS, which sign with the same credentials."""
    return (
        ram_client(settings.ram_endpoint, settings.region, credentials, egress),
        ims_client(settings.ims_endpoint, settings.region, credentials, egress),
    )


def find_credentials(settings: Settings, redaction: Redaction, egress: Egress) -> Credentials:
    """What the SDK's default chain finds, asked once for a key so that a start without any fails at once.

    Raises:
        SettingsError: there is no key, or whoever issues temporary ones gives none.
    """
    sts = sts_client(settings.sts_address, settings.region, egress=egress)
    credentials = default_credentials(redaction, sts)
    try:
        with _without_the_sdks_log():
            credentials.get_credential()
    except NotIssued as refused:
        raise SettingsError(refused.message) from None
    except (CredentialException, OSError):
        raise SettingsError(_no_credentials()) from None
    return credentials


@contextmanager
def _without_the_sdks_log() -> Iterator[None]:
    """It logs each place in which it finds none, with a traceback; what is said of all of them is raised."""
    log = logging.getLogger("credentials")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def _no_credentials() -> str:
    missing = [name for name in ACCESS_KEY if not os.environ.get(name)]
    if len(missing) == 1:
        return f"{missing[0]} is not set, and no other credentials were found in the SDK's chain"
    return f"{ACCESS_KEY[0]}: no credentials were found, in the environment or elsewhere in the SDK's chain"
