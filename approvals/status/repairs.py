"""What an Authorize button of the board asks approval for: repairs, in the catalogue's terms."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Item
from approvals.entitlements import Entitlement, role_policy, service_role
from approvals.status.checks.engine_role import ENGINE_ROLE
from approvals.status.checks.service_role import SERVICE_ROLE
from approvals.status.schema import RepairTable, StatusFile
from approvals.status.terms import StatusTerms


def repairs(loaded: StatusFile, terms: StatusTerms) -> Mapping[str, Item]:
    """By the names that findings offer them by."""
    own, engine = terms.service_role, terms.engine_role
    return {
        SERVICE_ROLE: _item(SERVICE_ROLE, loaded.service_role.mend, service_role(own.service), own.name),
        ENGINE_ROLE: _item(ENGINE_ROLE, loaded.engine_role.mend, role_policy(engine.policy), engine.name),
    }


def _item(name: str, repair: RepairTable, entitlement: Entitlement, role: str) -> Item:
    """It has no end, and is asked for with a reason."""
    return Item(
        name=name,
        title=repair.title,
        allows=repair.allows,
        entitlements=(entitlement,),
        default=0,
        longest=0,
        until_revoked=True,
        approvals=repair.approvals,
        reason=True,
        ticket=False,
        expires_after=repair.expires_after,
        is_bundle=False,
        role=role,
    )
