"""An anchor is what it was when it was signed, or it is not believed."""

from __future__ import annotations

import json

import pytest

from approvals.anchor import Anchor, AnchorTarget, NoAnchor, read_line, signed_line

SECRET = "a-secret-of-the-anchors"
MADE = Anchor(
    to=AnchorTarget.WEBHOOK,
    number=3,
    seq=2_017,
    hash="ab" * 32,
    at="2026-11-29T10:00:00.000+00:00",
    made_at="2026-11-29T10:02:00.000+00:00",
    ledger="f" * 32,
    account="1234567890123456",
)
LINE = signed_line(MADE, SECRET)


def test_what_was_signed_is_read_as_it_was() -> None:
    received = read_line(LINE)
    assert received.anchor == MADE and received.is_signed_with(SECRET)
    assert not received.is_signed_with("another-secret-of-anchors")
    assert read_line(json.dumps(json.loads(LINE), indent=1)).is_signed_with(SECRET), "the layout is not what is signed"


@pytest.mark.parametrize("name", Anchor._fields)
def test_whichever_field_is_changed_the_signature_does_not_fit(name: str) -> None:
    fields = json.loads(LINE)
    other = {"to": "channel"}.get(name, fields[name] + 1 if isinstance(fields[name], int) else fields[name] + "0")
    assert not read_line(json.dumps({**fields, name: other})).is_signed_with(SECRET)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("anchor", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "has not the fields"),
        ("{}", "has not the fields"),
        (LINE.replace('"seq":2017', '"seq":2017,"more":1'), "has not the fields"),
        (LINE.replace('"seq":2017', '"seq":"2017"'), "has not the values"),
        (LINE.replace('"seq":2017', '"seq":true'), "has not the values"),
        (LINE.replace('"seq":2017', '"seq":99999999999999999999'), "has not the values"),
        (LINE.replace("webhook", "friend"), "has not the values"),
        (LINE.replace('"webhook"', "{}"), "has not the values"),
        (LINE.replace('"signature":"', '"signature":1,"x":"'), "has not the fields"),
    ],
)
def test_what_is_no_anchor_is_told(line: str, why: str) -> None:
    with pytest.raises(NoAnchor, match=why):
        read_line(line)
