"""Where in Alibaba Cloud's consoles something can be taken away by hand: the one place that knows their addresses."""

from __future__ import annotations

from urllib.parse import quote

from approvals.catalog.resources import products
from approvals.entitlements import Entitlement
from approvals.grant import Grant
from approvals.ids import RamUserId
from approvals.people import Principal
from handlers.views.text import literal

RAM_USER = "https://ram.console.aliyun.com/users/detail?userId={user}"
PERMISSIONS = "&activeTab=PermissionList"
RAM_ROLE = "https://ram.console.aliyun.com/roles/{name}"


def user_address(ram_user_id: RamUserId) -> str:
    """Of a RAM user's permissions."""
    return RAM_USER.format(user=quote(ram_user_id, safe="")) + PERMISSIONS


def user_link(user: Principal) -> str:
    """The name of a RAM user, in mrkdwn, as a link to its page."""
    return f"<{RAM_USER.format(user=quote(user.user_id, safe=''))}|{literal(user.name)}>"


def role_link(name: str) -> str:
    """The same of a role that is there."""
    return f"<{role_address(name)}|{literal(name)}>"


def role_address(name: str) -> str:
    """Of a role."""
    return RAM_ROLE.format(name=quote(name, safe=""))


def place_address(entitlement: Entitlement) -> str:
    """Of the workspace or project of a member role."""
    product = products()[entitlement.kind.name]
    return product.link.format(place=quote(entitlement.place, safe=""))


def console_address(grant: Grant) -> str:
    """Of the RAM user's permissions, of the role, or of the product that holds a member role."""
    if grant.entitlement.of_account:
        return role_address(grant.principal.name)
    product = products().get(grant.entitlement.kind.name)
    if product is not None:
        return product.link.format(place=quote(grant.entitlement.place, safe=""))
    return user_address(grant.principal.user_id)
