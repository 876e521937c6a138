"""A RAM user for somebody who has none: asked for in a line or a form, and decided on with the buttons of its card."""

from __future__ import annotations

import html

from slack_bolt import Ack

from approvals import rules, user_names
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.onboarding import OnboardingChanges, OnboardingEvidence
from approvals.operations.onboarding.ask import OnboardingAsk, ask_onboarding
from approvals.operations.onboarding.decide import (
    approve_onboarding,
    check_may_decide,
    deny_onboarding,
    onboarding_of,
)
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.refusals.catalog import UnknownItem
from approvals.refusals.onboarding import BadDisplayName, BadEmail, BadUserName
from approvals.refusals.people import UnknownPerson
from approvals.refusals.request import UnfitCharacter
from approvals.rules import Act
from handlers.actions.named import notice_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.parsing import read_person
from handlers.refusals.sentences import plain_sentence
from handlers.views import onboarding_form
from handlers.views.blocks import Message, note
from handlers.views.text import literal, person
from handlers.windows import open_window

_FIELDS: dict[type[Refusal], str] = {
    BadUserName: onboarding_form.NAME,
    BadDisplayName: onboarding_form.DISPLAY_NAME,
    UnfitCharacter: onboarding_form.DISPLAY_NAME,
    BadEmail: onboarding_form.EMAIL,
}


def typed(context: HandlerContext, interaction: Interaction, text: str) -> Message | None:
    """What was typed after `onboard`: a mention and perhaps a name and a bundle, or nothing, which opens the form.

    Raises:
        Refusal: it names nobody, or the RAM user may not be asked for.
    """
    if not text:
        return _open(context, interaction)
    rules.check_full_member(context.directory.person(interaction.user), context.team_id)
    who, *words = text.split()
    name, item = _name_and_bundle(context, [html.unescape(word) for word in words])
    return _ask(
        context,
        OnboardingAsk(
            asked_key=f"line:{interaction.trigger_id}",
            team_id=context.team_id,
            requester=interaction.user,
            subject=read_person(who),
            name=name,
            item=item,
        ),
    )


def _name_and_bundle(context: HandlerContext, words: list[str]) -> tuple[str, str]:
    """A word that the catalogue knows, or that has a project behind it, is what is asked for next.

    Raises:
        Refusal: UnknownItem, where a second word is nothing of the catalogue.
    """
    known = {choice.casefold() for choice in context.catalog.choices}
    items = [word for word in words if "@" in word or word.casefold() in known]
    names = [word for word in words if word not in items]
    for word in (*items[1:], *names[1:]):
        raise UnknownItem(item=word, nearest=context.catalog.nearest(word))
    return "".join(names), "".join(items)


def open_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """App Home's button opens the form."""
    ack()
    context.serve(interaction, lambda: _open(context, interaction), Act.ASK)


def form_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with the name is said under its field; the rest is judged after the form closed."""
    name = interaction.written_in(onboarding_form.NAME)
    refused = user_names.against_name(name.lower()) if name else []
    subject = onboarding_form.chosen(interaction)
    if subject is None:
        told = plain_sentence(UnknownPerson(text=""), context.translations)
        ack(response_action="errors", errors={onboarding_form.SUBJECT: told})
        return
    if refused:
        told = plain_sentence(refused[0], context.translations)
        ack(response_action="errors", errors={onboarding_form.NAME: told})
        return
    ack()
    item = interaction.chosen_in(onboarding_form.BUNDLE)
    ask = OnboardingAsk(f"view:{interaction.form['id']}", context.team_id, interaction.user, subject, name, item)
    context.serve(interaction, lambda: _ask(context, ask), Act.ASK)


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
    """Nothing is created."""
    ack()
    context.serve(interaction, lambda: _deny(context, interaction), Act.CONFIRM)


def _open(context: HandlerContext, interaction: Interaction) -> Message | None:
    actor = context.directory.person(interaction.user)
    with context.ledger.read() as tx:
        rules.authorise(Act.ASK, actor, standing(tx, context.team_id, actor))
    form = onboarding_form.ask_form(context.catalog, context.translations, context.directory.known_places())
    return _window(context, interaction, form)


def _open_changes(context: HandlerContext, interaction: Interaction) -> Message | None:
    notice = notice_named(context, interaction, interaction.value)
    actor, admins = context.directory.clicker(interaction.user)
    if admins is None:
        # What is sent is judged in full.
        with context.ledger.read() as tx:
            known = onboarding_of(tx, notice.id)
        rules.check_full_member(actor, context.team_id)
    else:
        known = check_may_decide(context.ledger, context.team_id, notice.id, actor, admins)
    places = context.directory.known_places()
    form = onboarding_form.changes_form(notice.id, known, context.catalog, context.translations, places)
    return _window(context, interaction, form)


def _window(context: HandlerContext, interaction: Interaction, view: dict[str, object]) -> Message | None:
    too_late = context.translations.gettext(
        "That took too long, and Slack no longer lets a window be opened. Please click again."
    )
    return open_window(context, interaction, view, too_late)


def _ask(context: HandlerContext, ask: OnboardingAsk) -> Message:
    asked = act_on_fresh_evidence(
        context,
        lambda: _evidence(context, ask.requester, ask.subject),
        lambda ledger, evidence: ask_onboarding(ledger, context.catalog, ask, evidence, context.clock.now()),
    )
    return note(
        context.translations.gettext(
            "Asked for RAM user {name} for {subject}. You both get a direct message about what becomes of it."
        ).format(name=literal(asked.user.name), subject=person(asked.subject))
    )


def _approve(
    context: HandlerContext, interaction: Interaction, notice_id: str, changes: OnboardingChanges | None = None
) -> Message | None:
    """The card says it; a form has closed, so its answer is a message."""
    notice_named(context, interaction, notice_id)
    with context.ledger.read() as tx:
        known = onboarding_of(tx, notice_id)
    after = act_on_fresh_evidence(
        context,
        lambda: _evidence(context, interaction.user, known.subject),
        lambda ledger, evidence: approve_onboarding(
            ledger, context.catalog, context.team_id, notice_id, evidence, context.clock.now(), changes
        ),
    )
    if changes is None:
        return None
    told = context.translations.gettext("Your approval of RAM user {name} is recorded.")
    return note(told.format(name=literal(after.user.name)))


def _deny(context: HandlerContext, interaction: Interaction) -> None:
    """The card says it."""
    notice_id = interaction.value
    notice_named(context, interaction, notice_id)
    act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: deny_onboarding(ledger, context.team_id, notice_id, *evidence, context.clock.now()),
    )


def _evidence(context: HandlerContext, actor: SlackUserId, subject: SlackUserId) -> OnboardingEvidence:
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    return context.directory.onboarding_evidence(actor, subject, linked)
