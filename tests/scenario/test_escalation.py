"""What nobody decides in time is shown to a second place as well, once, and can be decided there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.errors import CatalogError
from approvals.ledger import cards, jobs
from approvals.model import parse_ref
from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import audit_trail
from tests.harness.reminders import MINUTE

ONCALL, NOT_IN, GROUP = "C0GENERAL", "C0RANKING", "S0ONCALL"
ASKS = f"{ENGINE} 8h rolling out"
Opens = Callable[[str], AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    with ExitStack() as stack:
        yield lambda to: stack.enter_context(AppHarness(tmp_path, {"PAIREC_CATALOG": str(escalating(tmp_path, to))}))


def escalating(folder: Path, to: str, item: str = "") -> Path:
    """A catalogue in which everything is escalated there after half an hour; `item`: lines for the engine alone."""
    terms = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    path = folder / "escalating.toml"
    engine = f"[policies.{ENGINE}]\n"
    lines = f'escalate_after = "30m"\nescalate_to = "{to}"\n'
    path.write_text(lines + terms.replace(engine, engine + item), "utf-8")
    return path


def there(app: AppHarness, ref: str, text: str = "", channel: str = ONCALL) -> list[SeenMessage]:
    seen = [message for message in app.bob.messages(channel) if message.plain.startswith(ref)]
    return [message for message in seen if text in message.plain]


def shown_there(app: AppHarness, ref: str, text: str = "") -> SeenMessage:
    app.until(lambda: there(app, ref, text), lambda: f"{ref} with {text!r} there:\n{app.bob.screen_text()}")
    return there(app, ref, text)[0]


def escalations(app: AppHarness) -> list[str]:
    return [entry["place"] for entry in audit_trail(app) if entry["event"] == "escalated"]


def test_after_that_time_the_card_is_in_the_second_place_too_and_is_decided_there(app_with: Opens) -> None:
    app = app_with(ONCALL)
    ref = app.asked(app.carol, ASKS)
    app.people.advance(29 * MINUTE)
    assert app.record(ref).request.escalated_at is None and there(app, ref) == []
    app.people.advance(2 * MINUTE)
    second = shown_there(app, ref, "Escalated")
    assert "Approve" in second.buttons and "no decision until then" in app.card(ref, "Escalated").plain
    app.dave.click("Approve", second)
    app.dave.ephemeral_with("so you cannot decide")
    app.bob.click("Approve", second)
    app.comes_to_hold("carol", ENGINE)
    assert shown_there(app, ref, "· active").ts == second.ts and app.card(ref, "· active")
    assert len(there(app, ref)) == 1 and escalations(app) == [ONCALL]
    app.alice.click("Details", app.card(ref))
    assert f"it was escalated to <#{ONCALL}>" in app.alice.modal("History").plain and app.chain_holds()


def test_what_was_decided_before_is_not_escalated(app_with: Opens) -> None:
    app = app_with(ONCALL)
    approved, cancelled = app.asked(app.carol, ASKS), app.asked(app.carol, f"{DATA} 8h features")
    app.approve(approved, app.bob)
    app.cancels(app.carol, cancelled)
    app.comes_to_hold("carol", ENGINE)
    app.people.advance(40 * MINUTE)
    waits = app.asked(app.carol, f"{MONITOR} 8h watching")
    app.people.advance(31 * MINUTE)
    shown_there(app, waits)
    assert there(app, approved) == there(app, cancelled) == [] and escalations(app) == [ONCALL]


def test_a_user_group_is_called_below_the_card(app_with: Opens) -> None:
    app = app_with(GROUP)
    ref = app.asked(app.carol, ASKS)
    app.people.advance(31 * MINUTE)
    said = app.until(
        lambda: next((each for each in app.bob.messages() if f"<!subteam^{GROUP}>" in each.plain), None), "the group"
    )
    assert (said.channel, said.body["thread_ts"]) == (APPROVALS, app.card(ref, "Escalated").ts)
    assert escalations(app) == [GROUP]


def test_where_the_bot_is_not_in_the_channel_approvers_are_told_and_it_comes_once_it_is(app_with: Opens) -> None:
    app = app_with(NOT_IN)
    ref = app.asked(app.carol, ASKS)
    app.people.advance(31 * MINUTE)
    app.bob.message_with(f"{ref} could not be escalated to <#{NOT_IN}>", APPROVALS)
    app.people.advance(16 * MINUTE)
    app.until(lambda: due(app, ref) > 0, "it to be tried again")
    assert app.record(ref).pending and "Approve" in app.card(ref).buttons and escalations(app) == []
    assert len([m for m in app.bob.messages(APPROVALS) if "could not be escalated" in m.plain]) == 1
    app.sandbox.workspace.channels[NOT_IN].members.append("U0PAIRECBOT")
    app.people.advance(16 * MINUTE)
    app.bob.message_with("escalated to <#C0RANKING> again", APPROVALS)
    assert escalations(app) == [NOT_IN]


def due(app: AppHarness, ref: str) -> float:
    with app.ledger.read() as tx:
        row = tx.row("SELECT due_at FROM jobs WHERE id = :id", id=f"escalate:{ref[2:]}")
    return row["due_at"] / 1_000 - app.people.now() if row else 0


def test_a_second_place_whose_message_was_deleted_gets_no_card_in_the_first(app_with: Opens) -> None:
    app = app_with(ONCALL)
    ref = app.asked(app.carol, ASKS)
    app.people.advance(31 * MINUTE)
    second = shown_there(app, ref, "Escalated")
    app.people.inject_slack_fault(
        {"fault": "error", "method": "chat.update", "channel": ONCALL, "error": "message_not_found", "times": 1}
    )
    app.approve(ref, app.bob)
    app.card(ref, "· active")
    app.until(lambda: second.ts not in shown(app, ref), "the deleted one to be forgotten")
    with app.ledger.read() as tx:
        assert not jobs.exists(tx, f"post:{ref[2:]}")
    assert len([card for card in app.cards() if card.plain.startswith(ref)]) == 1


def shown(app: AppHarness, ref: str) -> list[str]:
    with app.ledger.read() as tx:
        return [card.ts for card in cards.of_request(tx, parse_ref(ref) or 0)]


def test_an_item_says_otherwise_a_bundle_takes_the_soonest_and_half_of_it_is_no_catalogue(tmp_path: Path) -> None:
    catalog = load_catalog(escalating(tmp_path, ONCALL, 'escalate_after = "10m"\nescalate_to = "G0ENGINE"\n'))
    said = {name: (item.escalate_after, item.escalate_to) for name, item in catalog.items.items()}
    minutes = 60_000
    assert said[DATA] == (30 * minutes, ONCALL) and said[ENGINE] == (10 * minutes, "G0ENGINE")
    path = escalating(tmp_path, ONCALL)
    for wrong, told in (("C0GENERAL", "escalate_to"), ('escalate_after = "30m"\n', "belong together")):
        text = escalating(tmp_path, ONCALL).read_text("utf-8")
        path.write_text(text.replace(wrong, "general" if wrong == ONCALL else "", 1), "utf-8")
        with pytest.raises(CatalogError, match=told):
            load_catalog(path)
