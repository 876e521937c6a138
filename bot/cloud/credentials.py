"""Whose keys the program uses in the cloud, by the SDK's default chain: environment, RRSA, files, instance role."""

from __future__ import annotations

import os
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.provider import DefaultCredentialsProvider

from bot.cloud.rrsa import NAMED, RrsaProvider
from bot.redaction import Redaction

ACCESS_KEY = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")


def default_credentials(redaction: Redaction, sts: Any) -> Credentials:
    """They change while the program runs, and each is known as a secret before anything is signed with it. `sts`: a
    client that has no credentials itself.
    """
    return Credentials(provider=_Known(_provider(sts), redaction))


def _provider(sts: Any) -> Any:
    """Whoever names a role, a provider and a token means these, and nobody else's keys when STS gives none."""
    environment = os.environ
    if all(map(environment.get, NAMED)) and not all(map(environment.get, ACCESS_KEY)):
        return RrsaProvider(sts, dict(environment))
    return DefaultCredentialsProvider()


class _Known:
    """A provider in the SDK's sense."""

    def __init__(self, provider: Any, redaction: Redaction) -> None:
        self._provider = provider
        self._redaction = redaction

    def get_credentials(self) -> Any:
        return self._known(self._provider.get_credentials())

    async def get_credentials_async(self) -> Any:
        return self._known(await self._provider.get_credentials_async())

    def get_provider_name(self) -> str:
        return str(self._provider.get_provider_name())

    def _known(self, found: Any) -> Any:
        self._redaction.learn(found.get_access_key_id(), found.get_access_key_secret(), found.get_security_token())
        return found
