"""Standing rules of a catalogue: what they may ask about, and what a mistake in one is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from approvals.catalog.conditions import ConditionFailed, RequestFacts, compile_condition
from approvals.catalog.load import load_catalog
from approvals.errors import CatalogError
from approvals.millis import DAY, HOUR
from approvals.refusals.catalog import DeniedByRule, RuleFails
from tests.harness.builders import NOW
from tests.harness.rules import ENGINEERS, LONG, NO_ANSWER, OWN, catalog_with

FACTS = RequestFacts(
    item="algorithm-engineer",
    project="ranking",
    entitlements=("PaiRecEngineAccess", "PaiRecMonitorAccess"),
    duration=8 * HOUR,
    now=NOW,
    for_self=True,
    subject="carol",
    requester="carol",
    subject_groups=("rec-engineers",),
    requester_groups=("rec-engineers",),
)


@pytest.mark.parametrize(
    "condition",
    [
        "item == 'algorithm-engineer' && project == 'ranking'",
        "'PaiRecMonitorAccess' in entitlements",
        "duration == duration('8h') && !until_revoked",
        "now == timestamp('2023-11-14T22:13:20Z')",
        "now.getHours('Asia/Shanghai') == 6 && now.getDayOfWeek('Asia/Shanghai') == 3",
        "for_self && subject == requester && subject.startsWith('car')",
        "!had_before && 'rec-engineers' in subject_groups && size(requester_groups) == 1",
        "item.matches('^algo.*')",
    ],
)
def test_a_condition_asks_about_the_request_by_these_names(condition: str) -> None:
    assert compile_condition(condition).holds(FACTS)


def test_until_revoked_is_as_long_as_can_be() -> None:
    assert compile_condition("until_revoked && duration > duration('80000h')").holds(replace(FACTS, duration=None))


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("item > 3", "when: 1:6: found no matching overload"),
        ("itme == 'x'", "when: 1:1: undeclared reference to 'itme'"),
        ("item ==", "when: 1:8: Syntax error"),
        ("item", "when: a condition is true or false"),
        ("", "when: 1:1: Syntax error"),
        ("subject_groups.exists(g, g == 'x')", "undeclared reference to 'g'"),
        ("subject_groups.all(g, subject_groups.all(h, g != h))", "undeclared reference to"),
        ("item == 'x' || " * 200 + "false", "when: a condition has 2,000 characters at most"),
        ("(" * 200 + "true" + ")" * 200, "recursion limit exceeded"),
        ("entitlements[7] == 'x'", "when: comes to no answer for an ordinary request: "),
        ("now.getHours('Mars/Olympus') == 1", "comes to no answer for an ordinary request: "),
        ("1 / 0 == 1", "comes to no answer for an ordinary request: "),
    ],
)
def test_a_condition_that_cannot_be_used_ends_the_start_with_its_file_line_and_rule(
    tmp_path: Path, condition: str, says: str
) -> None:
    path = catalog_with(tmp_path, LONG, f'[[rules]]\nname = "mine"\nwhen = """{condition}"""\ndeny = "No."')
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if 'name = "mine"' in text) - 1
    with pytest.raises(CatalogError) as error:
        load_catalog(path)
    assert str(error.value).startswith(f"{path}, line {line}: rule 'mine': ") and says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        ("", "has one of `deny`, `require` and `auto_approve`"),
        ('deny = "No."\nrequire = 2', "has one of `deny`, `require` and `auto_approve`"),
        ("require = 1", "rules.0.require: "),
        ("require = 6", "rules.0.require: "),
        ('approve = "yes"', "rules.0.approve: is not a known key; the keys there are name, when, deny, require"),
    ],
)
def test_a_rule_says_one_thing(tmp_path: Path, rest: str, says: str) -> None:
    path = catalog_with(tmp_path, f'[[rules]]\nname = "mine"\nwhen = "true"\n{rest}')
    with pytest.raises(CatalogError) as error:
        load_catalog(path)
    assert says in str(error.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="rule 'long takes two': is there twice"):
        load_catalog(catalog_with(tmp_path, LONG, LONG))


def test_more_approvals_are_wanted_where_a_rule_says_so_and_never_fewer(tmp_path: Path) -> None:
    rules = load_catalog(catalog_with(tmp_path, LONG)).rules
    assert rules.approvals(FACTS, 1) == (1, None)
    needed, by = rules.approvals(replace(FACTS, duration=2 * DAY), 1)
    assert (needed, by and by.name) == (2, "long takes two")
    assert rules.approvals(replace(FACTS, duration=None), 3) == (3, None)


def test_what_was_asked_for_before_is_not_judged_by_who_asked(tmp_path: Path) -> None:
    rules = load_catalog(
        catalog_with(tmp_path, ENGINEERS.replace("PaiRecEngineAccess", "algorithm-engineer"), OWN)
    ).rules
    other = replace(FACTS, for_self=False, subject_groups=(), requester_groups=())
    with pytest.raises(DeniedByRule):
        rules.check(other)
    rules.check(other, asked_now=False)
    assert rules.of_groups


def test_a_rule_that_comes_to_no_answer_refuses(tmp_path: Path) -> None:
    rules = load_catalog(catalog_with(tmp_path, NO_ANSWER)).rules
    with pytest.raises(RuleFails) as refused:
        rules.check(replace(FACTS, subject_groups=()))
    assert (refused.value.rule, refused.value.why) == ("counts wrong", "divide by zero")
    with pytest.raises(ConditionFailed):
        rules.rules[0].condition.holds(replace(FACTS, subject_groups=()))


def test_a_catalogue_without_rules_has_none_and_asks_for_nobodys_groups() -> None:
    rules = load_catalog().rules
    assert not rules.rules and not rules.of_groups and rules.approvals(FACTS, 1) == (1, None)
