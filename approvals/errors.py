"""Every way in which the domain says no.

A `Refusal` is an answer to a person: nothing was changed. A `CloudError` is what the cloud answered to the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


# Not frozen, since contextlib sets the traceback of what it passes on; not compared, so that it can be hashed.
@dataclass(eq=False)
class Refusal(Exception):
    """Nothing was changed, and this is why. Each kind is a class in `approvals.refusals`; its fields are data,
    not words, and fill its sentence.
    """

    @property
    def reason(self) -> str:
        """What the audit trail and the log call it."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.reason


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
    IN_USE = "in_use"
    """Somebody who is to be removed from a place has or owns something there, so that it refuses; only a person can
    decide what becomes of that."""
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
    def outcome_unknown(self) -> bool:
        """Whether a write that was answered so may have been carried out all the same."""
        return self in (CloudErrorKind.SILENT, CloudErrorKind.UNCLEAR, CloudErrorKind.TLS_FAILED)

    @property
    def is_of_bot(self) -> bool:
        """Whether it says nothing about what was asked for: it goes on as it was once the bot is well again."""
        return self in _OF_THE_BOT


_OF_THE_BOT = frozenset(
    (
        *(CloudErrorKind.CLOCK_WRONG, CloudErrorKind.KEY_REJECTED, CloudErrorKind.TOKEN_EXPIRED),
        *(CloudErrorKind.NO_CREDENTIALS, CloudErrorKind.TLS_FAILED),
        *(CloudErrorKind.WRONG_ACCOUNT, CloudErrorKind.ACCOUNT_UNKNOWN),
    )
)


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What keeps somebody from being removed from a place."""

    what: tuple[str, ...]
    """What hangs on them, in the product's words: `owner of table scores in database ranking`."""
    remedy: tuple[str, ...]
    """What a person types to take that away, and them with it, in this order."""


class CloudError(Exception):
    """A call that did not succeed. `retry_after` is in milliseconds when the cloud named one; `obstacles` is what an
    IN_USE is about.
    """

    def __init__(
        self,
        kind: CloudErrorKind,
        *,
        code: str | None = None,
        action: str | None = None,
        request_id: str | None = None,
        retry_after: int | None = None,
        obstacles: Obstacles | None = None,
    ) -> None:
        super().__init__(f"{action or 'call'}: {code or kind.value}")
        self.kind = kind
        self.code = code
        self.action = action
        self.request_id = request_id
        self.retry_after = retry_after
        self.obstacles = obstacles


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


class NoLedger(LedgerError):
    """There is none at that address, and none was to be made."""


class OlderLedger(LedgerError):
    """It is of an older program, and was not to be brought up to date."""


class CatalogError(Exception):
    """The catalogue cannot be used; the text names the file, the place and what is allowed."""
