"""`/pairec-access drift [page]`: what no request accounts for, read from the cloud now, for approvers."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.operations.drift.record import check_may_look, record_found
from approvals.queries.access_report import every_open_grant, read_access_report
from approvals.rules import Act
from handlers.actions.drift import page_of
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message


def _run(context: HandlerContext, interaction: Interaction, text: str) -> Message:
    """What is found is kept, so that pages and buttons are about the same.

    Raises:
        Refusal: whoever asks may not approve, or what has to be known is not said.
    """
    check_may_look(
        context.ledger, context.team_id, context.directory.person(interaction.user), context.directory.admins()
    )
    own = context.directory.own_user()
    found = read_access_report(
        context.ledger, every_open_grant, context.inventory.of_everybody, context.catalog.implied_by
    )
    report = act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: record_found(
            ledger, context.catalog, context.team_id, found, own, *evidence, context.clock.now()
        ),
    )
    return page_of(context, report, int(text) if text.isascii() and text.isdigit() else 1)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access drift` lists access that no request accounts for; approvers say what becomes of it."
        ),
    )


SUBCOMMAND = Subcommand("drift", "drift", Act.DRIFT, _run, _help)
