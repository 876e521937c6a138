"""`pairec-access link`, `unlink` and `revoke`: who somebody is, and what is done for those who leave."""

from __future__ import annotations

from contextlib import closing

import click

from approvals.grant import GrantState
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, identity, people
from approvals.operations.admins import confirm_from_command_line
from approvals.operations.belonging import owner
from approvals.operations.link_identity import link_identity, unlink_identity
from approvals.operations.revoke import Leaving, revoke_all
from approvals.people import Link, Person
from approvals.queries.find_person import FoundPerson, as_slack_id, user_ids_named
from approvals.refusals.people import UnknownPerson
from approvals.refusals.service import SlackSilent
from bot.app.cloud_access import ram_to_read
from bot.app.opening import asking_ledger, clock_of, open_ledger
from bot.app.parts import Parts
from bot.cli.approvers import holders_if_known
from bot.cli.command_errors import command_author, load_command_settings, process_redaction, report_errors
from bot.cli.examples import examples
from bot.cli.person_argument import (
    Roster,
    confirm_or_exit,
    count_phrase,
    describe_person,
    find_one_person,
    listed,
    read_roster,
    require_answer,
)
from bot.cloud.clients import quiet_sdk
from bot.directory.people import LiveDirectory
from bot.settings import Settings, SettingsError
from bot.slack.startup_checks import slack_team

HOW = "In Slack: the person's profile, ⋮, Copy member ID; it begins with U or W"


@examples("pairec-access link U0123ABCD alice", "pairec-access link U0456EFGH alice --move")
@click.command()
@click.argument("slack_user_id")
@click.argument("ram_user", metavar="RAM-USER")
@click.option("--move", is_flag=True, help="Take the RAM user over from another Slack account.")
@report_errors
def link(slack_user_id: str, ram_user: str, move: bool) -> None:
    """Confirm that a Slack account (U0123ABCD) belongs to a RAM user. Links the first administrators, too."""
    account = _account_id(slack_user_id, ram_user)
    parts = Parts(load_command_settings(slack=True), redaction=process_redaction())
    found = find_one_person(parts.ledger, ram_user, require_answer(read_roster(parts.ram)))
    if not found.in_ram:
        raise SettingsError(f"{describe_person(found)}: nobody can be linked to that")
    person = _person(parts.directory, account, found)
    team = slack_team(parts.slack)
    with closing(parts.ledger), asking_ledger(parts.ledger):
        now = parts.clock.now()
        _, before = link_identity(parts.ledger, team, person, found.principal, command_author(), now, move=move)
        confirmed = confirm_from_command_line(
            parts.ledger, found.principal, holders_if_known(parts), command_author(), now
        )
    click.echo(f"{account} is RAM user {found.principal.name} ({found.principal.user_id}).")
    if before:
        click.echo(f"Until now it was {_where(before, team)}.")
        for line in listed([each for each in found.grants if each.state is not GrantState.FAILED]):
            click.echo(f"Still running: {line}.")
    if confirmed:
        click.echo("They hold PaiRecRamAdminAccess, and may decide from now on.")


@examples("pairec-access unlink U0123ABCD", "pairec-access unlink alice")
@click.command()
@click.argument("whom", metavar="SLACK-USER-ID|RAM-USER")
@report_errors
def unlink(whom: str) -> None:
    """Unlink a Slack account from its RAM user. Access that was granted goes on until its end."""
    settings = load_command_settings()
    ledger = open_ledger(settings, make=False)
    undone = _linked(ledger, settings, whom)
    now = clock_of(settings, ledger).now()
    with closing(ledger), asking_ledger(ledger):
        found, running = unlink_identity(ledger, undone.team_id, undone.slack_user_id, command_author(), now)
    click.echo(f"{found.slack_user_id} is no longer linked to RAM user {found.principal.name}.")
    for line in listed(running):
        click.echo(f"Still running: {line}.")
    if running:
        click.echo(f"To end it now: pairec-access revoke --all {found.principal.user_id}")


