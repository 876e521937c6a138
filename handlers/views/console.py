"""Where in Alibaba Cloud's consoles something can be taken away by hand: the one place that knows their addresses."""

from __future__ import annotations

from urllib.parse import quote

from approvals.catalog.resources import products
from approvals.entitlements import Entitlement
from approvals.grant import Grant
from approvals.ids import RamUserId

RAM_USER = "https://ram.console.aliyun.com/users/detail?userId={user}&activeTab=PermissionList"
RAM_ROLE = "https://ram.console.aliyun.com/roles/{name}"


def user_address(ram_user_id: RamUserId) -> str:
    """Of a RAM user."""
    return RAM_USER.format(user=quote(ram_user_id, safe=""))


def place_address(entitlement: Entitlement) -> str:
    """Of the workspace or project of a member role."""
    product = products()[entitlement.kind.name]
    return product.link.format(place=quote(entitlement.place, safe=""))


def console_address(grant: Grant) -> str:
    """Of the RAM user's permissions, of the role, or of the product that holds a member role."""
    if grant.entitlement.of_account:
        return RAM_ROLE.format(name=quote(grant.principal.name, safe=""))
    product = products().get(grant.entitlement.kind.name)
    if product is not None:
        return product.link.format(place=quote(grant.entitlement.place, safe=""))
    return user_address(grant.principal.user_id)
