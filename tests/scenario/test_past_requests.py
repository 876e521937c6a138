"""What somebody had or asked for, in a window: page by page, searched, and requested again from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.millis import DAY
from approvals.queries.request_pages import PER_PAGE
from bot.sandbox.client import ViewSnapshot
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import OwnServer

TITLE = "Past requests"


def refs(window: ViewSnapshot) -> list[str]:
    """Which requests it shows, in their order."""
    return [word.strip("*") for word in window.plain.split() if word.startswith("*R-")]


def cancelled(app: AppHarness, count: int, item: str = ENGINE) -> list[str]:
    found = []
    for _ in range(count):
        found.append(app.asked(app.carol, f"{item} 1h tidying up"))
        app.cancels(app.carol, found[-1])
        app.until(lambda: not app.record(found[-1]).pending, "it to be cancelled")
    return found


def shows(app: AppHarness, wanted: list[str]) -> ViewSnapshot:
    def look() -> ViewSnapshot | None:
        window = app.carol.modal(TITLE)
        return window if refs(window) == wanted else None

    return app.until(look, f"the window to show {wanted}")


def test_whoever_had_nothing_reads_so(app: AppHarness) -> None:
    app.carol.type("/pairec-access history")
    assert "No past requests." in app.carol.modal(TITLE).plain


def test_it_says_what_became_of_each_request(app: AppHarness) -> None:
    denied = app.asked(app.carol, f"{DATA} 8h features")
    app.bob.click("Deny", app.card(denied))
    app.bob.modal("Reason")
    assert app.bob.submit({"Reason": "the <!channel> is *frozen*"}) == {}
    app.carol.direct_message_with("was denied by")
    ended = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ended, app.bob)
    app.card(ended, "active")
    app.people.advance(HOUR)
    app.carol.direct_message_with("has expired")
    expired = app.asked(app.carol, f"{MONITOR} 1h dashboards")
    app.people.advance(DAY // 1_000)
    app.carol.direct_message_with("expired without a decision")
    app.carol.type("/pairec-access history")
    window = shows(app, [expired, ended, denied])
    assert "No decision in time; expired <!date^" in window.plain
    assert "Ended <!date^" in window.plain
    assert "Denied by <@U0BOB>" in window.plain and "the <!channel> is *frozen*" in window.plain
    assert window.buttons == ["Request again", "Details"] * 3


def test_what_runs_or_waits_is_not_among_it(app: AppHarness) -> None:
    runs, waits = app.asked(app.carol, f"{ENGINE} 1h rollout"), app.asked(app.carol, f"{DATA} 1h features")
    app.approve(runs, app.bob)
    app.card(runs, "active")
    app.carol.type("/pairec-access history")
    assert "No past requests." in app.carol.modal(TITLE).plain
    assert waits not in app.carol.modal(TITLE).plain


def test_older_ones_are_on_further_pages_and_newer_ones_on_the_way_back(app: AppHarness) -> None:
    every = cancelled(app, PER_PAGE + 2)[::-1]
    app.carol.open_home()
    app.carol.click(TITLE, app.carol.home("*Your access*"))
    first = shows(app, every[:PER_PAGE])
    assert first.buttons[-1:] == ["Older"] and "Newer" not in first.buttons
    app.carol.click("Older", first)
    second = shows(app, every[PER_PAGE:])
    assert second.buttons[-1:] == ["Newer"] and "Older" not in second.buttons
    app.carol.click("Newer", second)
    shows(app, every[:PER_PAGE])


@pytest.mark.parametrize(
    "typed",
    ["engine", "PAIRECENGINE", "R-1002", "1002"],
    ids=["its title", "its name", "its number", "the number alone"],
)
def test_it_is_searched_by(app: AppHarness, typed: str) -> None:
    cancelled(app, 1, DATA)
    wanted = cancelled(app, 1)
    cancelled(app, 1, MONITOR)
    app.carol.type("/pairec-access history")
    app.carol.modal(TITLE)
    assert app.carol.submit({"Search": typed}) == {}
    assert "Search: " + typed in shows(app, wanted).plain


def test_it_is_searched_by_what_is_typed_behind_the_command(app: AppHarness) -> None:
    cancelled(app, 1, DATA)
    wanted = cancelled(app, 1)
    app.carol.type("/pairec-access history engine")
    shows(app, wanted)


@pytest.mark.parametrize("typed", ["%", "_", "!", "' OR 1=1 --", "`<!channel>`", "\u202e\u0000", "ß" * 100])
def test_what_is_searched_for_is_taken_as_it_is_typed(app: AppHarness, typed: str) -> None:
    cancelled(app, 1)
    app.carol.type("/pairec-access history")
    app.carol.modal(TITLE)
    assert app.carol.submit({"Search": typed}) == {}
    shown = app.until(lambda: app.carol.modal(TITLE), "the window")
    assert "Nothing found for" in shown.plain or (refs(shown) == ["R-1001"] and not typed.isprintable())


def test_pages_turn_within_what_was_searched_for(app: AppHarness) -> None:
    engines = cancelled(app, PER_PAGE + 1)[::-1]
    cancelled(app, 2, DATA)
    app.carol.type("/pairec-access history engine")
    app.carol.click("Older", shows(app, engines[:PER_PAGE]))
    app.carol.click("Newer", shows(app, engines[PER_PAGE:]))
    shows(app, engines[:PER_PAGE])


def test_a_request_is_made_again_over_the_window_which_is_there_afterwards(app: AppHarness) -> None:
    cancelled(app, 1)
    app.carol.type("/pairec-access history")
    app.carol.click("Request again", shows(app, ["R-1001"]))
    assert "Reason: tidying up" in app.carol.modal("Request access").plain
    assert app.carol.submit() == {}
    app.card("R-1002", "needs approval")
    assert app.carol.modal().title == TITLE


def test_details_open_over_the_window(app: AppHarness) -> None:
    cancelled(app, 1)
    app.carol.type("/pairec-access history")
    app.carol.click("Details", shows(app, ["R-1001"]))
    assert app.carol.modal("cancelled it").title == "R-1001"
    app.carol.close_modal()
    assert app.carol.modal().title == TITLE


def test_everybody_sees_their_own_alone_and_what_was_made_for_them(app: AppHarness) -> None:
    cancelled(app, 1)
    for_dave = app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    app.cancels(app.carol, for_dave)
    app.dave.type("/pairec-access history")
    assert refs(app.dave.modal(TITLE)) == [for_dave]
    assert "for <@" not in app.dave.modal(TITLE).plain
    app.carol.type("/pairec-access history")
    assert f"*{for_dave}* · *Engine* (`{ENGINE}`) for <@U0DAVE>" in shows(app, [for_dave, "R-1001"]).plain
    app.erin.type("/pairec-access history")
    assert "No past requests." in app.erin.modal(TITLE).plain


def test_a_guest_gets_no_window(app: AppHarness) -> None:
    app.grace.type("/pairec-access history")
    app.grace.ephemeral_with("Guests cannot request access")
    app.grace.no_modal()


def test_approvers_see_all_that_runs_and_revoke_it_there(app: AppHarness) -> None:
    first, second = app.asked(app.carol, f"{ENGINE} 8h rollout"), app.asked(app.dave, f"{DATA} 8h features")
    for ref in (first, second):
        app.approve(ref, app.bob)
        app.card(ref, "active")
    app.bob.open_home()
    app.bob.click("Show all", app.bob.home("*Active access*"))
    window = app.bob.modal("Active access")
    assert refs(window) == [second, first]
    assert window.buttons == ["Revoke", "Details"] * 2
    assert app.bob.submit({"Search": "carol"}) == {}
    found = app.until(lambda: app.bob.modal() if refs(app.bob.modal()) == [first] else None, "carol's access alone")
    app.bob.click("Revoke", found)
    app.comes_to_lose("carol", ENGINE)
    app.card(first, "ended")
    assert app.holds("dave", DATA)
    app.until(lambda: "Revoke" not in app.bob.modal().buttons, "the window to show that it is revoked")


def test_what_runs_is_listed_for_approvers_alone(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.carol.open_home()
    shown = app.carol.home("*Your access*")
    assert "Show all" not in shown.buttons
    app.carol.forge(
        {
            "type": "block_actions",
            "container": {"type": "view", "view_id": shown.id},
            "view": shown.body,
            "trigger_id": "1.1.1",
            "actions": [{"type": "button", "block_id": "any", "action_id": "active_access", "value": "new"}],
        }
    )
    app.carol.direct_message_with("`PaiRecRamAdminAccess`")
    app.carol.no_modal()


def test_a_search_while_the_ledger_does_not_answer_says_so_and_leaves_the_window(tmp_path: Path) -> None:
    with OwnServer() as server, AppHarness(tmp_path, ledger_address=server.new(), patience=2.0) as app:
        cancelled(app, 1)
        app.carol.type("/pairec-access history")
        shows(app, ["R-1001"])
        server.stop("immediate")
        [told] = app.carol.submit({"Search": "engine"}).values()
        assert "reference" in told
        assert refs(app.carol.modal(TITLE)) == ["R-1001"]
        server.start()
        assert app.carol.submit({"Search": "data"}) == {}
        app.until(lambda: "Nothing found" in app.carol.modal(TITLE).plain, "the window to show what is found")
