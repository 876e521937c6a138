"""Asking for access: in a line, and what is done of it and of the form alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals.catalog.model import Item
from approvals.evidence import AskEvidence
from approvals.ids import RamUserId, SlackUserId
from approvals.operations.ask import Ask, catalog_refusals
from approvals.operations.request_access import explain_request, request_access
from approvals.queries import links, request_view
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.parsing import Wall, parse_line
from handlers.refusals.sentences import sentence
from handlers.views.blocks import Message, note
from handlers.views.explained import explained
from handlers.views.text import person


def ask_in_a_line(context: HandlerContext, interaction: Interaction, text: str) -> Message | None:
    """Ask for what was typed after `request`, which is not empty. Slack's trigger id makes a delivery that is repeated
    one request.

    Raises:
        Refusal: the line cannot be read, or the request may not be made.
    """
    user = interaction.user
    line = parse_line(text, wall_of(context, user))
    ask = Ask(
        asked_key=f"line:{interaction.trigger_id}",
        team_id=context.team_id,
        requester=user,
        subject=line.person or user,
        item=line.item,
        duration=line.time.duration,
        ends_by=line.time.ends_by,
        starts_at=line.time.starts_at,
        reason=line.reason,
        ticket=line.ticket,
    )
    return ask_for_access(context, ask, answered=True)


def wall_of(context: HandlerContext, user: SlackUserId) -> Wall:
    """The clock on somebody's wall; Slack is asked where they are once that matters."""
    hours = context.working_hours
    return Wall(context.clock.now(), lambda: context.directory.recent_person(user).time_zone, hours.end, hours.begin)


def explain_access(context: HandlerContext, ask: Ask) -> Message:
    """What would become of it, without asking for it.

    Raises:
        Refusal: it would be refused, and why.
    """
    item, terms = context.catalog.resolve(ask.item), context.catalog.break_glass
    at_once = terms is not None and terms.has(item.name) and ask.requester == ask.subject
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    judged = act_on_fresh_evidence(
        context,
        evidence_for(context, ask, item, linked, break_glass=at_once),
        lambda ledger, evidence: explain_request(
            ledger, context.catalog, ask, evidence, context.clock.now(), context.most_open
        ),
    )
    why = sentence(judged.not_at_once, context.translations) if judged.not_at_once else ""
    return explained(ask, judged, why, context.translations)


def evidence_for(
    context: HandlerContext, ask: Ask, item: Item, linked: Mapping[RamUserId, SlackUserId], *, break_glass: bool = False
) -> Callable[[], AskEvidence]:
    """How to read what it is judged by. `linked`: the Slack user ids of this workspace by RAM UserId. `break_glass`:
    whether it could be taken so is judged as well.
    """
    link, _unlinked = link_of(context, ask.subject)
    principal = link.principal if link else ask.claim
    return lambda: context.directory.ask_evidence(
        ask.requester, ask.subject, principal, item.entitlements, linked, claimed=link is None, break_glass=break_glass
    )


def ask_for_access(context: HandlerContext, ask: Ask, *, answered: bool) -> Message | None:
    """Gather the evidence, record the request. `answered`: it is answered in place; a direct message follows anyway.

    Raises:
        Refusal: the request may not be made, or what it is judged by cannot be read.
    """
    for refusal in catalog_refusals(context.catalog, ask):
        raise refusal
    item = context.catalog.find(ask.item)
    with context.ledger.read() as tx:
        known = request_view.asked_with(tx, ask.asked_key)
        linked = links.slack_ids(tx, context.team_id)
    if known is None and item is not None:
        known = act_on_fresh_evidence(
            context,
            evidence_for(context, ask, item, linked),
            lambda ledger, evidence: request_access(
                ledger, context.catalog, ask, evidence, context.clock.now(), context.most_open
            ),
        )
    if known is None or not answered:
        return None
    return note(
        context.translations.gettext("Requested *{ref}*. Updates come by direct message.").format(ref=known.ref)
        if known.subject == known.requester
        else context.translations.gettext(
            "Requested *{ref}* for {subject}. You both get updates by direct message."
        ).format(ref=known.ref, subject=person(known.subject))
    )
