"""`pairec-access review …`: start an access review, and print what came of one."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import click

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict
from approvals.audit import iso
from approvals.catalog.access_reviews import ReviewSchedule
from approvals.ledger import Tx
from approvals.millis import DomainMillis
from approvals.model import request_ref
from approvals.operations.access_reviews.start import end_review, start_review
from approvals.queries.access_reviews import every_review, items_of, next_start
from bot.app.opening import asking_ledger, catalog_of, clock_of, open_ledger, resources_of
from bot.cli.command_errors import command_author, load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.lazy_group import ExplainingGroup
from bot.cli.listing import Cells, format_option, print_rows
from bot.cli.record import moment
from bot.settings import SettingsError
from handlers.parsing import read_duration

REVIEWS = (
    "review",
    "started_at",
    "started_by",
    "due_at",
    "closed_at",
    "items",
    "open",
    "kept",
    "shortened",
    "revoked",
    "complete",
    "signed_at",
    "signed_by",
    "unreviewed",
)
ITEMS = (
    "ram_user",
    "ram_user_id",
    "slack_user_id",
    "what",
    "group",
    "since",
    "ends_at",
    "requests",
    "reviewer",
    "verdict",
    "said_by",
    "said_at",
    "stays",
)
IN_SLACK = "Approvers decide in Slack, `/pairec-access review`: the click is the proof."


@click.group(cls=ExplainingGroup, absent=dict.fromkeys(("keep", "revoke", "shorten", "sign"), IN_SLACK))
def review() -> None:
    """Have approvers go through who has what, and print what came of it."""


@examples("pairec-access review start --by 30d")
@review.command("start")
@click.option("--by", "time", required=True, metavar="DURATION", help="When it is over, such as 14d or 4w.")
@report_errors
def start(time: str) -> None:
    """Start an access review. The bot reads who has what, and tells each approver of their part."""
    duration = read_duration(time)
    if duration is None:
        raise SettingsError(f"--by {time}: a review has an end, such as 30d")
    settings = load_command_settings()
    ledger = open_ledger(settings, make=False)
    now = clock_of(settings, ledger).now()
    with closing(ledger), asking_ledger(ledger):
        started = start_review(ledger, duration, command_author(), now)
    click.echo(f"The access review runs until {iso(started.due_at)}. Approvers are told as soon as a bot runs.")


@examples("pairec-access review end")
@review.command("end")
@report_errors
def end() -> None:
    """End the access review that is open before its time. What nobody decided stays as it is."""
    settings = load_command_settings()
    ledger = open_ledger(settings, make=False)
    now = clock_of(settings, ledger).now()
    with closing(ledger), asking_ledger(ledger):
        ended = end_review(ledger, command_author(), now)
    click.echo(f"The access review of {iso(ended.started_at)} is over.")


@examples("pairec-access review list", "pairec-access review list --format json")
@review.command("list")
@format_option()
@report_errors
def list_reviews(form: str) -> None:
    """List access reviews, the newest first, and say when the next one starts by itself."""
    settings = load_command_settings()
    schedule = catalog_of(settings, resources_of(settings)).access_review.schedule
    ledger = open_ledger(settings, make=False)
    now = clock_of(settings, ledger).now()
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx:
        rows = [_review_cells(tx, each) for each in every_review(tx)]
        following = _following(tx, schedule, now) if schedule else None
    print_rows(REVIEWS, rows, form)
    if following:
        # Programs read the rows, and nothing else beside them.
        click.echo(following, err=form != "table")


@examples("pairec-access review show", "pairec-access review show --format csv > review.csv")
@review.command("show")
@click.argument("review_id", required=False, metavar="[REVIEW]")
@format_option()
@report_errors
def show(review_id: str | None, form: str) -> None:
    """Print a review's items with what was said of each; of the newest, where none is named."""
    ledger = open_ledger(load_command_settings(), make=False)
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx:
        found = next((each for each in every_review(tx) if review_id in (None, each.id)), None)
        rows = [_item_cells(each) for each in items_of(tx, found)] if found else []
    if found is None:
        raise SettingsError("there is no such review; `pairec-access review list` has all")
    print_rows(ITEMS, rows, form)


def _following(tx: Tx, schedule: ReviewSchedule, now: DomainMillis) -> str:
    """Which bots look for once a day."""
    at = next_start(tx, schedule, now)
    if at > now:
        return f"The next review starts by itself within a day after {iso(at)}."
    return "The next review starts by itself within a day, once none is open."


def _review_cells(tx: Tx, found: AccessReview) -> Cells:
    """By the names of REVIEWS."""
    items = items_of(tx, found)
    said = Counter(item.verdict for item in items)
    return {
        "review": found.id,
        "started_at": iso(found.started_at),
        "started_by": found.started_by,
        "due_at": iso(found.due_at),
        "closed_at": moment(found.closed_at),
        "items": len(items),
        "open": sum(item.verdict is None for item in items),
        "kept": said[ReviewVerdict.KEEP],
        "shortened": said[ReviewVerdict.SHORTEN],
        "revoked": said[ReviewVerdict.REVOKE],
        "complete": "yes" if found.complete else "no",
        "signed_at": moment(found.signed_at),
        "signed_by": found.signed_by,
        "unreviewed": found.unreviewed.value,
    }


def _item_cells(item: ReviewItem) -> Cells:
    """By the names of ITEMS."""
    access = item.access
    return {
        "ram_user": access.principal.name,
        "ram_user_id": access.principal.user_id,
        "slack_user_id": access.account,
        "what": str(access.entitlement),
        "group": access.via_group,
        "since": moment(access.since),
        "ends_at": moment(access.ends_at),
        "requests": " ".join(map(request_ref, access.requests)),
        "reviewer": item.reviewer,
        "verdict": item.verdict.value if item.verdict else None,
        "said_by": item.said_by,
        "said_at": moment(item.said_at),
        "stays": item.stays.value if item.stays else None,
    }
