"""Hologres: who has a permission in a database."""

from __future__ import annotations

from typing import Any

from tests.harness.products.case import ProductCase
from tests.harness.products.hologres import INSTANCE

ROLE = "viewer"
PLACE = f"{INSTANCE}/ranking"


def _given(place: str, user_id: str) -> dict[str, Any]:
    instance, _, database = place.partition("/")
    return {"instanceId": instance, "databaseName": database, "privileges": [ROLE], "userName": f"p4_{user_id}"}


def _join(caller: Any, place: str, user_id: str) -> None:
    from alibabacloud_hologram20220601 import models

    instance, _, database = place.partition("/")
    request = models.GrantDatabasePermissionRequest(
        database_name=database, privileges=[ROLE], user_name=f"p4_{user_id}"
    )
    caller.grant_database_permission(instance, request)


CASE = ProductCase(
    product="hologres_database",
    title="Hologres database",
    kind="database",
    place=PLACE,
    elsewhere="hgprecn-cn-0ju5e6f7g8h/search",
    longest_place=lambda number: "hg" + "p" * 20 + f"-{number:03d}" + "i" * 57 + "/" + "d" * 51,
    prefix="hologram",
    console=f"Hologres console > Instances > HoloWeb > Security Center > Database Authorization > {PLACE} > viewer",
    item="hologres-viewer@ranking",
    role=ROLE,
    other="writer",
    second=("hologres-developer@ranking", "developer"),
    own_stories=True,
    names_members=False,
    says_already=False,
    joins="GrantDatabasePermission",
    adds="GrantDatabasePermission",
    takes="RevokeDatabasePermission",
    leaves="RevokeDatabasePermission",
    reads="ExecuteStatement",
    lists="ListDatabases",
    odd_members=(),
    given=_given,
    added=_given,
    role_taken=_given,
    taken=_given,
    join=_join,
)
