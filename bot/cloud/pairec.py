"""What PAI-Rec itself says of its connections to the resources that its instances are configured with.

CheckInstanceResources (PaiRecService 2022-12-13) answers Success or Failure without a reason, and its documentation
does not say as whom it looks. It is PAI-Rec's word, not RAM's. What it lists and then does not speak of is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from approvals.errors import CloudError
from approvals.status.seen import ResourceSeen
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading

READS = Rate(20.0, burst=10)
"""How many PAI-Rec takes is not documented. A board asks about ten services at once."""


class PaiRec:
    """Every method may raise CloudError; safe to share between threads."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        """`connect` loads the SDK and makes its client, at the first question."""
        self._connect = connect
        self._reading = Reading("pairec", READS)

    def resources(self, instance: str, kind: str) -> tuple[ResourceSeen, ...] | None:
        """The resources of one type, such as `OSS`, and whether PAI-Rec reaches them; None when there is no such
        instance.
        """
        from alibabacloud_pairecservice20221213 import models

        which = models.ListInstanceResourcesRequest(type=kind)
        try:
            listed = self._reading.read(
                "ListInstanceResources", lambda: self._client.list_instance_resources(instance, which).body
            )
        except CloudError as error:
            if _not_there(error):
                return None
            raise
        if not listed.resources:
            return ()
        what = models.CheckInstanceResourcesRequest(type=kind)
        checked = self._reading.read(
            "CheckInstanceResources", lambda: self._client.check_instance_resources(instance, what).body
        )
        return _compared(listed.resources, checked.resources or [])

    @cached_property
    def _client(self) -> Any:
        return self._connect()


def _compared(listed: Sequence[Any], checked: Sequence[Any]) -> tuple[ResourceSeen, ...]:
    """Every resource that is listed with what the check says of its address, and any further one that failed."""
    seen = [
        ResourceSeen(_name(each), _reached([one.status for one in checked if one.uri == each.uri] if each.uri else []))
        for each in listed
    ]
    named = {each.uri for each in listed if each.uri}
    others = [each for each in checked if each.uri not in named and each.status == "Failure"]
    return (*seen, *(ResourceSeen(_name(each), False) for each in others))


def _name(resource: Any) -> str:
    return str(resource.uri or resource.type)


def _reached(words: list[str | None]) -> bool | None:
    """Several resources may have one address: it is reached if all say so, and not if one says so."""
    if "Failure" in words:
        return False
    return True if words and all(word == "Success" for word in words) else None


def _not_there(error: CloudError) -> bool:
    """The code for an instance that there is not is not documented, but for its shape."""
    code = error.code or ""
    return any(word in code for word in ("NotExist", "NotFound")) and "Action" not in code
