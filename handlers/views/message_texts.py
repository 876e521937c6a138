"""What each kind of direct message says first, by what the record says."""

from __future__ import annotations

from approvals.emergency import EmergencyVerdict
from approvals.grant import EndCause, Grant, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.model import NOT_STARTED, CloseReason
from approvals.queries.request_view import RequestView
from handlers.translations import N_

TEXTS = {
    MessageKind.APPROVED: N_(
        "{ref}: approved by {by}. {what} is being granted to {holder}; a message follows when it is active."
    ),
    MessageKind.DELAYED: N_(
        "{ref}: {what} takes longer than usual. It is retried automatically until it works or expires."
    ),
    MessageKind.DENIED: N_("{ref}: {what} was denied by {by}:"),
    MessageKind.EXPIRED: N_("{ref}: {what} expired without a decision. Request it again if you still need it."),
    MessageKind.END_BLOCKED: N_(
        "{ref}: not all of {what} could be revoked from {holder}. A message follows when it is done."
    ),
    MessageKind.ENDING_SOON: N_("{ref}: {what} expires {ends}."),
    MessageKind.REVIEWED: N_("{ref}: {what} was reviewed."),
    MessageKind.SHORTENED: N_("{ref}: {shortened_by} shortened {what}: it expires {ends}."),
}
"""Those that read the same whatever the record says."""
TEXTS_OF_CREATED_ROLES = {
    MessageKind.APPROVED: N_("{ref}: approved by {by}. {what} is being created; a message follows when it exists."),
    MessageKind.ENDED: N_("{ref}: {what} was deleted outside this app."),
}
"""The same for a role that is created once and stays: it has neither an end nor a holder."""
END_CAUSES = {
    EndCause.DEADLINE: N_("{ref}: {what} has expired."),
    EndCause.GIVEN_BACK: N_("{ref}: {what} was ended."),
    EndCause.TAKEN_BACK: N_("{ref}: {what} was revoked by {ended_by}."),
    EndCause.LEFT: N_("{ref}: {what} was revoked."),
    EndCause.UNREVIEWED: N_("{ref}: {what} was revoked: nobody reviewed it in the access review."),
}


ACTIVE_UNTIL = N_("{ref}: {what} is active until {ends}, approved by {by}.")


def template(kind: MessageKind, to: SlackUserId, record: RequestView) -> str:
    """The first sentence, not translated yet."""
    if any(entitlement.irrevocable for entitlement in record.request.entitlements):
        if kind is MessageKind.GRANTED:
            return _created(record)
        if kind in TEXTS_OF_CREATED_ROLES:
            return TEXTS_OF_CREATED_ROLES[kind]
    if kind is MessageKind.APPROVED and record.scheduled:
        if record.request.approved_by_rule is not None:
            return N_("{ref}: approved by the rule {rule}. {what} starts {starts}; nothing is granted before.")
        return N_("{ref}: approved by {by}. {what} starts {starts}; nothing is granted before.")
    if record.request.approved_by_rule is not None:
        text = _of_rule(kind, record)
        if text is not None:
            return text
    if record.emergency:
        text = _of_emergency(kind, record)
        if text is not None:
            return text
    match kind:
        case MessageKind.ASKED:
            return _asked(to, record)
        case MessageKind.GRANTED:
            return _granted(record)
        case MessageKind.CANCELLED:
            return _cancelled(record)
        case MessageKind.CLAIM_LOST:
            return _claim_lost(record)
        case MessageKind.ENDED:
            return _ended(to, record)
        case MessageKind.DELAYED if any(_waits_for_hands(grant) for grant in record.grants):
            return N_("{ref}: {what} still waits to be granted by hand. All approvers are asked now.")
        case _:
            return TEXTS[kind]


def _waits_for_hands(grant: Grant) -> bool:
    return grant.entitlement.by_hand and grant.state is GrantState.GRANTING


def _cancelled(record: RequestView) -> str:
    if (record.request.close_reason or "").startswith(NOT_STARTED):
        return N_("{ref}: {what} could not start: {why}. Nothing was granted.")
    if record.request.close_reason == CloseReason.SUBJECT_REFUSED:
        return N_("{ref}: closed: {subject} says that they are not RAM user {ram_user}. Nothing was granted.")
    if record.request.close_reason == CloseReason.EXTENDED_ENDED:
        if record.request.closed_by is None:
            return N_("{ref}: cancelled: what it was to extend was revoked.")
        return N_("{ref}: cancelled: {by} ended what it was to extend.")
    if record.request.close_reason == CloseReason.EXTENDED_SHORTENED:
        return N_("{ref}: cancelled: {by} shortened what it was to extend. Extend it again if you need more time.")
    return N_("{ref}: the request for {what} was cancelled by {by}. Nothing was granted.")


def _claim_lost(record: RequestView) -> str:
    if record.request.close_reason == CloseReason.OTHER_CLAIM:
        return N_("{ref}: closed: {subject} was confirmed to be another RAM user than {ram_user}.")
    return N_(
        "{ref}: closed: RAM user {ram_user} was confirmed to be somebody else's. If that is wrong,"
        " talk to an administrator."
    )


