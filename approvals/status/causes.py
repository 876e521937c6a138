"""Why rows of the board are not good: what is wrong with several of them for one reason is one cause."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from approvals.findings import WORST_FIRST, CheckState, Finding, worst
from approvals.millis import DomainMillis
from approvals.status.boards import BoardLine
from approvals.status.checks import permission, unseen
from approvals.status.last_findings import LastFinding

NEEDS_ATTENTION = (CheckState.FAILED, CheckState.UNKNOWN, CheckState.CONDITIONAL)
SAME_BY = {
    permission.MISSING: ("role",),
    unseen.NO_ANSWER: ("throttled",),
    unseen.BOT_UNWELL: ("trouble",),
}
"""Facts by which findings of such a result are of one cause, whatever else differs; others are with all their facts."""
NEVER_SAME = ("request_id",)
"""Facts that differ each time."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong with one row, or with several for the same reason."""

    lines: tuple[BoardLine, ...]
    found: tuple[LastFinding, ...]
    """What is not good: the same of each of its rows, or all that is so of one row alone."""

    @property
    def state(self) -> CheckState:
        """The worst of it."""
        return worst([each.finding.state for each in self.found])

    @property
    def since(self) -> DomainMillis:
        """From when on something of it is known."""
        return min(each.since for each in self.found if each.finding.state is self.state)

    @property
    def finding(self) -> Finding:
        """What is shared, with all that is named in any of it."""
        return united([each.finding for each in self.found])


def causes(lines: Sequence[BoardLine]) -> list[Cause]:
    """The worst first, and in the order of the board."""
    bad = [(line, found, cause_of(found.finding)) for line, found in _bad(lines)]
    rows_of: dict[Hashable, list[tuple[BoardLine, LastFinding]]] = {}
    for line, found, key in bad:
        rows_of.setdefault(key, []).append((line, found))
    shared = {key: each for key, each in rows_of.items() if len({line.row.name for line, _ in each}) > 1}
    together: dict[Hashable, Cause] = {}
    for line, found, key in bad:
        if key in shared:
            of_cause = {known.row.name: known for known, _ in shared[key]}
            together.setdefault(key, Cause(tuple(of_cause.values()), tuple(each for _, each in shared[key])))
        else:
            before = together.get(line.row.name)
            together[line.row.name] = Cause((line,), (*(before.found if before else ()), found))
    return sorted(together.values(), key=lambda cause: WORST_FIRST.index(cause.state))


def _bad(lines: Sequence[BoardLine]) -> list[tuple[BoardLine, LastFinding]]:
    known = [(line, each) for line in lines for each in line.kept if each is not None]
    return [(line, each) for line, each in known if each.finding.state in NEEDS_ATTENTION]


def united(findings: Sequence[Finding]) -> Finding:
    """The first of several of one cause, with all that is named in any of them."""
    facts: dict[str, Any] = dict(findings[0].facts)
    for name, fact in facts.items():
        if isinstance(fact, list):
            facts[name] = list(dict.fromkeys(each for finding in findings for each in finding.facts.get(name) or ()))
    return replace(findings[0], facts=facts)


def cause_of(finding: Finding) -> Hashable:
    """The same for findings that are so for one reason."""
    by = SAME_BY.get(finding.result)
    facts = {
        name: fact for name, fact in finding.facts.items() if (name in by if by is not None else name not in NEVER_SAME)
    }
    return (finding.result.word, _hashable(facts))


def _hashable(fact: Any) -> Hashable:
    """The same for what is the same in JSON. Some facts are long lists, of which no text is made to compare them."""
    if isinstance(fact, dict):
        return tuple((name, _hashable(fact[name])) for name in sorted(fact))
    if isinstance(fact, (list, tuple)):
        return tuple(map(_hashable, fact))
    return (type(fact), fact)
