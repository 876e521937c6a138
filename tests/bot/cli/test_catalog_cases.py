"""`catalog test`: the rules of a catalogue, tried with requests that are written down, without any account."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main
from tests.harness.rules import ENGINEERS, FREEZE, LONG, NO_ANSWER, catalog_with

RULES = (FREEZE.format(begin="2026-12-20T00:00:00+08:00", end="2027-01-04T00:00:00+08:00"), LONG, ENGINEERS)


def tried(folder: Path, cases: str, *rules: str, form: str = "json") -> Result:
    path = folder / "cases.toml"
    path.write_text(cases, "utf-8")
    environment = {"PAIREC_CATALOG": str(catalog_with(folder, *(rules or RULES)))}
    return CliRunner(env=environment).invoke(main, ["catalog", "test", str(path), "--format", form])


def test_each_case_says_what_became_of_it_and_by_which_rule(tmp_path: Path) -> None:
    done = tried(
        tmp_path,
        """
        [[cases]]
        item = "PaiRecEngineAccess"
        at = 2026-12-24T10:00:00+08:00
        expect = "denied"
        rule = "release freeze"

        [[cases]]
        item = "PaiRecEngineAccess"
        at = 2026-12-19T23:59:59+08:00
        subject_groups = ["rec-engineers"]
        expect = 1

        [[cases]]
        item = "PaiRecMonitorAccess"
        duration = "until-revoked"
        expect = 2
        """,
    )
    assert done.exit_code == 0 and done.stderr == "3 of 3 as expected.\n"
    found = [(row["result"], row["found"], row["rule"]) for row in json.loads(done.stdout)]
    assert found == [("ok", "denied", "release freeze"), ("ok", "1", None), ("ok", "2", "long takes two")]


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ('item = "PaiRecMonitorAccess"\nexpect = 2', "1"),
        ('item = "PaiRecEngineAccess"\nexpect = "denied"\nrule = "release freeze"', "denied"),
        ('item = "PaiRecNothing"\nexpect = 1', "unknown item"),
        ('item = "PaiRecMonitorAccess"\nduration = "30h"\nexpect = 1', "2"),
    ],
)
def test_one_that_is_not_as_expected_is_shown_and_is_the_exit_status(tmp_path: Path, case: str, found: str) -> None:
    done = tried(tmp_path, f"[[cases]]\n{case}")
    row = json.loads(done.stdout)[0]
    assert done.exit_code == 1 and (row["result"], row["found"]) == ("wrong", found)


def test_a_rule_without_an_answer_is_named(tmp_path: Path) -> None:
    done = tried(tmp_path, '[[cases]]\nitem = "PaiRecEngineAccess"\nexpect = "denied"', NO_ANSWER)
    row = json.loads(done.stdout)[0]
    assert done.exit_code == 1 and (row["found"], row["rule"]) == ("no answer: divide by zero", "counts wrong")


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        ("", "cases: is missing"),
        ("cases = []", "cases: "),
        ('[[cases]]\nitem = "x"', "cases.0.expect: is missing"),
        ('[[cases]]\nitem = "x"\nexpect = "maybe"', "cases.0.expect"),
        ('[[cases]]\nitem = "x"\nexpect = 1\nat = 2026-12-24T10:00:00', "cases.0.at: "),
        ('[[cases]]\nitem = "PaiRecEngineAccess"\nexpect = 1\nduration = "8x"', "a case for PaiRecEngineAccess: "),
        ('[[cases]]\nitem = "x"\nexpect = 1\nwho = "me"', "cases.0.who: is not a known key"),
        ("[[cases", "is not TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_that_says_where(tmp_path: Path, cases: str, says: str) -> None:
    done = tried(tmp_path, cases)
    assert done.exit_code == 2 and says in done.stderr and len(done.stderr.strip().splitlines()) == 1
