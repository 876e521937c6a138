"""The Authorize button of a board: what will be done, asked for with a reason, and approved like any other request."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.operations.ask import Ask
from approvals.operations.request_repair import check_repair, raise_if_under_way, request_repair
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.refusals.links import RequesterNotLinked
from approvals.refusals.status import UnknownRepair
from approvals.rules import Act
from handlers.actions.reasons import reason_sent
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.views.blocks import Message, note
from handlers.views.repair_form import REASON, repair_form
from handlers.windows import open_window


def authorize_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A form opens that says what will be done and wants a reason."""
    ack()
    context.serve(interaction, lambda: _open(context, interaction, interaction.value), Act.ASK)


def repair_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with the reason is said under its field; the rest is judged after the form closed."""
    reason = reason_sent(ack, interaction, context, REASON)
    if reason is None:
        return
    ack()
    user = interaction.user
    ask = Ask(
        asked_key=f"view:{interaction.form['id']}",
        team_id=context.team_id,
        requester=user,
        subject=user,
        item=interaction.opened_for,
        duration=None,
        reason=reason,
    )
    context.serve(interaction, lambda: _ask(context, ask), Act.ASK)


def _open(context: HandlerContext, interaction: Interaction, repair: str) -> Message | None:
    item = context.catalog.repairs.get(repair)
    if item is None:
        raise UnknownRepair()
    actor = context.directory.person(interaction.user)
    with context.ledger.read() as tx:
        if rules.authorise(Act.ASK, actor, standing(tx, context.team_id, actor)) is None:
            raise RequesterNotLinked()
        raise_if_under_way(tx, item)
    return open_window(context, interaction, repair_form(item, context.translations))


def _ask(context: HandlerContext, ask: Ask) -> Message:
    item = check_repair(context.catalog, ask)
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    request = act_on_fresh_evidence(
        context,
        lambda: context.directory.repair_evidence(ask.requester, item, linked),
        lambda ledger, evidence: request_repair(
            ledger, context.catalog, ask, evidence, context.clock.now(), context.most_open
        ),
    )
    return note(
        context.translations.gettext("Requested *{ref}*. Updates come by direct message.").format(ref=request.ref)
    )
