"""How requests must end that went through a bot which did not live: as if nothing had happened."""

from __future__ import annotations

from tests.harness.app import ENGINE
from tests.harness.shared_app import SharedApp

ONCE = ("asked", "approved", "active", "ending", "ended")
PAIR = ["AttachPolicyToUser", "DetachPolicyFromUser"]


def check(app: SharedApp, refs: list[str], began: float, where: str) -> None:
    """These are over, one after the other, and nothing else happened since `began`. Fails with `where`."""
    assert not app.holds("carol", ENGINE), f"{where}: RAM is not as the ledger says"
    _writes_once(app, len(refs), began, where)
    assert app.chain_holds(), f"{where}: the chain does not verify"
    for ref in refs:
        assert app.states(ref) == ["ended"], f"{where}: {ref} is {app.states(ref)}"
        said_once(app, ref, where)


def _writes_once(app: SharedApp, grants: int, began: float, where: str) -> None:
    """By RAM's own log: one attach and one detach for each grant, and a pair more where the trail names a write that
    was late.
    """
    log = [entry for entry in app.people.account()["log"] if entry["at"] >= began]
    actions = [entry["action"] for entry in log if entry["result"] == "ok"]
    late = app.key_events(began).count("late write")
    assert actions in [PAIR * (grants + pairs) for pairs in range(late + 1)], f"{where}: {late} late; {actions}"


def said_once(app: SharedApp, ref: str, where: str) -> None:
    """Each step of it happened once, both people were told of it, and its one card says that it is over."""
    events = app.events(ref)
    for event in ONCE:
        assert events.count(event) == 1, f"{where}: {ref} {event} in {events}"
    read = [message.plain for message in app.carol.messages()]
    told = [text for text in read if text.startswith(f"*{ref}*: ")]
    replies = [text for text in read if text.startswith(f"<@{app.carol.id}> *{ref}*: ")]
    assert any("has expired" in text for text in told) and len(told) <= 2, f"{where}: {told}"
    assert any("is active." in text for text in replies), f"{where}: {replies}"
    assert len(replies) <= len(set(replies)) + 1, f"{where}: more than one reply twice: {replies}"
    cards = [message for message in app.cards() if message.plain.startswith(f"{ref} · ")]
    assert [card.plain.split("\n")[0] for card in cards] == [f"{ref} · ended"], f"{where}: the cards of {ref}"
    assert cards[0].buttons == [], f"{where}: {cards[0].buttons} on the card of {ref}"
