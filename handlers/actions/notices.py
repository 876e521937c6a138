"""The buttons of notices. A button carries the notice's random id and nothing else; whoever clicks is judged anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from slack_bolt import Ack

from approvals.evidence import Holders
from approvals.millis import DomainMillis
from approvals.operations import origin
from approvals.operations.admins import confirm_admins
from approvals.operations.by_hand import named_doers, task_done
from approvals.operations.confirm_subject import confirm_subject, refuse_subject, request_of
from approvals.operations.leaving_notice import keep, take_all_back
from approvals.operations.mass_removal import confirm_removed, observe_again
from approvals.operations.offboard import end_offboarded, keep_offboarded
from approvals.operations.retry_end import retry_end
from approvals.people import Person
from approvals.queries import request_view
from approvals.rules import Act
from approvals.transaction import Ledger
from handlers.actions.named import notice_named
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.interaction import Interaction
from handlers.listener import Listener
from handlers.views import blocked_end, claim_question, hand_task, leaver, new_admin, offboarding, vanished
from handlers.views import origin as origin_view
from handlers.views.blocks import Message, note
from handlers.views.text import first_of, literal

Decision = Callable[[HandlerContext, Interaction, str], Message | None]
Result = TypeVar("Result")
Operation = Callable[[Ledger, str, str, Person, Holders, DomainMillis], Result]
"""On a ledger: the workspace, the notice, who acts, who holds the admin policy, now."""


def listeners() -> dict[str, Listener]:
    """By the button that each is for."""
    return {
        claim_question.YES: _on_click(_claim_is_true, Act.CONFIRM),
        claim_question.NO: _on_click(_claim_is_wrong, Act.CONFIRM),
        new_admin.CONFIRM: _on_click(_confirm_admin, Act.CONFIRM),
        leaver.TAKE_BACK: _on_click(_take_all_back, Act.REVOKE_ALL),
        leaver.KEEP: _on_click(partial(_keep, keep), Act.REVOKE_ALL),
        offboarding.TAKE_BACK: _on_click(_take_offboarded_back, Act.REVOKE_ALL),
        offboarding.KEEP: _on_click(partial(_keep, keep_offboarded), Act.REVOKE_ALL),
        origin_view.TAKE_BACK: _on_click(_take_unknown_back, Act.REVOKE_ALL),
        origin_view.KEEP: _on_click(_keep_unknown, Act.REVOKE_ALL),
        hand_task.DONE: _on_click(_done_by_hand, Act.DO_BY_HAND),
        vanished.REMOVED: _on_click(_were_removed, Act.CONFIRM),
        blocked_end.AGAIN: _on_click(_retry_end, Act.CONFIRM),
        vanished.AGAIN: _on_click(_look_again, Act.CONFIRM),
    }


def _on_click(decide: Decision, act: Act) -> Listener:
    """What is done about the notice that the button names, if this ledger has it."""

    def clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
        ack()
        notice_id = interaction.value

        def work() -> Message | None:
            notice_named(context, interaction, notice_id)
            return decide(context, interaction, notice_id)

        context.serve(interaction, work, act, notice_id)

    return clicked


def _by_approver(
    context: HandlerContext, interaction: Interaction, notice_id: str, operation: Operation[Result]
) -> Result:
    """By the word of whoever clicked, as Slack and RAM know them now."""
    return act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: operation(ledger, context.team_id, notice_id, *evidence, context.clock.now()),
    )


def _take_all_back(context: HandlerContext, interaction: Interaction, notice_id: str) -> Message:
    done = _by_approver(context, interaction, notice_id, take_all_back)
    translations = context.translations
    if not done.ended:
        return note(translations.gettext("Nothing left to revoke."))
    text = translations.ngettext(
        "Revoking {count} grant. Its card shows when it is done.",
        "Revoking {count} grants. Their cards show when they are done.",
        len(done.ended),
    )
    return note(text.format(count=len(done.ended)))


def _take_offboarded_back(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it."""
    _by_approver(context, interaction, notice_id, end_offboarded)


def _keep(operation: Operation[None], context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it."""
    _by_approver(context, interaction, notice_id, operation)


def _take_unknown_back(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it, and a direct message when it is gone."""
    _by_approver(
        context,
        interaction,
        notice_id,
        lambda ledger, team, notice, *evidence: origin.take_back(ledger, context.catalog, team, notice, *evidence),
    )


def _keep_unknown(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it."""
    _by_approver(context, interaction, notice_id, origin.keep)


def _done_by_hand(context: HandlerContext, interaction: Interaction, notice_id: str) -> Message | None:
    """The message that was clicked on says who did it. RAM is asked who may approve only where that matters."""
    items = context.catalog.manual
    with context.ledger.read() as tx:
        named = named_doers(tx, notice_id, items)

    def read() -> tuple[Person, Holders]:
        actor = context.directory.person(interaction.user)
        return actor, Holders() if actor.ids & set(named) else context.directory.admins()

    done = act_on_fresh_evidence(
        context,
        read,
        lambda ledger, evidence: task_done(ledger, items, context.team_id, notice_id, *evidence, context.clock.now()),
    )
    return hand_task.done_answer(done, context.translations)


def _claim_is_true(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says what came of it."""
    with context.ledger.read() as tx:
        record = request_view.of(tx, request_of(tx, notice_id)[1])
    others = [word.slack_user_id for word in record.approvals]
    act_on_fresh_evidence(
        context,
        lambda: context.directory.decision_evidence(interaction.user, record.request, others, claimed=True),
        lambda ledger, evidence: confirm_subject(
            ledger, context.catalog, context.team_id, notice_id, evidence, context.clock.now()
        ),
    )


def _claim_is_wrong(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    act_on_fresh_evidence(
        context,
        lambda: context.directory.person(interaction.user),
        lambda ledger, actor: refuse_subject(ledger, context.team_id, notice_id, actor, context.clock.now()),
    )


def _confirm_admin(context: HandlerContext, interaction: Interaction, notice_id: str) -> Message:
    confirmed = _by_approver(context, interaction, notice_id, confirm_admins)
    text = context.translations.ngettext(
        "RAM user {ram_users} is confirmed as approver.",
        "RAM users {ram_users} are confirmed as approvers.",
        len(confirmed),
    )
    return note(text.format(ram_users=first_of([literal(each.name) for each in confirmed], context.translations)))


def _were_removed(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it."""
    _by_approver(context, interaction, notice_id, confirm_removed)


def _look_again(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it."""
    _by_approver(context, interaction, notice_id, observe_again)


def _retry_end(context: HandlerContext, interaction: Interaction, notice_id: str) -> None:
    """The message that was clicked on says it."""
    _by_approver(context, interaction, notice_id, retry_end)
