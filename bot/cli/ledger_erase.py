"""`pairec-access ledger erase`: what somebody wrote and is called goes from the record and the trail."""

from __future__ import annotations

from contextlib import closing

import click

from approvals.operations.erase import erase_person
from bot.app.opening import asking_ledger, clock_of, open_ledger
from bot.cli.command_errors import command_author, load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.people import roster_of
from bot.cli.person_argument import confirm_or_exit, count_phrase, describe_person, find_one_person


@examples("pairec-access ledger erase carol", "pairec-access ledger erase carol@example.com --yes")
@click.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@report_errors
def erase(person: str, yes: bool) -> None:
    """Erase what was written in all requests that PERSON asked for, had or decided on, and what they are called.

    PERSON is a RAM user by name, login name, UserId or e-mail address, or a Slack account. What was decided and done
    stays, under the UserId, and the chain of the audit trail holds. Refused while anything of theirs is open, or while
    they are linked. What Slack shows, backups and logs are not reached from here.
    """
    settings = load_command_settings()
    kept = open_ledger(settings, make=False)
    with closing(kept):
        found = find_one_person(kept, person.removeprefix("@"), roster_of(kept, settings))
        click.echo(describe_person(found), err=True)
        confirm_or_exit("Erase what was written and what they are called? There is no way back.", yes=yes)
        with asking_ledger(kept):
            principal = found.principal
            now = clock_of(settings, kept).now()
            done = erase_person(kept, principal.user_id, principal.name, command_author(), now)
    click.echo(f"Erased: {count_phrase(done.requests, 'request') or 'no request'}.")
    if done.left:
        click.echo(f"Left, since they are not over: {count_phrase(done.left, 'request')} that they decided on.")
