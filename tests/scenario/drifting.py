"""What no request accounts for: people who look at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from approvals.ledger import drift_rows
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, AppHarness

NEWS = "New drift"


def drift(app: AppHarness, person: SandboxPerson, page: str = "") -> SeenMessage:
    """The private list that somebody is shown."""
    read = {message.ts for message in person.messages()}
    person.type(f"/pairec-access drift {page}".rstrip())
    return app.until(
        lambda: next((m for m in person.messages() if m.ts not in read and m.ephemeral), None),
        lambda: f"the list of drift; {person.name} sees:\n{person.screen_text()}",
    )


def row_id(app: AppHarness, user: str, what: str = "") -> str:
    """What the buttons of the row about a RAM user carry."""
    with app.ledger.read() as tx:
        return next(
            kept.id
            for about, kept in drift_rows.every_one(tx).items()
            if kept.row.principal.name == user and what in about
        )


def rows(app: AppHarness) -> set[tuple[str, str, str]]:
    """Kind, RAM user and what, as the ledger keeps them."""
    with app.ledger.read() as tx:
        return {
            (kept.row.kind.value, kept.row.principal.name, str(kept.row.entitlement))
            for kept in drift_rows.every_one(tx).values()
        }


def looks(app: AppHarness) -> None:
    """The bot has looked through all of it once more, as it does every day."""
    app.look_at_drift()

    def looked() -> bool:
        with app.ledger.read() as tx:
            [job] = tx.rows("SELECT * FROM jobs WHERE id = 'drift'")
        return bool(job["lock_token"] is None and job["due_at"] > app.sandbox.clock.now() * 1_000)

    app.until(looked, "the bot to look for drift")


def news(app: AppHarness) -> list[SeenMessage]:
    return [message for message in app.bob.messages(APPROVALS) if NEWS in message.plain]


def about(message: SeenMessage, text: str) -> SeenMessage:
    """Of a list, the row in which this stands, with its buttons."""
    blocks = message.blocks
    at = next(place for place, block in enumerate(blocks) if text in str(block.get("text", {}).get("text", "")))
    return replace(message, body={**message.body, "blocks": blocks[at : at + 2]})


def gone(app: AppHarness, user: str = "U0DAVE", **values: Any) -> None:
    """Slack says this of an account from now on."""
    app.people.inject_slack_fault({"person": user, "set": values or {"deleted": True}})


def request(app: AppHarness) -> SeenMessage:
    """What approvers are asked, while it is open."""
    return app.until(
        lambda: next(
            (m for m in reversed(app.bob.messages(APPROVALS)) if "🧭" in m.plain and "Approve" in m.buttons), None
        ),
        lambda: f"approvers to be asked; bob sees:\n{app.bob.screen_text()}",
    )


def asks_to_revoke(app: AppHarness, person: SandboxPerson, user: str, why: str, what: str = "") -> SeenMessage:
    """An approver asks for it by the list; what the others see."""
    person.click("Revoke", about_user(drift(app, person), user, what))
    person.modal("Revoke drift")
    assert person.submit({"Reason": why}) == {}
    return request(app)


def asks_to_adopt(
    app: AppHarness, person: SandboxPerson, user: str, time: str, why: str, what: str = ""
) -> SeenMessage:
    """Likewise."""
    person.click("Adopt", about_user(drift(app, person), user, what))
    person.modal("Adopt as a grant")
    assert person.submit({"Ends after": time, "Reason": why}) == {}
    return request(app)


def about_user(message: SeenMessage, user: str, what: str = "") -> SeenMessage:
    """Of a list, the row about a RAM user and what they have."""
    blocks = message.blocks
    texts = [str(block.get("text", {}).get("text", "")) for block in blocks]
    at = next((place for place, text in enumerate(texts) if f"|`{user}`>" in text and what in text), None)
    assert at is not None, f"no {what} of {user} in:\n{message.plain}"
    return replace(message, body={**message.body, "blocks": blocks[at : at + 2]})
