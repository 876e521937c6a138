"""One theft after the other that a look at the cloud's own record finds, through a bot that is killed meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

from approvals.kinds import NoticeKind
from approvals.ledger import notices
from bot.sandbox.client import SeenMessage
from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool

READ_IN = {"PAIREC_ACTIONTRAIL_REGION": "ap-southeast-1"}
TWENTY_MINUTES = 20 * 60
THIEF = Caller(ACCESS_KEY_ID, "aliyun-cli/3.0", "", "198.51.100.66")


class CloudRecordKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        super().__init__(folder, process_pool, course, address, READ_IN)

    def live_through(self, at: int) -> bool:
        app, name = self.app, f"spy-{at}"
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            app.wait(app.quiet, "what a bot begins with")
            app.sandbox.account.record("CreateUser", {"UserName": name}, "ok", THIEF)
            spawned.arm()
            app.people.advance(TWENTY_MINUTES)
            app.wait(lambda: spawned.there or self._said(name), f"the alarm about {name}, or that point")
            came = spawned.there
            where = f"{name}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            app.wait(lambda: self._said(name), f"{where}: the alarm")
            for _ in range(2):
                app.people.advance(TWENTY_MINUTES)
                app.wait(app.quiet, f"{where}: that nothing is due")
            assert self._alarms(name) == 1, where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _said(self, name: str) -> bool:
        return self._alarms(name) > 0 and self.app.quiet() and any(name in each.plain for each in self._messages())

    def _alarms(self, name: str) -> int:
        with self.app.ledger.read() as tx:
            return sum(name in json.dumps(each.details) for each in notices.open_of(tx, NoticeKind.STOLEN_KEY))

    def _messages(self) -> list[SeenMessage]:
        return self.app.bob.messages("C0APPROVALS")
