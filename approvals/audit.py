"""The audit trail: each entry is chained to the one before it by SHA-256, so that a quiet change shows.

The chain is evidence of tampering as long as its head is known elsewhere too; the owner of the file can rewrite
all of it, and a cut-off tail verifies. `head` is what to keep elsewhere.

Entries have a form. The first hashes its number, its time, the hash before and its fields. The second hashes all that
an entry is, the request that it belongs to as well; what people wrote stands beside the chain, which has a salted hash
of it, so that it can be erased and the chain still holds. After one of the second form there is none of the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, NamedTuple

from approvals.audit_batch import ENTRIES_PER_BATCH, fields_if_holding
from approvals.audit_erasures import Erasures
from approvals.audit_events import AuditEvent
from approvals.millis import DomainMillis

GENESIS = "0" * 64
FIRST, SECOND = 1, 2
WRITTEN = "written"
"""In an entry of the second form: the hashes of what people wrote, by the name of the field."""


class Written(NamedTuple):
    """What a person wrote in one field of an entry; both are None once it was erased."""

    name: str
    text: str | None
    salt: str | None

    @property
    def digest(self) -> str:
        """SHA-256 of the salted text in hex, which the entry hashes in place of the text."""
        return hashlib.sha256(f"{self.salt}|{self.text}".encode()).hexdigest()


class Entry(NamedTuple):
    """One entry of the trail, as the ledger has it."""

    seq: int
    at: str
    """ISO 8601 in UTC, the exact text that was hashed."""
    entry: str
    """Canonical JSON."""
    prev: str
    hash: str
    request_id: int | None = None
    version: int = FIRST
    """Its form."""
    written: tuple[Written, ...] = ()
    erased_by: int | None = None
    """The number of the entry that says what was erased from this one itself, and what is left."""

    @property
    def fields(self) -> dict[str, Any]:
        """With what people wrote, but for what was erased."""
        loaded: dict[str, Any] = json.loads(self.entry)
        loaded.pop(WRITTEN, None)
        return loaded | {each.name: each.text for each in self.written if each.text is not None}

    @property
    def moment(self) -> DomainMillis:
        """`at` in milliseconds since the epoch."""
        return DomainMillis(round(datetime.fromisoformat(self.at).timestamp() * 1_000))

    @property
    def erased(self) -> bool:
        """Whether something that a person wrote is no longer there."""
        return self.erased_by is not None or any(each.text is None for each in self.written)

    @property
    def line(self) -> str:
        """As JSON, with all that is needed to verify it elsewhere; `entry` is the exact text that was hashed."""
        written = {each.name: {"text": each.text, "salt": each.salt} for each in self.written}
        request = json.dumps(self.request_id, default=repr)
        fields = [
            f'"seq":{self.seq},"form":{self.version},"at":"{self.at}","request":{request}',
            f'"entry":{self.entry}',
            *([f'"{WRITTEN}":{canonical(written)}'] if written else []),
            *([f'"erased_by":{self.erased_by}'] if self.erased_by is not None else []),
            f'"prev":"{self.prev}","hash":"{self.hash}"',
        ]
        return f"{{{','.join(fields)}}}"


class Break(NamedTuple):
    """The first place where the chain does not hold."""

    seq: int
    problem: str


def iso(milliseconds: int) -> str:
    """The moment in ISO 8601, in UTC and to the millisecond: the text that an entry hashes."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def canonical(fields: Mapping[str, Any]) -> str:
    """These fields as JSON, always the same text: keys sorted, no spaces, ASCII alone."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def next_entry(
    seq: int,
    at: str,
    fields: Mapping[str, Any],
    prev: str,
    request_id: int | None = None,
    written: Iterable[Written] = (),
) -> Entry:
    """The entry of the newest form that follows the one with the hash `prev`."""
    kept = tuple(written)
    hashes = {each.name: each.digest for each in kept}
    text = canonical({**fields, WRITTEN: hashes} if hashes else fields)
    entry = Entry(seq, at, text, prev, "", request_id, SECOND, kept)
    return entry._replace(hash=hash_of(entry))


def hash_of(entry: Entry) -> str:
    """By the entry's own form."""
    seq, at, text, prev, _, request_id, version, _, _ = entry
    if version == FIRST:
        return _sha256(f"{seq}|{at}|{prev}|{text}")
    numbers = type(version) is int and type(seq) is int and (request_id is None or type(request_id) is int)
    if numbers and type(at) is str and type(prev) is str and type(text) is str:
        # What JSON makes of these, in a fifth of the time.
        request = "null" if request_id is None else request_id
        return _sha256(f"[{version},{seq},{_quoted(at)},{request},{_quoted(prev)},{_quoted(text)}]")
    # Whoever changes a column may put bytes there.
    fields = [version, seq, at, request_id, prev, text]
    return _sha256(json.dumps(fields, separators=(",", ":"), ensure_ascii=True, default=repr))


