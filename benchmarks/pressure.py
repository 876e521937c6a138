"""How long many grants and revokes take in good weather and in bad, over RAM's own floor of 10 writes a second.

In bad weather a tenth of all calls is throttled, and of a tenth the answer is lost. Timed are the last grant that is
known to be there after all were approved at once, and the last detach in RAM after a deadline that all have.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from approvals.catalog.load import load_catalog
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, SqliteLedger, people
from approvals.millis import DomainMillis
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, create_request
from approvals.operations.grant_agreed import grant_agreed
from approvals.operations.terms import ApprovalTerms
from approvals.people import Link, Principal
from benchmarks.figures import Figure
from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.execute import execute

REQUESTS = 200
WRITES_A_SECOND = 10
POLICY = "PaiRecEngineAccess"
HOURS = 8
PATIENCE = 600.0
WEATHER: tuple[dict[str, object], ...] = (
    {"action": "*", "fault": "throttle", "every": 10, "seconds": 1.0},
    {"action": "*", "fault": "drop_answer", "every": 10},
)


def measure() -> list[Figure]:
    """In good weather and in bad."""
    return [*_grants_and_revokes("", (), 1.03), *_grants_and_revokes(", a tenth throttled, a tenth lost", WEATHER, 1.5)]


def _grants_and_revokes(weather: str, orders: Sequence[dict[str, object]], goal: float) -> list[Figure]:
    floor = REQUESTS / WRITES_A_SECOND
    with SandboxProcess() as workshop:
        world = People(workshop.sandbox.page_url)
        ledger = SqliteLedger(workshop.ledger_path)
        for order in orders:
            world.inject_ram_fault(order)
        before = _attached(workshop)
        begun = _approve_all(workshop, ledger, REQUESTS)
        _until(lambda: _states(ledger).get("active", 0) == REQUESTS, ledger)
        granted = time.monotonic() - begun
        begun = time.monotonic()
        world.advance(HOURS * 3600 + 1)
        _until(lambda: _attached(workshop) == before, ledger)
        revoked = time.monotonic() - begun
        ledger.close()
    return [
        Figure(f"{REQUESTS} {name}{weather}", f"{took:.2f} s", f"floor {floor:.0f} s", 1, took / floor, goal)
        for name, took in (("grants at once", granted), ("revokes due at once", revoked))
    ]


def _approve_all(workshop: SandboxProcess, ledger: Ledger, wanted: int) -> float:
    """Recorded as the operations record them, all at one moment; when that was."""
    item = load_catalog().resolve(POLICY)
    team, now = workshop.sandbox.workspace.team.id, DomainMillis(round(workshop.sandbox.clock.now() * 1_000))
    users = []
    for number in range(wanted):
        made = execute(workshop.sandbox.account, "CreateUser", {"UserName": f"engineer-{number:03}"})
        users.append(Principal(made["User"]["UserId"], f"engineer-{number:03}"))
    with ledger.write() as tx:
        for number, principal in enumerate(users):
            slack_id = SlackUserId(f"U0ENGINEER{number:03}")
            people.add_link(tx, Link(team, slack_id, principal, now))
            ask = Ask(
                f"pressure-{number}",
                team,
                slack_id,
                slack_id,
                POLICY,
                HOURS * 3_600_000,
                "rolling out",
            )
            request = create_request(tx, ask, item, Parties(principal, principal, (), ()), claimed=False, now=now)
            grant_agreed(tx, request, SlackUserId("U0BOB"), now, ApprovalTerms(request.entitlements, request.duration))
    return time.monotonic()


def _attached(workshop: SandboxProcess) -> int:
    """How many have the policy in RAM."""
    return sum(policy.name == POLICY for _, policy in workshop.sandbox.account.read().attachments)


def _states(ledger: Ledger) -> dict[str, int]:
    with ledger.read() as tx:
        rows = tx.rows("SELECT state, COUNT(*) AS number FROM grants GROUP BY state")
    return {row["state"]: row["number"] for row in rows}


def _until(done: Callable[[], bool], ledger: Ledger) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {PATIENCE:.0f} s the grants are {_states(ledger)}")
        time.sleep(0.05)
