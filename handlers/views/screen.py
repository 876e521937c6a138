"""How much of a screen a text takes."""

from __future__ import annotations

import math
import re

WIDTH = 90
"""Characters of a line in a window of usual width."""
_SHOWN_AS = re.compile(r"<[^<>|]*\|([^<>]*)>|<([^<>|]*)>")
"""A link, a mention or a time, as it is written; of the first and the last, what is shown of them."""


def height(text: str) -> int:
    """Lines of a screen, where long lines turn."""
    shown = _SHOWN_AS.sub(lambda found: found[1] or found[2], text)
    return sum(max(1, math.ceil(len(line) / WIDTH)) for line in shown.split("\n"))
