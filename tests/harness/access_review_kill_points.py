"""One access review after the other, from its start to its signature, through a bot that is killed meanwhile: what a
request gave carol is revoked or shortened in it, all else is kept. Approvers click again where nobody answered them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from approvals.access_review import AccessReview, ReviewItem
from approvals.kinds import NoticeKind
from approvals.ledger import access_reviews, notices
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.operations.access_reviews.start import start_review
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, ENGINE
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.process_pool import SpawnedApp
from tests.harness.refusals import audit_trail, choose, press


class AccessReviewKillPoints(KillPoints):
    lasts_ms = 10 * DAY
    verdict = "revoke"
    """On what the request gave."""
    once: Sequence[str] = ("asked", "approved", "active", "taken back", "ending", "ended")
    """Of the request's events."""
    steps: Sequence[str] = ("started", "collected", "closed", "signed")
    """Of the review's."""
    word = "access reviewed"
    """What is recorded of each item."""

    def live_through(self, at: int) -> bool:
        app = self.app
        began = app.people.now()
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            self.approve(ref)
            app.wait(lambda: app.stands(ref, "active"), f"{ref} to be active")
            before = len(audit_trail(app))
            review = self.goes_on_until_killed(ref, spawned)
            came = spawned.there
            where = f"killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self.comes_to_an_end(review, ref, where)
            app.wait(lambda: app.stands(ref, "ended"), f"{where}: {ref} to be ended")
            app.wait(app.quiet, f"{where}: that nothing is due")
            self._was_given_once(ref, began, self.once, where)
            self._check(review, before, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def asked(self) -> str:
        ref = self.app.asked(self.app.carol, f"{ENGINE} 60d rolling out")
        self.app.wait(self.app.quiet, "the request to be told")
        return ref

    def begun(self) -> AccessReview:
        """By somebody at the command line."""
        now = DomainMillis(int(self.app.people.now() * SECOND))
        return start_review(self.app.ledger, self.lasts_ms, "somebody at the command line", now)

    def goes_on_until_killed(self, ref: str, spawned: SpawnedApp) -> AccessReview:
        """From when it is armed the bot may come to its point."""
        spawned.arm()
        review = self.begun()
        self.app.wait(lambda: spawned.there or self.collected(review), "it to be collected, or that point")
        self._go_through(review, spawned)
        return review

    def comes_to_an_end(self, review: AccessReview, ref: str, where: str) -> None:
        """By the bot after it."""
        self.app.wait(lambda: self.collected(review), f"{where}: it to be collected")
        self._go_through(review, None)
        self.comes_to_its_end(ref, where)

    def comes_to_its_end(self, ref: str, where: str) -> None:
        """By what was decided alone."""

    def decide(self, person: SandboxPerson, item: ReviewItem, shown: SeenMessage) -> None:
        """On what the request gave."""
        press(person, "access_review_revoke", item.id, shown)

    def _go_through(self, review: AccessReview, spawned: SpawnedApp | None) -> None:
        """All that is left of it, one after the other, until the bot is at its point."""
        while not self._there(spawned) and (left := self._left(review)):
            decided = partial(self._is_decided, left[0])
            self._does(decided, partial(self._decide, left[0]), spawned)
        if not self._there(spawned):
            self._does(lambda: self._signed(review), lambda: self._sign(review), spawned)

    def _does(self, is_so: Callable[[], bool], do: Callable[[], object], spawned: SpawnedApp | None) -> None:
        if spawned is None:
            self.app.wait(lambda: self._comes_to(is_so, do), "a click that is taken")
            return
        do()
        self.app.wait(lambda: spawned.there or is_so(), "a click to be taken, or that point")

    @staticmethod
    def _there(spawned: SpawnedApp | None) -> bool:
        return spawned is not None and spawned.there

    def _decide(self, item: ReviewItem) -> None:
        person = self._person(item)
        if item.access.principal.name == "carol":
            self.decide(person, item, person.messages(APPROVALS)[0])
        else:
            self._press(person, "access_review_keep", item.id)

    def _sign(self, review: AccessReview) -> None:
        with self.app.ledger.read() as tx:
            notice = notices.last_about(tx, NoticeKind.ACCESS_REVIEW_OVER, review.id)
        if notice is not None:
            self._press(self.app.judy, "access_review_sign", notice.id)

    def _press(self, person: SandboxPerson, action: str, value: str) -> None:
        press(person, action, value, person.messages(APPROVALS)[0])

    def _person(self, item: ReviewItem) -> SandboxPerson:
        people = {each.id: each for each in (self.app.alice, self.app.bob, self.app.judy)}
        return people[str(item.reviewer)]

    def collected(self, review: AccessReview) -> bool:
        return bool(self._now(review).collected_at)

    def _signed(self, review: AccessReview) -> bool:
        return self._now(review).signed_by == self.app.judy.id

    def _now(self, review: AccessReview) -> AccessReview:
        with self.app.ledger.read() as tx:
            found = access_reviews.get(tx, review.id)
        assert found is not None
        return found

    def _left(self, review: AccessReview) -> list[ReviewItem]:
        with self.app.ledger.read() as tx:
            return access_reviews.open_items(tx, review.id)

    def _is_decided(self, item: ReviewItem) -> bool:
        with self.app.ledger.read() as tx:
            found = access_reviews.item(tx, item.id)
        return found is not None and found.verdict is not None

    def _check(self, review: AccessReview, before: int, where: str) -> None:
        app = self.app
        entries = audit_trail(app)[before:]
        events = [entry["event"] for entry in entries]
        assert {events.count(f"access review {step}") for step in self.steps} == {1}, f"{where}: {events}"
        with app.ledger.read() as tx:
            items = access_reviews.items(tx, review.id)
        said = [entry["item"] for entry in entries if entry["event"] == self.word]
        assert sorted(said) == sorted(item.id for item in items), f"{where}: {said}"
        assert [item.access.principal.name for item in items if item.verdict == self.verdict] == ["carol"], where
        assert all(item.verdict or item.stays for item in items), where
        assert app.chain_holds(), where


class ShortenedReviewKillPoints(AccessReviewKillPoints):
    """The same, where what the request gave is shortened, and then ends at its new time."""

    verdict = "shorten"
    once = ("asked", "approved", "active", "shortened", "ending", "ended")

    def comes_to_its_end(self, ref: str, where: str) -> None:
        assert self.app.holds("carol", ENGINE), f"{where}: {ref} is over before its time"
        self.app.people.advance(7 * DAY // 1_000)

    def decide(self, person: SandboxPerson, item: ReviewItem, shown: SeenMessage) -> None:
        choose(person, "access_review_shorten", f"{item.id} 7", shown)
