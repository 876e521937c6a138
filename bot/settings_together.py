"""What settings ask of one another: a secret for what is sent, and nothing real beside a movable clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.environment_files import secret_file_name
from bot.loopback import is_loopback

NEEDED_IN = {"SLACK_APP_TOKEN": "socket", "SLACK_SIGNING_SECRET": "http"}
SIGNED_BY = {
    "PAIREC_ANCHOR_SECRET": ("PAIREC_ANCHOR_BUCKET", "PAIREC_ANCHOR_CHANNEL", "PAIREC_ANCHOR_URL"),
    "PAIREC_AUDIT_EXPORT_SECRET": ("PAIREC_AUDIT_EXPORT_URL",),
}
"""The settings that name whoever gets what a secret signs."""


def missing_tokens(values: Mapping[str, str]) -> list[str]:
    """What is there although malformed, or is in a file that cannot be read, is not missing."""
    mode = values.get("PAIREC_SLACK_MODE", "socket")
    return [
        f"{name} is not set{why}"
        for name, why in (
            ("SLACK_BOT_TOKEN", ""),
            ("SLACK_APP_TOKEN", "; it opens the connection while PAIREC_SLACK_MODE is socket"),
            ("SLACK_SIGNING_SECRET", "; it proves that a request is Slack's while PAIREC_SLACK_MODE is http"),
        )
        if not _is_told(name, values) and NEEDED_IN.get(name, mode) == mode
    ]


def missing_signers(values: Mapping[str, str]) -> list[str]:
    """Secrets without which what is sent would not be signed."""
    return [
        f"{secret} is not set; it signs what {' and '.join(told)} gets"
        for secret, names in SIGNED_BY.items()
        if (told := [name for name in names if name in values]) and not _is_told(secret, values)
    ]


def elsewhere(addresses: Iterable[tuple[str, str]]) -> list[str]:
    """A movable clock could end or prolong real access, so it is refused next to anything real.

    Args:
        addresses: each setting and the address that is called by it; empty where none is.
    """
    return [
        f"PAIREC_CLOCK_URL is for the sandbox only: {name} is not on loopback"
        for name, address in addresses
        if address and not is_loopback(address)
    ]


def _is_told(name: str, values: Collection[str]) -> bool:
    return name in values or secret_file_name(name) in values
