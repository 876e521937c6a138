"""`pairec-access report html`: how access went, on one page that people look at."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click

from approvals.catalog.resources import Resources
from approvals.findings import Change
from approvals.ledger import Ledger, history, identity, policy_reviews
from approvals.queries.history import past_weeks
from approvals.queries.review_results import review_results
from approvals.status.checks.kind import source_of
from approvals.status.last_findings import latest_changes
from approvals.status.plan import StatusPlan
from bot.app.opening import asking_ledger, catalog_of, clock_of, open_ledger, plan_of, resources_of
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.output_file import check_output, draft_of
from bot.settings import Settings, SettingsError
from handlers.refusals.sentences import plain
from handlers.translations import Translations, load_translations
from handlers.views.findings import source_name, state_name, summary
from handlers.views.row_titles import row_title

MOST_CHANGES = 50
MOST_REVIEWS = 12
LOCALES = {"en": "en", "zh-CN": "zh_CN"}


@examples(
    "pairec-access report html",
    "pairec-access report html --output access.html --locale zh-CN",
)
@click.command("html")
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("access.html"), help="The page; access.html, unless said."
)
@click.option("--locale", type=click.Choice([*LOCALES]), help="Its language; that of PAIREC_LOCALE, unless said.")
@report_errors
def html_report(output: Path, locale: str | None) -> None:
    """Write a page with charts: requests, time to a decision, standing and timed access, late revokes, who has what.

    One file that needs no other, to be printed or sent, for your eyes alone. It is by the record of this app; `report
    access` reads the cloud.
    """
    check_output("--output", output)
    try:
        import leather  # noqa: F401
    except ModuleNotFoundError:
        raise SettingsError("charts need the extra report: pip install 'pairec-access[report]'") from None
    settings = load_command_settings()
    translations = load_translations(LOCALES[locale or settings.locale])
    ledger = open_ledger(settings, make=False)
    with closing(ledger), asking_ledger(ledger):
        plan = _plan(settings, resources_of(settings))
        with draft_of("--output", output) as draft:
            _write(draft, ledger, clock_of(settings, ledger).now(), plan, translations)
    click.echo(f"Written: {output}")


def _write(draft: Path, ledger: Ledger, now: int, plan: StatusPlan, translations: Translations) -> None:
    # What draws is an extra, and takes a while to load.
    from bot.cli.report_page import ReportContent, ReportedChange, ReportedReview, ReportPage

    def changed(change: Change) -> ReportedChange:
        name, source = change.finding.check.partition("/")[0], source_of(change.finding.check)
        row = next((row_title(row.title, translations) for row in plan.rows if row.name == name), name)
        was, is_now = state_name(change.was, translations), state_name(change.finding.state, translations)
        found = f"{source_name(source, translations)}: {summary(change.finding, translations)}"
        return ReportedChange(change.at, row, was, is_now, plain(found))

    with ledger.read() as tx:
        rows = history.counted(tx)
        with click.progressbar(length=rows, label="Reading", file=sys.stderr) as bar:
            past = past_weeks(tx, now, lambda more: bar.update(more))
        content = ReportContent(
            ledger=identity.ledger_id(tx) or "",
            account=identity.get(tx, identity.ACCOUNT) or "",
            now=now,
            past=past,
            given=history.given_now(tx),
            open=history.number_given(tx),
            changes=[changed(each) for each in latest_changes(tx, MOST_CHANGES, plan.repairs)],
            reviews=[
                ReportedReview(name, each.policy.version, each.at, each.by)
                for name, each in policy_reviews.every_one(tx).items()
            ],
            access_reviews=review_results(tx, MOST_REVIEWS),
        )
        with draft.open("w", encoding="utf-8") as stream:
            for part in ReportPage(content, translations).parts():
                stream.write(f"{part}\n")


def _plan(settings: Settings, resources: Resources) -> StatusPlan:
    return plan_of(settings, catalog_of(settings, resources), resources)
