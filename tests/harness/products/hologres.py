"""Hologres: who is a user of an instance."""

from __future__ import annotations

from typing import Any

from tests.harness.products.case import ProductCase

ROLE = "normal"
INSTANCE = "hgprecn-cn-0ju1a2b3c4d"


def _given(place: str, user_id: str) -> dict[str, Any]:
    return {"instanceId": place, "userName": f"p4_{user_id}", "superUser": False}


def _taken(place: str, user_id: str) -> dict[str, Any]:
    return {"instanceId": place, "userName": f"p4_{user_id}", "superUser": "false"}


def _join(caller: Any, place: str, user_id: str) -> None:
    from alibabacloud_hologram20220601 import models

    caller.create_user(place, models.CreateUserRequest(user_name=f"p4_{user_id}", super_user=False))


CASE = ProductCase(
    product="hologres",
    title="Hologres",
    kind="instance",
    place=INSTANCE,
    elsewhere="hgprecn-cn-0ju5e6f7g8h",
    longest_place=lambda number: "hg" + "p" * 20 + f"-{number:03d}" + "i" * 57,
    prefix="hologram",
    console=f"Hologres console > Instances > {INSTANCE} > HoloWeb > Security Center > User Management",
    item="hologres-user@ranking",
    role=ROLE,
    other="superuser",
    own_stories=True,
    one_role=True,
    names_members=False,
    says_already=False,
    joins="CreateUser",
    adds="CreateUser",
    takes="DropUser",
    leaves="DropUser",
    reads="ExecuteStatement",
    lists="ListInstances",
    odd_members=(),
    given=_given,
    added=_given,
    role_taken=_taken,
    taken=_taken,
    join=_join,
)


def without_hologres(catalog: str) -> str:
    """The text of a catalogue as it comes with the program, without the roles of Hologres."""
    before, _, rest = catalog.partition("[roles.hologres-user]")
    after = rest[rest.index("[bundles.") :]
    return (before + after).replace('roles_if_there = ["hologres-user", "hologres-viewer"]\n', "")
