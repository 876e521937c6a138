"""Many requests that wait, and pairs of approvers who want the opposite of each other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from random import Random
from time import monotonic, sleep

from approvals.audit_events import AuditEvent
from approvals.catalog.load import load_catalog
from approvals.ids import SlackUserId
from approvals.ledger import admins, cards, requests, trail
from approvals.ledger.admins import AdminHolder, HolderState
from approvals.millis import HOUR, DomainMillis
from approvals.model import RequestState
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, create_request
from approvals.operations.link_identity import link_identity
from approvals.people import Person as Account
from approvals.people import Principal
from bot.sandbox.slack.answers import elements_of
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.page_client import PageClient
from bot.sandbox.slack.views import View
from tests.harness.app import ADMIN, APPROVALS, ENGINE, AppHarness

DURATION = 8 * HOUR
CLICKED_AGAIN_AFTER = 3.0
"""Seconds in which a person expects to see that something happened."""
GIVEN_UP_AFTER = 180.0
LOOKED_EVERY = 0.05
HESITATION = 0.8
"""Seconds by which one of two may be quicker, at most."""
_COUNTING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits."""

    id: int
    public_id: str
    ref: str
    principal: Principal


@dataclass(frozen=True, slots=True)
class Card:
    """Where to press its buttons: the ids of their blocks, by the button."""

    channel: str
    ts: str
    blocks: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    approver: SlackUserId
    denier: SlackUserId


def hire(app: AppHarness, name: str, *, admin: bool = False) -> tuple[SlackUserId, Principal]:
    """Somebody with a Slack account and a RAM user."""
    made = app.by_hand("CreateUser", UserName=name)["User"]
    if admin:
        app.attach_by_hand(name, ADMIN)
    slack_id = SlackUserId(f"U0{name.upper().replace('-', '')}")
    member = WorkspaceMember(slack_id, name, name.title(), f"{name}@example.com", ram_user=name)
    app.sandbox.call(lambda: app.sandbox.workspace.add_person(member))
    return slack_id, Principal(made["UserId"], name)


def pairs(app: AppHarness, number: int) -> list[Pair]:
    """New approvers, who see the approvals channel."""
    hired = [hire(app, f"approver-{each}", admin=True) for each in range(2 * number)]
    _link(app, hired)
    with app.ledger.write() as tx:
        for _, principal in hired:
            admins.put(tx, AdminHolder(principal, HolderState.CONFIRMED, 0))
            trail.append_event(
                tx, DomainMillis(0), AuditEvent.ADMIN_CONFIRMED, ram_user=principal.name, ram_user_id=principal.user_id
            )
    names = [slack_id for slack_id, _ in hired]
    app.sandbox.call(lambda: app.sandbox.workspace.channels[APPROVALS].members.extend(names))
    return [Pair(*names[first : first + 2]) for first in range(0, 2 * number, 2)]


def ask(app: AppHarness, number: int, approvers: Sequence[Pair]) -> list[Asked]:
    """So many requests of so many people, recorded as the operation records them once everything was checked."""
    hired = [hire(app, f"engineer-{each}") for each in range(number)]
    _link(app, hired)
    item = load_catalog().find(ENGINE)
    assert item is not None
    team, now = app.sandbox.workspace.team.id, DomainMillis(round(app.people.now() * 1_000))
    deciding = tuple(pair.approver for pair in approvers)
    asked = []
    with app.ledger.write() as tx:
        for slack_id, principal in hired:
            wish = Ask(f"soak-{slack_id}", team, slack_id, slack_id, ENGINE, DURATION, "rolling out")
            made = create_request(tx, wish, item, Parties(principal, principal, deciding, ()), claimed=False, now=now)
            asked.append(Asked(made.id, made.public_id, made.ref, principal))
    return asked


def _link(app: AppHarness, hired: Sequence[tuple[SlackUserId, Principal]]) -> None:
    team, now = app.sandbox.workspace.team.id, DomainMillis(round(app.people.now() * 1_000))
    for slack_id, principal in hired:
        link_identity(app.ledger, team, Account(team, slack_id), principal, "the soak", now)


