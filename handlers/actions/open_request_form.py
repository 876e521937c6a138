"""The form to ask for access: opened, and redrawn as it is filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt import Ack

from approvals import rules
from approvals.catalog.model import Choice, Item
from approvals.evidence import RamUser, email_matches
from approvals.ids import SlackUserId
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.queries.away import TooFewHere, known_approvers, too_few_here
from approvals.rules import Act
from handlers.actions.foresee import Subject, foresee, foresee_no_project
from handlers.actions.named import request_named
from handlers.context import LIST_SECONDS, HandlerContext
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.views import foreseen, request_form, request_input
from handlers.views.blocks import Message
from handlers.views.duration_field import duration_field
from handlers.views.request_input import RequestInput
from handlers.windows import open_window, redraw_window

OPEN_SECONDS = 1.0
"""Seconds that RAM gets to say what is foreseen while a form opens: Slack lets one be opened for 3 s."""
REDRAW_SECONDS = 2.0
"""The same while one is open."""


def open_form(context: HandlerContext, interaction: Interaction) -> Message | None:
    """Open the request form for whoever asked for it."""
    actor = _may_ask(context, interaction.user)
    view = _form(context, actor, RequestInput.empty(), OPEN_SECONDS)
    too_late = context.translations.gettext("That took too long. Type it again.")
    return open_window(context, interaction, view, too_late)


def shortcut(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The global shortcut and App Home's button open the same form."""
    ack()
    context.serve(interaction, lambda: open_form(context, interaction), Act.ASK)


def ask_again_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The form, filled in with what was asked before. Nothing is asked until it is sent."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open_again(context, interaction, public_id), Act.ASK, public_id)


def form_changed(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Another policy or another person was chosen: its terms, their RAM user and what is foreseen are shown."""
    ack()
    context.serve(interaction, lambda: _redraw_form(context, interaction), Act.ASK)


def duration_chosen(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The field for another duration comes or goes, and what is foreseen may be other for a longer time."""
    ack()
    view = interaction.form
    if request_input.read(view).other != request_input.asks_other(view):
        context.serve(interaction, lambda: _redraw_form(context, interaction), Act.ASK)
    elif foreseen.depends_on_duration(view, context.catalog):
        context.serve(interaction, lambda: _redraw_form(context, interaction, unless_same=True), Act.ASK)


def _open_again(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    request = request_named(context, interaction, public_id).request
    user = interaction.user
    actor = context.directory.recent_person(user)
    with context.ledger.read() as tx:
        rules.check_may_ask_again(actor, standing(tx, context.team_id, actor), request)
    return open_window(context, interaction, _form(context, actor, request_input.asked(request), OPEN_SECONDS))


def _redraw_form(context: HandlerContext, interaction: Interaction, *, unless_same: bool = False) -> None:
    actor = _may_ask(context, interaction.user)
    view = interaction.form
    filled = request_input.read(view)
    # How long is kept for what it was written for; of anything else the usual time is shown.
    if not request_input.has_block(view, duration_field(_choice(context, filled))):
        filled = replace(filled, duration="", other=False)
    if request_input.origin(view).subject != filled.subject:
        filled = replace(filled, claim="")
    drawn = _form(context, actor, filled, REDRAW_SECONDS)
    if not (unless_same and foreseen.is_shown(view, drawn["blocks"])):
        redraw_window(context, interaction, drawn)


def _form(context: HandlerContext, actor: Person, filled: RequestInput, within: float) -> dict[str, Any]:
    """The form as it is filled in. `within`: seconds that RAM gets to say what is foreseen."""
    subject = _who(context, filled.subject or actor.user_id)
    item = context.catalog.find(filled.item) if filled.item else None
    choice = _choice(context, filled)
    return request_form.form(
        context.catalog,
        context.translations,
        opened_for=actor,
        subject=subject.id,
        linked=subject.link is not None or subject.person is None,
        match=subject.match,
        choice=choice,
        item=item,
        places=context.directory.known_places(),
        written=filled,
        too_few=_too_few(context, actor, subject.id, item),
        foreseen=(
            foresee(context, actor, subject, item, filled, within)
            if item
            else foresee_no_project(context, subject, choice)
        ),
    )


def _too_few(context: HandlerContext, actor: Person, subject: SlackUserId, item: Item | None) -> TooFewHere | None:
    """By who held the admin policy when the bot looked last: the form asks nothing of RAM."""
    with context.ledger.read() as tx:
        approvers = known_approvers(tx, context.team_id, (*actor.ids, subject))
        return too_few_here(tx, context.team_id, item.approvals if item else 1, approvers)


def _choice(context: HandlerContext, filled: RequestInput) -> Choice | None:
    return context.catalog.choice(filled.item.partition("@")[0]) if filled.item else None


def _may_ask(context: HandlerContext, user: SlackUserId) -> Person:
    actor = context.directory.recent_person(user)
    with context.ledger.read() as tx:
        rules.authorise(Act.ASK, actor, standing(tx, context.team_id, actor))
    return actor


def _who(context: HandlerContext, slack_user_id: SlackUserId) -> Subject:
    """Whom the form is for: linked, or with the RAM user that has their e-mail address, as far as that is known."""
    link, unlinked = link_of(context, slack_user_id)
    matches: tuple[RamUser, ...] = ()
    if link is None and unlinked is not None:
        matches = email_matches(unlinked, context.directory.known_users(LIST_SECONDS) or ())
    return Subject(slack_user_id, link, unlinked, matches[0] if len(matches) == 1 else None)
