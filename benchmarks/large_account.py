"""How long people wait in a large account whose every answer takes long: asking, deciding and `who`.

    python benchmarks/large_account.py [--rounds 3] [--seconds 0.5] [--users 5000] [--groups 300]

Each wait is told beside how many of RAM's answers one after the other it comes to. Exit status 1 when something did not
come at all, or took longer than what it may.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from rich.console import Console

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.large import GROUPS, USERS, make_large

ANSWERS_AT_MOST = {"asking": 10, "deciding": 8, "who carol": 6, "who PaiRecEngineAccess": 20}
"""Of RAM's answers, one after the other; what people may have to wait for each."""
PATIENCE = 60.0
MONITOR = "PaiRecMonitorAccess"


def main() -> int:
    """Measure, and print the figures; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.5, help="that each of RAM's answers takes")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--groups", type=int, default=GROUPS)
    chosen = parser.parse_args()
    took: dict[str, list[float]] = {name: [] for name in ANSWERS_AT_MOST}
    with SandboxProcess() as workshop:
        make_large(workshop.sandbox.account, "carol", users=chosen.users, groups=chosen.groups)
        people = People(workshop.sandbox.page_url)
        people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": chosen.seconds})
        for number in range(chosen.rounds):
            _round(people, number, took)
    say = Console(highlight=False).print
    good = True
    for name, each in took.items():
        median = statistics.median(each)
        answers = median / chosen.seconds
        good &= answers <= ANSWERS_AT_MOST[name]
        say(f"{name:26} {median:6.2f} s, {answers:5.1f} answers (at most {ANSWERS_AT_MOST[name]})")
    return int(not good)


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


if __name__ == "__main__":
    sys.exit(main())
