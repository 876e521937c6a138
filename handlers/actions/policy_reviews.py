"""What RAM shows of policies is read along with what a click is judged by; and the button that reviews one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from slack_bolt import Ack

from approvals.entitlements import Entitlement
from approvals.evidence import Holders
from approvals.operations.policy_reviews.approve import approve_policy
from approvals.operations.policy_reviews.compare import to_compare
from approvals.people import Person
from approvals.policies.reviewed import PoliciesNow, PolicyNow
from approvals.rules import Act
from handlers.actions.named import notice_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.views.policy_review import is_shown_whole


def begin_comparison(context: HandlerContext, parts: Iterable[Entitlement]) -> Callable[[], PoliciesNow]:
    """Begin to read those of these policies that have to be the ones that were reviewed; none, where none was."""
    with context.ledger.read() as tx:
        names = to_compare(tx, parts, required=context.review_required)
    return context.policies.begin(names)


def approve_policy_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """An approver has read what a policy allows. The message that was clicked on says what came of it."""
    ack()
    notice_id = interaction.value
    context.serve(interaction, lambda: _approve(context, interaction, notice_id), Act.REVIEW, notice_id)


def _approve(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    notice = notice_named(context, interaction, notice_id)
    name = notice.about
    shown_whole = is_shown_whole(notice, context.translations)

    def read() -> tuple[Person, Holders, PolicyNow | None]:
        policy = context.policies.begin([name])
        return context.directory.person(interaction.user), context.directory.admins(), policy()[name]

    act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: approve_policy(
            ledger, context.team_id, notice_id, *evidence, context.clock.now(), shown_whole=shown_whole
        ),
    )
