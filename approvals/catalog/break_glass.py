"""Break-glass: what members of a RAM group, or who is on call, get at once in an emergency, by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from approvals.catalog.schema import BreakGlassTerms, CatalogFile, ItemTerms
from approvals.entitlements import ADMIN_POLICY
from approvals.errors import CatalogError
from approvals.millis import HOUR

LONGEST_MS = HOUR
"""Milliseconds that the catalogue may allow."""


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Durations are in milliseconds."""

    items: frozenset[str]
    """Names of the catalogue, without a project."""
    groups: tuple[str, ...]
    """RAM groups. Whoever takes it is in one of these, or of `on_call`."""
    on_call: tuple[str, ...]
    """Slack user groups, by the names that the catalogue calls them."""
    longest: int
    barred_for: int
    """For how long whoever took it without need takes nothing so."""

    def has(self, item: str) -> bool:
        """Whether an item may be taken so, by its name with its project."""
        return item.partition("@")[0] in self.items


def load_break_glass(loaded: CatalogFile, source: str, lines: Sequence[str]) -> BreakGlass | None:
    """What the file says, of which `lines` are the text; None where it says nothing.

    Raises:
        CatalogError: it cannot be, and on which line.
    """
    terms = loaded.break_glass
    if terms is None:
        return None
    if terms.longest > LONGEST_MS:
        raise CatalogError(f"{_where(source, lines, 'longest')}: must be at most '1h'")
    for name in terms.items:
        against = _against(name, loaded)
        if against:
            raise CatalogError(f"{_where(source, lines, name)}: {name}: {against}")
    _check_takers(terms, loaded, source, lines)
    return BreakGlass(
        frozenset(terms.items), tuple(terms.groups), tuple(terms.on_call), terms.longest, terms.barred_for
    )


def _check_takers(terms: BreakGlassTerms, loaded: CatalogFile, source: str, lines: Sequence[str]) -> None:
    if not terms.groups and not terms.on_call:
        raise CatalogError(f"{_where(source, lines, 'groups')}: says in neither `groups` nor `on_call` who may take it")
    for name in terms.on_call:
        if name not in loaded.on_call:
            where = _where(source, lines, name)
            raise CatalogError(f"{where}: on_call: the table `on_call` has no user group called {name}")


def _against(name: str, loaded: CatalogFile) -> str | None:
    """Why this cannot be given by nobody's word; None where it can."""
    parts = dict(_parts(name, loaded))
    if not parts:
        return "the catalogue has nothing of that name"
    for part, terms in parts.items():
        inside = "" if part == name else f"has {part} in it, which "
        if part == ADMIN_POLICY:
            return f"{inside}makes administrators, so people decide on it"
        if terms.approvals > 1:
            return f"{inside}takes {terms.approvals} approvals, so people decide on it"
        if part in loaded.manual:
            return f"{inside}is given by hand, which takes people"
    return None


def _parts(name: str, loaded: CatalogFile) -> Iterator[tuple[str, ItemTerms]]:
    """All that is in it, with the terms of each."""
    bundle = loaded.bundles.get(name)
    named = [name]
    if bundle:
        roles = (each.partition("@")[0] for each in (*bundle.roles, *bundle.roles_if_there))
        named = [*bundle.policies, *roles, *bundle.manual]
    for each in named:
        for table in (loaded.policies, loaded.roles, loaded.manual):
            if each in table:
                yield each, table[each]
        needs = loaded.roles[each].needs if each in loaded.roles else None
        if needs:
            yield needs, loaded.roles[needs]


def _where(source: str, lines: Sequence[str], word: str) -> str:
    """The file, and the line on which the table has this word."""
    begins = next((at for at, line in enumerate(lines) if re.match(r"\s*\[\s*break_glass\s*\]", line)), 0)
    named = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    found = next((at for at in range(begins, len(lines)) if named.search(lines[at])), begins)
    return f"{source}, line {found + 1}: break_glass"
