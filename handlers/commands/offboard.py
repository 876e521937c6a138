"""`/pairec-access offboard @person`: an approver sees what ends, and what else hangs on the RAM user."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.evidence import Survey
from approvals.operations.offboard import Offboarding, check_may_offboard, offboard, user_of_unlinked
from approvals.people import Principal
from approvals.queries.access_report import open_grants_of
from approvals.refusals.people import NotLinked
from approvals.rules import Act
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.parsing import read_person
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.text import person


def _run(context: HandlerContext, interaction: Interaction, text: str) -> Message:
    """The approvers get a message with what ends and a button that ends it.

    Raises:
        Refusal: whoever asks may not approve, nobody is named, or they have no RAM user here.
    """
    actor = context.directory.person(interaction.user)
    check_may_offboard(context.ledger, context.team_id, actor, context.directory.admins())
    subject = read_person(text)
    link, _ = link_of(context, subject)
    known = link.principal if link else user_of_unlinked(context.ledger, context.team_id, subject)
    if known is None:
        raise NotLinked(subject=subject)
    left = context.directory.leftovers(known)
    user = Principal(known.user_id, left.name or known.name)
    roles, unread = _member_roles(context, user)
    act_on_fresh_evidence(
        context,
        lambda: (context.directory.person(interaction.user), context.directory.admins()),
        lambda ledger, evidence: offboard(
            ledger,
            context.catalog,
            context.team_id,
            Offboarding(subject, link.slack_user_id if link else None, user, left, roles, unread),
            *evidence,
            context.clock.now(),
        ),
    )
    told = context.translations.gettext("What ends for {who}, and what is left to do, is posted to the approvers.")
    return note(told.format(who=person(subject)))


def _member_roles(context: HandlerContext, user: Principal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that the products show, and the products that do not say it."""
    with context.ledger.read() as tx:
        believed = open_grants_of(tx, user.user_id)
    survey: Survey = context.inventory.of_user(user, believed)
    roles = [each.entitlement for each in survey.held if each.entitlement.is_member_role]
    unread = [each.kind for each in survey.unread if each.kind not in ("policy", "user")]
    return tuple(dict.fromkeys(map(str, roles))), tuple(dict.fromkeys(unread))


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access offboard @person` ends what somebody was granted here, and lists what is left to do."
        ),
    )


SUBCOMMAND = Subcommand("offboard", "offboard @person", Act.REVOKE_ALL, _run, _help)
