"""Asking for access in one line."""

from __future__ import annotations

import pytest

from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness


@pytest.mark.parametrize(("typed", "hours"), [("30m", 0.5), ("8h", 8), ("7d", 168), ("1h30m", 1.5), ("1H30M", 1.5)])
def test_a_duration_is_written_in_minutes_hours_and_days(office: AppHarness, typed: str, hours: float) -> None:
    ref = office.asked(office.carol, f"{ENGINE} {typed} rollout")
    assert office.record(ref).request.duration == hours * HOUR * 1_000
    assert typed.lower() in office.card(ref).plain


def test_access_until_revoked_has_no_end(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} until-revoked on the team now")
    assert "until revoked" in office.card(ref).plain
    office.approve(ref, office.bob)
    office.carol.direct_message_with("is active until revoked")
    office.people.advance(399 * 24 * HOUR)
    office.card(ref, "active")
    assert office.holds("carol", ENGINE)
    assert office.record(ref).request.ends_at is None


def test_a_line_is_confirmed_to_whoever_typed_it_with_its_reference(office: AppHarness) -> None:
    office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
    assert "*R-1001*: asked" in office.carol.ephemeral_with("R-1001").plain


def test_references_count_up_from_one_request_to_the_next(office: AppHarness) -> None:
    assert office.asked(office.carol, f"{ENGINE} 8h a") == "R-1001"
    assert office.asked(office.carol, f"{DATA} 8h b") == "R-1002"


@pytest.mark.parametrize("line", ["{item} @dave 8h his rollout", "{item} 8h @dave his rollout"])
def test_somebody_else_is_named_before_or_after_the_duration(office: AppHarness, line: str) -> None:
    ref = office.asked(office.carol, line.format(item=ENGINE))
    asked = office.record(ref).request
    assert (asked.requester, asked.subject, asked.principal.name) == ("U0CAROL", "U0DAVE", "dave")
    card = office.card(ref).plain
    assert f"<@U0CAROL> asks for *Engine* (`{ENGINE}`) for <@U0DAVE>." in card
    assert "*RAM user*\n`dave`" in card
    office.dave.direct_message_with(f"<@U0CAROL> asked for *Engine* (`{ENGINE}`) for you")
    office.carol.direct_message_with(f"you asked for *Engine* (`{ENGINE}`) for <@U0DAVE>")
    office.approve(ref, office.bob)
    office.comes_to_hold("dave", ENGINE)
    assert not office.holds("carol", ENGINE)


def test_a_ticket_is_shown_on_the_card_and_is_no_part_of_the_reason(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h ticket:ABC-1 rollout of v3")
    assert "*Ticket*\n`ABC-1`" in office.card(ref).plain
    assert office.record(ref).request.reason == "rollout of v3"


def test_names_are_taken_without_regard_to_case(office: AppHarness) -> None:
    ref = office.asked(office.carol, "pairecENGINEaccess 8h rollout")
    assert office.record(ref).request.item == ENGINE


def test_the_subcommand_too(office: AppHarness) -> None:
    office.carol.types(f"/pairec-access REQUEST {ENGINE} 8h rollout")
    office.card("R-1001")


def test_spaces_and_lines_between_the_words_do_not_matter(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"  {ENGINE}   8h   rolling\nout  ")
    assert office.record(ref).request.reason == "rolling out"


def test_what_html_would_mean_something_by_arrives_as_it_was_typed(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h a < b && c > d")
    assert office.record(ref).request.reason == "a < b && c > d"
    assert "a < b && c > d" in office.card(ref).plain


def test_a_bundle_asks_for_each_of_its_policies(office: AppHarness) -> None:
    ref = office.asked(office.carol, "algorithm-engineer 8h new features")
    card = office.card(ref).plain
    assert "*Algorithm engineer* (`algorithm-engineer`)" in card
    assert f"• `{DATA}`: " in card and f"• `{MONITOR}`: " in card
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", DATA)
    office.comes_to_hold("carol", MONITOR)
    assert not office.holds("carol", ENGINE)


def test_a_line_that_slack_delivers_twice_is_one_request(office: AppHarness) -> None:
    office.people.order_slack({"fault": "redeliver"})
    office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
    office.until(
        lambda: len([m for m in office.carol.messages() if m.ephemeral and "R-1001" in m.plain]) == 2, "both answers"
    )
    assert office.requests() == 1
    office.card("R-1001")
    assert len(office.cards()) == 1


def test_the_card_is_in_the_approvals_channel_alone(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    where = {
        message.channel
        for person in (office.bob, office.carol)
        for message in person.messages()
        if message.plain.startswith(f"{ref} ·")
    }
    assert where == {APPROVALS}
