"""Every way in which the domain says no, defined once. `handlers/refusals.py` turns them into words for people.

A `Refusal` is an answer to a person: nothing was changed. A `CloudError` is what the cloud answered to the worker.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class RefusalReason(StrEnum):
    """The reasons of refusals. Each has one sentence in handlers/refusals.py."""

    # the person
    STRANGER = "stranger"
    GUEST = "guest"
    BOT = "bot"
    DELETED = "deleted"
    EMAIL_UNCONFIRMED = "email_unconfirmed"
    NOT_LINKED = "not_linked"
    LINK_STALE = "link_stale"
    # what is asked
    UNKNOWN_ITEM = "unknown_item"
    PROJECT_MISSING = "project_missing"
    UNKNOWN_PROJECT = "unknown_project"
    NOT_THERE = "not_there"
    IN_NO_PROJECT = "in_no_project"
    PLACE_GONE = "place_gone"
    NOT_INSTALLED = "not_installed"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PEOPLE = "several_people"
    UNKNOWN_REQUEST = "unknown_request"
    DURATION_MISSING = "duration_missing"
    BAD_DURATION = "bad_duration"
    TOO_LONG = "too_long"
    UNTIL_REVOKED_NOT_OFFERED = "until_revoked_not_offered"
    REASON_MISSING = "reason_missing"
    UNFIT_CHARACTER = "unfit_character"
    TICKET_MISSING = "ticket_missing"
    BAD_TICKET = "bad_ticket"
    NOT_INITIALISED = "not_initialised"
    AMBIGUOUS_TYPE = "ambiguous_type"
    ALREADY_HELD = "already_held"
    ALREADY_PENDING = "already_pending"
    TOO_FEW_APPROVERS = "too_few_approvers"
    # who the subject is
    CLAIM_MISSING = "claim_missing"
    CLAIM_UNKNOWN = "claim_unknown"
    CLAIM_TAKEN = "claim_taken"
    CLAIM_ADMIN = "claim_admin"
    CLAIM_DIFFERS = "claim_differs"
    CLAIM_OF_ANOTHER = "claim_of_another"
    EMAIL_AMBIGUOUS = "email_ambiguous"
    ALREADY_LINKED = "already_linked"
    REQUESTER_NOT_LINKED = "requester_not_linked"
    USER_GONE = "user_gone"
    # deciding
    NOT_APPROVER = "not_approver"
    TIMED_ADMIN = "timed_admin"
    UNCONFIRMED_ADMIN = "unconfirmed_admin"
    NO_LONGER_ADMIN = "no_longer_admin"
    UNKNOWN_NOTICE = "unknown_notice"
    NOTICE_SETTLED = "notice_settled"
    OWN_REQUEST = "own_request"
    OWN_ACCESS = "own_access"
    ALREADY_APPROVED = "already_approved"
    ALREADY_CLOSED = "already_closed"
    WRONG_CARD = "wrong_card"
    OTHER_RECORD = "other_record"
    OUTDATED = "outdated"
    OLD_MESSAGE = "old_message"
    ITEM_GONE = "item_gone"
    NO_PARTS = "no_parts"
    LONGER_THAN_ASKED = "longer_than_asked"
    NOTHING_COMMON = "nothing_common"
    # taking back
    NOT_YOURS = "not_yours"
    STILL_PENDING = "still_pending"
    NOTHING_TO_REVOKE = "nothing_to_revoke"
    BEING_TAKEN_AWAY = "being_taken_away"
    HELD = "held"
    NOTHING_TO_RETRY = "nothing_to_retry"
    # status
    UNKNOWN_SERVICE = "unknown_service"
    BAD_INTERVAL = "bad_interval"
    NOT_WATCHING = "not_watching"
    WATCHES_ALREADY = "watches_already"
    NOT_A_MEMBER = "not_a_member"
    SHARED_CHANNEL = "shared_channel"
    UNKNOWN_REPAIR = "unknown_mend"
    REPAIRED = "mended"
    REPAIR_PENDING = "mend_pending"
    ROLE_GONE = "role_gone"
    ROLE_UNFIT = "role_unfit"
    STAYS = "stays"
    # the world
    RAM_SILENT = "ram_silent"
    RAM_REFUSES = "ram_refuses"
    RAM_ODD = "ram_odd"
    CLOCK_WRONG = "clock_wrong"
    KEY_REJECTED = "key_rejected"
    TOKEN_EXPIRED = "token_expired"
    NO_CREDENTIALS = "no_credentials"
    TLS_FAILED = "tls_failed"
    WRONG_ACCOUNT = "wrong_account"
    ACCOUNT_UNKNOWN = "account_unknown"
    SLACK_SILENT = "slack_silent"
    SLACK_BUSY = "slack_busy"
    BUSY = "busy"
    LEDGER_SILENT = "ledger_silent"
    LEDGER_UNSURE = "ledger_unsure"


class Refusal(Exception):
    """Nothing was changed, and this is why. `details` fill the sentence; they are data, not words."""

    def __init__(self, reason: RefusalReason, /, **details: Any) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details


class CloudErrorKind(StrEnum):
    """What the cloud said instead of yes. Decided on its code, never on its text or HTTP status."""

    THROTTLED = "throttled"
    NO_PERMISSION = "no_permission"
    NO_USER = "no_user"
    NO_POLICY = "no_policy"
    NO_ROLE = "no_role"
    NOT_ATTACHED = "not_attached"
    ALREADY_ATTACHED = "already_attached"
    LIMIT = "limit"
    SILENT = "silent"
    """No answer, or one that cannot be read: whether a write was done is unknown."""
    UNCLEAR = "unclear"
    """An answer to a write with a code that is not known to prove that nothing was done; it is in `code`."""
    AMBIGUOUS_TYPE = "ambiguous_type"
    NO_PLACE = "no_place"
    """The workspace or project of a member role does not exist."""
    NO_SUCH_ROLE = "no_such_role"
    """The product does not know the member role."""
    NOT_INSTALLED = "not_installed"
    """The product's SDK is not there."""
    REFUSED = "refused"
    """To a write: any other code that proves that nothing was done. To a read: any other code. It is in `code`."""
    # the bot itself, whatever it asks for
    CLOCK_WRONG = "clock_wrong"
    KEY_REJECTED = "key_rejected"
    TOKEN_EXPIRED = "token_expired"
    NO_CREDENTIALS = "no_credentials"
    TLS_FAILED = "tls_failed"
    WRONG_ACCOUNT = "wrong_account"
    """The key is another account's than the ledger, so that nothing was sent."""
    ACCOUNT_UNKNOWN = "account_unknown"
    """Nobody said whose the key is, so that nothing was sent."""

    @property
    def leaves_open(self) -> bool:
        """Whether a write that was answered so may have been carried out all the same."""
        return self in (CloudErrorKind.SILENT, CloudErrorKind.UNCLEAR, CloudErrorKind.TLS_FAILED)

    @property
    def of_the_bot(self) -> bool:
        """Whether it says nothing about what was asked for: it goes on as it was once the bot is well again."""
        return self in _OF_THE_BOT


