"""Many entries of one form judged at once, in less than half of the time that it takes one by one.

It says that they hold only where judging each (approvals/audit.py) finds so too. Wherever one is out of the ordinary it
says nothing: then each is judged, which finds where the chain breaks, or that it holds all the same.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from pydantic_core import SchemaValidator, core_schema

from approvals.audit_entry import MARK, THIRD
from approvals.audit_texts import hashed

ENTRIES_PER_BATCH = 400
_JSON = core_schema.typed_dict_schema(
    {
        "event": core_schema.typed_dict_field(core_schema.str_schema(strict=True)),
        "written": core_schema.typed_dict_field(core_schema.any_schema(), required=False),
    },
    extra_behavior="ignore",
)
_fields = SchemaValidator(_JSON).validate_json
"""Reads all of the text, and makes values of these two fields alone; of a name that is there twice, the last counts."""


def fields_if_holding(batch: Sequence[tuple[Any, ...]], expected: int, prev: str) -> list[dict[str, Any]] | None:
    """Of entries of the second form: each one's event and, where it says so, which texts stand beside it; None unless
    each follows from the one before and is as it was hashed. `batch`: at least one; `expected`: the number of the
    first; `prev`: the hash that it follows from.
    """
    seqs, ats, entries, prevs, hashes, requests, versions, erased, _ = zip(*batch, strict=True)
    ordinary = (
        {*map(type, versions), *map(type, seqs)} == {int}
        and {*map(type, ats), *map(type, entries), *map(type, prevs), *map(type, hashes)} == {str}
        and {*map(type, requests)} <= {int, type(None)}
        and versions.count(2) == erased.count(None) == len(batch)
        and seqs == tuple(range(expected, expected + len(batch)))
        and prevs == (prev, *hashes[:-1])
        and _need_no_quoting("".join(ats) + prev)
    )
    if not ordinary or not _are_hashed_so(seqs, ats, requests, prevs, entries, hashes):
        return None
    return _all_read(ats, entries)


def _all_read(ats: Sequence[str], entries: Sequence[str]) -> list[dict[str, Any]] | None:
    try:
        for at in ats:
            datetime.fromisoformat(at)
        return [*map(_fields, entries)]
    except ValueError:
        return None


def are_of_third_form(batch: Sequence[tuple[Any, ...]], expected: int, prev: str) -> bool:
    """Whether all are of the third form, each follows from the one before and is as it was hashed, and what stands
    beside it too. `batch`: at least one; `expected`: the number of the first; `prev`: the hash that it follows from.
    """
    if batch[0][6] != THIRD:
        return False
    seqs, ats, entries, prevs, hashes, requests, versions, erased, besides = zip(*batch, strict=True)
    try:
        ordinary = (
            {*map(type, versions), *map(type, seqs)} == {int}
            and {*map(type, requests)} <= {int, type(None)}
            and versions.count(THIRD) == erased.count(None) == len(batch)
            and seqs == tuple(range(expected, expected + len(batch)))
            and prevs == (prev, *hashes[:-1])
            and " " not in "".join(ats)
            and "".join(entries)
        )
        written = hashed(besides) if ordinary else None
        if written is None:
            return False
        sha256, none = hashlib.sha256, "-"
        found = [
            MARK
            + sha256(
                f"3 {seq} {at} {none if request is None else request} {before} {text} {entry}".encode()
            ).hexdigest()
            for seq, at, request, before, text, entry in zip(seqs, ats, requests, prevs, written, entries, strict=True)
        ]
        if found != [*hashes]:
            return False
        # Nothing of what is read is kept, which is the half of the time that it takes.
        deque(map(datetime.fromisoformat, ats), maxlen=0)
        deque(map(_fields, entries), maxlen=0)
    except (TypeError, ValueError):
        # Of another type than a text, or one that cannot be read.
        return False
    return True


def _need_no_quoting(text: str) -> bool:
    """Whether JSON has it as it is."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _are_hashed_so(
    seqs: Sequence[int],
    ats: Sequence[str],
    requests: Sequence[int | None],
    prevs: Sequence[str],
    entries: Sequence[str],
    hashes: Sequence[str],
) -> bool:
    """Each hash before an entry needs no quoting: it was found to be that of the entry before it."""
    sha256, columns = hashlib.sha256, zip(seqs, ats, requests, prevs, map(_quoted, entries), strict=True)
    found = tuple(
        sha256(f'[2,{seq},"{at}",{"null" if request is None else request},"{prev}",{entry}]'.encode()).hexdigest()
        for seq, at, request, prev, entry in columns
    )
    return found == hashes
