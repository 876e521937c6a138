"""Adopting or revoking what no request accounts for: an approver asks for it in a form, another one decides."""

from __future__ import annotations

from functools import partial

from slack_bolt import Ack

from approvals.drift import DriftAction
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.millis import DAY
from approvals.operations.drift.decide import approve_drift, deny_drift
from approvals.operations.drift.propose import check_proposal, longest_adoption, propose
from approvals.operations.drift.record import check_may_look
from approvals.people import Person, Principal
from approvals.queries.drift import drift_row
from approvals.refusals.drift import DriftGone
from approvals.refusals.request import BadDuration, DurationMissing, TooLong
from approvals.rules import Act
from handlers.actions.named import notice_named
from handlers.context import BEFORE_ACK_SECONDS, HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.listener import Listener
from handlers.parsing import read_duration
from handlers.refusals.sentences import plain_sentence
from handlers.views import drift_form, drift_list, drift_request
from handlers.views.blocks import Message
from handlers.views.drift_form import DURATION, REASON, adopt_form, revoke_form
from handlers.views.drift_list import proposed_answer
from handlers.windows import open_window

USUAL_ADOPTION_MS = 30 * DAY
OF_DURATION = (BadDuration, DurationMissing, TooLong)


def click_listeners() -> dict[str, Listener]:
    """By the button that each is for."""
    return {
        drift_list.ADOPT: partial(_clicked, action=DriftAction.ADOPT),
        drift_list.REVOKE: partial(_clicked, action=DriftAction.REVOKE),
        drift_request.APPROVE: approve_clicked,
        drift_request.DENY: deny_clicked,
    }


def form_listeners() -> dict[str, Listener]:
    """By the form that each is for. What can be said against it stands under its field; the rest is judged after it
    closed.
    """
    return {
        drift_form.ADOPT: partial(_submitted, action=DriftAction.ADOPT),
        drift_form.REVOKE: partial(_submitted, action=DriftAction.REVOKE),
    }


def approve_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """Another approver agrees. The message that was clicked on says what came of it."""
    ack()
    notice_id = interaction.value
    context.serve(interaction, lambda: _approve(context, interaction, notice_id), Act.DRIFT, notice_id)


def deny_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """An approver does not. The message that was clicked on says so."""
    ack()
    notice_id = interaction.value
    context.serve(interaction, lambda: _deny(context, interaction, notice_id), Act.DRIFT, notice_id)


def _clicked(ack: Ack, interaction: Interaction, context: HandlerContext, action: DriftAction) -> None:
    ack()
    row_id = interaction.value
    context.serve(interaction, lambda: _open(context, interaction, row_id, action), Act.DRIFT)


def _open(context: HandlerContext, interaction: Interaction, row_id: str, action: DriftAction) -> Message | None:
    actor, admins = context.directory.recent_person(interaction.user), context.directory.recent_admins()
    check_may_look(context.ledger, context.team_id, actor, admins)
    with context.ledger.read() as tx:
        kept = drift_row(tx, row_id)
    if kept is None:
        raise DriftGone()
    if action is DriftAction.REVOKE:
        form = revoke_form(kept, context.catalog, context.translations)
    else:
        most = longest_adoption(context.catalog, kept.row)
        form = adopt_form(kept, USUAL_ADOPTION_MS, most, context.catalog, context.translations)
    return open_window(context, interaction, form)


def _submitted(ack: Ack, interaction: Interaction, context: HandlerContext, action: DriftAction) -> None:
    row_id, reason = interaction.opened_for, interaction.written_in(REASON)
    try:
        duration = read_duration(interaction.written_in(DURATION)) if action is DriftAction.ADOPT else None
        with context.ledger.read(BEFORE_ACK_SECONDS) as tx:
            kept = drift_row(tx, row_id)
        if kept is None:
            raise DriftGone()
        check_proposal(context.catalog, kept.row, action, duration, reason)
    except Refusal as refused:
        refusal = refused
    except context.ledger.engine_errors as error:
        refusal = context.ledger_refusal(error, interaction)
    else:
        ack()
        work = partial(_propose, context, interaction, row_id, action, duration, reason)
        context.serve(interaction, work, Act.DRIFT)
        return
    field = DURATION if isinstance(refusal, OF_DURATION) else REASON
    ack(response_action="errors", errors={field: plain_sentence(refusal, context.translations)})
    context.note_refusals(Act.DRIFT, interaction, [refusal])


def _propose(
    context: HandlerContext,
    interaction: Interaction,
    row_id: str,
    action: DriftAction,
    duration: int | None,
    reason: str,
) -> Message:
    act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: propose(
            ledger, context.catalog, context.team_id, row_id, action, duration, reason, *evidence, context.clock.now()
        ),
    )
    return proposed_answer(context.translations)


def _approve(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    notice_named(context, interaction, notice_id)

    def read() -> tuple[Person, Holders, Principal | None]:
        directory = context.directory
        return directory.person(interaction.user), directory.admins(), directory.own_user()

    act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: approve_drift(
            ledger, context.catalog, context.team_id, notice_id, *evidence, context.clock.now()
        ),
    )


def _deny(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    notice_named(context, interaction, notice_id)
    act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: deny_drift(ledger, context.team_id, notice_id, *evidence, context.clock.now()),
    )
