"""The bucket of the audit trail's anchors, as the settings name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.egress import Egress
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.cloud.oss import AnchorBucket


def anchor_bucket(settings: Settings, address: str, credentials: Any, egress: Egress) -> AnchorBucket:
    """That of an `oss://` address.

    Raises:
        SettingsError: the SDK is not there.
    """
    try:
        # It is an extra, and takes a while to load.
        from bot.cloud.oss import AnchorBucket, place_of
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "alibabacloud_oss_v2":
            raise
        raise SettingsError(f"{address} needs the extra oss: pip install 'pairec-access[oss]'") from None
    region = settings.anchor_region or settings.region
    return AnchorBucket(place_of(address), region, settings.oss_endpoint, credentials, egress)
