"""MaxCompute's tenant role, and how its quotas are routed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.products.state import PROJECT, QUOTA, ROUTE, TENANT_ROLE, SandboxProducts
from bot.sandbox.switches.switch import Switch


def tenant_switches(products: SandboxProducts) -> Iterator[Switch]:
    """In the order of the page."""
    roles, properties = products.tenant_roles, products.properties[PROJECT]
    good = {QUOTA: ("odps:List", "odps:Usage")}
    wrong = {QUOTA: ("odps:List", "odps:Usage", "odps:Alter")}
    yield Switch(
        "tenant-role",
        "Tenant role",
        "missing",
        lambda: TENANT_ROLE not in roles,
        lambda broken: _put(roles, TENANT_ROLE, None if broken else good),
    )
    yield Switch(
        "tenant-role.grants",
        "Tenant role",
        "may do too much",
        lambda: roles.get(TENANT_ROLE) == wrong,
        lambda broken: _put(roles, TENANT_ROLE, wrong if broken else good),
    )
    yield Switch(
        "quota-route",
        "Quota routing",
        "off",
        lambda: properties.get(ROUTE) != "true",
        lambda broken: _put(properties, ROUTE, "false" if broken else "true"),
    )


def _put(mapping: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        mapping.pop(name, None)
    else:
        mapping[name] = value
