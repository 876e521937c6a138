"""What approvers and people are told, by kind, as the ledger stores it."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    """Each is about something, and of one kind there is one open notice about the same."""

    ACCESS_REVIEW = "access_review"
    """An approver has a part of an access review. About the review's id and the Slack user id."""
    ACCESS_REVIEW_OVER = "access_review_over"
    """What came of it. About the review's id."""
    FEW_APPROVERS = "few_approvers"
    """So few may decide that nobody here can make another approver."""
    GIVE_BY_HAND = "give_by_hand"
    """Somebody is to give what no program reaches. About the key."""
    TAKE_BY_HAND = "take_by_hand"
    """Somebody is to take it away. About the key."""
    BLOCKED_END = "blocked_end"
    """A product keeps somebody who is to go. About the key."""
    CLAIM = "claim"
    """The subject of a request is asked who they are. About the request's number."""
    DRIFT = "drift"
    """What is new of what no request accounts for. About the day's look."""
    DRIFT_REQUEST = "drift_request"
    """An approver asks that something is adopted or revoked that no request accounts for. About the same as its row."""
    ESCALATION = "escalation"
    """What nobody decided cannot be shown to a second place. About that place."""
    LEAVER = "leaver"
    """Somebody's Slack account is gone, and their access runs. About the account and the RAM user."""
    NEW_ADMIN = "new_admin"
    """Somebody holds the admin policy whom nobody confirmed yet. About a UserId, or about several."""
    OFFBOARDING = "offboarding"
    """Somebody leaves, by an approver's word. About the account and the RAM user."""
    MORE_UNKNOWN_ORIGIN = "more_unknown_origin"
    """More has an unknown origin than is asked about one by one. About since when nothing is known."""
    NOT_IN_RECORD = "not_in_record"
    """The cloud's own record does not have writes of ours. About the id of the first."""
    ONBOARDING = "onboarding"
    """A RAM user is to be made for somebody. About the onboarding's random id."""
    OTHER_LEDGER = "other_ledger"
    """People reach the Slack app through two ledgers. About the sign of it."""
    OUTSIDE_WRITES = "outside_writes"
    """By the cloud's own record others changed what we look after. About the id of the first event."""
    POLICY_REVIEW = "policy_review"
    """A policy is to be reviewed as it is now. About its name."""
    STOLEN_KEY = "stolen_key"
    """By the cloud's own record somebody used our key. About the id of the first event."""
    UNKNOWN_ORIGIN = "unknown_origin"
    """Somebody has something of which the ledger does not know where it is from. About a key."""
    VANISHED = "vanished"
    """Too much looks removed at once to be believed."""
    WRONG_ACCOUNT = "wrong_account"
    """The key belongs to another account than the ledger. About that account."""


class NoticeOutcome(StrEnum):
    """What became of a notice."""

    # of what is done by hand
    DONE = "done"
    # of an end that a product stands in the way of
    TRIED_AGAIN = "tried_again"
    # of a claim
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    """Of new holders of the admin policy as well."""
    REFUSED = "refused"
    """The subject said that it is not so."""
    # of an onboarding
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    # of who holds the admin policy, of what is of unknown origin, and of whom a product kept
    GONE = "gone"
    # of leavers, and of what is of unknown origin
    TAKEN_BACK = "taken back"
    KEPT = "kept"
    BACK = "back"
    """They are a member again."""
    SAID_AGAIN = "said again"
    GRANTED = "granted"
    """It is a grant of this ledger's by now."""
    # of what looked removed
    REMOVED = "removed"
    LOOK_AGAIN = "again"
    # of a policy
    REVIEWED = "reviewed"
    OUTDATED = "outdated"
    """It is not what was shown any more."""
    # of several
    NO_LONGER_SO = "over"
    """What it was about is no longer so."""
    RIGHT_AGAIN = "right_again"


class MessageKind(StrEnum):
    """A direct message, which is drawn from the record when it is sent."""

    ASKED = "asked"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CLAIM_LOST = "claim_lost"
    GRANTED = "granted"
    DELAYED = "delayed"
    """It takes longer than usual."""
    ENDING_SOON = "ending_soon"
    ENDED = "ended"
    SHORTENED = "shortened"
    """An approver has it end sooner."""
    REVIEWED = "reviewed"
    """What somebody said of what was taken in an emergency."""
    NOT_REMINDED = "not_reminded"
    """Who wanted approvers reminded: there was nobody to remind."""
    END_BLOCKED = "end_blocked"
    """A product keeps somebody who is to go."""
    ALARM = "alarm"
    """To an approver: a revoke is overdue."""
    ALARM_OVER = "alarm_over"
