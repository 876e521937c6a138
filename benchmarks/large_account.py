"""How long people wait in a large account whose every answer takes long: asking, deciding and `who`.

Each wait is told beside how many of RAM's answers one after the other it comes to.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks.figures import Figure, in_short
from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.large import GROUPS, USERS, make_large

ANSWERS_AT_MOST = {"asking": 10, "deciding": 8, "who carol": 6, "who PaiRecEngineAccess": 20}
"""Of RAM's answers, one after the other; what people may have to wait for each."""
ROUNDS, SECONDS = 3, 0.5
PATIENCE = 60.0
MONITOR = "PaiRecMonitorAccess"


def measure() -> list[Figure]:
    """In an account of 5,000 users and 300 groups."""
    took: dict[str, list[float]] = {name: [] for name in ANSWERS_AT_MOST}
    with SandboxProcess() as workshop:
        make_large(workshop.sandbox.account, "carol", users=USERS, groups=GROUPS)
        people = People(workshop.sandbox.page_url)
        people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": SECONDS})
        for number in range(ROUNDS):
            _round(people, number, took)
    return [
        Figure(
            f"{name} in a large account, in RAM's answers one after the other",
            in_short(each),
            f"{SECONDS:g} s an answer",
            ROUNDS,
            statistics.median(each) / SECONDS,
            ANSWERS_AT_MOST[name],
        )
        for name, each in took.items()
    ]


def _round(people: People, number: int, took: dict[str, list[float]]) -> None:
    carol, bob = people.person("carol"), people.person("bob")
    channel, ref = "C0APPROVALS", f"R-{1001 + number}"
    took["asking"].append(
        _timed(
            lambda: carol.type(f"/pairec-access request {MONITOR} {8 + number}h rollout"),
            lambda: any(message.plain.startswith(ref) for message in bob.messages(channel)),
        )
    )
    card = next(message for message in bob.messages(channel) if message.plain.startswith(ref))
    took["deciding"].append(
        _timed(
            lambda: bob.click("Approve", card),
            lambda: any(
                message.plain.startswith(f"{ref} · a") and "Approved by" in message.plain
                for message in bob.messages(channel)
            ),
        )
    )
    for name in ("who carol", "who PaiRecEngineAccess"):
        asked = name.replace("who carol", "who <@U0CAROL>")
        before = {message.ts for message in bob.messages()}
        took[name].append(
            _timed(
                lambda asked=asked: bob.type(f"/pairec-access {asked}"),
                lambda before=before: any(message.ts not in before for message in bob.messages()),
            )
        )
        told = next(message.plain for message in bob.messages() if message.ts not in before)
        if "Not known" in told:
            raise SystemExit(f"{name} is not told whole: {told}")


def _timed(act: Callable[..., object], seen: Callable[..., bool]) -> float:
    begun = time.monotonic()
    act()
    while not seen():
        if time.monotonic() - begun > PATIENCE:
            return PATIENCE
        time.sleep(0.02)
    return time.monotonic() - begun
