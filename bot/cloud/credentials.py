"""Whose keys the program uses in the cloud, by the SDK's default chain: environment, RRSA, files, instance role."""

from __future__ import annotations

from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.provider import DefaultCredentialsProvider

from bot.redaction import Redaction


def default_credentials(redaction: Redaction) -> Credentials:
    """They change while the program runs, and each is known as a secret before anything is signed with it."""
    return Credentials(provider=_Known(DefaultCredentialsProvider(), redaction))


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
