"""Whom a command is about: found by whatever they are called, and shown before anything is done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from approvals import audit
from approvals.errors import CloudError
from approvals.evidence import RamUser
from approvals.grant import Grant
from approvals.ids import SlackUserId
from approvals.ledger import Ledger
from approvals.model import request_ref
from approvals.queries.find_person import FoundPerson, people_named
from approvals.refusals.people import NotLinked
from bot.app.opening import asking_ledger
from bot.cli.command_errors import error_cause
from bot.cloud.ram import Ram
from bot.settings import SettingsError

DECLINED = 1


@dataclass(frozen=True, slots=True)
class Roster:
    """RAM's users, or why they are not known."""

    users: tuple[RamUser, ...] | None
    silent: str = ""


def read_roster(ram: Ram) -> Roster:
    """Ask for all RAM users; whoever needs them decides what it means that there is no answer."""
    try:
        return Roster(ram.users.roster())
    except CloudError as error:
        return Roster(None, error_cause(error))


def require_answer(roster: Roster) -> Roster:
    """The same roster, for a command that can do nothing without it.

    Raises:
        SettingsError: RAM did not answer.
    """
    if roster.users is None:
        raise SettingsError(f"RAM has to be asked who that is, and cannot be ({roster.silent})")
    return roster


def find_one_person(ledger: Ledger, typed: str, roster: Roster, *, unlinked: SlackUserId | None = None) -> FoundPerson:
    """The only one whom a word fits. `unlinked`: the Slack user id that the word may be, which has no link.

    Raises:
        SettingsError: it fits nobody, or several, and who they are.
        Refusal: NotLinked, where it fits nobody and may be that Slack account.
    """
    with asking_ledger(ledger), ledger.read() as tx:
        found = people_named(tx, typed, roster.users)
    if not found and unlinked:
        raise NotLinked(subject=unlinked)
    if not found:
        raise SettingsError(_nobody(typed, roster))
    if len(found) > 1:
        raise SettingsError(
            f"{len(found)} people fit {typed!r}, so nothing was done. Name one of them by the RAM UserId:\n"
            + "\n".join(f"  {describe_person(each)}; {_has(each)}" for each in found)
        )
    return found[0]


def _nobody(typed: str, roster: Roster) -> str:
    text = f"nobody fits {typed!r}, so nothing was done: "
    if roster.users is None:
        return text + f"this record has nobody of that name or Slack account, and RAM was not asked ({roster.silent})"
    return text + (
        "RAM has no user of that name, login name, UserId or e-mail address, and this record has nobody"
        " of that name or Slack account"
    )


def describe_person(found: FoundPerson) -> str:
    """Who that is, in a line."""
    parts = [f"{found.principal.name}, RAM UserId {found.principal.user_id}"]
    if found.recorded:
        parts.append(f"in this record as {' and '.join(found.recorded)}")
    if found.link:
        parts.append(f"Slack account {found.link.slack_user_id}")
    if found.in_ram is False:
        parts.append("no longer in RAM")
    return ", ".join(parts)


def _has(found: FoundPerson) -> str:
    if not found.has_unfinished:
        return "nothing through this bot"
    counted = [count_phrase(len(found.grants), "grant"), count_phrase(len(found.pending), "waiting request")]
    return ", ".join(each for each in counted if each)


def count_phrase(number: int, what: str) -> str:
    """Empty for none."""
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def listed(grants: Sequence[Grant]) -> list[str]:
    """A line for each grant: what it is of, the request that it came from, and its end."""
    return [f"{each.entitlement.short_name} ({request_ref(each.request_id)}), {until(each)}" for each in grants]


def until(grant: Grant) -> str:
    """When a grant ends, in UTC; or that it stays until somebody revokes it."""
    return "until revoked" if grant.ends_at is None else f"until {audit.iso(grant.ends_at)}"


def confirm_or_exit(question: str, *, yes: bool) -> None:
    """Go on only if somebody at the terminal says so, or said so before.

    Raises:
        SettingsError: there is nobody to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise SettingsError("nothing was done: there is nobody here to ask; with --yes it is done without asking")
    if not click.confirm(question, err=True):
        click.echo("Nothing was done.")
        sys.exit(DECLINED)
