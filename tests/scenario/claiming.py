"""Claiming a RAM user in the form, as several scenarios do."""

from __future__ import annotations

from bot.sandbox.client import SandboxPerson
from tests.harness.app import AppHarness
from tests.harness.refusals import is_told

NOT_YET = "Identity not verified."


def linked_to(app: AppHarness, person: SandboxPerson, says: str) -> None:
    """What `/pairec-access link` tells this person."""
    is_told(app, person, "/pairec-access link", says)


def claims(app: AppHarness, person: SandboxPerson, ram_name: str, policy: str) -> str:
    """Claim a RAM user in the form; the reference of the request, once its card is there."""
    number = 1001 + app.requests()
    person.type("/pairec-access request")
    person.modal(NOT_YET)
    errors = person.submit({"What": policy, "RAM user": ram_name, "Duration": "2h", "Reason": "on call"})
    assert errors == {}
    return app.card(f"R-{number}").plain.split()[0]
