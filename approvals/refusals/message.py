"""Because of the message that was clicked."""

from __future__ import annotations

from approvals.errors import Refusal


class WrongCard(Refusal):
    """The button names another request than the card shows."""

    reason = "wrong_card"


class OtherRecord(Refusal):
    """The button names what is not in this ledger."""

    reason = "other_record"


class OldMessage(Refusal):
    """The button is an earlier version's, or another ledger's: it cannot be told."""

    reason = "old_message"


class Outdated(Refusal):
    """The message is an earlier version's, and is drawn anew."""

    reason = "outdated"


class UnknownNotice(Refusal):
    """The button names no notice of this ledger."""

    reason = "unknown_notice"


class NoticeResolved(Refusal):
    """Somebody was first."""

    reason = "notice_settled"
