"""Where kept anchors are read from: a file with a line for each, or a bucket with an object for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

import click

from approvals.anchor import NoAnchor, SignedAnchor, object_name, read_line
from bot.setting_types import is_oss_address
from bot.settings import Settings, SettingsError

MAX_LINE_CHARACTERS = 10_000


class ReceivedAnchors(NamedTuple):
    """What was there."""

    anchors: Sequence[tuple[str, SignedAnchor]]
    """Each with where it stands."""
    faults: Sequence[str]
    """Of whatever else was there."""


class AnchorSource(click.ParamType["str | IO[Any]"]):
    """FILE, `-`, or `oss://bucket/prefix`."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | IO[Any]:
        """An address stays one; a file is opened."""
        if isinstance(value, str) and value.startswith("oss://"):
            if not is_oss_address(value):
                self.fail("must be oss://, a bucket's name and perhaps folders in it", param, ctx)
            return value
        file: IO[Any] = click.File(encoding="utf-8", errors="replace").convert(value, param, ctx)
        return file


def received(source: str | IO[Any], settings: Settings) -> ReceivedAnchors:
    """Each that is one, and what is wrong with the rest.

    Raises:
        SettingsError: the bucket cannot be read.
    """
    found: list[tuple[str, SignedAnchor]] = []
    faults = []
    for place, line in _in_bucket(source, settings) if isinstance(source, str) else _in_file(source):
        try:
            if len(line) > MAX_LINE_CHARACTERS:
                raise NoAnchor("is too long for one")
            signed = read_line(line)
            if isinstance(source, str) and object_name(signed.anchor) != place:
                raise NoAnchor("has what another object should have")
        except NoAnchor as error:
            faults.append(f"{place} is no anchor: it {error}.")
        else:
            found.append((place, signed))
    return ReceivedAnchors(found, faults)


def _in_file(file: IO[Any]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(file, 1):
        if line.strip():
            yield f"Line {number}", line


def _in_bucket(address: str, settings: Settings) -> Iterator[tuple[str, str]]:
    # Whoever reads a file has no need of the cloud's SDK.
    from bot.app.anchor_bucket import anchor_bucket
    from bot.app.cloud_access import find_credentials
    from bot.app.opening import egress_of
    from bot.redaction import Redaction
    from bot.signed_webhook import NotTaken

    egress = egress_of(settings)
    bucket = anchor_bucket(settings, address, find_credentials(settings, Redaction(), egress), egress)
    try:
        for name in bucket.names():
            yield name, bucket.content(name).decode("utf-8", "replace")
    except NotTaken as error:
        raise SettingsError(f"{address} cannot be read: {error}") from None
