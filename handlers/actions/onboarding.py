"""A RAM user for somebody who has none: asked for in a line or a form, and withdrawn by whoever asked."""

from __future__ import annotations

import html

from slack_bolt import Ack

from approvals import rules, user_names
from approvals.ids import SlackUserId
from approvals.onboarding import OnboardingEvidence
from approvals.operations.onboarding.ask import OnboardingAsk, ask_onboarding
from approvals.operations.onboarding.cancel import cancel_onboarding, cancellable_onboarding
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.refusals.catalog import UnknownItem
from approvals.refusals.onboarding import SeveralBundles
from approvals.refusals.people import UnknownPerson
from approvals.rules import Act
from handlers.actions.named import onboarding_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.parsing import read_person
from handlers.refusals.sentences import plain_sentence
from handlers.views import confirmation, onboarding_form
from handlers.views.blocks import Message, note
from handlers.views.onboarding import cancellation
from handlers.views.text import literal, person
from handlers.windows import open_window


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
    """A word that the catalogue knows, or is like one and has a project behind it, is what is asked for next.

    Raises:
        Refusal: UnknownItem, where a second word is nothing of the catalogue; SeveralBundles.
    """
    known = {choice.casefold() for choice in context.catalog.choices}

    def is_item(word: str) -> bool:
        before, at, _ = word.partition("@")
        return before.casefold() in known or bool(at and context.catalog.nearest(word))

    items = [word for word in words if is_item(word)]
    names = [word for word in words if not is_item(word)]
    if len(items) > 1:
        raise SeveralBundles(bundles=tuple(items))
    for word in names[1:]:
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


def cancel_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Withdraw the onboarding that the button names."""
    ack()
    public_id = interaction.value
    in_place = confirmation.is_confirmation(interaction)
    context.serve(
        interaction, lambda: _cancel(context, interaction, public_id), Act.CANCEL, public_id, in_place=in_place
    )


def typed_cancel(context: HandlerContext, user: SlackUserId, text: str) -> Message:
    """`cancel @person`: the RAM user that is asked for, and the button that withdraws it."""
    actor = context.directory.person(user)
    known = cancellable_onboarding(context.ledger, context.team_id, read_person(text), actor)
    return cancellation(known, context.catalog, context.translations)


def _open(context: HandlerContext, interaction: Interaction) -> Message | None:
    actor = context.directory.person(interaction.user)
    with context.ledger.read() as tx:
        rules.authorise(Act.ASK, actor, standing(tx, context.team_id, actor))
    form = onboarding_form.ask_form(context.catalog, context.translations, context.directory.known_places())
    return window(context, interaction, form)


def _cancel(context: HandlerContext, interaction: Interaction, public_id: str) -> Message:
    known = onboarding_named(context, interaction, public_id)
    actor = context.directory.person(interaction.user)
    after = cancel_onboarding(context.ledger, context.team_id, known.public_id, actor, context.clock.now())
    told = context.translations.gettext("The request for RAM user {name} is cancelled. Nothing was created.")
    return note(told.format(name=literal(after.user.name)))


def window(context: HandlerContext, interaction: Interaction, view: dict[str, object]) -> Message | None:
    """Open it, or say that it is too late for that."""
    too_late = context.translations.gettext("That took too long. Click again.")
    return open_window(context, interaction, view, too_late)


def _ask(context: HandlerContext, ask: OnboardingAsk) -> Message:
    asked = act_on_fresh_evidence(
        context,
        lambda: evidence_for(context, ask.requester, ask.subject),
        lambda ledger, evidence: ask_onboarding(ledger, context.catalog, ask, evidence, context.clock.now()),
    )
    return note(
        context.translations.gettext(
            "Requested RAM user {name} for {subject}. You both get the decision by direct message."
        ).format(name=literal(asked.user.name), subject=person(asked.subject))
    )


def evidence_for(context: HandlerContext, actor: SlackUserId, subject: SlackUserId) -> OnboardingEvidence:
    """What Slack and the cloud say of both, now."""
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    return context.directory.onboarding_evidence(actor, subject, linked)
