"""`/pairec-access policies`: which policies are the ones that were reviewed; `review` has the others reviewed."""

from __future__ import annotations

from collections.abc import Sequence

from approvals import rules
from approvals.evidence import Holders
from approvals.operations.policy_reviews.look import ask_for_reviews
from approvals.people import Person
from approvals.policies.reviewed import PoliciesNow
from approvals.queries import policy_reviews
from approvals.rules import Act
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views import policy_list
from handlers.views.blocks import Message

REVIEW = "review"


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    names = sorted({part.name for part in context.catalog.entitlements if part.has_type})
    if typed.strip().casefold() == REVIEW:
        return _review(context, interaction, names)
    seen = context.policies.begin(names)
    rules.check_full_member(context.directory.person(interaction.user), context.team_id)
    now = seen()
    with context.ledger.read() as tx:
        reviews = policy_reviews.every_one(tx)
    return policy_list.policies(reviews, now, context.translations)


def _review(context: HandlerContext, interaction: Interaction, names: Sequence[str]) -> Message:
    def read() -> tuple[Person, Holders, PoliciesNow]:
        seen = context.policies.begin(names)
        return context.directory.person(interaction.user), context.directory.admins(), seen()

    asked = act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: ask_for_reviews(ledger, context.team_id, *evidence, context.clock.now()),
    )
    return policy_list.asked(asked, context.translations)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access policies` shows which policies are reviewed; `policies review` asks for the rest."
        ),
    )


SUBCOMMAND = Subcommand("policies", "policies", Act.REVIEW, _run, _help)
