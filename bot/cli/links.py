"""`pairec-access links`: who is linked to whom, and what is done when people are in another Slack workspace now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import click
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from approvals.audit import iso
from approvals.errors import Refusal
from approvals.evidence import RamUser, email_matches
from approvals.ids import SlackUserId
from approvals.ledger import open_grants, people, requests
from approvals.operations.move_workspace import match_account, move_workspace
from approvals.people import Link, Person
from approvals.refusals.people import UnknownPerson
from bot.app.opening import asking_ledger
from bot.app.parts import Parts
from bot.cli.command_errors import command_author, load_command_settings, process_redaction, report_errors
from bot.cli.examples import examples
from bot.cli.listing import Cells, format_option, print_rows
from bot.cli.person_argument import Roster, confirm_or_exit, count_phrase, read_roster
from bot.settings import SettingsError
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import failure_of
from bot.slack.startup_checks import asking_slack, slack_team
from handlers.refusals.sentences import plain_sentence
from handlers.translations import load_translations

COLUMNS = ("team_id", "slack_user_id", "ram_user", "ram_user_id", "linked_at", "running", "note")
MAX_SLACK_PAUSES = 20
"""Times that Slack may ask to go slower for one question."""


@examples(
    "pairec-access links --format csv",
    "pairec-access links --team T0123ABCD --to T0456EFGH",
)
@click.command()
@click.option("--team", metavar="TEAM", help="Only the links of this Slack workspace.")
@click.option(
    "--to", "new_team", metavar="TEAM", help="Move the links of --team to this workspace, where its people are now."
)
@format_option()
@click.option("--yes", is_flag=True, help="Do not ask first; for scripts.")
@report_errors
def links(team: str | None, new_team: str | None, form: str, yes: bool) -> None:
    """List which Slack account is which RAM user, since when, and with how many grants.

    With --team OLD --to NEW, after a move to another workspace: each account of OLD is looked for in NEW, by its id and
    by the e-mail address that RAM has. What is found is shown first. All that runs or waits comes along.
    """
    parts = Parts(load_command_settings(slack=new_team is not None), make_ledger=False, redaction=process_redaction())
    roster = read_roster(parts.ram)
    with closing(parts.ledger):
        if new_team is not None:
            _move(parts, roster, team, new_team, yes=yes)
            return
        rows = _rows(parts, roster, team)
    print_rows(COLUMNS, rows, form)
    if roster.users is None:
        click.echo(f"RAM was not asked ({roster.silent}): the names are those in this record.", err=True)


# -- showing them


def _rows(parts: Parts, roster: Roster, team: str | None) -> list[Cells]:
    """By the names of COLUMNS."""
    with asking_ledger(parts.ledger), parts.ledger.read() as tx:
        found = [link for link in people.every_link(tx) if team in (None, link.team_id)]
        running = {link.principal.user_id: len(open_grants.of_principal(tx, link.principal.user_id)) for link in found}
    users = {user.principal.user_id: user.principal.name for user in roster.users or ()}
    rows: list[Cells] = []
    for link in found:
        user_id, name = link.principal.user_id, link.principal.name
        now = users.get(user_id, name)
        note = "no longer in RAM" if roster.users is not None and user_id not in users else None
        if now != name:
            note = f"linked as {name}"
        values = (link.team_id, link.slack_user_id, now, user_id, iso(link.linked_at), running[user_id], note)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return sorted(rows, key=lambda row: (str(row["team_id"]), str(row["ram_user"]).casefold()))


# -- moving them


@dataclass(frozen=True, slots=True)
class Search:
    """Where the accounts of a workspace are now: those that were found, and of the others why not."""

    found: tuple[tuple[Link, Person], ...]
    left: tuple[tuple[Link, str], ...]


def _move(parts: Parts, roster: Roster, old: str | None, new: str, *, yes: bool) -> None:
    if old is None:
        raise SettingsError("--to: from which workspace is missing; name it with --team")
    if old == new:
        raise SettingsError("--to: that is the same workspace")
    here = slack_team(parts.slack)
    if new != here:
        raise SettingsError(f"--to: SLACK_BOT_TOKEN is of the workspace {here}, and only there can anybody be found")
    if roster.users is None:
        raise SettingsError(f"RAM has to be asked for e-mail addresses, and cannot be ({roster.silent})")
    with asking_ledger(parts.ledger), parts.ledger.read() as tx:
        every = people.every_link(tx)
        asked = requests.count_of_team(tx, old)
    theirs = [link for link in every if link.team_id == old]
    if not theirs and not asked:
        teams = ", ".join(sorted({link.team_id for link in every})) or "none"
        raise SettingsError(f"--team: nothing here is of the workspace {old}; there are links of: {teams}")
    search = _search(parts, roster.users, theirs, every, new)
    for link, person in search.found:
        click.echo(f"{link.principal.name}: {link.slack_user_id} becomes {person.user_id}")
    for link, why in search.left:
        click.echo(f"{link.principal.name}: {link.slack_user_id} stays. {why}")
    confirm_or_exit(
        f"Move {count_phrase(len(search.found), 'link') or 'no link'}, and what was asked there, to {new}?", yes=yes
    )
    with asking_ledger(parts.ledger):
        made, moved = move_workspace(parts.ledger, search.found, old, new, command_author(), parts.clock.now())
    click.echo(
        f"Moved to {new}: {count_phrase(len(made), 'link') or 'no link'},"
        f" {count_phrase(moved, 'request') or 'no request'}."
    )


def _search(parts: Parts, users: Sequence[RamUser], theirs: Sequence[Link], every: Sequence[Link], new: str) -> Search:
    parts.slack.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=MAX_SLACK_PAUSES))
    by_id = {user.principal.user_id: user for user in users}
    taken = {link.slack_user_id for link in every if link.team_id == new}
    found: list[tuple[Link, Person]] = []
    left: list[tuple[Link, str]] = []
    for link in theirs:
        user = by_id.get(link.principal.user_id)
        account = _account(parts, link, user, users, new) if user else _gone(link)
        if isinstance(account, Person) and account.user_id in taken:
            account = f"{account.user_id} is linked to somebody else there."
        if isinstance(account, Person):
            taken.add(account.user_id)
            found.append((link, account))
        else:
            left.append((link, account))
    return Search(tuple(found), tuple(left))


def _gone(link: Link) -> str:
    return f"RAM no longer has that user: pairec-access unlink {link.principal.user_id}"


def _account(parts: Parts, link: Link, user: RamUser, users: Sequence[RamUser], new: str) -> Person | str:
    """Somebody's account in the new workspace, or why there is none and what to type."""
    by_hand = f"pairec-access link --move SLACK-USER-ID {user.principal.user_id}"
    same = _by_id(parts, link.slack_user_id)
    addressed = _by_address(parts, user.email) if user.email else None
    if addressed and [each.principal for each in email_matches(addressed, tuple(users))] != [user.principal]:
        addressed = None
    match = match_account(same, addressed, new)
    if isinstance(match, Person):
        return match
    if match is not None:
        return f"{plain_sentence(match, load_translations('en'))} If it is another account: {by_hand}"
    if not user.email:
        return f"RAM has no e-mail address of theirs: {by_hand}"
    return f"Nobody there has their e-mail address, confirmed and for themselves: {by_hand}"


def _by_id(parts: Parts, slack_user_id: SlackUserId) -> Person | None:
    try:
        return parts.directory.person(slack_user_id)
    except UnknownPerson:
        return None
    except Refusal:
        raise SettingsError(f"Slack did not say who {slack_user_id} is, so nothing was done; try again") from None


def _by_address(parts: Parts, email: str) -> Person | None:
    with asking_slack("SLACK_BOT_TOKEN: Slack does not look for e-mail addresses"):
        try:
            found = parts.slack.users_lookupByEmail(email=email)
        except SlackApiError as error:
            if failure_of(error).kind is SlackErrorKind.NO_SUCH_USER:
                return None
            raise
    return _by_id(parts, SlackUserId(str(found["user"]["id"])))
