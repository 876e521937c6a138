"""The buttons of what no request accounts for: another page, and what becomes of a row."""

from __future__ import annotations

from functools import partial

from slack_bolt import Ack

from approvals.errors import Refusal
from approvals.millis import DomainMillis
from approvals.operations.drift.accept import accept_drift, check_acceptance
from approvals.operations.drift.record import check_may_look
from approvals.queries import request_view
from approvals.queries.drift import DriftReport, drift_row, list_drift
from approvals.refusals.drift import AcceptedTooLong, DriftGone
from approvals.rules import Act
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.parsing import Wall, read_time
from handlers.refusals.sentences import plain_sentence
from handlers.views.blocks import Message
from handlers.views.drift_form import REASON, UNTIL, accept_form
from handlers.views.drift_list import accepted_answer, drift_page, rows_of_page
from handlers.views.text import moment
from handlers.windows import open_window

MAX_PAGE_DIGITS = 6


def page_of(context: HandlerContext, report: DriftReport, number: int) -> Message:
    """One page of the list, with the requests that its rows name."""
    numbers = {kept.row.request_id for kept in rows_of_page(report, number)} - {None}
    with context.ledger.read() as tx:
        known = {each: record for each in numbers if each and (record := request_view.read(tx, each))}
    return drift_page(report, number, known, context.catalog, context.translations)


def page_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Another page, as it was found last."""
    ack()
    value = interaction.value
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= MAX_PAGE_DIGITS else 1
    context.serve(interaction, lambda: _page(context, interaction, number), Act.DRIFT, in_place=True)


def accept_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A form opens for an approver."""
    ack()
    row_id = interaction.value
    context.serve(interaction, lambda: _open_acceptance(context, interaction, row_id), Act.DRIFT)


def acceptance_submitted(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with it stands under its field; the rest is judged after the form closed."""
    row_id, reason = interaction.opened_for, interaction.written_in(REASON)
    now = context.clock.now()
    try:
        wanted = read_time(f"until {interaction.date_in(UNTIL)}", Wall(now, lambda: None, 24))
        check_acceptance(wanted.duration or 0, reason)
    except Refusal as refusal:
        of_date = isinstance(refusal, AcceptedTooLong) or refusal.reason in ("until_passed", "bad_time")
        field = UNTIL if of_date else REASON
        ack(response_action="errors", errors={field: plain_sentence(refusal, context.translations)})
        context.note_refusals(Act.DRIFT, interaction, [refusal])
        return
    ack()
    until = wanted.ends_by or now
    work = partial(_accept, context, interaction, row_id, until, reason)
    context.serve(interaction, work, Act.DRIFT)


def _page(context: HandlerContext, interaction: Interaction, number: int) -> Message:
    check_may_look(
        context.ledger, context.team_id, context.directory.person(interaction.user), context.directory.admins()
    )
    with context.ledger.read() as tx:
        report = list_drift(tx, context.clock.now())
    return page_of(context, report, number)


def _open_acceptance(context: HandlerContext, interaction: Interaction, row_id: str) -> Message | None:
    actor, admins = context.directory.recent_person(interaction.user), context.directory.recent_admins()
    check_may_look(context.ledger, context.team_id, actor, admins)
    with context.ledger.read() as tx:
        kept = drift_row(tx, row_id)
    if kept is None:
        raise DriftGone()
    form = accept_form(kept, context.catalog, context.translations, context.clock.now())
    return open_window(context, interaction, form)


def _accept(
    context: HandlerContext, interaction: Interaction, row_id: str, until: DomainMillis, reason: str
) -> Message:
    said = act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: accept_drift(
            ledger, context.team_id, row_id, until, reason, *evidence, context.clock.now()
        ),
    )
    return accepted_answer(moment(said.until), context.translations)
