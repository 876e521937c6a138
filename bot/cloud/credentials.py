"""Whose keys the program uses in the cloud, by the SDK's default chain: environment, RRSA, files, instance role."""

from __future__ import annotations

import os
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.http import HttpOptions
from alibabacloud_credentials.provider import DefaultCredentialsProvider, OIDCRoleArnCredentialsProvider

from bot.egress import Egress
from bot.redaction import Redaction

RRSA = ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")
STS = "https://sts.aliyuncs.com"


def default_credentials(redaction: Redaction, egress: Egress) -> Credentials:
    """They change while the program runs, and each is known as a secret before anything is signed with it."""
    return Credentials(provider=_Known(_provider(egress), redaction))


def _provider(egress: Egress) -> Any:
    """The default chain has no way to be told of a proxy. Of what is in it, it is RRSA that may have to go through one:
    keys and files are at hand, and an instance role is asked for on the machine."""
    proxy = egress.proxy_for(STS)
    told = os.environ.get
    if proxy and not told("ALIBABA_CLOUD_ACCESS_KEY_ID") and all(map(told, RRSA)):
        return OIDCRoleArnCredentialsProvider(http_options=HttpOptions(proxy=proxy))
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
