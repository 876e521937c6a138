"""Approve, deny, approve some of it: the buttons of a card that decide. A button carries a random id alone."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack

from approvals import rules
from approvals.errors import Refusal
from approvals.evidence import DecisionEvidence
from approvals.ids import SlackUserId
from approvals.model import AccessRequest, Verdict
from approvals.operations.close_request import already_closed
from approvals.operations.decide import against_note, decide
from approvals.operations.policy_reviews.compare import tell_of_changes
from approvals.operations.terms import ApprovalTerms, narrowed
from approvals.people import ClaimState
from approvals.policies.reviewed import PoliciesNow
from approvals.queries.actor import standing
from approvals.queries.request_view import RequestView
from approvals.refusals.decision import LongerThanAsked
from approvals.refusals.policies import PolicyRefusal
from approvals.rules import Act
from approvals.transaction import Ledger
from handlers.actions.named import card_request, form_names
from handlers.actions.policy_reviews import begin_comparison
from handlers.actions.reasons import reason_sent
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.parsing import read_duration
from handlers.refusals.sentences import plain_sentence
from handlers.views import approve_form, approve_note
from handlers.views.blocks import Message, note
from handlers.views.details import REASON, deny_form
from handlers.windows import open_window


def approve_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """All that was asked, for as long as was asked; a form opens first where it takes a note."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _decide(context, interaction, public_id, Verdict.APPROVE), Act.DECIDE, public_id)


def deny_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A denial needs a reason, so it opens a form first."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open_denial(context, interaction, public_id), Act.DECIDE, public_id)


def change_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Some of it, or for a shorter time: a form with all that was asked opens first."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open_changes(context, interaction, public_id), Act.DECIDE, public_id)


def changes_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What the request itself says against it stands under its field; the rest is judged after the form closed."""
    record = form_names(ack, context, interaction, approve_form.DURATION, Act.DECIDE)
    if record is None:
        return
    terms, errors = _terms(context, interaction.form, record.request)
    note = _note_sent(context, interaction, record.request, errors)
    if errors:
        ack(response_action="errors", errors=errors)
        return
    ack()
    public_id = record.request.public_id
    work = partial(_decide, context, interaction, public_id, Verdict.APPROVE, note, terms)
    context.serve(interaction, work, Act.DECIDE, public_id)


def note_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """All that was asked, with a note: what is wrong with that stands under it."""
    record = form_names(ack, context, interaction, approve_note.NOTE, Act.DECIDE)
    if record is None:
        return
    errors: dict[str, str] = {}
    note = _note_sent(context, interaction, record.request, errors)
    if errors:
        ack(response_action="errors", errors=errors)
        return
    ack()
    public_id = record.request.public_id
    work = partial(_decide, context, interaction, public_id, Verdict.APPROVE, note)
    context.serve(interaction, work, Act.DECIDE, public_id)


def _note_sent(
    context: HandlerContext, interaction: Interaction, request: AccessRequest, errors: dict[str, str]
) -> str | None:
    """The note in a form, where the catalogue wants one; what is wrong with it is added to `errors`."""
    if not context.catalog.wants_note(request.item, request.entitlements):
        return None
    note = interaction.written_in(approve_note.NOTE)
    if refused := against_note(note):
        # A form that was opened before the catalogue wanted one has no such field.
        there = any(block.get("block_id") == approve_note.NOTE for block in interaction.form.get("blocks") or ())
        field = approve_note.NOTE if there else approve_form.DURATION
        errors.setdefault(field, plain_sentence(refused[0], context.translations))
    return note


def _terms(
    context: HandlerContext, view: dict[str, Any], request: AccessRequest
) -> tuple[ApprovalTerms, dict[str, str]]:
    """What was filled in, and what is wrong with it by field."""
    filled = approve_form.read(view, request)
    errors = {}
    duration = None
    try:
        duration = read_duration(filled.duration)
        if duration is None and request.duration is not None:
            raise LongerThanAsked(request=request.ref, longest=request.duration)
        narrowed(request, ApprovalTerms(None, duration))
    except Refusal as refusal:
        errors[approve_form.DURATION] = plain_sentence(refusal, context.translations)
    try:
        narrowed(request, ApprovalTerms(filled.parts, None), context.catalog)
    except Refusal as refusal:
        errors[f"{approve_form.PARTS}:0"] = plain_sentence(refusal, context.translations)
    return ApprovalTerms(filled.parts, duration), errors


def denial_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with the reason is said under its field; the rest is judged after the form closed."""
    reason = reason_sent(ack, interaction, context, REASON)
    if reason is None:
        return
    record = form_names(ack, context, interaction, REASON, Act.DECIDE)
    if record is None:
        return
    ack()
    public_id = record.request.public_id
    context.serve(
        interaction, lambda: _decide(context, interaction, public_id, Verdict.DENY, reason), Act.DECIDE, public_id
    )


