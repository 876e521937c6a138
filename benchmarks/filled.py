"""What people wait for, with a ledger of 10,000 live grants and 1,000,000 closed requests, 5,000 of them one's own,
over an empty one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import Figure, ratio, ratio_of_p99
from benchmarks.filled_file import make_sandbox
from bot.sandbox.client import SandboxClient, SandboxPerson, SeenMessage
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.state import PolicyKey, PolicyTarget

CHANNEL = "C0APPROVALS"
POLICY = "PaiRecMonitorAccess"
POLICY_KEY = PolicyKey("Custom", POLICY)
ROUNDS, WARM_UP = 15, 2
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 5.0
"""Between two rounds: Slack says who somebody is a hundred times a minute, and no more often."""
LOOK_SECONDS = 0.002
GOALS = {"list": 1.2, "who": 1.2, "Home": 1.2}


@dataclass(frozen=True)
class Side:
    """A bot, with either ledger, and two people."""

    process: SandboxProcess
    people: SandboxClient
    carol: SandboxPerson
    bob: SandboxPerson
    user_id: str
    """Carol's, in RAM."""


def measure() -> list[Figure]:
    """By turns."""
    with make_sandbox(filled=True) as filled, make_sandbox(filled=False) as empty:
        sides = [_side(filled), _side(empty)]
        took: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in ("attached", *GOALS)}
        for number in range(WARM_UP + ROUNDS):
            time.sleep(PAUSE_SECONDS)
            for place, side in enumerate(sides):
                for name, seconds in _round(side).items():
                    if number >= WARM_UP:
                        took[name][place].append(seconds)
    return [
        ratio("click to attached, filled ledger over an empty one", *took["attached"], 1.1),
        ratio_of_p99("the same, p99", *took["attached"], 1.3),
        *(ratio(f"{name}, 5,000 closed requests of one's own, over none", *took[name], GOALS[name]) for name in GOALS),
    ]


def _side(process: SandboxProcess) -> Side:
    people = SandboxClient(process.sandbox.page_url)
    users = {user["name"]: user["user_id"] for user in process.sandbox.account.view()["users"]}
    return Side(process, people, people.person("carol"), people.person("bob"), users["carol"])


def _round(side: Side) -> dict[str, float]:
    """Seconds, by what was waited for."""
    before = {message.ts for message in side.bob.messages(CHANNEL)}
    side.carol.type(f"/pairec-access request {POLICY} 1h rollout")
    card = _card(side, before)
    took = {"attached": _timed(lambda: side.bob.click("Approve", card), lambda: _has_it(side))}
    for name, typed in (("list", "/pairec-access list"), ("who", "/pairec-access who @carol")):
        took[name] = _answered(side.carol, typed)
    drawn = _home(side)
    took["Home"] = _timed(side.carol.open_home, lambda: _home(side) != drawn)
    _timed(lambda: None, lambda: _says(side, card, "· active"))
    _give_back(side, card.plain.split()[0])
    _timed(lambda: None, lambda: _says(side, card, "· ended"))
    return took


def _answered(person: SandboxPerson, typed: str) -> float:
    seen = {message.ts for message in person.messages()}
    return _timed(lambda: person.type(typed), lambda: any(each.ts not in seen for each in person.messages()))


def _card(side: Side, before: set[str]) -> SeenMessage:
    def look() -> SeenMessage | None:
        return next((m for m in side.bob.messages(CHANNEL) if m.ts not in before and "Approve" in m.buttons), None)

    return _shown(look)


def _shown(look: Callable[[], SeenMessage | None]) -> SeenMessage:
    _timed(lambda: None, look)
    found = look()
    if found is None:
        raise SystemExit("the message is gone")
    return found


def _says(side: Side, card: SeenMessage, text: str) -> bool:
    return any(message.ts == card.ts and text in message.plain for message in side.bob.messages(CHANNEL))


def _give_back(side: Side, ref: str) -> None:
    seen = {message.ts for message in side.carol.messages()}
    side.carol.type(f"/pairec-access revoke {ref}")

    def look() -> SeenMessage | None:
        return next(
            (m for m in side.carol.messages() if m.ts not in seen and m.ephemeral and "End access" in m.buttons), None
        )

    side.carol.click("End access", _shown(look))
    _timed(lambda: None, lambda: not _has_it(side))


def _has_it(side: Side) -> bool:
    attachments = side.process.sandbox.account.read().attachments
    return (PolicyTarget("user", side.user_id), POLICY_KEY) in attachments


def _home(side: Side) -> str | None:
    home = side.carol.screen()["home"]
    return home["hash"] if home else None


def _timed(act: Callable[[], object], seen: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    while not seen():
        if time.monotonic() - begun > PATIENCE_SECONDS:
            raise TimeoutError("it did not come")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - begun
