"""Sentences about the message that was clicked."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.message import NoticeResolved, OldMessage, OtherRecord, Outdated, UnknownNotice, WrongCard
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    WrongCard: N_("This button does not belong to the request on this card. Nothing was changed."),
    OtherRecord: N_(
        "This is from another record of this app, so nothing was changed. `/pairec-access list` shows"
        " what is in this one."
    ),
    OldMessage: N_(
        "This is from before an upgrade, or from another record, so nothing was changed."
        " `/pairec-access list` has buttons that work."
    ),
    Outdated: N_(
        "This was drawn by an earlier version of the app, so nothing was changed. It is updated now;"
        " check it and click again."
    ),
    UnknownNotice: N_("This message is from another record of this app, so nothing was changed."),
    NoticeResolved: N_("This is handled already. Nothing was changed."),
}