def verify(entries: Iterable[Entry]) -> Break | None:
    """None when every entry follows from the one before it; else the first place where one does not."""
    expected, prev, form, rest, erasures = 1, GENESIS, FIRST, iter(entries), Erasures()
    while batch := list(islice(rest, ENTRIES_PER_BATCH)):
        problem = _problem_of_batch(batch, expected, prev, form, erasures)
        if problem:
            return problem
        expected, prev, form = expected + len(batch), batch[-1].hash, batch[-1].version
    seq = erasures.unaccounted()
    return None if seq is None else Break(seq, "was changed, and no entry says that something was erased from it")


def _problem_of_batch(batch: Sequence[Entry], expected: int, prev: str, form: int, erasures: Erasures) -> Break | None:
    of_each = fields_if_holding(batch, expected, prev)
    if of_each is not None:
        for each, fields in zip(batch, of_each, strict=True):
            if fields["event"] == AuditEvent.TEXTS_ERASED:
                erasures.account(each.seq, json.loads(each.entry))
        found = (
            _problem_with_what_was_written(each, fields)
            for each, fields in zip(batch, of_each, strict=True)
            if each.written or WRITTEN in fields
        )
        return next(filter(None, found), None)
    for each in batch:
        problem = _problem(each, expected, prev, form, erasures)
        if problem:
            return problem
        expected, prev, form = expected + 1, each.hash, each.version
    return None


def _problem(found: Entry, expected: int, prev: str, form: int, erasures: Erasures) -> Break | None:
    if found.seq < expected:
        return Break(found.seq, "is no part of the chain")
    if found.seq > expected:
        return Break(expected, "is missing")
    if found.version not in (FIRST, SECOND):
        return Break(found.seq, f"has a form that this program does not know: {found.version}")
    if found.prev != prev:
        return Break(found.seq, "does not follow from the entry before it")
    if found.version < form:
        return Break(found.seq, "has an older form than the entry before it")
    if found.erased_by is None and hash_of(found) != found.hash:
        return Break(found.seq, "was changed after it was written")
    fields = _fields(found)
    if fields is None:
        return Break(found.seq, "cannot be read")
    if found.erased_by is not None:
        erasures.erased(found.seq, found.erased_by, hash_of(found))
    elif fields["event"] == AuditEvent.TEXTS_ERASED:
        erasures.account(found.seq, fields)
    if found.version == FIRST and fields.get("request") != found.request_id:
        # That form does not hash the request to which an entry belongs, but its fields name it.
        return Break(found.seq, "was moved to another request")
    return _problem_with_what_was_written(found, fields)


def _fields(found: Entry) -> dict[str, Any] | None:
    """None where they cannot be read: whoever hashes an entry anew may make anything of it."""
    try:
        fields = json.loads(found.entry)
        datetime.fromisoformat(found.at)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) and isinstance(fields.get("event"), str) else None


def _problem_with_what_was_written(found: Entry, fields: Mapping[str, Any]) -> Break | None:
    hashes = fields.get(WRITTEN, {}) if found.version != FIRST else {}
    if not isinstance(hashes, dict):
        return Break(found.seq, "cannot be read")
    if not hashes and not found.written:
        return None
    texts = {each.name: each for each in found.written}
    if texts.keys() != hashes.keys():
        names = ", ".join(sorted(texts.keys() ^ hashes.keys()))
        return Break(found.seq, f"has not the texts beside it that it should have: {names}")
    for name, text in texts.items():
        if text.text is not None and text.digest != hashes[name]:
            return Break(found.seq, f"has another text beside it than was written: {name}")
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
