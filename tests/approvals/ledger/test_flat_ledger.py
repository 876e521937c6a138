"""Whatever people wait for costs the same however much a ledger remembers: counted in the steps of SQLite's machine,
which are as many on every computer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from approvals.entitlements import Key
from approvals.evidence import Holder, Holders
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, SqliteLedger, due_jobs, grants, jobs, open_grants, open_requests, people
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, HOUR, DomainMillis
from approvals.operations.revoke import revoke_all
from approvals.outbox import enqueue
from approvals.people import Link, Person
from approvals.queries.attention import attention
from approvals.queries.figures import figures
from approvals.queries.find_person import people_named
from approvals.queries.overview import overview
from approvals.queries.request_pages import past_requests, running_requests
from approvals.reconcile import mass_removal
from approvals.request_search import Cursor, RequestSearch
from approvals.transaction import Tx
from benchmarks.filled_ledger import Size, fill
from benchmarks.one_request import BOB, CAROL, TEAM, OneRequest
from tests.harness.builders import ENGINE, NOW, REAL

SMALL, LARGE = Size(live=10, closed=10, own=10, people=40), Size(live=40, closed=1_200, own=600, people=400)
SOMEWHAT = 1.15
"""Times as many, since pages and lists end elsewhere."""


class Counted:
    """A ledger, and how many steps SQLite took for what was done with it."""

    def __init__(self, path: Path) -> None:
        self.ledger = SqliteLedger(path)
        self.taken = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """On this thread's connection, from here on."""
        connection = self.ledger._database()
        connection.set_progress_handler(self._count, 1)
        try:
            yield
        finally:
            connection.set_progress_handler(None, 1)

    def _count(self) -> int:
        self.taken += 1
        return 0

    def steps(self, act: Callable[[Ledger], object]) -> int:
        self.taken = 0
        with self.counting():
            act(self.ledger)
        return self.taken


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A ledger with as much as a list shows and next to nothing else in it, and one that remembers much."""
    folder = tmp_path_factory.mktemp("flat")
    for name, size in (("small", SMALL), ("large", LARGE)):
        with closing(SqliteLedger(folder / name)) as ledger:
            fill(ledger, size, NOW)
            with ledger.write() as tx:
                for slack_id, principal in (CAROL, BOB):
                    people.add_link(tx, Link(TEAM, slack_id, principal, NOW))
                people.opened_home(tx, TEAM, CAROL[0], NOW)
    return folder / "small", folder / "large"


@pytest.fixture
def both(files: tuple[Path, Path], tmp_path: Path) -> Iterator[tuple[Counted, Counted]]:
    small, large = (Counted(tmp_path / path.name) for path in map(_copied(tmp_path), files))
    yield small, large
    small.ledger.close()
    large.ledger.close()


def _copied(folder: Path) -> Callable[[Path], Path]:
    def copy(file: Path) -> Path:
        (folder / file.name).write_bytes(file.read_bytes())
        return file

    return copy


def reads(look: Callable[[Tx], object]) -> Callable[[Ledger], object]:
    def act(ledger: Ledger) -> object:
        with ledger.read() as tx:
            return look(tx)

    return act


def writes(change: Callable[[Tx], object]) -> Callable[[Ledger], object]:
    def act(ledger: Ledger) -> object:
        with ledger.write() as tx:
            return change(tx)

    return act


PERSON = Person(TEAM, CAROL[0])
KEY = Key(CAROL[1].user_id, ENGINE)
KINDS = list(JobKind)
EARLIER = DomainMillis(NOW - 2 * DAY)
"""Nothing is due yet."""
ADMINS = Holders((Holder(BOB[1]),))

FLAT: dict[str, Callable[[Ledger], object]] = {
    "an idle look for work": reads(lambda tx: due_jobs.next_due(tx, KINDS, now=NOW, real=REAL)),
    "claiming nothing": writes(lambda tx: due_jobs.claim(tx, KINDS, now=NOW, real=REAL, token="t", slot={"ram": 100})),
    "a page of what is over": reads(lambda tx: past_requests(tx, TEAM, CAROL[0], CAROL[1].user_id, RequestSearch())),
    "a further page of it": reads(
        lambda tx: past_requests(tx, TEAM, CAROL[0], CAROL[1].user_id, RequestSearch(), Cursor(10**9))
    ),
    "a page of what runs": reads(lambda tx: running_requests(tx, TEAM, RequestSearch())),
    "what approvers should look at": reads(lambda tx: attention(tx, NOW)),
    "a list, and Home": reads(lambda tx: overview(tx, TEAM, PERSON, CAROL[0], ADMINS)),
    "an approver's list": reads(lambda tx: overview(tx, TEAM, Person(TEAM, BOB[0]), BOB[0], ADMINS)),
    "who, by name": reads(lambda tx: people_named(tx, CAROL[1].name, None)),
    "who, by a UserId": reads(lambda tx: people_named(tx, CAROL[1].user_id, None)),
    "who, by a Slack account": reads(lambda tx: people_named(tx, CAROL[0], None)),
    "who, an approver": reads(lambda tx: people_named(tx, BOB[1].name, None)),
    "what runs for somebody": reads(lambda tx: open_grants.of_principal(tx, CAROL[1].user_id)),
    "what runs on a key": reads(lambda tx: open_grants.on_key(tx, KEY)),
    "what was last on a key": reads(lambda tx: (grants.last_on_key(tx, KEY), grants.last_detach(tx, KEY))),
    "a detach": writes(lambda tx: grants.detach_begun(tx, KEY, REAL)),
    "what waits for somebody": reads(lambda tx: open_requests.waiting_for_user(tx, CAROL[1].user_id)),
    "whether too much looks removed": writes(lambda tx: mass_removal.too_much(tx, NOW)),
    "what was removed lately": reads(lambda tx: grants.removed_outside_since(tx, NOW - HOUR)),
    "a card that nobody has yet": reads(lambda tx: jobs.any_of(tx, JobKind.POST, enqueue.card_copies_prefix(7))),
    "whose Home is drawn": writes(lambda tx: enqueue.draw_homes(tx, NOW, TEAM, [CAROL[0], SlackUserId("U9")])),
    "what a monitoring system asks while nothing is due": reads(lambda tx: figures(tx, EARLIER, REAL)),
    "somebody who leaves and has nothing": lambda ledger: revoke_all(ledger, BOB[1].user_id, "a test", NOW),
}


@pytest.mark.parametrize("what", FLAT)
def test_it_takes_as_many_steps_however_much_is_remembered(what: str, both: tuple[Counted, Counted]) -> None:
    small, large = (each.steps(FLAT[what]) for each in both)
    assert 0 < large <= small * SOMEWHAT + 20, f"{what}: {large} steps instead of {small}"


def test_a_request_takes_as_many_steps_from_asking_to_its_end(both: tuple[Counted, Counted]) -> None:
    taken = []
    for each in both:
        with each.ledger.write() as tx:
            tx.run("DELETE FROM links")
            tx.run("DELETE FROM jobs")
        one = OneRequest(each.ledger, NOW + HOUR, 8 * HOUR)
        with each.counting():
            one.until_active()
            active = each.taken
            one.until_ended()
        taken.append((active, each.taken - active))
    (active, ended), (active_large, ended_large) = taken
    assert active_large <= active * SOMEWHAT and ended_large <= ended * SOMEWHAT, f"{taken}"