def _created(record: RequestView) -> str:
    states = {grant.state for grant in record.grants}
    if GrantState.FAILED in states:
        return N_("{ref}: {what} could not be created. An administrator sees why on the card and can retry.")
    if GrantState.HELD in states:
        return N_("{ref}: {what} existed already. It is left as it is.")
    return N_("{ref}: {what} exists now.")


def _asked(to: SlackUserId, record: RequestView) -> str:
    request = record.request
    if record.extended:
        return _asked_for_more(to, record)
    if request.starts_at is not None:
        return _asked_for_later(to, record)
    if request.workflow_step and to == request.requester:
        return N_("{ref}: a workflow requested {what} in your name, {duration}.")
    if request.requester == request.subject:
        return N_("{ref}: you requested {what}, {duration}.")
    if to == request.requester:
        return N_("{ref}: you requested {what} for {subject}, {duration}.")
    return N_("{ref}: {requester} requested {what} for you, {duration}.")


def _asked_for_later(to: SlackUserId, record: RequestView) -> str:
    request = record.request
    if request.requester == request.subject:
        return N_("{ref}: you requested {what}, {duration}, from {starts}.")
    if to == request.requester:
        return N_("{ref}: you requested {what} for {subject}, {duration}, from {starts}.")
    return N_("{ref}: {requester} requested {what} for you, {duration}, from {starts}.")


def _asked_for_more(to: SlackUserId, record: RequestView) -> str:
    request = record.request
    if request.requester == request.subject:
        return N_("{ref}: you requested {duration} more of {what}.")
    if to == request.requester:
        return N_("{ref}: you requested {duration} more of {what} for {subject}.")
    return N_("{ref}: {requester} requested {duration} more of {what} for you.")


def _granted(record: RequestView) -> str:
    states = {grant.state for grant in record.grants}
    if states <= {GrantState.HELD}:
        if any(grant.remains.other_role for grant in record.grants):
            return N_("{ref}: {what} was not granted.")
        return N_("{ref}: {holder} has {what} already, granted elsewhere. It is left as it is.")
    if states <= {GrantState.FAILED}:
        return N_("{ref}: {what} could not be granted. An administrator sees why on the card and can retry.")
    if GrantState.FAILED in states:
        return N_("{ref}: only part of {what} could be granted. An administrator sees why on the card and can retry.")
    if GrantState.ACTIVE not in states:
        return N_("{ref}: {what}, as it stands now:")
    if record.request.ends_at is None:
        return N_("{ref}: {what} is active until revoked, approved by {by}.")
    return ACTIVE_UNTIL


def _of_rule(kind: MessageKind, record: RequestView) -> str | None:
    """Of what a standing rule approved; None where it reads as any other."""
    if kind is MessageKind.APPROVED:
        return N_(
            "{ref}: approved by the rule {rule}. {what} is being granted to {holder};"
            " a message follows when it is active."
        )
    if kind is MessageKind.GRANTED and _granted(record) == ACTIVE_UNTIL:
        return N_("{ref}: {what} is active until {ends}, approved by the rule {rule}.")
    return None


def _of_emergency(kind: MessageKind, record: RequestView) -> str | None:
    """Of what nobody approved; None where it reads as any other."""
    if kind is MessageKind.APPROVED:
        return N_("{ref}: break-glass. {what} is being granted to {holder}; a message follows when it is active.")
    if kind is MessageKind.GRANTED and _granted(record) == ACTIVE_UNTIL:
        if not record.under_review:
            return N_("{ref}: {what} is active until {ends}, by break-glass.")
        return N_(
            "{ref}: {what} is active until {ends}, by break-glass. All approvers were told;"
            " one of them reviews it by {review_by}."
        )
    if kind is not MessageKind.REVIEWED:
        return None
    review = record.emergency.review if record.emergency else None
    if review is not None and review.verdict is EmergencyVerdict.NOT_JUSTIFIED:
        return N_(
            "{ref}: {reviewer} found your break-glass not justified. The next one is possible from {barred_until}:"
        )
    return N_("{ref}: {reviewer} found your break-glass justified:")


def _ended(to: SlackUserId, record: RequestView) -> str:
    causes = {grant.end_cause for grant in record.grants if grant.end_cause}
    by_another = record.early_end is not None and record.early_end.by != to
    if causes == {EndCause.REMOVED_OUTSIDE}:
        return N_("{ref}: {what} was removed from {holder} outside this app.")
    if all(grant.state is GrantState.VOID for grant in record.grants):
        if by_another:
            return N_("{ref}: ended by {ended_by} before {what} was granted. Nothing was granted.")
        return N_("{ref}: ended before {what} was granted. Nothing was granted.")
    cause = next((cause for cause in sorted(causes) if cause in END_CAUSES), None)
    if cause is None:
        return N_("{ref}: {what} has ended.")
    if cause == EndCause.GIVEN_BACK and by_another:
        return N_("{ref}: {what} was ended by {ended_by}.")
    return END_CAUSES[cause]
