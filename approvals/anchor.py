"""An anchor: the head of the audit trail as somebody elsewhere is told of it, on one line of JSON, signed.

Whoever owns the ledger could cut off the trail's end, or write all of it anew. What is kept where they cannot write
shows it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from enum import StrEnum
from typing import Any, NamedTuple

from approvals.audit import canonical

SIGNATURE = "signature"


class AnchorTarget(StrEnum):
    """To whom anchors go, as the ledger stores it and as they say it themselves."""

    WEBHOOK = "webhook"
    CHANNEL = "channel"
    """Of Slack's. The bot's own token can edit what it posted."""
    BUCKET = "bucket"
    """Of OSS."""


class Anchor(NamedTuple):
    """The head of the trail at one moment."""

    to: AnchorTarget
    number: int
    """Of those that go to the same target, from 1 on and without a gap."""
    seq: int
    """The number of the newest entry, and so how many there are."""
    hash: str
    """The entry's."""
    at: str
    """When the entry was written, in ISO 8601 in UTC."""
    made_at: str
    """When this was made, likewise."""
    ledger: str
    """Which ledger it is of."""
    account: str
    """The Alibaba Cloud account that the ledger belongs to; empty where that is not known yet."""


class NoAnchor(Exception):
    """Why a line is none, in a few words."""


class SignedAnchor(NamedTuple):
    """An anchor as it was received, and the signature that came with it."""

    anchor: Anchor
    signature: str

    def is_signed_with(self, secret: str) -> bool:
        """Whether whoever has this secret made it, as it is."""
        return hmac.compare_digest(self.signature.encode(), _signature(self.anchor, secret).encode())


def signed_line(anchor: Anchor, secret: str) -> str:
    """The anchor in canonical JSON, with HMAC-SHA256 of all the rest in it, in hex, as its `signature`."""
    return canonical({**anchor._asdict(), SIGNATURE: _signature(anchor, secret)})


def object_name(anchor: Anchor) -> str:
    """That of its object in a bucket: the same each time that it is put, and no other's."""
    return f"{anchor.ledger}/{anchor.number:08}-{anchor.seq}-{anchor.hash[:16]}.json"


def read_line(line: str) -> SignedAnchor:
    """An anchor from a line that was received.

    Raises:
        NoAnchor: it is none.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise NoAnchor("is no JSON") from None
    names = {*Anchor._fields, SIGNATURE}
    if not isinstance(fields, dict) or fields.keys() != names:
        raise NoAnchor("has not the fields of an anchor")
    signature = fields.pop(SIGNATURE)
    if not isinstance(signature, str) or not all(map(_fits, fields, fields.values())):
        raise NoAnchor("has not the values of an anchor")
    return SignedAnchor(Anchor(**{**fields, "to": AnchorTarget(fields["to"])}), signature)


def _fits(name: str, value: Any) -> bool:
    if name in ("number", "seq"):
        return type(value) is int and 0 < value < 1 << 63
    return isinstance(value, str) and (name != "to" or value in set(AnchorTarget))


def _signature(anchor: Anchor, secret: str) -> str:
    return hmac.new(secret.encode(), canonical(anchor._asdict()).encode(), hashlib.sha256).hexdigest()
