"""What a process of tests need not do as the program does it in life, since it would only take time."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from ssl import SSLContext
from typing import Any
from urllib.request import HTTPSHandler, OpenerDirector, Request, build_opener

import pytest
import slack_sdk.web.base_client
import slack_sdk.webhook.client

from approvals.ledger import sqlite_connection

IN_LIFE = sqlite_connection.SYNCHRONOUS


@contextmanager
def quick() -> Iterator[None]:
    """No machine loses its power here, so no commit waits for a disk. Whom the machine trusts is read once, and not for
    each client of the SDK's, which most often speaks plain HTTP here; and the Slack SDK puts its way to Slack together
    once, and not for each call.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_connection, "SYNCHRONOUS", "OFF")
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        for module in (slack_sdk.web.base_client, slack_sdk.webhook.client):
            patch.setattr(module, "urlopen", _urlopen)
        yield


@contextmanager
def disks_as_in_life() -> Iterator[None]:
    """A commit is done when it is on the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_connection, "SYNCHRONOUS", IN_LIFE)
        yield


@cache
def _opener(context: SSLContext | None) -> OpenerDirector:
    return build_opener(HTTPSHandler(context=context))


def _urlopen(request: Request, *, timeout: float, context: SSLContext | None) -> Any:
    return _opener(context).open(request, timeout=timeout)
