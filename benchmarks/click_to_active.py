"""How long it takes from the click on Approve until the access is there and the card says so, over three calls by hand:
who may decide, the attach, and the card's new text.

Each of RAM's answers takes 50 ms, each of Slack's 100; and once more without that, where what counts is how much longer
it takes.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config as Key
from alibabacloud_ram20150501 import models as ram
from slack_sdk import WebClient

from benchmarks.figures import Figure, in_short, ratio
from bot.cloud.clients import ram_client
from bot.sandbox.client import SandboxClient, SandboxPerson, SeenMessage
from bot.sandbox.process import SandboxProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.onlooker import messages_on
from bot.sandbox.slack.screen import screen_of

CHANNEL = "C0APPROVALS"
KEYS = (
    *(("PaiRecEngineAccess", name) for name in ("carol", "dave", "frank")),
    *(("PaiRecMonitorAccess", name) for name in ("carol", "erin")),
    *(("PaiRecDataManagementAccess", name) for name in ("carol", "dave", "erin", "frank")),
)
"""Each is given once: what was taken away in the last minute is looked at once more before it is given anew."""
RAM_SECONDS, SLACK_SECONDS = 0.05, 0.1
GOALS = {"attached": 1.05, "card says active": 1.3}
GOAL_EXTRA_MS = 12.0
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.0005
T = TypeVar("T")


def measure() -> list[Figure]:
    """By turns."""
    took, at_once = _rounds(late=True), _rounds(late=False)
    extra = 1_000 * (statistics.median(at_once["attached"]) - statistics.median(at_once["by hand"]))
    name = "click to attached with no latency, ms more than the same calls by hand"
    here, beside = in_short(at_once["attached"]), in_short(at_once["by hand"])
    return [
        *(
            ratio(f"click to {name}, over the same calls by hand", took[name], took["by hand"], GOALS[name])
            for name in GOALS
        ),
        Figure(name, here, beside, len(KEYS), extra, GOAL_EXTRA_MS),
    ]


def _rounds(*, late: bool) -> dict[str, list[float]]:
    """Seconds; `late`: every answer is."""
    took: dict[str, list[float]] = {"by hand": [], **{name: [] for name in GOALS}}
    with SandboxProcess() as process:
        people = SandboxClient(process.sandbox.page_url)
        by_hand = ByHand(process.sandbox.env())
        if late:
            people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": RAM_SECONDS})
            people.inject_slack_fault({"fault": "hang", "method": "*", "seconds": SLACK_SECONDS, "times": None})
        for policy, name in KEYS:
            took["by hand"].append(by_hand.gives("judy", policy))
            by_hand.takes("judy", policy)
            attached, shown = Click(process.sandbox, people.person(name)).through(name, policy)
            took["attached"].append(attached)
            took["card says active"].append(shown)
    return took


class ByHand:
    """The three calls, one after the other, by the SDKs."""

    def __init__(self, environment: dict[str, str]) -> None:
        key = Key(
            type="access_key",
            access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        )
        self._ram = ram_client(environment["PAIREC_RAM_ENDPOINT"], "cn-hangzhou", Credentials(key))
        self._slack = WebClient(environment["SLACK_BOT_TOKEN"], base_url=environment["PAIREC_SLACK_API_URL"])
        self._ts = self._slack.chat_postMessage(channel=CHANNEL, text="by hand")["ts"]

    def gives(self, user: str, policy: str) -> float:
        """Who may decide, the attach, and the card; the seconds that it took."""
        begun = time.monotonic()
        self._ram.list_entities_for_policy(
            ram.ListEntitiesForPolicyRequest(policy_type="Custom", policy_name="PaiRecRamAdminAccess")
        )
        self._ram.attach_policy_to_user(
            ram.AttachPolicyToUserRequest(policy_type="Custom", policy_name=policy, user_name=user)
        )
        self._slack.chat_update(channel=CHANNEL, ts=self._ts, text=f"{policy} is active")
        return time.monotonic() - begun

    def takes(self, user: str, policy: str) -> None:
        """It is not measured."""
        self._ram.detach_policy_from_user(
            ram.DetachPolicyFromUserRequest(policy_type="Custom", policy_name=policy, user_name=user)
        )


class Click:
    """One person's request, approved by bob. It is looked at in the sandbox itself, whenever something has changed:
    questions through its page would be answered by the loop that answers the bot.
    """

    def __init__(self, sandbox: Sandbox, requester: SandboxPerson) -> None:
        self._sandbox = sandbox
        self._requester = requester
        self._bob = SandboxClient(sandbox.page_url).person("bob")

    def through(self, user: str, policy: str) -> tuple[float, float]:
        """Seconds from the click until RAM has it, and until the card says so."""
        before = {message.ts for message in self._cards()}
        self._requester.type(f"/pairec-access request {policy} 8h rollout")
        new = self._seen(lambda: [m for m in self._cards() if m.ts not in before and "Approve" in m.buttons])
        begun = time.monotonic()
        click = threading.Thread(target=self._bob.click, args=("Approve", new[0]))
        click.start()
        self._seen(lambda: user in self._holders(policy))
        attached = time.monotonic() - begun
        self._seen(lambda: any(m.ts == new[0].ts and "· active" in m.plain for m in self._cards()))
        shown = time.monotonic() - begun
        click.join()
        return attached, shown

    def _cards(self) -> list[SeenMessage]:
        workspace = self._sandbox.workspace
        screen = self._sandbox.call(lambda: json.dumps(screen_of(workspace, workspace.people[self._bob.id])))
        return messages_on(json.loads(screen), CHANNEL)

    def _holders(self, policy: str) -> list[str]:
        policies = self._sandbox.call(self._sandbox.account.view)["policies"]
        return [holder["user"] for each in policies if each["name"] == policy for holder in each["holders"]]

    def _seen(self, look: Callable[[], T | None]) -> T:
        begun, version = time.monotonic(), -1
        while True:
            if version != self._sandbox.changes.version:
                version = self._sandbox.changes.version
                if found := look():
                    return found
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise SystemExit("it did not come")
            time.sleep(LOOK_SECONDS)
