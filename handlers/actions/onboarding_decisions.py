"""Approve a RAM user for somebody who has none, perhaps with changes, or deny it: the buttons of its card."""

from __future__ import annotations

from functools import partial

from slack_bolt import Ack

from approvals import rules, user_names
from approvals.errors import Refusal
from approvals.onboarding import Onboarding, OnboardingChanges
from approvals.operations.onboarding.decide import (
    approve_onboarding,
    check_may_decide,
    deny_onboarding,
    onboarding_of,
)
from approvals.refusals.onboarding import BadDisplayName, BadEmail, BadUserName
from approvals.refusals.request import UnfitCharacter
from approvals.rules import Act
from handlers.actions.named import notice_named
from handlers.actions.onboarding import evidence_for, window
from handlers.actions.reasons import reason_sent
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.refusals.sentences import plain_sentence
from handlers.views import onboarding_form
from handlers.views.blocks import Message, note
from handlers.views.details import REASON
from handlers.views.text import literal

_FIELDS: dict[type[Refusal], str] = {
    BadUserName: onboarding_form.NAME,
    BadDisplayName: onboarding_form.DISPLAY_NAME,
    UnfitCharacter: onboarding_form.DISPLAY_NAME,
    BadEmail: onboarding_form.EMAIL,
}


def approve_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The user as it was asked for."""
    ack()
    context.serve(interaction, lambda: _approve(context, interaction, interaction.value), Act.CONFIRM)


def change_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A form opens with the user as it was asked for."""
    ack()
    context.serve(interaction, lambda: _open_changes(context, interaction), Act.CONFIRM)


def changes_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What the rules for names say stands under the fields; the rest is judged after the form closed."""
    changes = onboarding_form.filled_in(interaction)
    errors: dict[str, str] = {}
    for refusal in user_names.refusals_of(changes.user):
        errors.setdefault(_FIELDS[type(refusal)], plain_sentence(refusal, context.translations))
    if errors:
        ack(response_action="errors", errors=errors)
        return
    ack()
    context.serve(interaction, lambda: _approve(context, interaction, interaction.opened_for, changes), Act.CONFIRM)


def deny_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A denial needs a reason, so it opens a form first."""
    ack()
    context.serve(interaction, lambda: _open_denial(context, interaction), Act.CONFIRM)


def denial_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with the reason is said under its field; the rest is judged after the form closed."""
    reason = reason_sent(ack, interaction, context, REASON)
    if reason is None:
        return
    ack()
    context.serve(interaction, partial(_deny, context, interaction, reason), Act.CONFIRM)


def _open_changes(context: HandlerContext, interaction: Interaction) -> Message | None:
    known = _decidable(context, interaction)
    places = context.directory.known_places()
    form = onboarding_form.changes_form(interaction.value, known, context.catalog, context.translations, places)
    return window(context, interaction, form)


def _open_denial(context: HandlerContext, interaction: Interaction) -> Message | None:
    _decidable(context, interaction)
    return window(context, interaction, onboarding_form.denial_form(interaction.value, context.translations))


def _decidable(context: HandlerContext, interaction: Interaction) -> Onboarding:
    """Nobody fills in what cannot count. A RAM that is too slow for this click does not keep the form shut: what is
    sent is judged anew.

    Raises:
        Refusal: this person does not decide on it, or nobody does any more.
    """
    notice = notice_named(context, interaction, interaction.value)
    actor, admins = context.directory.clicker(interaction.user)
    if admins is not None:
        return check_may_decide(context.ledger, context.team_id, notice.id, actor, admins)
    rules.check_full_member(actor, context.team_id)
    with context.ledger.read() as tx:
        return onboarding_of(tx, notice.id)


def _approve(
    context: HandlerContext, interaction: Interaction, notice_id: str, changes: OnboardingChanges | None = None
) -> Message | None:
    """The card says it; a form has closed, so its answer is a message."""
    notice_named(context, interaction, notice_id)
    with context.ledger.read() as tx:
        known = onboarding_of(tx, notice_id)
    after = act_on_fresh_evidence(
        context,
        lambda: evidence_for(context, interaction.user, known.subject),
        lambda ledger, evidence: approve_onboarding(
            ledger, context.catalog, context.team_id, notice_id, evidence, context.clock.now(), changes
        ),
    )
    if changes is None:
        return None
    told = context.translations.gettext("Your approval of RAM user {name} is recorded.")
    return note(told.format(name=literal(after.user.name)))


def _deny(context: HandlerContext, interaction: Interaction, reason: str) -> Message:
    notice_id = interaction.opened_for
    notice_named(context, interaction, notice_id)
    denied = act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: deny_onboarding(
            ledger, context.team_id, notice_id, *evidence, context.clock.now(), reason
        ),
    )
    told = context.translations.gettext("RAM user {name} is denied.")
    return note(told.format(name=literal(denied.user.name)))
