"""What PAI-Rec itself says of its connections to the resources that its instances are configured with.

CheckInstanceResources (PaiRecService 2022-12-13) answers Success or Failure without a reason, and its documentation
does not say as whom it looks. It is PAI-Rec's word, not RAM's.
"""

from __future__ import annotations

from typing import Any

from alibabacloud_pairecservice20221213 import models

from approvals.errors import CloudError
from approvals.status.seen import ResourceSeen
from bot.cloud.errors import translated


class PaiRec:
    """Every method may raise CloudError; safe to share between threads."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def resources(self, instance: str, kind: str) -> tuple[ResourceSeen, ...] | None:
        """The resources of one type, such as `OSS`, and whether PAI-Rec reaches them; None when there is no such
        instance."""
        try:
            with translated("ListInstanceResources"):
                listed = self._client.list_instance_resources(
                    instance, models.ListInstanceResourcesRequest(type=kind)
                ).body
        except CloudError as error:
            if _not_there(error):
                return None
            raise
        if not listed.resources:
            return ()
        with translated("CheckInstanceResources"):
            checked = self._client.check_instance_resources(
                instance, models.CheckInstanceResourcesRequest(type=kind)
            ).body
        return tuple(
            ResourceSeen(str(each.uri or each.type), each.status == "Success") for each in checked.resources or []
        )


def _not_there(error: CloudError) -> bool:
    """The code for an instance that there is not is not documented, but for its shape."""
    code = error.code or ""
    return any(word in code for word in ("NotExist", "NotFound")) and "Action" not in code
