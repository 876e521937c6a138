"""Policies that are changed by hand, and approvers who review them."""

from __future__ import annotations

import json
from typing import Any

from approvals.ledger import policy_reviews
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, ENGINE, AppHarness

CHANGED = f"*Changed since it was reviewed:* `{ENGINE}`"
UNREVIEWED = f"*Not reviewed yet:* `{ENGINE}`"


def document(*actions: str, **more: Any) -> str:
    return json.dumps(
        {"Version": "1", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}]}
    )


def change(app: AppHarness, *actions: str, policy: str = ENGINE) -> str:
    """Somebody gives it a new version in the RAM console; its id."""
    made = app.by_hand("CreatePolicyVersion", PolicyName=policy, PolicyDocument=document(*actions), SetAsDefault="true")
    return str(made["PolicyVersion"]["VersionId"])


def swap(app: AppHarness, version: str, policy: str = ENGINE) -> None:
    app.by_hand("SetDefaultPolicyVersion", PolicyName=policy, VersionId=version)


def notices(person: SandboxPerson, text: str) -> list[SeenMessage]:
    return [
        message for message in person.messages(APPROVALS) if text in message.plain and "Reviewed" in message.buttons
    ]


def notice(app: AppHarness, text: str = CHANGED) -> SeenMessage:
    """The message that asks to review it, while it has its button."""
    return app.until(
        lambda: next(iter(notices(app.bob, text)[-1:]), None),
        lambda: f"approvers to be asked for a review; bob sees:\n{app.bob.screen_text()}",
    )


def review(app: AppHarness, text: str = CHANGED, *, by: tuple[SandboxPerson, ...] = ()) -> None:
    """Two approvers read it and click."""
    first, second = by or (app.bob, app.judy)
    shown = notice(app, text)
    first.click("Reviewed", shown)
    app.until(lambda: "1 of 2* reviewed" in notice(app, text).plain, "the first word to count")
    second.click("Reviewed", notice(app, text))
    app.until(lambda: not notices(app.bob, text), lambda: f"it to be reviewed; bob sees:\n{app.bob.screen_text()}")


def reviewed(app: AppHarness) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By policy: the version, and by whom."""
    with app.ledger.read() as tx:
        return {name: (each.policy.version, tuple(each.by)) for name, each in policy_reviews.every_one(tx).items()}


def engine_is_reviewed(app: AppHarness) -> None:
    """As it is in a new sandbox."""
    app.bob.type("/pairec-access policies review")
    review(app, UNREVIEWED)
