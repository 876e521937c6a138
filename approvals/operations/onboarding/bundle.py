"""What is asked for next for somebody who gets a RAM user: a bundle of the catalogue, in one of its projects."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.onboarding import BUNDLE
from approvals.refusals.onboarding import NoBundle


def bundle_named(catalog: Catalog, name: str) -> str | None:
    """As the catalogue calls it; without a name the one that most jobs need, or None where the catalogue lacks it.

    Raises:
        Refusal: there is none of that name, or not in that project, or it is no bundle.
    """
    if not name:
        usual = catalog.find(BUNDLE)
        return usual.name if usual else None
    item = catalog.resolve(name)
    if not item.is_bundle:
        raise NoBundle(item=item.name, bundles=tuple(each.name for each in catalog.bundles))
    return item.name
