"""Look closer, try again: the buttons of a card that decide nothing."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.evidence import Holders
from approvals.operations.retry import retry
from approvals.people import Person
from approvals.queries import request_view
from approvals.queries.request_view import RequestView
from approvals.rules import Act
from handlers.actions.concerned import check_before_window
from handlers.actions.named import card_request, request_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.views.blocks import Message
from handlers.views.details import details
from handlers.windows import open_window


def details_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """A window with all that is recorded of the request; any member of the workspace may see it."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open_details(context, interaction, public_id), Act.LOOK, public_id)


def details_of_own_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The same window from a direct message: for whoever asked or has it, and for approvers."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open_own(context, interaction, public_id), Act.DETAILS, public_id)


def retry_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What could not be attached is tried again."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _retry(context, interaction, public_id), Act.RETRY, public_id)


def _open_details(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = card_request(context, interaction, public_id)
    rules.check_full_member(context.directory.person(interaction.user), context.team_id)
    return _show_details(context, interaction, record)


def _open_own(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = request_named(context, interaction, public_id)
    check_before_window(context, interaction.user, Act.DETAILS, record.request)
    return _show_details(context, interaction, record)


def _show_details(context: HandlerContext, interaction: Interaction, record: RequestView) -> Message | None:
    with context.ledger.read() as tx:
        entries = request_view.history(tx, record.request.id)
    shown = details(record, entries, context.catalog, context.translations, context.tracker)
    return open_window(context, interaction, shown)


def _retry(context: HandlerContext, interaction: Interaction, public_id: str) -> None:
    record = card_request(context, interaction, public_id)
    request = record.request

    def read() -> tuple[Person, Holders, Person | None]:
        subject = None if request.of_account else context.directory.person(request.subject)
        return context.directory.person(interaction.user), context.directory.admins(), subject

    act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: retry(
            ledger, context.catalog, context.team_id, request.id, *evidence, context.clock.now()
        ),
    )
