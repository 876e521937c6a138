"""Sentences about access that is to run for longer."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.extend import (
    ExtendedAlready,
    ExtendedHeld,
    ExtendedOver,
    ExtendedRevoked,
    ExtensionPending,
    NoEnd,
    NotActiveYet,
    NotYoursToExtend,
    SpanTooLong,
    SpanUsedUp,
)
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    NotYoursToExtend: N_("{request} is not yours, so you cannot extend it."),
    NotActiveYet: N_("{request} is not active yet, so it cannot be extended."),
    ExtendedOver: N_("{request} has ended, so it cannot be extended. Request it again."),
    ExtendedRevoked: N_("{request} is being revoked, so it cannot be extended."),
    ExtendedHeld: N_("What {request} asked for was there before and has no end, so there is nothing to extend."),
    NoEnd: N_("{request} has no end, so there is nothing to extend."),
    ExtensionPending: N_("{extension} requests more time for {request} already."),
    ExtendedAlready: N_("{request} is extended by {extension} already. Extend {extension} instead."),
    SpanTooLong: N_("{request} may run for {longest} in all: {left} more at most."),
    SpanUsedUp: N_("{request} may run for {longest} in all, and does. Request it again when it has expired."),
}