_OF_THE_BOT = frozenset(
    (
        *(CloudErrorKind.CLOCK_WRONG, CloudErrorKind.KEY_REJECTED, CloudErrorKind.TOKEN_EXPIRED),
        *(CloudErrorKind.NO_CREDENTIALS, CloudErrorKind.TLS_FAILED),
        *(CloudErrorKind.WRONG_ACCOUNT, CloudErrorKind.ACCOUNT_UNKNOWN),
    )
)


class CloudError(Exception):
    """A call that did not succeed. `retry_after` is in milliseconds when the cloud named one."""

    def __init__(
        self,
        trouble: CloudErrorKind,
        *,
        code: str | None = None,
        action: str | None = None,
        request_id: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{action or 'call'}: {code or trouble.value}")
        self.trouble = trouble
        self.code = code
        self.action = action
        self.request_id = request_id
        self.retry_after = retry_after


class LostLock(Exception):
    """Another worker took this job over; what this one was about to record no longer counts."""


class StaleEvidence(Exception):
    """What was read from Slack and RAM is too old to be acted on by now; nothing was written."""


class CommitUnknown(Exception):
    """The ledger broke off in a commit, and does not say whether that was done."""


class LedgerLost(Exception):
    """The ledger's file is not there any more, or another one is in its place: whatever is written goes nowhere."""


class LedgerError(Exception):
    """The ledger cannot be used as it is; the text is one line for whoever starts the program."""


class CatalogError(Exception):
    """The catalogue cannot be used; the text names the file, the place and what is allowed."""
