"""When what nobody decided is shown to whom besides: what the file says for all, where an item says nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.schema import CatalogFile, ItemTerms
from approvals.errors import CatalogError


def with_escalation(loaded: CatalogFile, source: str) -> CatalogFile:
    """A copy in which each item says both, or neither.

    Raises:
        CatalogError: one of the two is missing.
    """
    tables: dict[str, Mapping[str, ItemTerms]] = {
        "policies": loaded.policies,
        "roles": loaded.roles,
        "manual": loaded.manual,
    }
    return loaded.model_copy(
        update={
            table: {name: _of(loaded, terms, f"{source}: {table}.{name}") for name, terms in all_of_it.items()}
            for table, all_of_it in tables.items()
        }
    )


def _of(loaded: CatalogFile, terms: ItemTerms, where: str) -> ItemTerms:
    after, to = terms.escalate_after or loaded.escalate_after, terms.escalate_to or loaded.escalate_to
    if (after is None) != (to is None):
        raise CatalogError(f"{where}: `escalate_after` and `escalate_to` belong together; one of them is missing")
    return terms.model_copy(update={"escalate_after": after, "escalate_to": to})
