"""How long tests wait for what is to happen; nobody waits for so long but where something is wrong."""

from __future__ import annotations

from bot.sandbox.client import SandboxClient

PATIENCE = 30.0
"""Seconds: the machine may have much else to do."""


def workshop_at(page_url: str) -> SandboxClient:
    """The sandbox there, whose people have as much patience."""
    return SandboxClient(page_url, PATIENCE)
