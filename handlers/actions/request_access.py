"""Asking for access: in a line, and what is done of it and of the form alike."""

from __future__ import annotations

from approvals.operations.ask import Ask, catalog_refusals
from approvals.operations.request_access import request_access
from approvals.queries import links, request_view
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.parsing import Wall, parse_line
from handlers.views.blocks import Message, note
from handlers.views.text import person


def ask_in_a_line(context: HandlerContext, interaction: Interaction, text: str) -> Message | None:
    """Ask for what was typed after `request`, which is not empty. Slack's trigger id makes a delivery that is repeated
    one request.

    Raises:
        Refusal: the line cannot be read, or the request may not be made.
    """
    user = interaction.user
    wall = Wall(context.clock.now(), lambda: context.directory.recent_person(user).time_zone, context.working_hours.end)
    line = parse_line(text, wall)
    ask = Ask(
        asked_key=f"line:{interaction.trigger_id}",
        team_id=context.team_id,
        requester=user,
        subject=line.person or user,
        item=line.item,
        duration=line.time.duration,
        ends_by=line.time.ends_by,
        reason=line.reason,
        ticket=line.ticket,
    )
    return ask_for_access(context, ask, answered=True)


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
        link, _unlinked = link_of(context, ask.subject)
        principal = link.principal if link else ask.claim
        wanted = item.entitlements
        known = act_on_fresh_evidence(
            context,
            lambda: context.directory.ask_evidence(
                ask.requester, ask.subject, principal, wanted, linked, claimed=link is None
            ),
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
