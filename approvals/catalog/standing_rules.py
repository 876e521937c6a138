"""Standing rules of the catalogue: what is refused, what takes more approvals than its terms say, what takes none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from approvals.catalog.conditions import (
    ConditionFailed,
    NobodySaysOnCall,
    RequestFacts,
    RuleCondition,
    compile_condition,
)
from approvals.catalog.schema import RuleTerms
from approvals.entitlements import ADMIN_POLICY
from approvals.errors import CatalogError
from approvals.millis import HOUR, DomainMillis
from approvals.refusals.catalog import DeniedByRule, OnCallUnknown, RuleFails, RuleUnanswered

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
    requester_on_call=("ranking",),
    subject_on_call=("ranking",),
)


@dataclass(frozen=True, slots=True)
class StandingRule:
    """One of `deny`, `require` and `auto_approve` is there."""

    name: str
    condition: RuleCondition
    deny: str | None
    """What people are told."""
    require: int | None
    """How many approvals it takes at least."""
    auto_approve: int | None = None
    """Milliseconds for which it is given, at most, without anybody's approval."""


class ApprovingRule(NamedTuple):
    """What the rules say that approve."""

    rule: str | None = None
    """The first that does."""
    failing: RuleUnanswered | None = None
    """The first that came to no answer, where none does."""


PEOPLE_DECIDE = ApprovingRule()


@dataclass(frozen=True, slots=True)
class StandingRules:
    """All of a catalogue, in its order."""

    rules: tuple[StandingRule, ...] = ()

    @property
    def of_groups(self) -> bool:
        """Whether some of them ask for somebody's groups."""
        return any(rule.condition.of_groups for rule in self.rules)

    @property
    def of_on_call(self) -> bool:
        """Whether some of them ask who is on call."""
        return any(rule.condition.of_on_call for rule in self.rules)

    def approvals(self, facts: RequestFacts, usual: int) -> tuple[int, StandingRule | None]:
        """How many approvals it takes, where its terms say `usual`, and the rule that says more.

        Raises:
            Refusal: DeniedByRule, or RuleUnanswered where one of them comes to no answer.
        """
        self.check(facts)
        needed, by = usual, None
        for rule in self.rules:
            if rule.require is not None and rule.require > needed and _holds(rule, facts):
                needed, by = rule.require, rule
        return needed, by

    def approving(self, facts: RequestFacts, needed: int, *, later: bool = False) -> ApprovingRule:
        """Which rule approves it, of which `needed` approvals would be asked for otherwise. One that comes to no answer
        approves nothing: people decide. None approves what takes two, makes administrators, or has no end. `later`: it
        begins another time, of which who is on call now says nothing.
        """
        if needed > 1 or ADMIN_POLICY in facts.entitlements or facts.duration is None:
            return PEOPLE_DECIDE
        failing = None
        for rule in self.rules:
            if later and rule.condition.of_on_call:
                continue
            try:
                if rule.auto_approve is not None and facts.duration <= rule.auto_approve and _holds(rule, facts):
                    return ApprovingRule(rule.name)
            except RuleUnanswered as failed:
                failing = failing or failed
        return ApprovingRule(failing=failing)

    def check(self, facts: RequestFacts, *, asked_now: bool = True) -> None:
        """Whether any rule refuses it. What was asked for before is not judged by who asked, and what they had.

        Raises:
            Refusal: DeniedByRule, or RuleUnanswered where one of them comes to no answer.
        """
        for rule in self.rules:
            if rule.deny is not None and (asked_now or not rule.condition.of_asking) and _holds(rule, facts):
                raise DeniedByRule(rule=rule.name, says=rule.deny)


def _holds(rule: StandingRule, facts: RequestFacts) -> bool:
    try:
        return rule.condition.holds(facts)
    except NobodySaysOnCall as failed:
        raise OnCallUnknown(rule=rule.name, why=str(failed)) from None
    except ConditionFailed as failed:
        raise RuleFails(rule=rule.name, why=str(failed)) from None


def load_rules(
    terms: Sequence[RuleTerms], source: str, lines: Iterable[str], *, on_call: bool = False
) -> StandingRules:
    """The rules of a file, of which `lines` are the text. `on_call`: it names user groups that are on call.

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
        if [rule.deny, rule.require, rule.auto_approve].count(None) != 2:
            raise CatalogError(f"{where}: has one of `deny`, `require` and `auto_approve`")
        condition = _condition(rule, where)
        if condition.of_on_call and not on_call:
            raise CatalogError(f"{where}: when: asks who is on call, which takes a table `on_call` of user groups")
        loaded.append(StandingRule(rule.name, condition, rule.deny, rule.require, rule.auto_approve))
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
