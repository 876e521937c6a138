"""The audit trail: each entry is chained to the one before it by SHA-256, so that a quiet change shows.

The chain is evidence of tampering as long as its head is known elsewhere too; the owner of the file can rewrite
all of it, and a cut-off tail verifies. `head` is what to keep elsewhere.

Entries have a form. The first hashes its number, its time, the hash before and its fields. The second hashes all that
an entry is, the request that it belongs to as well; what people wrote stands beside the chain, which has a salted hash
of it. In the third, what they are called does too, so that nothing of an entry itself is ever erased; its hash says of
which form it is. After one of a newer form there is none of an older one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from approvals.audit_batch import ENTRIES_PER_BATCH, are_of_third_form, fields_if_holding
from approvals.audit_entry import (
    FIRST,
    GENESIS,
    IDS,
    MARK,
    SECOND,
    THIRD,
    WRITTEN,
    Entry,
    canonical,
    digest_of,
    has_its_types,
    hash_of,
    iso,
    next_entry,
)
from approvals.audit_erasures import Erasures, Seal, is_older_hash
from approvals.audit_events import AuditEvent
from approvals.audit_texts import Written

HASH = Entry._fields.index("hash")
__all__ = [
    "FIRST",
    "GENESIS",
    "IDS",
    "MARK",
    "SECOND",
    "THIRD",
    "Break",
    "Chain",
    "Entry",
    "Written",
    "canonical",
    "hash_of",
    "iso",
    "next_entry",
    "verify",
]


class Break(NamedTuple):
    """The first place where the chain does not hold."""

    seq: int
    problem: str


def verify(entries: Iterable[Entry]) -> Break | None:
    """None when every entry follows from the one before it; else the first place where one does not."""
    chain, rest = Chain(), iter(entries)
    while batch := list(islice(rest, ENTRIES_PER_BATCH)):
        problem = chain.problem_of(batch)
        if problem:
            return problem
    return chain.problem_in_the_end()


class Chain:
    """What is known of the chain as far as it was gone through."""

    def __init__(self) -> None:
        self._expected, self._prev, self._form = 1, GENESIS, FIRST
        self._erasures, self._seal = Erasures(), Seal()

    def problem_of(self, batch: Sequence[Entry]) -> Break | None:
        """The first problem with the next entries, of which there is at least one."""
        if not self._holds_at_once(batch):
            return next(filter(None, map(self.problem, batch)), None)
        return None

    def problem_in_the_end(self) -> Break | None:
        """What can be said only when all was seen."""
        seq = self._erasures.unaccounted()
        return None if seq is None else Break(seq, "was changed, and no entry says that something was erased from it")

    def problem(self, found: Entry) -> Break | None:
        """That with the next entry."""
        problem = self._problem_of_place(found) or (
            self._problem_of_third(found) if found.version == THIRD else self._problem_of_older(found)
        )
        if problem is not None:
            return Break(found.seq if found.seq <= self._expected else self._expected, problem)
        self._go_on([found])
        return None

    def _go_on(self, seen: Sequence[Entry]) -> None:
        self._expected, self._prev, self._form = self._expected + len(seen), seen[-1].hash, seen[-1].version

    def _holds_at_once(self, batch: Sequence[Entry]) -> bool:
        """False also where that cannot be told."""
        if are_of_third_form(batch, self._expected, self._prev) and (self._form == THIRD or self._expected == 1):
            for each in batch if self._erasures.unaccounted() else ():
                self._account(each.seq, json.loads(each.entry))
            self._go_on(batch)
            return True
        of_each = fields_if_holding(batch, self._expected, self._prev) if self._form <= SECOND else None
        if of_each is None or any(
            _problem_of_texts(each, fields)
            for each, fields in zip(batch, of_each, strict=True)
            if each.beside is not None or WRITTEN in fields
        ):
            return False
        for each, fields in zip(batch, of_each, strict=True):
            if fields["event"] == AuditEvent.TEXTS_ERASED:
                self._account(each.seq, json.loads(each.entry))
        self._seal.take([*map(itemgetter(HASH), batch)])
        self._go_on(batch)
        return True

    def _problem_of_place(self, found: Entry) -> str | None:
        if found.seq < self._expected:
            return "is no part of the chain"
        if found.seq > self._expected:
            return "is missing"
        if found.version not in (FIRST, SECOND, THIRD):
            return f"has a form that this program does not know: {found.version}"
        if found.prev != self._prev:
            return "does not follow from the entry before it"
        return "has an older form than the entry before it" if found.version < self._form else None

    def _problem_of_third(self, found: Entry) -> str | None:
        if found.erased_by is not None:
            return "is said to have had something erased from it, which there never is in its form"
        if not has_its_types(found) or " " in found.at or not found.hash or hash_of(found) != found.hash:
            return "was changed after it was written"
        fields = _fields(found)
        if fields is None:
            return "cannot be read"
        if self._form != THIRD and self._expected > 1 and not _seals(self._seal, fields):
            return "does not say of the entries before it, which are of an older form, what they are"
        self._account(found.seq, fields)
        return None

    def _problem_of_older(self, found: Entry) -> str | None:
        erased = found.erased_by is not None
        if (erased and not is_older_hash(found.hash)) or (not erased and hash_of(found) != found.hash):
            return "was changed after it was written"
        fields = _fields(found)
        if fields is None:
            return "cannot be read"
        if found.erased_by is not None:
            self._erasures.erased(found.seq, found.erased_by, hash_of(found))
        else:
            self._account(found.seq, fields)
        if found.version == FIRST and fields.get("request") != found.request_id:
            # That form does not hash the request to which an entry belongs, but its fields name it.
            return "was moved to another request"
        self._seal.take([found.hash])
        return _problem_of_texts(found, fields)

    def _account(self, seq: int, fields: Mapping[str, Any]) -> None:
        if fields["event"] == AuditEvent.TEXTS_ERASED:
            self._erasures.account(seq, fields)


def _seals(seal: Seal, fields: Mapping[str, Any]) -> bool:
    return fields["event"] == AuditEvent.OLDER_SEALED and seal.is_told_by(fields)


def _fields(found: Entry) -> dict[str, Any] | None:
    """None where they cannot be read: whoever hashes an entry anew may make anything of it."""
    if not isinstance(found.entry, str) or not isinstance(found.at, str):
        return None
    try:
        fields = json.loads(found.entry)
        datetime.fromisoformat(found.at)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) and isinstance(fields.get("event"), str) else None


def _problem_of_texts(found: Entry, fields: Mapping[str, Any]) -> str | None:
    """Of an older form."""
    hashes = fields.get(WRITTEN, {}) if found.version != FIRST else {}
    if not isinstance(hashes, dict) or not isinstance(found.beside, str | None):
        return "cannot be read"
    texts = {each.name: each for each in found.written}
    if texts.keys() != hashes.keys():
        names = ", ".join(sorted(texts.keys() ^ hashes.keys()))
        return f"has not the texts beside it that it should have: {names}"
    for name, text in texts.items():
        if text.text is not None and digest_of(text) != hashes[name]:
            return f"has another text beside it than was written: {name}"
    return None
