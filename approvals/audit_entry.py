"""One entry of the audit trail (approvals/audit.py), in each of its forms: what it says, and what is hashed of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, NamedTuple

from approvals import audit_texts
from approvals.audit_texts import Written
from approvals.millis import DomainMillis

GENESIS = "0" * 64
FIRST, SECOND, THIRD = 1, 2, 3
WRITTEN = "written"
"""In an entry of the second form: the hashes of what people wrote, by the name of the field."""
MARK = "3:"
"""What the hash of an entry of the third form begins with."""
IDS = {"ram_user": "ram_user_id", "by_ram_user": "by_ram_user_id", "ram_users": "ram_user_ids"}
"""Fields by which RAM users are called, and where the entry itself may say whose the names are."""


class Entry(NamedTuple):
    """One entry of the trail, with the columns of the ledger in its order."""

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
    erased_by: int | None = None
    """In an older form: the number of the entry that says what was erased from this one itself, and what is left."""
    beside: str | None = None
    """What people wrote and what they are called (approvals/audit_texts.py)."""

    @property
    def written(self) -> tuple[Written, ...]:
        """What stands beside it."""
        return audit_texts.parsed(self.beside)

    @property
    def fields(self) -> dict[str, Any]:
        """With what stands beside it. In the place of an erased name is the UserId, where the entry says it."""
        loaded: dict[str, Any] = json.loads(self.entry)
        loaded.pop(WRITTEN, None)
        if self.beside is not None:
            loaded |= audit_texts.values(self.beside)
            erased = {each.name for each in self.written if each.text is None}
            loaded |= {name: loaded[whose] for name, whose in IDS.items() if name in erased and whose in loaded}
        return loaded

    @property
    def moment(self) -> DomainMillis:
        """`at` in milliseconds since the epoch."""
        return moment_of(self.at)

    @property
    def erased(self) -> bool:
        """Whether something of it is no longer there."""
        return self.erased_by is not None or any(each.text is None for each in self.written)

    @property
    def line(self) -> str:
        """As JSON, with all that is needed to verify it elsewhere; `entry` is the exact text that was hashed."""
        written = {
            each.name: {"text": each.text, "salt": each.salt} | ({"left": each.left} if each.left else {})
            for each in self.written
        }
        request = json.dumps(self.request_id, default=repr)
        fields = [
            f'"seq":{self.seq},"form":{self.version},"at":"{self.at}","request":{request}',
            f'"entry":{self.entry}',
            *([f'"{WRITTEN}":{canonical(written)}'] if written else []),
            *([f'"erased_by":{self.erased_by}'] if self.erased_by is not None else []),
            f'"prev":"{self.prev}","hash":"{self.hash}"',
        ]
        return f"{{{','.join(fields)}}}"


def iso(milliseconds: int) -> str:
    """The moment in ISO 8601, in UTC and to the millisecond: the text that an entry hashes."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def moment_of(at: str) -> DomainMillis:
    """The same back again, in milliseconds since the epoch."""
    return DomainMillis(round(datetime.fromisoformat(at).timestamp() * 1_000))


def canonical(fields: Mapping[str, Any]) -> str:
    """These fields as JSON, always the same text: keys sorted, no spaces, ASCII alone."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def next_entry(
    seq: int,
    at: str,
    fields: Mapping[str, Any],
    prev: str,
    request_id: int | None = None,
    beside: str | None = None,
) -> Entry:
    """The entry of the newest form that follows the one with the hash `prev`."""
    entry = Entry(seq, at, canonical(fields), prev, "", request_id, THIRD, None, beside)
    return entry._replace(hash=hash_of(entry))


def hash_of(entry: Entry) -> str:
    """By the entry's own form; empty where nobody wrote what stands beside it."""
    text = text_of(entry)
    return "" if text is None else (MARK if entry.version == THIRD else "") + _sha256(text)


def text_of(entry: Entry) -> str | None:
    """What is hashed of it; None where nobody wrote what stands beside it."""
    seq, at, text, prev, _, request_id, version, _, beside = entry
    if version == FIRST:
        return f"{seq}|{at}|{prev}|{text}"
    if version == THIRD:
        request, hashed = "-" if request_id is None else request_id, audit_texts.hashed([beside])
        return None if hashed is None else f"3 {seq} {at} {request} {prev} {hashed[0]} {text}"
    if has_its_types(entry):
        # What JSON makes of these, in a fifth of the time.
        request = "null" if request_id is None else request_id
        return f"[{version},{seq},{_quoted(at)},{request},{_quoted(prev)},{_quoted(text)}]"
    # Whoever changes a column may put bytes there.
    fields = [version, seq, at, request_id, prev, text]
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True, default=repr)


def has_its_types(entry: Entry) -> bool:
    """Whether each column has what it should: whoever changes one may put bytes there, or a number."""
    numbers = type(entry.version) is int and type(entry.seq) is int
    texts = type(entry.at) is str and type(entry.prev) is str and type(entry.entry) is str
    others = entry.request_id is None or type(entry.request_id) is int
    return numbers and texts and others and (entry.beside is None or type(entry.beside) is str)


def digest_of(written: Written) -> str:
    """What an entry of the second form hashes in place of a text, in hex."""
    return _sha256(f"{written.salt}|{written.text}")


def _sha256(text: str) -> str:
    # JSON may have halves of a character in it, which nobody writes but whoever hashes an entry anew.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
