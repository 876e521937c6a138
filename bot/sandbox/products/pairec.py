"""PaiRecService 2022-12-13, as far as the bot asks it: ROA style, JSON, ACS3 signatures over the path."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.products.state import SandboxProducts, SandboxResource
from bot.sandbox.ram.errors import RamError

VERSION = "2022-12-13"
LIST, CHECK, GET = "ListInstanceResources", "CheckInstanceResources", "GetInstance"
ACTIONS = frozenset({LIST, CHECK, GET})


def pairec_answer(
    products: SandboxProducts, action: str, instance: str, query: dict[str, str], body: bytes
) -> dict[str, Any]:
    """The answer without a RequestId; raises `RamError`."""
    resources = products.instances.get(instance)
    if resources is None:
        # Only the shape of this code is documented.
        raise RamError(404, "InstanceNotFound", f"The instance {instance} does not exist.")
    if action == GET:
        return {"InstanceId": instance, "Status": "Running", "RegionId": "cn-hangzhou"}
    if action == LIST:
        kind = query.get("Type")
        listed = [_listed(number, each) for number, each in enumerate(resources, 1) if kind in (None, each.type)]
        return {"Resources": listed, "TotalCount": len(listed)}
    return {"Resources": [_checked(products, each) for each in _asked(resources, body)]}


def _asked(resources: tuple[SandboxResource, ...], body: bytes) -> list[SandboxResource]:
    try:
        order = json.loads(body or b"{}")
    except ValueError as error:
        raise RamError(400, "InvalidParameter", "The body is not valid JSON.") from error
    kind = order.get("Type") if isinstance(order, dict) else None
    if not kind:
        raise RamError(400, "MissingType", "Type is mandatory for this action.")
    uri = order.get("Uri")
    return [each for each in resources if each.type == kind and uri in (None, "", each.uri)]


def _listed(number: int, resource: SandboxResource) -> dict[str, Any]:
    return {
        "ResourceId": str(number),
        "Type": resource.type,
        "Uri": resource.uri,
        "Category": resource.category,
        "Group": resource.group,
        "Config": "{}",
    }


def _checked(products: SandboxProducts, resource: SandboxResource) -> dict[str, Any]:
    status = "Failure" if resource.type in products.unreachable else "Success"
    return {"Type": resource.type, "Uri": resource.uri, "Status": status}
