"""A SQLite ledger of 10,000 live grants and 1,000,000 closed requests, made once and kept between runs, and a sandbox
whose RAM has what it says.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import SqliteLedger
from approvals.ledger.store import schema_steps
from approvals.people import Principal
from benchmarks.filled_ledger import Size, fill, person
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.state import AccountState, PolicyKey, PolicyTarget, User

LIVE, CLOSED, OWN = 10_000, 1_000_000, 5_000
POLICY = PolicyKey("Custom", "PaiRecEngineAccess")
BEFORE_SECONDS = 86_400.0
"""What was there before the ledger was is nothing that it asks anybody about."""


def make_sandbox(*, filled: bool) -> SandboxProcess:
    """Not open yet. Its RAM is the same either way, since the sandbox's takes longer the more it holds. One that is
    filled has asked for all of it, and Carol has 5,000 closed requests there.
    """
    process = SandboxProcess()
    process.sandbox.account.write(_make_users)
    if filled:
        users = {user["name"]: user["user_id"] for user in process.sandbox.account.view()["users"]}
        shutil.copy(filled_file(Principal(RamUserId(users["carol"]), "carol")), process.ledger_path)
    return process


def filled_file(carol: Principal) -> Path:
    """Made anew where the schema has a newer step than it."""
    folder = Path(tempfile.gettempdir()) / f"pairec-access-benchmarks-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{max(schema_steps('sqlite'))}-{LIVE}-{CLOSED}-{carol.user_id}.db"
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with closing(SqliteLedger(draft)) as ledger:
            size = Size(LIVE, CLOSED, own=OWN, owner=(SlackUserId("U0CAROL"), carol))
            fill(ledger, size, time.time_ns() // 1_000_000)
        draft.rename(path)
    return path


def _make_users(state: AccountState, now: float) -> None:
    now -= BEFORE_SECONDS
    for number in range(LIVE):
        _, principal = person(number)
        state.users[principal.name] = User(principal.user_id, principal.name, now, now)
        state.attachments[PolicyTarget("user", principal.user_id), POLICY] = now
