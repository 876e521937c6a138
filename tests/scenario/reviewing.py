"""People in an access review: what they are told and shown, and what it comes to."""

from __future__ import annotations

from approvals.access_review import ReviewItem
from approvals.ledger import access_reviews
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, HOUR, AppHarness
from tests.harness.refusals import audit_trail
from tests.scenario.command_line import CommandLine
from tests.scenario.drifting import about_user

DAY = 24 * HOUR
OVER = "The access review of"


def start(app: AppHarness, pairec_access: CommandLine, time: str = "30d") -> None:
    """A review that each approver was told of."""
    done = pairec_access("review", "start", "--by", time)
    assert done.returncode == 0 and "The access review runs until" in done.stdout, done.stderr
    assert app.program is not None
    app.program.wake()
    app.until(lambda: told(app.alice) and told(app.bob) and told(app.judy), "approvers to be told")


def told(person: SandboxPerson) -> list[SeenMessage]:
    """What has the button that shows a part."""
    return [m for m in person.messages() if "Access review:" in m.plain and m.buttons == ["Review"]]


def part(app: AppHarness, person: SandboxPerson) -> SeenMessage:
    """What is left for an approver, as they are shown it."""
    read = {message.ts for message in person.messages()}
    person.type("/pairec-access review")
    return app.until(
        lambda: next((m for m in person.messages() if m.ts not in read and m.ephemeral), None),
        lambda: f"their part; {person.name} sees:\n{person.screen_text()}",
    )


def shows(app: AppHarness, person: SandboxPerson, text: str) -> SeenMessage:
    """The list, once this stands in it."""
    return app.until(
        lambda: next((m for m in reversed(person.messages()) if text in m.plain), None),
        lambda: f"{text!r}; {person.name} sees:\n{person.screen_text()}",
    )


def whose(app: AppHarness, user: str, what: str = "") -> SandboxPerson:
    """The approver whose part it is what somebody has."""
    accounts = {"U0ALICE": app.alice, "U0BOB": app.bob, "U0JUDY": app.judy}
    return accounts[str(item(app, user, what).reviewer)]


def another(app: AppHarness, by: SandboxPerson) -> SandboxPerson:
    """An approver besides this one."""
    return app.bob if by is not app.bob else app.judy


def row_of(app: AppHarness, user: str, what: str = "") -> tuple[SandboxPerson, SeenMessage]:
    """Whoever reviews what somebody has, and its text and buttons as they are shown it."""
    by = whose(app, user, what)
    return by, about_user(part(app, by), user, what)


def item(app: AppHarness, user: str, what: str = "") -> ReviewItem:
    with app.ledger.read() as tx:
        [review, *_] = access_reviews.every_one(tx)
        return next(
            each
            for each in access_reviews.items(tx, review.id)
            if each.access.principal.name == user and what in each.access.about
        )


def over(app: AppHarness) -> SeenMessage:
    """What approvers read at its end."""
    return app.until(
        lambda: next((m for m in app.bob.messages(APPROVALS) if OVER in m.plain), None),
        lambda: f"the end of the review; bob sees:\n{app.bob.screen_text()}",
    )


def keeps_all(app: AppHarness) -> None:
    for person in (app.alice, app.bob, app.judy):
        shown = part(app, person)
        while "Keep" in shown.buttons:
            before = shown.plain
            person.click("Keep", shown)
            shown = app.until(
                lambda before=before, person=person: next(
                    (m for m in reversed(person.messages()) if "thing stays." in m.plain and m.plain != before), None
                ),
                "what is left",
            )


def reminded(app: AppHarness, before: SeenMessage) -> bool:
    """Whether one message asks bob to review, and it is another one."""
    shown = told(app.bob)
    return len(shown) == 1 and shown[0].ts != before.ts


def due_later(app: AppHarness) -> bool:
    """Whether the review waits for another moment."""
    with app.ledger.read() as tx:
        [job] = tx.rows("SELECT * FROM jobs WHERE id = 'access_review'")
    return bool(job["lock_token"] is None and job["due_at"] > app.sandbox.clock.now() * 1_000)


def passes(app: AppHarness, days: int, but: int = 0) -> None:
    """A review of so many days runs until its end but for so many seconds, through both of its reminders."""
    for seconds in (days / 2 * DAY + 1, (days / 2 - 1) * DAY, DAY - but):
        app.until(lambda: due_later(app), "the review to wait for what comes next")
        app.people.advance(seconds)
    if but:
        app.until(lambda: due_later(app), "the review to wait for its end")


def events(app: AppHarness) -> list[str]:
    return [entry["event"] for entry in audit_trail(app) if "access review" in entry["event"]]
