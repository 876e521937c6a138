"""Asking for access in one line."""

from __future__ import annotations

import pytest

from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness


@pytest.mark.parametrize(("typed", "hours"), [("30m", 0.5), ("8h", 8), ("7d", 168), ("1h30m", 1.5), ("1H30M", 1.5)])
def test_a_duration_is_written_in_minutes_hours_and_days(app: AppHarness, typed: str, hours: float) -> None:
    ref = app.asked(app.carol, f"{ENGINE} {typed} rollout")
    assert app.record(ref).request.duration == hours * HOUR * 1_000
    assert typed.lower() in app.card(ref).plain


def test_access_until_revoked_has_no_end(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} until-revoked on the team now")
    assert "until revoked" in app.card(ref).plain
    app.approve(ref, app.bob)
    app.carol.direct_message_with("is active until revoked")
    app.people.advance(399 * 24 * HOUR)
    app.card(ref, "active")
    assert app.holds("carol", ENGINE)
    assert app.record(ref).request.ends_at is None


def test_a_line_is_confirmed_to_whoever_typed_it_with_its_reference(app: AppHarness) -> None:
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    assert "Requested *R-1001*" in app.carol.ephemeral_with("R-1001").plain


def test_references_count_up_from_one_request_to_the_next(app: AppHarness) -> None:
    assert app.asked(app.carol, f"{ENGINE} 8h a") == "R-1001"
    assert app.asked(app.carol, f"{DATA} 8h b") == "R-1002"


@pytest.mark.parametrize("line", ["{item} @dave 8h his rollout", "{item} 8h @dave his rollout"])
def test_somebody_else_is_named_before_or_after_the_duration(app: AppHarness, line: str) -> None:
    ref = app.asked(app.carol, line.format(item=ENGINE))
    asked = app.record(ref).request
    assert (asked.requester, asked.subject, asked.principal.name) == ("U0CAROL", "U0DAVE", "dave")
    card = app.card(ref).plain
    assert f"<@U0CAROL> requests *Engine* (`{ENGINE}`) for <@U0DAVE>." in card
    assert "|`dave`>" in card.partition("*RAM user*\n")[2]
    app.dave.direct_message_with(f"<@U0CAROL> requested *Engine* (`{ENGINE}`) for you")
    app.carol.direct_message_with(f"you requested *Engine* (`{ENGINE}`) for <@U0DAVE>")
    app.approve(ref, app.bob)
    app.comes_to_hold("dave", ENGINE)
    assert not app.holds("carol", ENGINE)


def test_a_ticket_is_shown_on_the_card_and_is_no_part_of_the_reason(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h ticket:ABC-1 rollout of v3")
    assert "*Ticket*\n`ABC-1`" in app.card(ref).plain
    assert app.record(ref).request.reason == "rollout of v3"


def test_names_are_taken_without_regard_to_case(app: AppHarness) -> None:
    ref = app.asked(app.carol, "pairecENGINEaccess 8h rollout")
    assert app.record(ref).request.item == ENGINE


def test_the_subcommand_too(app: AppHarness) -> None:
    app.carol.type(f"/pairec-access REQUEST {ENGINE} 8h rollout")
    app.card("R-1001")


def test_spaces_and_lines_between_the_words_do_not_matter(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"  {ENGINE}   8h   rolling\nout  ")
    assert app.record(ref).request.reason == "rolling out"


def test_what_html_would_mean_something_by_arrives_as_it_was_typed(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h a < b && c > d")
    assert app.record(ref).request.reason == "a < b && c > d"
    assert "a < b && c > d" in app.card(ref).plain


def test_a_bundle_asks_for_each_of_its_policies(app: AppHarness) -> None:
    ref = app.asked(app.carol, "algorithm-engineer 8h new features")
    card = app.card(ref).plain
    assert "*Algorithm engineer* (`algorithm-engineer`)" in card
    assert f"• `{DATA}`: " in card and f"• `{MONITOR}`: " in card
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", DATA)
    app.comes_to_hold("carol", MONITOR)
    assert not app.holds("carol", ENGINE)


def test_a_line_that_slack_delivers_twice_is_one_request(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.until(
        lambda: len([m for m in app.carol.messages() if m.ephemeral and "R-1001" in m.plain]) == 2, "both answers"
    )
    assert app.requests() == 1
    app.card("R-1001")
    assert len(app.cards()) == 1


def test_the_card_is_in_the_approvals_channel_alone(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    where = {
        message.channel
        for person in (app.bob, app.carol)
        for message in person.messages()
        if message.plain.startswith(f"{ref} ·")
    }
    assert where == {APPROVALS}
