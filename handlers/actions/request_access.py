"""Asking for access, in a line or in the form."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules, written
from approvals.errors import Refusal
from approvals.evidence import RamUser, email_matches
from approvals.ids import RamUserId, SlackUserId
from approvals.operations.ask import Ask, catalog_refusals
from approvals.operations.precheck import precheck
from approvals.operations.request_access import request_access
from approvals.people import Principal
from approvals.queries import links, request_view
from approvals.queries.actor import standing
from approvals.refusals.catalog import NotThere, ProjectMissing, UnknownProject
from approvals.refusals.links import ClaimDiffers, ClaimTaken, ClaimUnknown, RequesterNotLinked
from approvals.refusals.request import (
    BadDuration,
    BadTicket,
    ReasonMissing,
    TicketMissing,
    TooLong,
    UnfitCharacter,
    UntilRevokedNotOffered,
)
from approvals.rules import Act
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.parsing import parse_line, read_duration
from handlers.refusals.sentences import plain_sentence
from handlers.views import request_form, request_input
from handlers.views.blocks import Message, note
from handlers.views.text import person
from handlers.windows import open_window, redraw_window


def open_form(context: HandlerContext, interaction: Interaction) -> Message | None:
    """Open the request form for whoever asked for it."""
    user = interaction.user
    _may_ask(context, user)
    linked, match = _who(context, user)
    view = request_form.form(
        context.catalog, context.translations, opened_for=user, subject=user, linked=linked, match=match
    )
    too_late = context.translations.gettext(
        "That took too long, and Slack no longer lets a form be opened. Please type it again."
    )
    return open_window(context, interaction, view, too_late)


def shortcut(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The global shortcut and App Home's button open the same form."""
    ack()
    context.serve(interaction, lambda: open_form(context, interaction), Act.ASK)


def form_changed(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Another policy or another person was chosen: its terms, or their RAM user, are shown."""
    ack()
    context.serve(interaction, lambda: _redraw_form(context, interaction), Act.ASK)


def _redraw_form(context: HandlerContext, interaction: Interaction) -> None:
    user = interaction.user
    _may_ask(context, user)
    view = interaction.form
    filled = request_input.read(view)
    subject = filled.subject or user
    linked, match = _who(context, subject)
    redrawn = request_form.form(
        context.catalog,
        context.translations,
        opened_for=user,
        subject=subject,
        linked=linked,
        match=match,
        choice=context.catalog.choice(filled.item.partition("@")[0]) if filled.item else None,
        item=context.catalog.find(filled.item) if filled.item else None,
        places=context.directory.known_places(),
    )
    redraw_window(context, view, redrawn)


def _may_ask(context: HandlerContext, user: SlackUserId) -> None:
    actor = context.directory.person(user)
    with context.ledger.read() as tx:
        rules.authorise(Act.ASK, actor, standing(tx, context.team_id, actor))


def _who(context: HandlerContext, slack_user_id: SlackUserId) -> tuple[bool, RamUser | None]:
    """Whether a person is linked, and if not, the RAM user that has their e-mail address, as far as that is known."""
    link, unlinked = link_of(context, slack_user_id)
    if link or not unlinked:
        return True, None
    matches = email_matches(unlinked, context.directory.known_users() or ())
    return False, matches[0] if len(matches) == 1 else None


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
    for refusal in (*catalog_refusals(context.catalog, ask), *foreseen):
        errors.setdefault(_FIELDS.get(type(refusal), request_input.WHAT), plain_sentence(refusal, context.translations))
    if errors:
        ack(
            response_action="errors",
            errors={request_input.block_named(view, field): text for field, text in errors.items()},
        )
        context.note_refusals(Act.ASK, interaction, foreseen)
        return
    ack()
    context.serve(interaction, lambda: _ask(context, ask, told=False), Act.ASK)


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
    NotThere: request_input.WHERE,
    BadDuration: request_input.DURATION,
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
    duration: int | None = None
    try:
        duration = read_duration(filled.duration)
    except Refusal as unreadable:
        errors[request_input.DURATION] = plain_sentence(unreadable, context.translations)
    # A claim that was chosen before the person was changed is about the one before.
    about_them = request_input.origin(interaction.form).subject == (filled.subject or interaction.user)
    claim = _claim_of(filled.claim) if about_them else None
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
        # A duration that could not be read has its error already; the default passes the other checks.
        duration=duration if request_input.DURATION not in errors else 1,
        reason=filled.reason,
        ticket=filled.ticket or None,
        claim=claim,
    )


def _claim_of(value: str) -> Principal | None:
    user_id, separator, name = value.partition("|")
    return (
        Principal(RamUserId(user_id), name)
        if separator and user_id and name and not written.refusals_of(value)
        else None
    )


def ask_in_a_line(context: HandlerContext, interaction: Interaction, text: str) -> Message | None:
    """Ask for what was typed after `request`, which is not empty. Slack's trigger id makes a delivery that is repeated
    one request.

    Raises:
        Refusal: the line cannot be read, or the request may not be made.
    """
    user = interaction.user
    line = parse_line(text)
    ask = Ask(
        asked_key=f"line:{interaction.trigger_id}",
        team_id=context.team_id,
        requester=user,
        subject=line.person or user,
        item=line.item,
        duration=line.duration,
        reason=line.reason,
        ticket=line.ticket,
    )
    return _ask(context, ask, told=True)


def _ask(context: HandlerContext, ask: Ask, *, told: bool) -> Message | None:
    """Gather the evidence, record the request. `told` wants an answer in place; a direct message follows anyway."""
    for refusal in catalog_refusals(context.catalog, ask):
        raise refusal
    item = context.catalog.find(ask.item)
    with context.ledger.read() as tx:
        known = request_view.asked_with(tx, ask.asked_key)
        linked = links.slack_ids(tx, context.team_id)
    if known is None and item is not None:
        link, _unlinked = link_of(context, ask.subject)
        principal = link.principal if link else ask.claim
        wanted = item.entitlements
        known = act_on_fresh_evidence(
            context,
            lambda: context.directory.ask_evidence(
                ask.requester, ask.subject, principal, wanted, linked, claimed=link is None
            ),
            lambda ledger, evidence: request_access(ledger, context.catalog, ask, evidence, context.clock.now()),
        )
    if known is None or not told:
        return None
    return note(
        context.translations.gettext("*{ref}*: asked. You get a direct message at every step.").format(ref=known.ref)
        if known.subject == known.requester
        else context.translations.gettext(
            "*{ref}*: asked for {subject}. You both get a direct message at every step."
        ).format(ref=known.ref, subject=person(known.subject))
    )
