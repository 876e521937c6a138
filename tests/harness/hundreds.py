"""A workshop with hundreds of projects and policies."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

PROJECTS, POLICIES = 300, 150


def hundreds(folder: Path, resources: Path) -> dict[str, str]:
    """Settings that add them to a file of resources and the built-in catalogue. The projects are as many names for the
    two that there are.
    """
    projects = "".join(
        f'[projects.team-{number:03d}]\ntitle = "Team {number:03d}"\nmode = "standard"\n'
        'dataworks = "10001"\nmaxcompute = "ranking"\npai = "20001"\n'
        for number in range(PROJECTS)
    )
    policies = "".join(
        f'[policies.TeamPolicy{number:03d}]\ntitle = "Team policy {number:03d}"\n'
        f'allows = "what team {number} needs"\n'
        'default = "8h"\nlongest = "30d"\nuntil_revoked = false\napprovals = 1\nreason = true\nticket = false\n'
        'expires_after = "24h"\n'
        for number in range(POLICIES)
    )
    catalog = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    many, longer = folder / "many-projects.toml", folder / "many-policies.toml"
    many.write_text(resources.read_text("utf-8") + projects, "utf-8")
    longer.write_text(catalog + policies, "utf-8")
    return {"PAIREC_RESOURCES": str(many), "PAIREC_CATALOG": str(longer)}
