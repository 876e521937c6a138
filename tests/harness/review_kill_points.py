"""One policy after the other that somebody changes while a request for it waits: reviewed anew, approved and given,
through a bot that is killed meanwhile. Whoever reviews clicks again where nobody answered them.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import partial
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import notices, policy_reviews, trail
from approvals.policies.reviewed import PolicyNow
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.ram.actions.policy_versions import with_version
from bot.sandbox.ram.state import AccountState, PolicyKey
from tests.harness import endings
from tests.harness.app import ENGINE
from tests.harness.builders import NOW
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.process_pool import SpawnedApp
from tests.harness.refusals import audit_trail, refused
from tests.scenario import policies
from tests.scenario.policies import CHANGED

KEY = PolicyKey("Custom", ENGINE)


class ReviewKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        began = app.people.now()
        app.passing.hurry()
        self._was_reviewed()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            version = self._changed(at)
            spawned.arm()
            app.look_at_policies()
            app.wait(lambda: spawned.there or self._shown(), "a message, or that point")
            for person in (app.bob, app.judy):
                if not spawned.there:
                    person.click("Reviewed", self._shown()[-1])
                    app.wait(partial(self._came_on, spawned, person, version), "a word, or that point")
            if not spawned.there:
                self.approve(ref)
                app.wait(lambda: spawned.there or app.stands(ref, "active"), f"{ref} to be active, or that point")
            came = spawned.there
            where = f"{ref}, {version}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(version, where)
            self._recover(ref, where)
            endings.check(app, [ref], began, where)
            self._check(version, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _shown(self) -> list[SeenMessage]:
        """What asks for a review, but for what was posted twice, which keeps its buttons."""
        return [each for each in policies.notices(self.app.bob, CHANGED) if each.ts not in self._copies]

    def _was_reviewed(self) -> None:
        """The policy as it is now."""
        app = self.app
        policy = app.sandbox.account.read().policies[KEY]
        now = PolicyNow.of(ENGINE, "Custom", policy.default_version, policy.default.document)
        with app.ledger.write() as tx:
            policy_reviews.put(tx, now, [SlackUserId(app.bob.id), SlackUserId(app.judy.id)], NOW)
            said: dict[str, Any] = {
                "policy": now.name,
                "policy_type": now.type,
                "version": now.version,
                "hash": now.hash,
            }
            trail.append_event(tx, NOW, AuditEvent.POLICY_REVIEWED, **said, reviewers=[app.bob.id, app.judy.id])

    def _changed(self, at: int) -> str:
        """Somebody changes it, otherwise than by a call that would be in RAM's log; the version."""

        def change(state: AccountState, now: float) -> None:
            before = state.policies[KEY]
            changed = with_version(before, policies.document("pairec:*", f"eas:Describe{at}"), now)
            state.policies[KEY] = replace(changed, versions=changed.versions[-1:])

        self.app.sandbox.account.write(change)
        return self.app.sandbox.account.read().policies[KEY].default_version

    def _came_on(self, spawned: SpawnedApp, person: SandboxPerson, version: str) -> bool:
        return spawned.there or self._said(person, version)

    def _said(self, person: SandboxPerson, version: str) -> bool:
        """Whether their word on this version is recorded."""
        if policies.reviewed(self.app)[ENGINE][0] == version:
            return True
        with self.app.ledger.read() as tx:
            shown = notices.open_about(tx, NoticeKind.POLICY_REVIEW, ENGINE)
        return shown is not None and person.id in json.dumps(shown.details["reviewed_by"])

    def _goes_on(self, version: str, where: str) -> None:
        app = self.app
        app.wait(app.quiet, f"{where}: that nothing is due")
        for person in (app.bob, app.judy):
            app.wait(partial(self._clicked_by, person, version), f"{where}: {person.name}'s word")
        app.wait(app.quiet, f"{where}: that nothing is due")

    def _clicked_by(self, person: SandboxPerson, version: str) -> bool:
        """A click may go to a process that is no more, where nobody answers."""
        if self._said(person, version):
            return True
        if shown := self._shown():
            person.click("Reviewed", shown[-1])
        deadline = time.monotonic() + 1.0
        while not self._said(person, version) and time.monotonic() < deadline:
            time.sleep(0.02)
        return self._said(person, version)

    def _check(self, version: str, where: str) -> None:
        app = self.app
        told = [entry for entry in audit_trail(app) if entry.get("version") == version]
        assert [entry["event"] for entry in told] == ["policy approval", "policy reviewed"], where
        assert {entry["by_slack"] for entry in told} == {app.bob.id, app.judy.id}, where
        # Killed between Slack's answer and its own record, it posts once more, and knows of one of them.
        copies = self._shown()
        assert len(copies) <= 1, f"{where}: it is asked for {len(copies)} times more"
        for copy in copies:
            with refused(app, app.alice, "notice_settled", "This is handled already.", act="review"):
                app.alice.click("Reviewed", copy)
            self._copies.add(copy.ts)
