"""What a test is given: the account, its faults, and clients of its site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alibabacloud_ims20190815.client import Client as ImsClient
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.utils_models import Config

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.seed import ACCESS_KEY_ID

SECRET = "secret-of-the-test"


@dataclass
class World:
    """One account, its faults, and where the two sites listen (`host:port`)."""

    account: CloudAccount
    faults: RamFaults
    address: str
    control: str

    def ram(self, secret: str = SECRET, key: str = ACCESS_KEY_ID, **config: Any) -> RamClient:
        return RamClient(self._config(secret, key, config))

    def ims(self, **config: Any) -> ImsClient:
        return ImsClient(self._config(SECRET, ACCESS_KEY_ID, config))

    def _config(self, secret: str, key: str, config: dict[str, Any]) -> Config:
        return Config(
            access_key_id=key,
            access_key_secret=secret,
            endpoint=self.address,
            protocol="http",
            region_id="cn-hangzhou",
            **config,
        )
