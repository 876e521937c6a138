"""What each kind of direct message says first, by what the record says."""

from __future__ import annotations

from approvals.grant import EndCause, Grant, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.model import CloseReason
from approvals.queries.request_view import RequestView
from handlers.translations import N_

TEXTS = {
    MessageKind.APPROVED: N_("{ref}: approved by {by}. {what} is being given to {holder}; you will hear when it is."),
    MessageKind.DELAYED: N_(
        "{ref}: {what} takes longer than usual. It is tried again by itself until it works or its time is up."
    ),
    MessageKind.DENIED: N_("{ref}: {what} was denied by {by}:"),
    MessageKind.EXPIRED: N_("{ref}: nobody decided on {what} in time, so it expired. Ask again if it is still needed."),
    MessageKind.END_BLOCKED: N_(
        "{ref}: not all of {what} could be taken back from {holder}. You will hear when it is over."
    ),
    MessageKind.ENDING_SOON: N_(
        "{ref}: {what} ends {ends}. If you need it for longer, ask for it again; the two may overlap."
    ),
}
"""Those that read the same whatever the record says."""
TEXTS_OF_CREATED_ROLES = {
    MessageKind.APPROVED: N_("{ref}: approved by {by}. {what} is being created; you will hear when it is there."),
    MessageKind.ENDED: N_("{ref}: {what} was deleted by somebody outside of this bot."),
}
"""The same for a role that is created once and stays: it has neither an end nor a holder."""
END_CAUSES = {
    EndCause.DEADLINE: N_("{ref}: {what} has ended, its time is up."),
    EndCause.GIVEN_BACK: N_("{ref}: {what} was given back."),
    EndCause.TAKEN_BACK: N_("{ref}: {what} was taken back by {ended_by}."),
    EndCause.LEFT: N_("{ref}: {what} was taken back."),
}


def template(kind: MessageKind, to: SlackUserId, record: RequestView) -> str:
    """The first sentence, not translated yet."""
    if any(entitlement.irrevocable for entitlement in record.request.entitlements):
        if kind is MessageKind.GRANTED:
            return _created(record)
        if kind in TEXTS_OF_CREATED_ROLES:
            return TEXTS_OF_CREATED_ROLES[kind]
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
            return N_("{ref}: {what} still waits for somebody to give it by hand. By now all approvers are asked to.")
        case _:
            return TEXTS[kind]


def _waits_for_hands(grant: Grant) -> bool:
    return grant.entitlement.by_hand and grant.state is GrantState.GRANTING


def _cancelled(record: RequestView) -> str:
    if record.request.close_reason == CloseReason.SUBJECT_REFUSED:
        return N_("{ref}: closed, since {subject} says that they are not RAM user {ram_user}. Nothing was granted.")
    return N_("{ref}: the request for {what} was cancelled by {by}. Nothing was granted.")


def _claim_lost(record: RequestView) -> str:
    if record.request.close_reason == CloseReason.OTHER_CLAIM:
        return N_("{ref}: closed, since {subject} was confirmed to be another RAM user than {ram_user}.")
    return N_(
        "{ref}: closed, since RAM user {ram_user} was confirmed to be somebody else's. If that is wrong, talk to an"
        " administrator."
    )


def _created(record: RequestView) -> str:
    states = {grant.state for grant in record.grants}
    if GrantState.FAILED in states:
        return N_("{ref}: {what} could not be created. An administrator sees why on the card and can try again.")
    if GrantState.HELD in states:
        return N_("{ref}: {what} was there already. It is left as it is.")
    return N_("{ref}: {what} is there now.")


def _asked(to: SlackUserId, record: RequestView) -> str:
    request = record.request
    if request.requester == request.subject:
        return N_("{ref}: you asked for {what}, {duration}.")
    if to == request.requester:
        return N_("{ref}: you asked for {what} for {subject}, {duration}.")
    return N_("{ref}: {requester} asked for {what} for you, {duration}.")


def _granted(record: RequestView) -> str:
    states = {grant.state for grant in record.grants}
    if states <= {GrantState.HELD}:
        if any(grant.remains.other_role for grant in record.grants):
            return N_("{ref}: {what} was not given.")
        return N_("{ref}: {holder} has {what} already, given by somebody else. It is left as it is.")
    if states <= {GrantState.FAILED}:
        return N_("{ref}: {what} could not be given. An administrator sees why on the card and can try again.")
    if GrantState.FAILED in states:
        return N_("{ref}: only part of {what} could be given. An administrator sees why on the card and can try again.")
    if GrantState.ACTIVE not in states:
        return N_("{ref}: {what}, as it stands now:")
    if record.request.ends_at is None:
        return N_("{ref}: {what} is active until revoked, approved by {by}.")
    return N_("{ref}: {what} is active until {ends}, approved by {by}.")


def _ended(to: SlackUserId, record: RequestView) -> str:
    causes = {grant.end_cause for grant in record.grants if grant.end_cause}
    by_another = record.early_end is not None and record.early_end.by != to
    if causes == {EndCause.REMOVED_OUTSIDE}:
        return N_("{ref}: {what} was removed from {holder} by somebody outside of this bot. It is over.")
    if all(grant.state is GrantState.VOID for grant in record.grants):
        if by_another:
            return N_("{ref}: ended by {ended_by} before {what} was given. Nothing was granted.")
        return N_("{ref}: ended before {what} was given. Nothing was granted.")
    cause = next((cause for cause in sorted(causes) if cause in END_CAUSES), None)
    if cause is None:
        return N_("{ref}: {what} has ended.")
    if cause == EndCause.GIVEN_BACK and by_another:
        return N_("{ref}: {what} was given back by {ended_by}.")
    return END_CAUSES[cause]