def _decide(
    context: HandlerContext,
    interaction: Interaction,
    public_id: str,
    verdict: Verdict,
    reason: str | None = None,
    terms: ApprovalTerms | None = None,
) -> Message | None:
    record = card_request(context, interaction, public_id)
    wants_note = context.catalog.wants_note(record.request.item, record.request.entitlements)
    if verdict is Verdict.APPROVE and reason is None and wants_note:
        _may_decide(context, interaction.user, record)
        return open_window(context, interaction, approve_note.note_form(record, context.catalog, context.translations))
    claimed = record.claim is not None and record.claim.state is ClaimState.PENDING
    others = [word.slack_user_id for word in record.approvals]
    giving = verdict is Verdict.APPROVE and len(others) + 1 >= record.request.approvals_needed
    parts = ((terms and terms.parts) or record.request.entitlements) if verdict is Verdict.APPROVE else ()

    def read() -> tuple[DecisionEvidence, PoliciesNow]:
        policies = begin_comparison(context, parts)
        evidence = context.directory.decision_evidence(
            interaction.user, record.request, others, claimed=claimed, giving=giving
        )
        return evidence, policies()

    def act(ledger: Ledger, found: tuple[DecisionEvidence, PoliciesNow]) -> AccessRequest:
        evidence, policies = found
        try:
            after = decide(
                ledger,
                context.catalog,
                context.team_id,
                record.request.id,
                verdict,
                evidence,
                context.clock.now(),
                reason,
                terms=terms,
                policies=policies,
                review_required=context.review_required,
            )
        except PolicyRefusal:
            # It is raised for those who may decide alone: nobody else's click has approvers told of anything.
            tell_of_changes(ledger, policies, context.clock.now())
            raise
        tell_of_changes(ledger, policies, context.clock.now())
        return after

    after = act_on_fresh_evidence(context, read, act)
    return _confirmation(context, interaction, after, verdict)


def _confirmation(
    context: HandlerContext, interaction: Interaction, after: AccessRequest, verdict: Verdict
) -> Message | None:
    """The card shows the decision wherever there is one; a form has closed, so its answer is a message."""
    if verdict is Verdict.APPROVE and interaction.message_text is not None:
        return None
    if verdict is Verdict.DENY:
        return note(context.translations.gettext("*{ref}* is denied.").format(ref=after.ref))
    return note(context.translations.gettext("Your approval of *{ref}* is recorded.").format(ref=after.ref))


def _open_denial(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = card_request(context, interaction, public_id)
    _may_decide(context, interaction.user, record)
    return open_window(context, interaction, deny_form(record, context.translations))


def _open_changes(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = card_request(context, interaction, public_id)
    _may_decide(context, interaction.user, record)
    return open_window(context, interaction, approve_form.approve_form(record, context.catalog, context.translations))


def _may_decide(context: HandlerContext, user: SlackUserId, record: RequestView) -> None:
    """Nobody fills in what cannot count. A RAM that is too slow for this click does not keep the form shut: what is
    sent is judged anew.

    Raises:
        Refusal: this person does not decide on it.
    """
    actor, admins = context.directory.clicker(user)
    with context.ledger.read() as tx:
        known = standing(tx, context.team_id, actor, admins, record.request)
    if admins is None:
        rules.check_may_begin(actor, known, record.request)
    else:
        rules.authorise(Act.DECIDE, actor, known, record.request)
    if not record.pending:
        raise already_closed(record.request)
