"""Cases that a catalogue's standing rules are tried with: a file of requests, and what is to become of each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AwareDatetime, Field

from approvals.catalog.conditions import RequestFacts, request_facts
from approvals.catalog.model import Catalog, Item
from approvals.catalog.toml_file import Strict, read_data_file
from approvals.durations import UNTIL_REVOKED, parse_duration
from approvals.errors import CatalogError, Refusal
from approvals.millis import SECOND, DomainMillis
from approvals.refusals.catalog import DeniedByRule, RuleUnanswered

DENIED, APPROVED = "denied", "approved"


class CaseTerms(Strict):
    """A table of the list `cases`. What is left out is as it is for an ordinary request."""

    item: str
    expect: Literal["denied", "approved"] | Annotated[int, Field(ge=1, le=5)]
    """How many approvals it takes, that it is denied, or that a rule approves it."""
    rule: str | None = None
    """The rule that says so."""
    duration: str | None = None
    at: AwareDatetime | None = None
    for_self: bool = True
    requester: str = "alice"
    subject: str = "alice"
    requester_groups: list[str] = Field(default_factory=list)
    subject_groups: list[str] = Field(default_factory=list)
    requester_on_call: list[str] = Field(default_factory=list)
    subject_on_call: list[str] = Field(default_factory=list)
    had_before: bool = False
    break_glass: bool = False


class CasesFile(Strict):
    """The file."""

    cases: Annotated[list[CaseTerms], Field(min_length=1, max_length=1_000)]


class CaseResult(NamedTuple):
    """What became of one."""

    case: CaseTerms
    found: str
    """`denied`, `approved`, a number of approvals, or why none of these can be said."""
    rule: str | None

    @property
    def as_expected(self) -> bool:
        """Whether it is what the file says."""
        return self.found == str(self.case.expect) and self.case.rule in (None, self.rule)


def read_cases(path: Path) -> list[CaseTerms]:
    """The cases of a file.

    Raises:
        CatalogError: it cannot be read, or a line of it is not as it should be.
    """
    return read_data_file(CasesFile, path, "", str(path)).cases


def run_case(catalog: Catalog, case: CaseTerms, now: DomainMillis) -> CaseResult:
    """What the catalogue says of one, at the moment that it names, or `now`.

    Raises:
        CatalogError: its duration is none.
    """
    try:
        item = catalog.resolve(case.item)
        facts = _facts(item, case, now)
        needed, by = catalog.rules.approvals(facts, item.approvals)
        approving = catalog.rules.approving(facts, needed)
    except (DeniedByRule, RuleUnanswered) as refusal:
        found = DENIED if isinstance(refusal, DeniedByRule) else f"no answer: {refusal.why}"
        return CaseResult(case, found, refusal.rule)
    except Refusal as refusal:
        return CaseResult(case, refusal.reason.replace("_", " "), None)
    if approving.rule:
        return CaseResult(case, APPROVED, approving.rule)
    return CaseResult(case, str(needed), by.name if by else None)


def _facts(item: Item, case: CaseTerms, now: DomainMillis) -> RequestFacts:
    return request_facts(
        item.name,
        item.entitlements,
        duration=_duration(item, case),
        now=_millis(case.at) if case.at else now,
        for_self=case.for_self,
        subject=case.subject,
        requester=case.requester,
        had_before=case.had_before,
        requester_groups=tuple(case.requester_groups),
        subject_groups=tuple(case.subject_groups),
        requester_on_call=tuple(case.requester_on_call),
        subject_on_call=tuple(case.subject_on_call),
        break_glass=case.break_glass,
    )


def _duration(item: Item, case: CaseTerms) -> int | None:
    if case.duration is None:
        return item.default
    if case.duration == UNTIL_REVOKED:
        return None
    try:
        return parse_duration(case.duration)
    except ValueError as error:
        raise CatalogError(f"a case for {case.item}: {error}") from None


def _millis(moment: datetime) -> DomainMillis:
    return DomainMillis(round(moment.timestamp() * SECOND))
