"""The form to ask for access, sent: what it says as a wish, and what is wrong with it by field."""

from __future__ import annotations

from slack_bolt import Ack

from approvals.errors import Refusal
from approvals.operations.ask import Ask, catalog_refusals
from approvals.operations.precheck import precheck
from approvals.refusals.catalog import NoProject, NotThere, ProjectMissing, UnknownProject
from approvals.refusals.links import ClaimDiffers, ClaimTaken, ClaimUnknown, RequesterNotLinked
from approvals.refusals.request import (
    BadDuration,
    BadTicket,
    BadTime,
    ReasonMissing,
    TicketMissing,
    TooLong,
    UnfitCharacter,
    UntilPassed,
    UntilRevokedNotOffered,
)
from approvals.rules import Act
from handlers.actions.foresee import no_project
from handlers.actions.request_access import ask_for_access
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.interaction import Interaction
from handlers.parsing import TimeWanted, Wall, read_start, read_time
from handlers.refusals.sentences import plain_sentence
from handlers.views import request_input


def form_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What can be known without asking anybody is shown under its field; the rest is judged after the form closed."""
    view = interaction.form
    filled = request_input.read(view)
    errors: dict[str, str] = {}
    ask = _ask_of(context, interaction, filled, errors)
    try:
        foreseen = _foreseen(context, ask, request_input.origin(view))
    except context.ledger.engine_errors as error:
        refusal = context.ledger_refusal(error, interaction)
        shown = request_input.block_named(view, request_input.WHAT)
        ack(response_action="errors", errors={shown: plain_sentence(refusal, context.translations)})
        return
    for refusal in (*_catalog_refusals(context, ask), *foreseen):
        errors.setdefault(_FIELDS.get(type(refusal), request_input.WHAT), plain_sentence(refusal, context.translations))
    if errors:
        ack(
            response_action="errors",
            errors={request_input.block_named(view, field): text for field, text in errors.items()},
        )
        context.note_refusals(Act.ASK, interaction, foreseen)
        return
    ack()
    context.serve(interaction, lambda: ask_for_access(context, ask, answered=False), Act.ASK)


def _catalog_refusals(context: HandlerContext, ask: Ask) -> list[Refusal]:
    """Nobody is told to name a project of those that the form cannot offer."""
    choice = context.catalog.choice(ask.item.partition("@")[0])
    gone = no_project(context, choice) if choice else None
    found = catalog_refusals(context.catalog, ask)
    return [gone if gone and isinstance(each, ProjectMissing) else each for each in found]


def _foreseen(context: HandlerContext, ask: Ask, drawn: request_input.Origin) -> list[Refusal]:
    """For the person whom we opened the form for; anybody else has to be looked at first, and that is done later."""
    if drawn.opened_for != ask.requester:
        return []
    match = drawn.match if drawn.subject == ask.subject else None
    with context.ledger.read(BEFORE_ACK_SECONDS) as tx:
        return precheck(tx, context.catalog, ask, context.directory.known_users(), match)


_FIELDS = {
    ProjectMissing: request_input.WHERE,
    UnknownProject: request_input.WHERE,
    NoProject: request_input.WHERE,
    NotThere: request_input.WHERE,
    BadDuration: request_input.DURATION,
    BadTime: request_input.DURATION,
    UntilPassed: request_input.DURATION,
    TooLong: request_input.DURATION,
    UntilRevokedNotOffered: request_input.DURATION,
    ReasonMissing: request_input.REASON,
    UnfitCharacter: request_input.REASON,
    TicketMissing: request_input.TICKET,
    BadTicket: request_input.TICKET,
    RequesterNotLinked: request_input.SUBJECT,
    ClaimUnknown: request_input.CLAIM,
    ClaimTaken: request_input.CLAIM,
    ClaimDiffers: request_input.CLAIM,
}


def _ask_of(
    context: HandlerContext, interaction: Interaction, filled: request_input.RequestInput, errors: dict[str, str]
) -> Ask:
    # What could not be read has its error already; this passes the other checks.
    time = TimeWanted(1)
    drawn = request_input.origin(interaction.form)
    hours = context.working_hours
    wall = Wall(context.clock.now(), lambda: drawn.zone, hours.end, hours.begin)
    try:
        time = read_time(filled.duration, wall)
    except Refusal as unreadable:
        errors[request_input.DURATION] = plain_sentence(unreadable, context.translations)
    try:
        time = read_start(filled.starts, time, wall) if filled.starts else time
    except Refusal as unreadable:
        errors[request_input.STARTS] = plain_sentence(unreadable, context.translations)
    # A claim that was chosen before the person was changed is about the one before.
    about_them = drawn.subject == (filled.subject or interaction.user)
    claim = request_input.claim_of(filled.claim) if about_them else None
    if filled.asks_claim and about_them and claim is None:
        unchosen = ClaimUnknown(ram_user=filled.claim or "?")
        errors[request_input.CLAIM] = plain_sentence(unchosen, context.translations)
    user = interaction.user
    return Ask(
        asked_key=f"view:{interaction.form['id']}",
        team_id=context.team_id,
        requester=user,
        subject=filled.subject or user,
        item=filled.item,
        duration=time.duration,
        ends_by=time.ends_by,
        starts_at=time.starts_at,
        reason=filled.reason,
        ticket=filled.ticket or None,
        claim=claim,
    )
