"""Boards as full and as nasty as they may become, for drawing."""

from __future__ import annotations

from typing import Any

from approvals.findings import Change, CheckResult, CheckState, Doer, Finding
from approvals.ids import SlackUserId
from approvals.ledger.status_boards import Board
from approvals.status import last_findings
from approvals.status.boards import BoardLine, BoardView, RepairOffer, StatusDetails
from approvals.status.last_findings import LastFinding
from approvals.status.plan import StatusPlan
from bot.check.samples.records import EVIL, LONG, NOW

FACTS: dict[str, Any] = {
    "role": EVIL,
    "policies": [EVIL] * 20,
    "policy": EVIL,
    "what": LONG,
    "missing": [f"oss:{'A' * 80}"] * 30,
    "denied": [f"oss:{'B' * 80}"] * 30,
    "limits": [LONG] * 30,
    "trusts": EVIL,
    "holders": 12_345,
    "resources": [LONG] * 30,
    "instances": [EVIL] * 20,
    "of": 600,
    "grants": [EVIL] * 20,
    "quota": EVIL,
    "found": [LONG] * 20,
    "project": EVIL,
    "projects": [EVIL] * 20,
    "owners": [EVIL] * 20,
    "product": EVIL,
    "places": [LONG] * 30,
    "people": [LONG] * 30,
    "group": EVIL,
    "command": f"setproject {LONG}=true;",
    "seconds": 10,
    "permission": EVIL,
    "throttled": False,
    "trouble": "key_rejected",
    "code": EVIL,
    "action": EVIL,
}


def finding(check: str, result: CheckResult, repair: str | None = None) -> Finding:
    """What a check found, with all that may be in it."""
    return Finding(check, result, {**FACTS, "mend": repair} if repair else FACTS)


def last(found: Finding) -> LastFinding:
    """The same as what was found last."""
    return LastFinding(found, NOW, NOW, 1)


def shown(
    plan: StatusPlan, result: CheckResult, *, finished: bool = True, repair: str | None = None, scope: str = ""
) -> BoardView:
    """A board on which every check found the same."""
    rows = plan.scope(scope or None)
    lines = tuple(
        BoardLine(
            row,
            tuple(last(finding(check, result, repair)) for check in row.checks),
            frozenset() if finished else frozenset(row.checks),
        )
        for row in rows
    )
    return BoardView(
        board=Board(1, "T0PAIREC", "C0GENERAL", "1.1", None, 0, SlackUserId("U0CAROL"), scope, 1, NOW),
        lines=lines,
        finished=finished,
        checked_at=NOW,
        offers={name: RepairOffer(None, None) for name in plan.repairs},
        every=1_800_000,
        changes=tuple(changes(plan, result)),
    )


def details(plan: StatusPlan, result: CheckResult) -> StatusDetails:
    """The window behind that board."""
    board = shown(plan, result)
    days = (*CheckState, None, None)[: last_findings.DAYS]
    return StatusDetails(board.lines, (days,) * len(board.lines), board.offers)


def changes(plan: StatusPlan, result: CheckResult) -> list[Change]:
    """As many changes as there are rows."""
    doer = Doer("R-1001", SlackUserId("U0CAROL"))
    return [
        Change(number, NOW, CheckState.OK, finding(row.checks[0], result), doer) for number, row in enumerate(plan.rows)
    ]
