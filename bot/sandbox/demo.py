"""The main job from end to end, played by people at their screens, with RAM itself as the judge of what was true."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from approvals import audit
from approvals.ledger import Ledger, trail
from approvals.model import policy
from bot.cloud.clients import ram_client
from bot.cloud.ram import Ram
from bot.sandbox.people import NotDone
from bot.sandbox.people import Workshop as People
from bot.sandbox.workshop import Workshop, wait_for_the_end

POLICY = "PaiRecEngineAccess"
HOURS = 8
WITHIN = 10.0
"""Seconds of real time that each step may take."""


class Story:
    """Prints each step, and remembers whether all that it checked was true."""

    def __init__(self, console: Console) -> None:
        self.true = True
        self._console = console
        self._number = 0

    def step(self, text: str) -> None:
        self._number += 1
        self._console.print(f"[bold]{self._number}.[/bold] {text}")

    def check(self, text: str, look: Callable[[], bool]) -> None:
        """Wait until `look` is true; a step that does not come true fails the demo, and the rest still plays."""
        deadline = time.monotonic() + WITHIN
        while not (seen := look()) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.true = self.true and seen
        self._console.print(f"   [{'green' if seen else 'red'}]{'✓' if seen else '✗'}[/] {text}")

    def fail(self, text: str) -> None:
        """Somebody did not see what they should have seen."""
        self.true = False
        self._console.print(f"   [red]✗[/] {escape(text)}")

    def say(self, text: str = "") -> None:
        self._console.print(text)


def play(console: Console, *, interactive: bool) -> int:
    """Play it; 0 when all of it was true. With somebody at the terminal, the workspace stays open afterwards."""
    story = Story(console)
    with Workshop() as workshop:
        people = People(workshop.sandbox.page_url)
        try:
            _access_story(story, people)
        except NotDone as error:
            story.fail(str(error))
        _ram_answers(story, console, workshop)
        _audit_trail(story, console, workshop)
        if interactive:
            story.say(f"\nTry it yourself: [bold]{people_url(workshop)}[/bold]  (Ctrl-C closes it)")
            wait_for_the_end()
    return 0 if story.true else 1


def people_url(workshop: Workshop) -> str:
    return workshop.sandbox.page_url


def _access_story(story: Story, people: People) -> None:
    carol, bob = people.person("carol"), people.person("bob")
    story.step("Carol, an engineer, types [cyan]/pairec-access request[/cyan] and fills the form.")
    carol.types("/pairec-access request")
    carol.modal("Request access")
    errors = carol.submit({"What": POLICY, "For how long": f"{HOURS}h", "Why": "rolling out ranker v3"})
    story.check(f"the form was taken: {POLICY} for {HOURS} hours", lambda: not errors)
    card = bob.message_with("waiting for approval", channel="C0APPROVALS")
    story.check("the approval card is in #pairec-approvals", lambda: "Approve" in card.buttons)

    story.step("Bob, who holds PaiRecRamAdminAccess, clicks Approve.")
    bob.click("Approve", card)
    story.check(f"RAM shows {POLICY} attached to carol", lambda: "carol" in people.holders(POLICY))
    carol.direct_message_with("is active until")
    story.check("Carol is told that it is active", lambda: True)

    story.step(f"The clock moves on {HOURS} hours.")
    people.advance(HOURS * 3600)
    story.check(f"RAM shows {POLICY} gone from carol", lambda: "carol" not in people.holders(POLICY))
    carol.direct_message_with("has ended, its time is up")
    story.check("Carol is told that it has ended", lambda: True)


def _ram_answers(story: Story, console: Console, workshop: Workshop) -> None:
    """RAM's own answer, asked for with the real SDK by somebody who is not the bot's memory."""
    environment = workshop.environment()
    key = Config(
        type="access_key",
        access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
    client = ram_client(environment["PAIREC_RAM_ENDPOINT"], "cn-hangzhou", Credentials(key))
    holders = Ram(client, None).holders(POLICY).holders
    story.say(f"\n[bold]ListEntitiesForPolicy {POLICY}[/bold]")
    for holder in holders:
        console.print(f"  {holder.principal.name} ({holder.principal.user_id})")
    story.check("carol is not among them", lambda: all(holder.principal.name != "carol" for holder in holders))


def _audit_trail(story: Story, console: Console, workshop: Workshop) -> None:
    ledger = Ledger(workshop.ledger_path)
    with ledger.read() as tx:
        entries = trail.of_request(tx, 1001)
        broken = audit.verify(trail.entries(tx))
        states = [
            row["state"] for row in tx.rows("SELECT state FROM grants WHERE entitlement = :e", e=str(policy(POLICY)))
        ]
    ledger.close()
    table = Table("seq", "at", "event", "what", title="Audit trail of R-1001", title_justify="left")
    for entry in entries:
        fields: dict[str, Any] = entry.fields
        event = str(fields.pop("event"))
        fields.pop("request", None)
        told = ", ".join(f"{name}={json.dumps(value)}" for name, value in fields.items())
        table.add_row(str(entry.seq), entry.at, event, told)
    console.print(table)
    story.check("the chain of entries holds", lambda: broken is None)
    story.check("one grant, and it has ended", lambda: states == ["ended"])
