"""`report access` and `who` of a policy that all groups have, in an account as large as RAM lets one be, at RAM's 100
reads a second of each kind and 50 ms an answer.

Beside each is the least that RAM lets it take: 100 a second of the kind of call that is made most often. Calls are
counted as they come.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

from benchmarks.figures import Figure
from bot.sandbox.bot_process import bots_environment
from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.large import GROUPS, USERS, make_large

READS_A_SECOND, ANSWER_SECONDS = 100, 0.05
GOAL_REPORT, GOAL_WHO_SECONDS = 1.2, 2.0
WHO = "who PaiRecEngineAccess"
PATIENCE, QUIET_SECONDS = 60.0, 5.0


def measure() -> list[Figure]:
    """Each once, and whole."""
    with SandboxProcess() as process:
        make_large(process.sandbox.account, "carol", users=USERS, groups=GROUPS)
        people = People(process.sandbox.page_url)
        people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": ANSWER_SECONDS})
        calls = process.sandbox.ram_calls
        # A bot that has just begun looks at the whole account once.
        while calls.take():
            time.sleep(QUIET_SECONDS)
        who = _who(people)
        least = _least(calls.take())
        report = _report(process)
        floor = _least(calls.take())
    return [
        Figure(
            "report access, 5,000 users and 300 groups, over the calls' floor",
            f"{report:.2f} s",
            f"floor {floor:.2f} s",
            1,
            report / floor,
            GOAL_REPORT,
        ),
        Figure(f"{WHO} there, s", f"{who:.2f} s", f"floor {least:.2f} s", 1, who, GOAL_WHO_SECONDS),
    ]


def _who(people: People) -> float:
    """Seconds until it is told whole."""
    bob = people.person("bob")
    before = {message.ts for message in bob.messages()}
    begun = time.monotonic()
    bob.type(f"/pairec-access {WHO}")
    while not (told := [message.plain for message in bob.messages() if message.ts not in before]):
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit("nothing is told")
        time.sleep(0.02)
    took = time.monotonic() - begun
    if "Not known" in told[0]:
        raise SystemExit(f"it is not told whole: {told[0]}")
    return took


def _report(process: SandboxProcess) -> float:
    """Seconds that the command takes, from its start to its end."""
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "bot", "report", "access"],
        env=bots_environment(process.environment()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - begun


def _least(calls: Mapping[str, int]) -> float:
    """Seconds that these take, 100 of each kind in each and the last of them answered."""
    return max(calls.values()) / READS_A_SECOND + ANSWER_SECONDS
