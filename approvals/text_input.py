"""What people write, such as a reason: as it is kept, and characters that must not be in it.

Refused and not left out, since what is kept, shown and decided on is to be what was written. Refused are controls but
tab and line breaks, which no ledger, terminal or spreadsheet shows alike (PostgreSQL cannot even keep a NUL); halves of
surrogate pairs, which are no characters; and marks that turn or break the line, with which a text reads differently to
an approver than it is (unicode.org/reports/tr36, "Bidirectional Text Spoofing").
"""

from __future__ import annotations

import re
import unicodedata

from approvals.errors import Refusal
from approvals.refusals.request import ReasonMissing, UnfitCharacter

MAX_REASON_CHARACTERS = 3_000
"""Characters that are kept: as many as Slack's own input takes."""
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SEEN = "LNPS"
"""Unicode's categories of what is seen by itself: letters, numbers, punctuation and symbols."""
EMPTY = "\u115f\u1160\u2800\u3164\uffa0"
"""Fillers and the empty Braille cell: letters and a symbol that nothing is drawn for."""
_BEFORE = 20
"""Characters in front of one that are named with it, to find it by."""


def checked(text: str) -> str:
    """The text as it goes into the record.

    Raises:
        Refusal: UnfitCharacter.
    """
    for refusal in refusals_of(text):
        raise refusal
    return _as_lines(text)[:MAX_REASON_CHARACTERS]


def refusals_of(text: str) -> list[Refusal]:
    """What speaks against keeping it: nothing, or the first character that is not fit for it."""
    lines = _as_lines(text)
    found = UNFIT.search(lines)
    if found is None:
        return []
    before = lines[: found.start()].rpartition("\n")[2][-_BEFORE:].strip()
    return [UnfitCharacter(code=f"U+{ord(found.group()):04X}", before=before)]


def against_reason(text: str) -> list[Refusal]:
    """What speaks against it as a reason that somebody has to give: it says nothing, or cannot be kept."""
    return [ReasonMissing()] if is_blank(text) else refusals_of(text)


def is_blank(text: str) -> bool:
    """Whether it has nothing in it that anybody would see."""
    return not any(unicodedata.category(each)[0] in _SEEN and each not in EMPTY for each in text)


def _as_lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
