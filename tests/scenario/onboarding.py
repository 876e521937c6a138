"""What the scenarios of somebody new have in common."""

from __future__ import annotations

from typing import Any

from approvals.ledger import onboardings
from approvals.onboarding import Onboarding, comment_of
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.ram.state import User
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.refusals import audit_trail, newcomer

CARD = "*New RAM user*"
BUNDLE = "Algorithm engineer"


def heidi(app: AppHarness, **details: Any) -> SandboxPerson:
    """A full member without a RAM user."""
    return newcomer(app, "heidi", **{"real_name": "Heidi Roth", "email": "heidi@example.com", **details})


def mention(person: SandboxPerson) -> str:
    return f"@{person.name}"


def onboard(app: AppHarness, by: SandboxPerson, who: SandboxPerson, name: str = "") -> SeenMessage:
    """Somebody types it; the card that approvers get."""
    before = {message.ts for message in app.bob.messages(APPROVALS)}
    by.type(f"/pairec-access onboard {mention(who)} {name}".rstrip())

    def posted() -> SeenMessage | None:
        found = [message for message in app.bob.messages(APPROVALS) if message.ts not in before]
        return next((message for message in found if CARD in message.plain), None)

    return app.until(posted, lambda: f"a card for {who.name}; {by.name} sees:\n{by.screen_text()}")


def deny(app: AppHarness, by: SandboxPerson, shown: SeenMessage, reason: str = "We have one for the team") -> None:
    by.click("Deny", shown)
    by.modal("Deny a RAM user")
    assert by.submit(reason=reason) == {}


def notice_of(shown: SeenMessage) -> str:
    """What the card's buttons carry."""
    elements = (each for block in shown.blocks if block["type"] == "actions" for each in block["elements"])
    return str(next(elements)["value"])


def card(app: AppHarness, says: str = CARD) -> SeenMessage:
    return app.bob.message_with(says, APPROVALS)


def becomes(app: AppHarness, who: SandboxPerson, state: str) -> Onboarding:
    """The newest onboarding of a person, once it stands so."""
    return app.until(
        lambda: _if_so(app, who, state), lambda: f"{who.name}'s onboarding to be {state}: {newest(app, who)}"
    )


def _if_so(app: AppHarness, who: SandboxPerson, state: str) -> Onboarding | None:
    found = newest(app, who)
    return found if found and found.state == state else None


def newest(app: AppHarness, who: SandboxPerson) -> Onboarding | None:
    with app.ledger.read() as tx:
        row = tx.row(
            "SELECT public_id FROM onboardings WHERE subject = :who ORDER BY created_at DESC, public_id LIMIT 1",
            who=who.id,
        )
        return onboardings.get(tx, row["public_id"]) if row else None


def users(app: AppHarness, name: str = "heidi") -> list[User]:
    """RAM users of this name or one like it."""
    return [user for user in app.sandbox.account.read().users.values() if user.name.startswith(name)]


def ours(user: User, onboarding: Onboarding) -> bool:
    return user.comments == comment_of(onboarding.public_id)


def created(app: AppHarness) -> int:
    """How often RAM made a user."""
    return sum(entry.action == "CreateUser" and entry.result == "ok" for entry in app.sandbox.account.log())


def events(app: AppHarness) -> list[str]:
    """Of all onboardings, in the audit trail."""
    return [entry["event"] for entry in audit_trail(app) if "onboarding" in entry]


def link_of(app: AppHarness, who: SandboxPerson) -> str | None:
    """The UserId of a person's RAM user."""
    with app.ledger.read() as tx:
        row = tx.row("SELECT ram_user_id FROM links WHERE slack_user_id = :who", who=who.id)
    return row["ram_user_id"] if row else None


def turn(app: AppHarness, name: str, broken: bool = True) -> None:
    """A switch of the page."""
    app.sandbox.switches.turn(name, broken)
