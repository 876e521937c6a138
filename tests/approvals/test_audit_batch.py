"""Judging many entries at once finds what judging each of them finds."""

from __future__ import annotations

import hashlib
import json
import sys
from types import FrameType
from typing import Any

import pytest

from approvals import audit, audit_texts
from approvals.audit_batch import ENTRIES_PER_BATCH, fields_if_holding
from tests.harness.older_ledgers import in_second_form

AT = "2026-11-02T09:00:00.000+00:00"
ODD = (None, 2.0, True, "", "7", b"7")
SALT = "5a" * 16
FORMS = (audit.SECOND, audit.THIRD)
COUNT = 2 * ENTRIES_PER_BATCH + 50


def chain(form: int, count: int = COUNT) -> list[audit.Entry]:
    """Every tenth has a text beside it, of every twentieth one was erased, and every seventh is about no request."""
    made: list[audit.Entry] = []
    for seq in range(1, count + 1):
        fields: dict[str, object] = {"event": "asked", "item": '\\"x"'}
        written = {"reason": f"«{seq}»", "ticket": "OPS-1"} if seq % 10 == 0 else {}
        request = None if seq % 7 == 0 else 1000 + seq
        prev = made[-1].hash if made else audit.GENESIS
        if form == audit.SECOND:
            made.append(in_second_form(seq, AT, {**fields, **written}, prev, request, SALT))
            continue
        beside = audit_texts.lines_of(written, lambda: SALT)
        made.append(audit.next_entry(seq, AT, fields, prev, request, beside))
        if seq % 20 == 0:
            made[-1] = made[-1]._replace(beside=audit_texts.without(beside, lambda each: each.name == "ticket"))
    return made


def one_by_one(entries: list[audit.Entry]) -> audit.Break | None:
    """What `verify` finds where no batch is ever taken at once."""
    known = audit.Chain()
    return next(filter(None, map(known.problem, entries)), None)


def with_entry(form: int, text: str, at: str = AT) -> list[audit.Entry]:
    """A chain of three, all hashed anew by somebody who put this into the second."""
    first, second, _ = chain(form, 3)
    second = second._replace(entry=text, at=at)
    second = second._replace(hash=audit.hash_of(second))
    last = {"event": "denied"}
    if form == audit.SECOND:
        return [first, second, in_second_form(3, AT, last, second.hash, None)]
    return [first, second, audit.next_entry(3, AT, last, second.hash)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seq", [1, 10, ENTRIES_PER_BATCH, ENTRIES_PER_BATCH + 1, COUNT - 1, COUNT])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, value) for field in ("at", "entry", "prev", "hash", "request_id") for value in ODD),
        *(("version", value) for value in (None, 2.0, 3.0, True, 1, 2, 3, 4, "2")),
        *(("seq", value) for value in (-1, 2.0, True, 0, 1 << 70)),
        *(("erased_by", value) for value in (0, 1, 900, True, "x")),
        *(("beside", value) for value in ODD),
        ("beside", 'reason 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a "another"'),
        ("beside", f"reason {'ab' * 32}"),
    ],
)
def test_whatever_stands_in_an_entry_is_named_with_it(form: int, seq: int, field: str, value: Any) -> None:
    """`repr` tells 1 from 1.0 and from True."""
    entries, before = chain(form), repr(chain(form))
    entries[seq - 1] = entries[seq - 1]._replace(**{field: value})
    found = audit.verify(entries)
    assert (found is None) == (repr(entries) == before)
    if field != "erased_by" or form == audit.THIRD:
        assert found == one_by_one(entries)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seq", [1, ENTRIES_PER_BATCH, ENTRIES_PER_BATCH + 1, COUNT - 1])
def test_an_entry_that_is_gone_or_there_twice_or_elsewhere_is_named(form: int, seq: int) -> None:
    entries = chain(form)
    gone, twice = [*entries[: seq - 1], *entries[seq:]], [*entries[:seq], *entries[seq - 1 :]]
    swapped = [*entries[: seq - 1], entries[seq], entries[seq - 1], *entries[seq + 1 :]]
    for tampered in (gone, twice, swapped):
        assert audit.verify(tampered) == one_by_one(tampered) != None  # noqa: E711
    assert audit.verify(entries) is None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "text",
    [
        *('{"event":"x","event":3}', '{"event":3,"event":"x"}', '{"event":3}', '{"item":"x"}', "[]", "x", "", "{}"),
        *('{"event":"x","a":01}', '{"event":"x",}', '{"event":"x"}{"event":"y"}', '{"event":"x"} ', '{"event":"\x01"}'),
        *('{"event":"x","a":"\\ud800"}', '{"event":"x","a":"é"}', '{"event":"x","a":NaN}', '\ufeff{"event":"x"}'),
        *('{"event":"x","a":' + "9" * 5_000 + "}", '{"event":"x","a":' + "[" * 300 + "]" * 300 + "}"),
        pytest.param('{"event":"x","a":' + "[" * 100_000 + "]" * 100_000 + "}", id="nested too deep to be read"),
        *('{"event":"x","written":{}}', '{"event":"x","written":1}', '{"event":"x","\\u0077ritten":{"note":"0"}}'),
        *('{"event":"x","written":{"note":"0"},"written":{}}', '{"event":"x","written":{},"written":{"note":"0"}}'),
    ],
)
def test_whoever_hashes_an_entry_anew_is_found_out_by_what_it_says(form: int, text: str) -> None:
    """The same is read of it as by the standard library."""
    entries = with_entry(form, text)
    assert audit.verify(entries) == one_by_one(entries)
    fields = fields_if_holding(entries, 1, audit.GENESIS)
    if fields is not None:
        told = json.loads(text)
        assert fields[1] == {name: told[name] for name in ("event", "written") if name in told}


def test_a_moment_that_reads_like_more_of_the_line_is_no_moment() -> None:
    """Hashed as if it needed no quoting."""
    first, second, _ = chain(audit.SECOND, 3)
    second = second._replace(at='2026-11-02"09:00:00')
    line = f'[2,2,"{second.at}",{second.request_id},"{first.hash}",{json.dumps(second.entry)}]'
    forged = second._replace(hash=hashlib.sha256(line.encode()).hexdigest())
    assert audit.verify([first, forged]) == audit.Break(2, "was changed after it was written")


@pytest.mark.parametrize(
    "beside",
    [
        *("", "reason", "reason ", "reason x", f"reason {'AB' * 32}", f"reason:x {'ab' * 32}", f"reason {'ab' * 32}\n"),
        *(f'a:{"0" * 64},b {SALT} "x"', f'Reason {SALT} "x"', f'reason {SALT} "x"\n'),
    ],
)
def test_what_nobody_writes_beside_an_entry_is_never_hashed(beside: str) -> None:
    first, second, _ = chain(audit.THIRD, 3)
    second = second._replace(beside=beside)
    for forged in ([first, second._replace(hash=each)] for each in (audit.hash_of(second), "3:")):
        found = audit.verify(forged)
        assert found == one_by_one(forged) and found is not None and found.seq == 2


@pytest.mark.parametrize("form", FORMS)
def test_what_an_ordinary_entry_takes_is_few_calls(form: int) -> None:
    """That is what makes it fast. Beside every tenth are two texts, which the second form looks at one by one."""
    entries, calls = chain(form), 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        broken = audit.verify(entries)
    finally:
        sys.setprofile(None)
    assert broken is None and calls < {audit.SECOND: 4, audit.THIRD: 1}[form] * COUNT