@examples(
    "pairec-access revoke --all alice",
    "pairec-access revoke --all 200000000000000001 --yes",
)
@click.command()
@click.option("--all", "whom", required=True, metavar="PERSON", help="End every grant to this person.")
@click.option("--yes", is_flag=True, help="Do not ask first; for scripts.")
@report_errors
def revoke(whom: str, yes: bool) -> None:
    """End everything that this bot gave to somebody, such as a leaver. The running bot takes it away at once.

    PERSON is the name of a RAM user, now or when it was granted, a login name, a UserId, or a Slack user id. Who is
    meant and what will end is shown first.
    """
    settings = load_command_settings()
    ledger = open_ledger(settings, make=False)
    roster = roster_of(ledger, settings)
    found = find_one_person(ledger, whom, roster)
    click.echo(f"{describe_person(found)}.")
    if roster.users is None:
        click.echo(f"RAM was not asked ({roster.silent}): the name is the last one in this record.", err=True)
    ending = [each for each in found.grants if each.state is not GrantState.ENDING]
    for line in listed(ending):
        click.echo(f"To end: {line}")
    for request in found.pending:
        click.echo(f"To cancel: {request.ref}, {request.item}")
    if ending or found.pending:
        confirm_or_exit("End all of it now?", yes=yes)
    with closing(ledger), asking_ledger(ledger):
        done = revoke_all(ledger, found.principal.user_id, command_author(), clock_of(settings, ledger).now())
    _tell(found, done, roster)


def _tell(found: FoundPerson, done: Leaving, roster: Roster) -> None:
    name = found.principal.name
    if done.ended:
        click.echo(f"{count_phrase(len(done.ended), 'grant')} of {name} will be ended now.")
    if done.cancelled:
        click.echo(f"{count_phrase(len(done.cancelled), 'request')} for {name} cancelled.")
    for line in listed(done.under_way):
        click.echo(f"Being taken away already, and tried again now: {line}")
    if done == Leaving():
        if roster.users is None:
            raise SettingsError(
                "this record has nothing open for them; whoever else is called that now, RAM did not say"
            )
        click.echo("There is nothing to end.")


def roster_of(ledger: Ledger, settings: Settings) -> Roster:
    """Without RAM's answer the record alone says who is meant: nobody keeps access because nobody can be asked."""
    quiet_sdk()
    with asking_ledger(ledger):
        account = owner(ledger, identity.ACCOUNT)
    try:
        return read_roster(ram_to_read(settings, process_redaction(), account))
    except SettingsError as error:
        return Roster(None, str(error))


def _linked(ledger: Ledger, settings: Settings, typed: str) -> Link:
    """The link that is meant by a Slack user id, or by a RAM user.

    Raises:
        SettingsError: there is none, or there are several.
        Refusal: NotLinked.
    """
    slack_id = as_slack_id(typed)
    with asking_ledger(ledger), ledger.read() as tx:
        theirs = [each for each in people.every_link(tx) if each.slack_user_id == slack_id]
    roster = roster_of(ledger, settings)
    if len(theirs) == 1:
        with asking_ledger(ledger), ledger.read() as tx:
            named = user_ids_named(tx, typed, roster.users) - {theirs[0].principal.user_id}
        if named:
            # A RAM user may be called like somebody else's Slack account.
            find_one_person(ledger, typed, roster)
        return theirs[0]
    if len(theirs) > 1:
        raise SettingsError(
            f"{slack_id} is linked in {len(theirs)} workspaces, so nothing was done. Name one by the RAM UserId:\n"
            + "\n".join(f"  {each.principal.user_id}, {each.principal.name}, in {each.team_id}" for each in theirs)
        )
    found = find_one_person(ledger, typed, roster, unlinked=slack_id)
    if found.link is None:
        raise SettingsError(f"{describe_person(found)}: linked to no Slack account")
    if slack_id:
        raise SettingsError(
            f"{slack_id} is linked to nobody any more; RAM user {found.principal.name}, for whom it asked, is linked"
            f" to {found.link.slack_user_id}"
        )
    return found.link


def _account_id(typed: str, other: str) -> SlackUserId:
    """A typed Slack user id; `other` is the word beside it, which may have come in its place.

    Raises:
        SettingsError: it is no Slack user id, and what to type.
    """
    found = as_slack_id(typed)
    if found is None:
        hint = "the Slack user id comes first" if as_slack_id(other) else HOW
        raise SettingsError(f"{typed!r} is no Slack user id. {hint}: pairec-access link U0123ABCD {other}")
    return found


def _person(directory: LiveDirectory, account: SlackUserId, found: FoundPerson) -> Person:
    try:
        return directory.person(account)
    except UnknownPerson:
        raise SettingsError(
            f"there is nobody with the Slack user id {account} in this workspace. {HOW}:"
            f" pairec-access link U0123ABCD {found.principal.name}"
        ) from None
    except SlackSilent:
        raise SettingsError(f"Slack did not say who {account} is, so nothing was done; try again") from None


def _where(link: Link, team: str) -> str:
    return link.slack_user_id if link.team_id == team else f"{link.slack_user_id} of workspace {link.team_id}"
