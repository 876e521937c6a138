"""What a process of tests need not do as the program does it in life, since it would only take time."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from ssl import SSLContext
from types import FunctionType
from typing import Any
from urllib.request import HTTPSHandler, OpenerDirector, Request, build_opener

import pytest
import slack_sdk.web.base_client
import slack_sdk.webhook.client
from slack_bolt.listener import custom_listener
from slack_bolt.listener_matcher import builtins as listener_matchers
from slack_bolt.util.utils import get_arg_names_of_callable

from approvals.catalog import toml_file
from approvals.ledger import sqlite_connection
from bot.sandbox.products.hologres import instances
from tests.harness.kept_servers import KeptServers

IN_LIFE = sqlite_connection.SYNCHRONOUS
read_toml = toml_file.read_toml


@contextmanager
def quick(shared: Path | None = None) -> Iterator[None]:
    """No machine loses its power here, so no commit waits for a disk. Whom the machine trusts is read once, and not for
    each client of the SDK's, which most often speaks plain HTTP here; and the Slack SDK puts its way to Slack together
    once, and not for each call. The files that come with the program are parsed once, and Bolt does not inspect each
    listener of each app anew. A sandbox's databases are those of one before it; `shared` is a
    folder of all processes of the run, for what a new one is made of.
    """
    servers = KeptServers(shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_connection, "SYNCHRONOUS", "OFF")
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        for module in (slack_sdk.web.base_client, slack_sdk.webhook.client):
            patch.setattr(module, "urlopen", _urlopen)
        patch.setattr(toml_file, "read_toml", _read_toml)
        for module in (custom_listener, listener_matchers):
            patch.setattr(module, "get_arg_names_of_callable", _argument_names)
        patch.setattr(instances, "PostgresServer", servers.take)
        yield
    servers.close()


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


_built_in = cache(read_toml)


def _read_toml(path: Path | None, built_in: str, source: str) -> dict[str, Any]:
    return read_toml(path, built_in, source) if path else _built_in(None, built_in, source)


def _argument_names(called: Callable[..., Any]) -> list[str]:
    """As Bolt finds them, but for a plain function without looking at its annotations and defaults."""
    plain = inspect.unwrap(called)
    if not isinstance(plain, FunctionType):
        return get_arg_names_of_callable(called)
    return list(plain.__code__.co_varnames[: plain.__code__.co_argcount])
