"""What happens to a request, a line each in the thread of the direct message about it, which shows how it stands."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, note
from handlers.views.card_facts import item_name
from handlers.views.text import moment, person

REPLIES: Mapping[MessageKind, str] = {
    MessageKind.ASKED: N_("{ref}: {what} is requested."),
    MessageKind.APPROVED: N_("{ref}: {what} is approved."),
    MessageKind.DENIED: N_("{ref}: {what} is denied."),
    MessageKind.EXPIRED: N_("{ref}: no decision on {what} in time."),
    MessageKind.CANCELLED: N_("{ref}: {what} is cancelled."),
    MessageKind.CLAIM_LOST: N_("{ref}: {what} is closed."),
    MessageKind.DELAYED: N_("{ref}: {what} takes longer."),
    MessageKind.SHORTENED: N_("{ref}: {what} ends sooner, {ends}."),
    MessageKind.ENDING_SOON: N_("{ref}: {what} ends {ends}."),
    MessageKind.END_BLOCKED: N_("{ref}: {what} is not revoked completely yet."),
}
"""Those that read the same whatever the record says."""
GRANTED: Mapping[frozenset[GrantState], str] = {
    frozenset((GrantState.ACTIVE,)): N_("{ref}: {what} is active."),
    frozenset((GrantState.ACTIVE, GrantState.HELD)): N_("{ref}: {what} is active."),
    frozenset((GrantState.HELD,)): N_("{ref}: {what} was there before."),
    frozenset((GrantState.FAILED,)): N_("{ref}: granting {what} failed."),
}
"""By the states of what was granted."""
IN_PART = N_("{ref}: {what} is granted in part.")
ENDED: Mapping[EndCause, str] = {
    EndCause.GIVEN_BACK: N_("{ref}: {what} is ended."),
    EndCause.TAKEN_BACK: N_("{ref}: {what} is revoked."),
    EndCause.LEFT: N_("{ref}: {what} is revoked."),
    EndCause.UNREVIEWED: N_("{ref}: {what} is revoked."),
}
"""By cause, where somebody ended it."""
OVER = N_("{ref}: {what} is over.")


def direct_reply(
    kind: MessageKind, to: SlackUserId, record: RequestView, catalog: Catalog, translations: Translations
) -> Message:
    """One line that calls whom it is for: Slack notifies of no other reply. Not for `NOT_REMINDED` and `REVIEWED`,
    which are replies themselves.
    """
    ends = record.request.ends_at
    text = translations.gettext(_reply(kind, record)).format(
        ref=f"*{record.request.ref}*", what=item_name(record, catalog), ends=moment(ends) if ends else ""
    )
    return note(f"{person(to)} {text}")


def _reply(kind: MessageKind, record: RequestView) -> str:
    """Not translated yet."""
    if kind is MessageKind.GRANTED:
        states = frozenset(grant.state for grant in record.grants)
        return GRANTED.get(states) or (IN_PART if states & {GrantState.ACTIVE, GrantState.FAILED} else OVER)
    if kind is MessageKind.ENDED:
        causes = [grant.end_cause for grant in record.grants if grant.end_cause]
        return next((ENDED[cause] for cause in causes if cause in ENDED), OVER)
    return REPLIES[kind]
