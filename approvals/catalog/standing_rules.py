"""Standing rules of the catalogue: what is refused, and what takes more approvals than its terms say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from approvals.catalog.conditions import ConditionFailed, RequestFacts, RuleCondition, compile_condition
from approvals.catalog.schema import RuleTerms
from approvals.errors import CatalogError
from approvals.millis import HOUR, DomainMillis
from approvals.refusals.catalog import DeniedByRule, RuleFails

_ORDINARY = RequestFacts(
    item="PaiRecEngineAccess",
    project="ranking",
    entitlements=("PaiRecEngineAccess",),
    duration=8 * HOUR,
    now=DomainMillis(1_767_225_600_000),
    for_self=True,
    requester="alice",
    subject="alice",
    had_before=False,
    requester_groups=("engineers",),
    subject_groups=("engineers",),
)


@dataclass(frozen=True, slots=True)
class StandingRule:
    """Either `deny` or `require` is there."""

    name: str
    condition: RuleCondition
    deny: str | None
    """What people are told."""
    require: int | None
    """How many approvals it takes at least."""


@dataclass(frozen=True, slots=True)
class StandingRules:
    """All of a catalogue, in its order."""

    rules: tuple[StandingRule, ...] = ()

    @property
    def of_groups(self) -> bool:
        """Whether some of them ask for somebody's groups."""
        return any(rule.condition.of_groups for rule in self.rules)

    def approvals(self, facts: RequestFacts, usual: int) -> tuple[int, StandingRule | None]:
        """How many approvals it takes, where its terms say `usual`, and the rule that says more.

        Raises:
            Refusal: DeniedByRule, or RuleFails where one of them comes to no answer.
        """
        self.check(facts)
        needed, by = usual, None
        for rule in self.rules:
            if rule.require is not None and rule.require > needed and _holds(rule, facts):
                needed, by = rule.require, rule
        return needed, by

    def check(self, facts: RequestFacts, *, asked_now: bool = True) -> None:
        """Whether any rule refuses it. What was asked for before is not judged by who asked, and what they had.

        Raises:
            Refusal: DeniedByRule, or RuleFails where one of them comes to no answer.
        """
        for rule in self.rules:
            if rule.deny is not None and (asked_now or not rule.condition.of_asking) and _holds(rule, facts):
                raise DeniedByRule(rule=rule.name, says=rule.deny)


def _holds(rule: StandingRule, facts: RequestFacts) -> bool:
    try:
        return rule.condition.holds(facts)
    except ConditionFailed as failed:
        raise RuleFails(rule=rule.name, why=str(failed)) from None


def load_rules(terms: Sequence[RuleTerms], source: str, lines: Iterable[str]) -> StandingRules:
    """The rules of a file, of which `lines` are the text.

    Raises:
        CatalogError: one of them cannot be used; with the line on which it begins.
    """
    begins = [number for number, line in enumerate(lines, start=1) if re.match(r"\s*\[\[\s*rules\s*\]\]", line)]
    names: set[str] = set()
    loaded = []
    for index, rule in enumerate(terms):
        line = f", line {begins[index]}" if index < len(begins) else ""
        where = f"{source}{line}: rule {rule.name!r}"
        if rule.name in names:
            raise CatalogError(f"{where}: is there twice")
        names.add(rule.name)
        if (rule.deny is None) == (rule.require is None):
            raise CatalogError(f"{where}: has either `deny` or `require`")
        loaded.append(StandingRule(rule.name, _condition(rule, where), rule.deny, rule.require))
    return StandingRules(tuple(loaded))


def _condition(rule: RuleTerms, where: str) -> RuleCondition:
    try:
        condition = compile_condition(rule.when)
        condition.holds(_ORDINARY)
    except CatalogError as error:
        raise CatalogError(f"{where}: when: {error}") from None
    except ConditionFailed as failed:
        raise CatalogError(f"{where}: when: comes to no answer for an ordinary request: {failed}") from None
    return condition
