"""Catalogues with standing rules."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FREEZE = """
[[rules]]
name = "release freeze"
when = "now >= timestamp('{begin}') && now < timestamp('{end}') && 'PaiRecEngineAccess' in entitlements"
deny = "The engine is frozen until Monday. Ask #release."
"""
LONG = """
[[rules]]
name = "long takes two"
when = "until_revoked || duration > duration('24h')"
require = 2
"""
ENGINEERS = """
[[rules]]
name = "engine is for engineers"
when = "item == 'PaiRecEngineAccess' && !('rec-engineers' in subject_groups)"
deny = "Only rec-engineers get it."
"""
INTERNS = """
[[rules]]
name = "not for interns"
when = "'interns' in requester_groups"
deny = "Ask your mentor."
"""
OWN = """
[[rules]]
name = "own access alone"
when = "!for_self && !('rec-leads' in requester_groups)"
deny = "Leads ask for others."
"""
NO_ANSWER = """
[[rules]]
name = "counts wrong"
when = "entitlements[size(entitlements) - 1] == 'x' || 1 / (size(subject_groups) - 0) == 5"
deny = "Never."
"""
APPROVES = """
[[rules]]
name = "monitoring for engineers"
when = "item == 'PaiRecMonitorAccess' && 'rec-engineers' in subject_groups && for_self"
auto_approve = "8h"
"""
ON_CALL = """
[on_call]
ranking = "S0RANKING"
"""
APPROVES_ON_CALL = """
[[rules]]
name = "engine for on-call"
when = "item == 'PaiRecEngineAccess' && 'ranking' in requester_on_call && for_self"
auto_approve = "8h"
"""
APPROVES_FOR_ON_CALL = """
[[rules]]
name = "engine for whoever is on call"
when = "item == 'PaiRecEngineAccess' && 'ranking' in subject_on_call"
auto_approve = "8h"
"""


def catalog_with(folder: Path, *rules: str) -> Path:
    """The built-in catalogue and these rules."""
    path = folder / "rules.toml"
    built_in = files("approvals").joinpath("catalog/catalog.toml").read_text("utf-8")
    path.write_text("\n".join([built_in, *rules]), "utf-8")
    return path