def decide(app: AppHarness, asked: Sequence[Asked], by: Sequence[Pair], chance: Random, counted: Counter[str]) -> None:
    """Each pair takes one request after the other and decides on it, both ways at once.

    Raises:
        AssertionError: nobody could decide on one of them.
    """
    waiting: SimpleQueue[Asked] = SimpleQueue()
    for each in asked:
        waiting.put(each)
    given_up = threading.Event()

    def work(pair: Pair) -> None:
        at_desk = _AtDesk(app, pair, Random(chance.random()), counted)
        with suppress(Empty), ThreadPoolExecutor(1) as hand:
            try:
                while not given_up.is_set():
                    at_desk.decide(waiting.get_nowait(), hand)
            except AssertionError:
                given_up.set()
                raise

    with ThreadPoolExecutor(len(by)) as pool:
        for done in [pool.submit(work, pair) for pair in by]:
            done.result()


class _AtDesk:
    """One pair at work."""

    def __init__(self, app: AppHarness, pair: Pair, chance: Random, counted: Counter[str]) -> None:
        self._app = app
        self._page = PageClient(app.sandbox.page_url)
        self._pair = pair
        self._chance = chance
        self._counted = counted

    def decide(self, one: Asked, hand: ThreadPoolExecutor) -> None:
        card = self._card(one)
        deadline = monotonic() + GIVEN_UP_AFTER
        tries = 0
        while self._waits(one):
            assert monotonic() < deadline, f"{one.ref} could not be decided in {GIVEN_UP_AFTER:.0f} s"
            if (tries := tries + 1) > 1:
                with _COUNTING:
                    self._counted["clicks repeated"] += 1
            if form := self._form(one, card):
                # A denial has less of a way to go, since its form knows the request already.
                denied = self._chance.choice((0.0, self._chance.uniform(0.0, HESITATION)))
                approved = 0.0 if denied else self._chance.uniform(0.0, HESITATION / 4)
                clicked = hand.submit(self._press, self._pair.approver, card, "approve", approved)
                self._deny(form, denied)
                clicked.result()
                self._until_decided(one)
        with _COUNTING:
            self._counted["decided"] += 1

    def _form(self, one: Asked, card: Card) -> View | None:
        """The form in which a denial is explained; the one that is open still, when it was sent in vain."""
        opened = self._open(one)
        if opened is None and self._press(self._pair.denier, card, "deny"):
            deadline = monotonic() + CLICKED_AGAIN_AFTER
            while (opened := self._open(one)) is None and monotonic() < deadline:
                sleep(LOOKED_EVERY)
        return opened

    def _open(self, one: Asked) -> View | None:
        sandbox, denier = self._app.sandbox, self._pair.denier
        stack = sandbox.call(lambda: list(sandbox.workspace.views.stacks.get(denier, [])))
        return next((view for view in stack if view.body.get("private_metadata") == one.public_id), None)

    def _press(self, who: str, card: Card, button: str, after: float = 0.0) -> bool:
        """Whether anybody heard it."""
        sleep(after)
        container = {"type": "message", "channel": card.channel, "ts": card.ts}
        ids = {"block_id": card.blocks[button], "action_id": button}
        return bool(self._page.post("act", {"as": who, "container": container, **ids}).get("ok"))

    def _deny(self, form: View, after: float) -> None:
        sleep(after)
        fields = {
            block["block_id"]: {element["action_id"]: "not now"}
            for block in form.body["blocks"]
            for element in elements_of(block)
        }
        self._page.post("submit", {"as": self._pair.denier, "view_id": form.id, "values": fields})

    def _until_decided(self, one: Asked) -> None:
        deadline = monotonic() + CLICKED_AGAIN_AFTER
        while self._waits(one) and monotonic() < deadline:
            sleep(LOOKED_EVERY)

    def _waits(self, one: Asked) -> bool:
        with self._app.ledger.read() as tx:
            found = requests.get(tx, one.id)
        assert found is not None
        return found.state is RequestState.PENDING

    def _card(self, one: Asked) -> Card:
        with self._app.ledger.read() as tx:
            known = cards.of_request(tx, one.id)[0]
        channel = self._app.sandbox.workspace.channels[known.channel]
        found = self._app.sandbox.call(lambda: channel.find(known.ts))
        assert found is not None, f"there is no card of {one.ref}"
        blocks = {
            element["action_id"]: block["block_id"] for block in found.blocks or [] for element in elements_of(block)
        }
        return Card(known.channel, known.ts, blocks)
