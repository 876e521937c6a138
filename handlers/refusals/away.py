"""Sentences about who is away."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.away import AwayTooLong, BadAway
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    AwayTooLong: N_("You can be away for {longest} at most. Name an earlier day."),
    BadAway: N_("{text} is not a time. Use a format such as until monday, until 2026-12-07 14:00, or 3d."),
}
