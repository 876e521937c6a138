"""The Extend button: a form for more time, and what is sent from it."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.errors import Refusal
from approvals.millis import MINUTE
from approvals.model import AccessRequest
from approvals.operations.ask import Ask
from approvals.operations.extend import extend_access, extendable, extension_refusals, most_more
from approvals.people import Link
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.refusals.request import (
    BadTicket,
    ReasonMissing,
    TicketMissing,
    UnfitCharacter,
    UntilRevokedNotOffered,
)
from approvals.rules import Act
from handlers.actions.named import form_names, request_named
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.parsing import read_duration
from handlers.refusals.sentences import plain_sentence
from handlers.views.blocks import Message
from handlers.views.extend_form import DURATION, REASON, extend_form
from handlers.windows import open_window

OF_REASON = (ReasonMissing, UnfitCharacter, TicketMissing, BadTicket)


def extend_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A form opens for whoever asked for it or has it, as long as it runs."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open(context, interaction, public_id), Act.EXTEND, public_id)


def extension_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What the ledger and the catalogue say against it stands under its field; the rest is judged after the form
    closed.
    """
    record = form_names(ack, context, interaction, DURATION, Act.EXTEND)
    if record is None:
        return
    errors: dict[str, str] = {}
    duration = _duration(context, interaction, record.request, errors)
    refusals: list[Refusal] = []
    try:
        with context.ledger.read(BEFORE_ACK_SECONDS) as tx:
            found = extendable(tx, record.request, context.clock.now())
            link = links.link_of(tx, context.team_id, interaction.user)
        ask = _ask(context, interaction, record.request, link, duration)
        refusals = extension_refusals(context.catalog, found, ask)
    except Refusal as refusal:
        refusals = [refusal]
    except context.ledger.engine_errors as error:
        refusals = [context.ledger_refusal(error, interaction)]
    for each in refusals:
        field = REASON if isinstance(each, OF_REASON) else DURATION
        errors.setdefault(field, plain_sentence(each, context.translations))
    if errors:
        ack(response_action="errors", errors=errors)
        context.note_refusals(Act.EXTEND, interaction, refusals)
        return
    ack()
    context.serve(interaction, lambda: _extend(context, record.request, ask), Act.EXTEND, record.request.public_id)


def _open(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = request_named(context, interaction, public_id)
    actor = context.directory.recent_person(interaction.user)
    with context.ledger.read() as tx:
        rules.authorise(Act.EXTEND, actor, standing(tx, context.team_id, actor), record.request)
        found = extendable(tx, record.request, context.clock.now())
    most = most_more(context.catalog, found)
    return open_window(context, interaction, extend_form(record, most, context.catalog, context.translations))


def _duration(context: HandlerContext, interaction: Interaction, request: AccessRequest, errors: dict[str, str]) -> int:
    """Milliseconds; one that cannot be read has its error already, and another one passes the rest."""
    try:
        duration = read_duration(interaction.written_in(DURATION))
        if duration is None:
            raise UntilRevokedNotOffered(item=request.item, longest=_longest(context, request))
    except Refusal as refusal:
        errors[DURATION] = plain_sentence(refusal, context.translations)
        return MINUTE
    return duration


def _ask(
    context: HandlerContext, interaction: Interaction, request: AccessRequest, link: Link | None, duration: int
) -> Ask:
    """What was filled in."""
    own = link is not None and link.principal.user_id == request.principal.user_id
    return Ask(
        asked_key=f"view:{interaction.form['id']}",
        team_id=context.team_id,
        requester=interaction.user,
        # Their account may have been made anew since.
        subject=interaction.user if own else request.subject,
        item=request.item,
        duration=duration,
        reason=interaction.written_in(REASON),
        ticket=request.ticket,
        extends=request.id,
    )


def _longest(context: HandlerContext, request: AccessRequest) -> int:
    item = context.catalog.named(request.item)
    return item.longest if item else 0


def _extend(context: HandlerContext, request: AccessRequest, ask: Ask) -> None:
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    act_on_fresh_evidence(
        context,
        lambda: context.directory.ask_evidence(
            ask.requester, ask.subject, request.principal, request.entitlements, linked, claimed=False
        ),
        lambda ledger, evidence: extend_access(
            ledger, context.catalog, ask, evidence, context.clock.now(), context.most_open
        ),
    )
