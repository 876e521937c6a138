"""`/pairec-access who …`: what somebody has, or who has something, read from the cloud now, whoever gave it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from slack_bolt import Ack

from approvals import rules
from approvals.errors import Refusal
from approvals.evidence import email_matches
from approvals.ids import SlackUserId
from approvals.people import Principal
from approvals.queries import links
from approvals.queries.access_report import open_grants_of, open_grants_on, read_access_report, with_roles
from approvals.queries.find_person import only_person_named
from approvals.refusals.people import UnknownPerson
from approvals.rules import Act
from handlers.commands.subcommand import Subcommand
from handlers.context import LIST_SECONDS, HandlerContext
from handlers.identity import link_of
from handlers.interaction import Interaction
from handlers.parsing import is_about_somebody, is_mention, read_person
from handlers.translations import Translations
from handlers.views import who as views
from handlers.views.blocks import Message


def _run(context: HandlerContext, interaction: Interaction, text: str) -> Message:
    """What somebody has, or who has something, whichever `text` names.

    Args:
        text: a mention, whatever a RAM user is called, the name of a policy, role or bundle, or nothing, which means
            whoever asks.

    Raises:
        Refusal: no full member of this workspace asks, there is nothing and nobody of that name, or there are several.
    """
    user = interaction.user
    rules.check_full_member(context.directory.person(user), context.team_id)
    typed = html.unescape(text)
    if not text or is_mention(text):
        return _what_they_have(context, user, read_person(text) if text else user)
    if not is_about_somebody(text) and context.catalog.find(typed):
        return _who_has_it(context, typed)
    meant = _meant(context, typed)
    if meant is not None:
        return _what_is_held(context, meant, _account_of(context, meant))
    if is_about_somebody(text):
        raise UnknownPerson(text=typed)
    return _who_has_it(context, typed)


def _what_they_have(context: HandlerContext, asking: SlackUserId, subject: SlackUserId) -> Message:
    try:
        link, _account = link_of(context, subject)
    except Refusal:
        # What the record has of them is told all the same.
        link = None
    meant = link.principal if link else _meant(context, subject)
    if meant is not None:
        return _what_is_held(context, meant, subject)
    if subject != asking:
        return views.nobody_known(subject, context.translations)
    return _own_access(context, asking)


def own_access_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """App Home's button for somebody without a link; answered by direct message, since the cloud takes its time."""
    ack()
    context.serve(interaction, lambda: _run(context, interaction, ""), Act.LOOK)


def _own_access(context: HandlerContext, asking: SlackUserId) -> Message:
    """What somebody without a link has as the RAM user with their e-mail address, which anybody may see of that user.

    Raises:
        Refusal: no full member of this workspace asks, or Slack does not answer.
    """
    person = context.directory.person(asking)
    rules.check_full_member(person, context.team_id)
    matches = email_matches(person, context.directory.known_users(LIST_SECONDS) or ())
    if len(matches) != 1:
        return views.own_user_unknown(context.translations)
    return views.unconfirmed(_what_is_held(context, matches[0].principal, None), context.translations)


def _meant(context: HandlerContext, typed: str) -> Principal | None:
    """The RAM user that a word means; None where it means nobody.

    Raises:
        Refusal: SeveralPeople.
    """
    with context.ledger.read() as tx:
        found = only_person_named(tx, typed, context.directory.known_users(LIST_SECONDS))
    return found.principal if found else None


def _account_of(context: HandlerContext, user: Principal) -> SlackUserId | None:
    with context.ledger.read() as tx:
        link = links.link_of_principal(tx, user.user_id)
    return link.slack_user_id if link and link.team_id == context.team_id else None


def _what_is_held(context: HandlerContext, principal: Principal, subject: SlackUserId | None) -> Message:
    user = _as_called_now(context, principal)
    found = read_access_report(
        context.ledger,
        lambda tx: open_grants_of(tx, user.user_id),
        lambda believed: context.inventory.of_user(user, believed),
        context.catalog.implied_by,
    )
    return views.holdings(subject, user, found, context.catalog, context.translations)


def _who_has_it(context: HandlerContext, name: str) -> Message:
    item = context.catalog.resolve(name)
    wanted = with_roles(item.entitlements)
    found = read_access_report(
        context.ledger,
        lambda tx: open_grants_on(tx, wanted, context.catalog.implied_by),
        lambda believed: context.inventory.of(wanted, [grant for grant in believed if grant.entitlement in wanted]),
        context.catalog.implied_by,
    )
    with context.ledger.read() as tx:
        linked = links.slack_ids_of(tx, context.team_id, [row.principal.user_id for row in found.rows])
    return views.holders(item, found, linked, context.catalog, context.translations)


def _as_called_now(context: HandlerContext, principal: Principal) -> Principal:
    """Products may know people by their names, and names change."""
    known = context.directory.known_users(LIST_SECONDS) or ()
    return next((each.principal for each in known if each.principal.user_id == principal.user_id), principal)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access who [@person|RAM user]` shows what you, or somebody else, have in the"
            " cloud now, granted here or not."
        ),
        translations.gettext("• `/pairec-access who <policy|bundle|role>` shows who has it now."),
    )


SUBCOMMAND = Subcommand("who", "who @person", Act.LOOK, _run, _help)
