"""`/pairec-access link`: which RAM user somebody is here, and how that comes about."""

from __future__ import annotations

from collections.abc import Sequence

from approvals import rules
from approvals.evidence import email_matches
from approvals.queries import links
from approvals.rules import Act
from handlers.commands.subcommand import Subcommand
from handlers.context import LIST_SECONDS, HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.text import literal, moment


def _run(context: HandlerContext, interaction: Interaction, _typed: str) -> Message:
    """The RAM user that whoever asks is linked to, or how they get to be linked to one.

    Raises:
        Refusal: no full member of this workspace, or Slack did not answer.
    """
    user = interaction.user
    person = context.directory.person(user)
    rules.check_full_member(person, context.team_id)
    with context.ledger.read() as tx:
        link = links.link_of_person(tx, context.team_id, person)
    if link:
        return note(
            context.translations.gettext(
                "You are RAM user {ram_user}, confirmed {when}. If that is wrong, an administrator runs"
                " `pairec-access unlink {user}` and links you again."
            ).format(ram_user=literal(link.principal.name), when=moment(link.linked_at), user=user)
        )
    matches = email_matches(person, context.directory.known_users(LIST_SECONDS) or ())
    if len(matches) == 1:
        name = matches[0].principal.name
        return note(
            context.translations.gettext(
                "You are not linked to a RAM user yet. Your email address is {ram_user}'s: approving your"
                " first request confirms it. Or an administrator runs `pairec-access link {user} {name}`."
            ).format(ram_user=literal(name), user=user, name=name)
        )
    return note(
        context.translations.gettext(
            "You are not linked to a RAM user yet. Choose yours in `/pairec-access request`; approving"
            " confirms it. Or an administrator runs `pairec-access link {user}` and the name of your RAM"
            " user. If you have none, `/pairec-access onboard` requests one."
        ).format(user=user)
    )


def _help(translations: Translations) -> Sequence[str]:
    return (translations.gettext("• `/pairec-access link` shows which RAM user you are."),)


SUBCOMMAND = Subcommand("link", "link", Act.LOOK, _run, _help)
