"""The databases of the Hologres instances, and who has which permission in them: by the same API as the instances."""

from __future__ import annotations

from bot.sandbox.products.hologres.contents import PERMISSIONS
from bot.sandbox.products.hologres.server import missing
from bot.sandbox.products.members import MemberStandIn, SeededMember, SeededPlace
from bot.sandbox.products.members.hologres import RANKING, SDK, SEARCH, SERVICE

STAND_IN = MemberStandIn(
    SERVICE,
    SDK,
    places=tuple(
        SeededPlace(f"{instance}/{project}", project, project.title(), PERMISSIONS, project=project, members=members)
        for instance, project, members in (
            (RANKING, "ranking", (SeededMember("frank", "viewer", 95),)),
            (SEARCH, "search", ()),
        )
    ),
    missing=missing,
)
