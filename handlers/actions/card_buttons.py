"""Look closer, try again: the buttons of a card that decide nothing."""

from __future__ import annotations

from slack_bolt import Ack

from approvals import rules
from approvals.evidence import Holders
from approvals.operations.retry import retry
from approvals.people import Person
from approvals.queries import request_view
from approvals.rules import Act
from handlers.actions.named import card_request
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


def retry_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What could not be attached is tried again."""
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _retry(context, interaction, public_id), Act.RETRY, public_id)


def _open_details(context: HandlerContext, interaction: Interaction, public_id: str) -> Message | None:
    record = card_request(context, interaction, public_id)
    person = context.directory.person(interaction.user)
    rules.check_full_member(person, context.team_id)
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
