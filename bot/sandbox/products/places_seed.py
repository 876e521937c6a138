"""The workspaces and projects as a newcomer finds them, and who is a member already."""

from __future__ import annotations

from bot.sandbox.products.places import DATAWORKS, DEVELOPER, MAXCOMPUTE, PAI, Place, PlaceKey, Places, join
from bot.sandbox.ram.account import CloudAccount

DATAWORKS_OWNER, PAI_OWNER = "role_project_owner", "PAI.WorkspaceOwner"
DATAWORKS_ROLES = tuple(
    f"role_project_{name}"
    for name in ("owner", "admin", "dev", "pe", "deploy", "guest", "security", "data_analyst", "erd", "dg_admin")
)
MAXCOMPUTE_ROLES = ("admin", *DATAWORKS_ROLES[1:7])
PAI_ROLES = tuple(
    f"PAI.{name}"
    for name in (
        "AlgoDeveloper",
        "AlgoOperator",
        "LabelManager",
        "MaxComputeDeveloper",
        "WorkspaceAdmin",
        "WorkspaceGuest",
        "WorkspaceOwner",
    )
)
_DAY = 86400.0


def seeded_places(account: CloudAccount) -> Places:
    """Dated back from the account's domain time."""
    now = account.now()
    made = now - 400 * _DAY
    places: Places = {place.key: place for place in _empty(made)}
    for number in ("10001", "10002"):
        places = join(places, PlaceKey(DATAWORKS, number), account.account_id, account.alias, [DATAWORKS_OWNER], made)
    for number in ("20001", "20002"):
        places = join(places, PlaceKey(PAI, number), account.account_id, account.alias, [PAI_OWNER], made)
    users = account.read().users
    dave, frank = users["dave"], users["frank"]
    places = join(places, PlaceKey(DATAWORKS, "10001"), dave.user_id, dave.name, [DEVELOPER], now - 150 * _DAY)
    return join(places, PlaceKey(PAI, "20001"), frank.user_id, frank.name, ["PAI.WorkspaceGuest"], now - 95 * _DAY)


def _empty(made: float) -> tuple[Place, ...]:
    return (
        Place(PlaceKey(DATAWORKS, "10001"), "ranking", "Ranking", DATAWORKS_ROLES, made, "ranking_dev", True),
        Place(PlaceKey(DATAWORKS, "10002"), "search", "Search", DATAWORKS_ROLES, made, "search"),
        Place(PlaceKey(MAXCOMPUTE, "ranking"), "ranking", "ranking", MAXCOMPUTE_ROLES, made),
        Place(PlaceKey(MAXCOMPUTE, "ranking_dev"), "ranking_dev", "ranking_dev", MAXCOMPUTE_ROLES, made),
        Place(PlaceKey(MAXCOMPUTE, "search"), "search", "search", MAXCOMPUTE_ROLES, made),
        Place(PlaceKey(PAI, "20001"), "ranking", "Ranking", PAI_ROLES, made),
        Place(PlaceKey(PAI, "20002"), "search", "Search", PAI_ROLES, made),
    )
