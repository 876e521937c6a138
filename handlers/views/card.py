"""The approval card: who, as which RAM user, what it allows, how long, why, and how it stands."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.entitlements import ADMIN_POLICY
from approvals.grant import GrantState
from approvals.model import RequestState
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.access_buttons import is_active, revoke_button
from handlers.views.approve_buttons import approve_buttons
from handlers.views.blocks import Block, Message, button, buttons, context_block, header, section
from handlers.views.card_facts import asks, facts
from handlers.views.card_progress import progress
from handlers.views.claim_lines import claim_lines
from handlers.views.comment import BUTTON as COMMENT
from handlers.views.emergency import emergency_title, review_buttons
from handlers.views.escalation import escalated_blocks
from handlers.views.rule_lines import by_rule
from handlers.views.text import first_of, literal, moment, person
from handlers.views.too_few import too_few_blocks
from handlers.views.tracker import Tracker

TITLES = {
    RequestState.PENDING: N_("{ref} · needs approval"),
    RequestState.APPROVED: N_("{ref} · approved"),
    RequestState.SCHEDULED: N_("{ref} · scheduled"),
    RequestState.DENIED: N_("{ref} · denied"),
    RequestState.CANCELLED: N_("{ref} · cancelled"),
    RequestState.EXPIRED: N_("{ref} · expired"),
}


def card(record: RequestView, catalog: Catalog, translations: Translations, tracker: Tracker) -> Message:
    """Every copy of a request's card shows this."""
    title = translations.gettext(_title(record)).format(ref=record.request.ref)
    title = emergency_title(record, title, translations)
    blocks = [
        header(title),
        *facts(record, catalog, translations, tracker),
        *[section(line) for line in claim_lines(record, translations)],
        *progress(record, catalog, translations),
        *_unreviewed(record, translations),
        *escalated_blocks(record.request, translations),
        *too_few_blocks(record.too_few, translations),
        *_actions(record, translations),
        *_foot(record, translations),
    ]
    return Message(f"{title}: {asks(record, catalog, translations)}", blocks)


def _unreviewed(record: RequestView, translations: Translations) -> list[Block]:
    """Of the policies that it asks for."""
    not_yet = translations.gettext("⚠️ Not reviewed: {policies} (`/pairec-access policies`)")
    changed = translations.gettext("⚠️ Changed since it was reviewed: {policies} (`/pairec-access policies`)")
    return [
        context_block(text.format(policies=first_of([literal(name, 128) for name in names], translations)))
        for text, names in ((not_yet, record.unreviewed), (changed, record.changed))
        if names
    ]


def _title(record: RequestView) -> str:
    """Not translated yet."""
    state = record.request.state
    found = {grant.state for grant in record.grants}
    if state is not RequestState.APPROVED or not found:
        return TITLES[state]
    if GrantState.FAILED in found:
        return N_("{ref} · approved, needs attention")
    if found & {GrantState.PLANNED, GrantState.GRANTING}:
        return N_("{ref} · approved, granting")
    if GrantState.ACTIVE in found:
        return N_("{ref} · active")
    if GrantState.ENDING in found:
        return N_("{ref} · revoking")
    return TITLES[state] if found == {GrantState.HELD} else N_("{ref} · ended")


def _actions(record: RequestView, translations: Translations) -> list[Block]:
    name = record.request.public_id
    details = button(translations.gettext("Details"), "details", name)
    if record.pending:
        return [
            buttons(
                *approve_buttons(record, translations),
                button(translations.gettext("Deny"), "deny", name, "danger"),
                button(translations.gettext("Comment"), COMMENT, name),
                details,
            )
        ]
    found = review_buttons(record, translations)
    if any(grant.state is GrantState.FAILED for grant in record.grants):
        found.append(button(translations.gettext("Retry"), "retry", name))
    if is_active(record) or record.scheduled:
        found.append(revoke_button(record, translations))
    return [buttons(*found, details)] if found else []


def _foot(record: RequestView, translations: Translations) -> list[Block]:
    request = record.request
    asked = (
        translations.gettext("Requested {when} by a workflow, in the name of {requester}")
        if request.workflow_step
        else translations.gettext("Requested {when}")
    ).format(when=moment(request.created_at), requester=person(request.requester))
    if not record.pending:
        return [context_block(asked), *(_called(record, translations) if record.under_review else [])]
    needs = translations.ngettext(
        "needs {needed} approval before {when}",
        "needs {needed} approvals before {when}",
        request.approvals_needed,
    ).format(needed=request.approvals_needed, when=moment(request.expires_at))
    blocks = [context_block(f"{asked} · {needs}")]
    if request.by_rule:
        blocks.append(context_block(by_rule(request.by_rule, request.approvals_needed, translations)))
    return [*blocks, *_called(record, translations)]


def _called(record: RequestView, translations: Translations) -> list[Block]:
    """Those who may decide or review are mentioned, so that Slack notifies them."""
    here = [user for user in record.request.asked_approvers if user not in record.away]
    if not here:
        return []
    people = " ".join(map(person, here))
    text = translations.gettext("{people}: asked because your RAM user holds `{admin}`")
    return [context_block(text.format(people=people, admin=ADMIN_POLICY))]
