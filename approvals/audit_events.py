"""What the audit trail tells of. The names are hashed with their entries, so that they stay as they are for ever."""

from __future__ import annotations

from enum import StrEnum


class AuditEvent(StrEnum):
    """What an entry is about: its field `event`."""

    # a request
    ASKED = "asked"
    APPROVAL = "approval"
    """One that is not the last that is needed."""
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CLAIM_LOST = "claim lost"
    OTHER_CLAIM = "other claim confirmed"
    CLAIM_CONFIRMED = "claim confirmed by subject"
    REFUSED = "refused"
    """Somebody was turned away, whatever they wanted."""
    CLOCK_WAS_AHEAD = "clock was ahead"
    REMINDED = "reminded"
    """Whoever asked for it had its approvers reminded."""
    COMMENTED = "commented"
    """Somebody said something about it to its requester or its approvers."""
    ADOPTED = "adopted"
    """A request that stands for what nobody here had asked for."""
    PROBED = "probed"
    """One by which somebody at the command line tries how the cloud answers to a write."""

    # a grant: the state that it is in from then on
    PLANNED = "planned"
    GRANTING = "granting"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"
    HELD = "held"
    FAILED = "failed"
    VOID = "void"
    NOT_YET = "not yet"
    """Its state stayed, and something about it changed."""
    COMES_WITH = "comes with"
    GIVEN_BACK = "given back"
    TAKEN_BACK = "taken back"
    LEFT = "left"
    TRIED_AGAIN = "tried again"
    GIVEN_BY_HAND = "given by hand"
    """Somebody says that they gave it where no program looks."""
    TAKEN_BY_HAND = "taken by hand"

    # a key
    ATTACH_BEGUN = "attach begun"
    ATTACH_CONFIRMED = "attach confirmed"
    ATTACH_NOT_CONFIRMED = "attach not confirmed"
    DETACH_BEGUN = "detach begun"
    DETACH_CONFIRMED = "detach confirmed"
    DETACH_NOT_CONFIRMED = "detach not confirmed"
    TAKEN_OVER = "taken over"
    LATE_WRITE = "late write"
    LATE_WRITE_UNDONE = "late write undone"
    POLICY_TYPE_FOUND = "policy type found"
    WATCHDOG_REVOKES = "watchdog revokes"
    """The watchdog, and not the program, takes up what is overdue."""

    # what people were told
    CARD_POSTED = "card posted"
    CARD_SENT_TO_EACH = "card sent to each approver"
    CARD_GONE = "card gone"
    NOT_TOLD = "not told"
    ALARM = "alarm"
    WATCHDOG_ALARM = "watchdog alarm"
    NOTICE_RAISED = "notice raised"
    NOTICE_RESOLVED = "notice settled"
    WATCH = "watch"
    UNWATCH = "unwatch"

    # what no request accounts for
    DRIFT_ACCEPTED = "drift accepted"
    """It may stay as it is for a while, by an approver's word."""

    # what policies allow
    POLICY_APPROVAL = "policy approval"
    """An approver's word on a policy that is not the last that is needed."""
    POLICY_REVIEWED = "policy reviewed"
    POLICY_PUBLISHED = "policy as published"
    """It says what Alibaba Cloud publishes of it, and counts as reviewed."""

    # who people are
    AWAY = "away"
    """Until a moment somebody is not reminded, mentioned or counted on, because they said so."""
    BACK = "back"
    LINKED = "linked"
    LINK_MOVED = "link moved"
    UNLINKED = "unlinked"
    WORKSPACE_MOVED = "workspace moved"
    NEW_ADMIN = "new admin holder"
    ADMINS_FOUND = "admin holders found"
    ADMIN_CONFIRMED = "admin holder confirmed"
    ADMIN_GONE = "admin holder gone"
    ADMINS_FORGOTTEN = "admin holders forgotten"

    # a RAM user that is made for somebody
    ONBOARDING_ASKED = "onboarding asked"
    ONBOARDING_APPROVED = "onboarding approved"
    ONBOARDING_DENIED = "onboarding denied"
    ONBOARDING_CANCELLED = "onboarding cancelled"
    ONBOARDING_EXPIRED = "onboarding expired"
    CREATE_USER_BEGUN = "create user begun"
    CREATE_USER_CONFIRMED = "create user confirmed"
    CREATE_USER_NOT_CONFIRMED = "create user not confirmed"
    CREATED_USER_SEEN = "created user seen"
    USER_NAME_TAKEN = "user name taken"
    ONBOARDING_FAILED = "onboarding failed"
    ONBOARDING_DONE = "onboarding done"

    # the ledger itself
    BELONGS_TO = "ledger belongs to"
    RESTORED = "restored"
    SETUP_CHANGED = "setup changed"
    """The catalogue, the resources or the settings, between two starts."""
    TEXTS_ERASED = "texts erased"
    """What people wrote and what they are called; of entries of the older forms it says what is left of each."""
    OLDER_SEALED = "older entries sealed"
    """The first entry of the form in which nothing of an entry itself is ever erased."""
