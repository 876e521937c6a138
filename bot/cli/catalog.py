"""`pairec-access catalog`: the catalogue that PAIREC_CATALOG names, tried without anything else."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from approvals.catalog.rule_cases import CaseResult, read_cases, run_case
from bot.app.opening import catalog_of, clock_of, resources_of
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.lazy_group import ExplainingGroup
from bot.cli.listing import Cells, format_option, print_rows

COLUMNS = ("result", "item", "expected", "found", "rule")


@click.group(cls=ExplainingGroup)
def catalog() -> None:
    """Try the catalogue: what its rules make of requests."""


@examples("pairec-access catalog test cases.toml", "pairec-access catalog test cases.toml --format json")
@catalog.command("test")
@click.argument("file", type=click.Path(path_type=Path))
@format_option()
@report_errors
def try_rules(file: Path, form: str) -> None:
    """Say what the catalogue's rules make of each case in FILE, and whether that is what it expects.

    Exit status 1 where one of them is not. docs/rules.md says what a case looks like.
    """
    settings = load_command_settings()
    loaded = catalog_of(settings, resources_of(settings))
    now = clock_of(settings).now()
    results = [run_case(loaded, case, now) for case in read_cases(file)]
    print_rows(COLUMNS, [_row(each) for each in results], form)
    wrong = sum(not each.as_expected for each in results)
    click.echo(f"{len(results) - wrong} of {len(results)} as expected.", err=True)
    sys.exit(1 if wrong else 0)


def _row(result: CaseResult) -> Cells:
    case = result.case
    expected = f"{case.expect}, by {case.rule}" if case.rule else str(case.expect)
    return {
        "result": "ok" if result.as_expected else "wrong",
        "item": case.item,
        "expected": expected,
        "found": result.found,
        "rule": result.rule,
    }
