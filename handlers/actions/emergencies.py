"""Taking access at once in an emergency, and the buttons and forms by which an approver reviews that."""

from __future__ import annotations

from functools import partial

from slack_bolt import Ack

from approvals import rules
from approvals.emergency import EmergencyVerdict
from approvals.evidence import AskEvidence
from approvals.operations.ask import Ask
from approvals.operations.emergencies.review import check_under_review, review_emergency
from approvals.operations.emergencies.take import longest, take_in_emergency, what_is_offered
from approvals.policies.reviewed import PoliciesNow
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.refusals.people import NotLinked
from approvals.rules import Act
from handlers.actions.named import card_request, form_names
from handlers.actions.policy_reviews import begin_comparison
from handlers.actions.reasons import reason_sent
from handlers.actions.request_access import evidence_for
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.listener import Listener
from handlers.views.blocks import Message, note
from handlers.views.emergency import FORMS, JUSTIFIED, NOT_JUSTIFIED, WORDS, review_form
from handlers.views.text import moment
from handlers.windows import open_window


def take_at_once(context: HandlerContext, interaction: Interaction, name: str, reason: str) -> Message:
    """Take what is called so. Slack's trigger id makes a delivery that is repeated one request.

    Raises:
        Refusal: it is not given, and why.
    """
    user = interaction.user
    rules.check_full_member(context.directory.person(user), context.team_id)
    terms, item = what_is_offered(context.catalog, name)
    if link_of(context, user)[0] is None:
        raise NotLinked()
    ask = Ask(
        asked_key=f"break-glass:{interaction.trigger_id}",
        team_id=context.team_id,
        requester=user,
        subject=user,
        item=item.name,
        duration=longest(terms, item),
        reason=reason,
    )
    with context.ledger.read() as tx:
        linked = links.slack_ids(tx, context.team_id)
    gather = evidence_for(context, ask, item, linked, break_glass=True)

    def read() -> tuple[AskEvidence, PoliciesNow]:
        policies = begin_comparison(context, item.entitlements)
        return gather(), policies()

    request = act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: take_in_emergency(
            ledger, context.catalog, ask, *evidence, context.clock.now(), review_required=context.review_required
        ),
    )
    text = context.translations.gettext(
        "🚨 *{ref}*: granting `{item}` to you now, until {ends}. Every approver was told, and one of them reviews it."
    )
    return note(text.format(ref=request.ref, item=request.item, ends=moment(request.ends_at or 0)))


def click_listeners() -> dict[str, Listener]:
    """By the button that each is for: it opens a form."""
    return {
        JUSTIFIED: partial(_clicked, EmergencyVerdict.JUSTIFIED),
        NOT_JUSTIFIED: partial(_clicked, EmergencyVerdict.NOT_JUSTIFIED),
    }


def form_listeners() -> dict[str, Listener]:
    """By the form that each is for."""
    return {callback: partial(_submitted, verdict) for verdict, callback in FORMS.items()}


def _clicked(verdict: EmergencyVerdict, ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    ack()
    public_id = interaction.value
    context.serve(interaction, lambda: _open(context, interaction, public_id, verdict), Act.REVIEW_EMERGENCY, public_id)


def _open(
    context: HandlerContext, interaction: Interaction, public_id: str, verdict: EmergencyVerdict
) -> Message | None:
    """Nobody fills in what cannot count. A RAM that is too slow for this click does not keep the form shut."""
    record = card_request(context, interaction, public_id)
    actor, admins = context.directory.clicker(interaction.user)
    with context.ledger.read() as tx:
        known = standing(tx, context.team_id, actor, admins, record.request)
        if admins is None:
            rules.check_may_begin(actor, known, record.request)
        else:
            rules.authorise(Act.REVIEW_EMERGENCY, actor, known, record.request)
        check_under_review(tx, record.request)
    return open_window(context, interaction, review_form(record, verdict, context.catalog, context.translations))


def _submitted(verdict: EmergencyVerdict, ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """What is wrong with the words is said under their field; the rest is judged after the form closed."""
    words = reason_sent(ack, interaction, context, WORDS)
    if words is None:
        return
    record = form_names(ack, context, interaction, WORDS, Act.REVIEW_EMERGENCY)
    if record is None:
        return
    ack()
    request = record.request

    def work() -> None:
        """The card shows it."""
        act_on_fresh_evidence(
            context,
            lambda: (context.directory.person(interaction.user), context.directory.admins()),
            lambda ledger, evidence: review_emergency(
                ledger, context.catalog, context.team_id, request.id, verdict, words, *evidence, context.clock.now()
            ),
        )

    context.serve(interaction, work, Act.REVIEW_EMERGENCY, request.public_id)
