"""An access review in which approvers have something end sooner than it was to."""

from __future__ import annotations

import csv
import io

from bot.cli.audit_record import differences
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, choose, press, refused
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.command_line import CommandLine
from tests.scenario.drifting import about_user, asks_to_adopt, request
from tests.scenario.reviewing import DAY, another, item, over, part, row_of, shows, start, whose
from tests.scenario.test_extend import extends

IN_A_WEEK = "to 7 days from now"


def shortens(app: AppHarness, user: str, what: str = "", to: str = IN_A_WEEK) -> SandboxPerson:
    """Whoever has it in their part chooses that; they read what came of it."""
    by = whose(app, user, what)
    by.choose("Shorten", to, about_user(part(app, by), user, what))
    return by


def chooses(person: SandboxPerson, item_id: str, days: object, shown: SeenMessage) -> None:
    """A choice as Slack would report it, but of anything, by somebody who need not be offered it."""
    choose(person, "access_review_shorten", f"{item_id} {days}", shown)


def offered(row: SeenMessage) -> list[str]:
    """When it may end instead, of one row."""
    [menu] = [each for each in row.blocks[-1]["elements"] if each["type"] == "static_select"] or [{"options": []}]
    return [option["text"]["text"] for option in menu["options"]]


def days_left(app: AppHarness, ref: str) -> float:
    return ((app.record(ref).request.ends_at or 0) / 1_000 - app.people.now()) / DAY


def said(app: AppHarness) -> list[dict[str, object]]:
    return [entry for entry in audit_trail(app) if entry["event"] == "access reviewed"]


def test_what_a_request_granted_ends_then_instead_and_whoever_has_it_is_told(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access, "60d")
    by = shortens(app, "carol")
    shows(app, by, "It ends")
    assert 6.9 < days_left(app, ref) <= 7 and item(app, "carol").verdict == "shorten"
    told = app.carol.direct_message_with(f"*{ref}*: <@{by.id}> shortened")
    assert told.buttons == ["Extend", "End access", "Details"]
    app.card(ref, f"Shortened by <@{by.id}>")
    assert "Active until <!date" in app.card(ref).plain
    app.people.advance(7 * DAY - HOUR)
    assert app.holds("carol", DATA)
    app.people.advance(HOUR + 1)
    app.comes_to_lose("carol", DATA)
    comes_to(app, ref, "ended")
    assert app.events(ref).count("shortened") == 1 and app.chain_holds()


def test_what_was_said_of_its_end_before_is_drawn_anew(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    before = app.carol.direct_message_with("is active until revoked")
    shortens(app, "carol")
    app.carol.direct_message_with(f"*{ref}*: <@")
    app.until(
        lambda: next((m for m in app.carol.messages() if m.ts == before.ts and "it expires <!date" in m.plain), None),
        lambda: f"the message of before to have the new end; carol sees:\n{app.carol.screen_text()}",
    )


def test_whoever_has_it_is_reminded_of_the_new_end(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="60d", policy=DATA)
    start(app, pairec_access)
    shows(app, shortens(app, "carol"), "It ends")
    app.people.advance(7 * DAY - 16 * HOUR)
    assert f"*{ref}*" in app.carol.direct_message_with(f"(`{DATA}`) expires").plain and app.holds("carol", DATA)


def test_a_second_choice_and_one_that_is_delivered_twice_change_nothing(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by, row = row_of(app, "carol")
    app.people.inject_slack_fault({"fault": "redeliver"})
    by.choose("Shorten", IN_A_WEEK, row)
    shows(app, by, "It ends")
    ends_at, read = app.record(ref).request.ends_at, len(by.messages())
    chooses(by, item(app, "carol").id, 1, row)
    app.until(lambda: len(by.messages()) > read, "the second choice to be answered")
    assert app.record(ref).request.ends_at == ends_at
    assert app.events(ref).count("shortened") == 1 and len(said(app)) == 1
    told = [message for message in app.carol.messages() if "shortened" in message.plain]
    assert len(told) == 1 and app.chain_holds()


def test_nobody_shortens_their_own_another_approvers_part_or_without_being_an_approver(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    other = another(app, by)
    shown = part(app, other)
    with refused(app, app.bob, "own_drift", "your own access", act="access_review"):
        chooses(app.bob, item(app, "bob").id, 7, shown)
    with refused(app, other, "others_part", f"<@{by.id}> reviews this", act="access_review"):
        chooses(other, item(app, "dave").id, 7, shown)
    with refused(app, app.carol, "not_approver", "does not hold", act="access_review"):
        chooses(app.carol, item(app, "dave").id, 7, shown)


def test_a_time_that_is_not_offered_is_refused(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by = whose(app, "carol")
    shown = part(app, by)
    for days in (0, 2, -1, 999_999, "x"):
        with refused(app, by, "bad_duration", "is not a duration", act="access_review"):
            chooses(by, item(app, "carol").id, days, shown)
    assert app.record(ref).request.ends_at is None


def test_what_has_ended_by_then_is_said_to_be_gone(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by, row = row_of(app, "carol")
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    by.choose("Shorten", IN_A_WEEK, row)
    shows(app, by, "It was gone already.")
    assert item(app, "carol").verdict == "gone" and "shortened" not in app.events(ref)


def test_what_the_cloud_does_not_let_go_yet_is_neither_shortened_nor_said_to_be_gone(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by, row = row_of(app, "carol")
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "no_permission", "times": None})
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ending")
    with refused(app, by, "ends_sooner", "already. Nothing was changed.", act="access_review"):
        chooses(by, item(app, "carol").id, 7, row)
    assert item(app, "carol").verdict is None


def test_only_what_is_sooner_than_its_end_is_offered_and_it_never_ends_later(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="60d", policy=DATA)
    start(app, pairec_access, "90d")
    by = whose(app, "carol")
    assert offered(about_user(part(app, by), "carol")) == ["to 1 day from now", IN_A_WEEK, "to 30 days from now"]
    app.people.advance(40 * DAY)
    row = about_user(part(app, by), "carol")
    assert offered(row) == ["to 1 day from now", IN_A_WEEK]
    ends_at = app.record(ref).request.ends_at
    with refused(app, by, "ends_sooner", "It ends", act="access_review"):
        chooses(by, item(app, "carol").id, 30, row)
    assert app.record(ref).request.ends_at == ends_at and item(app, "carol").verdict is None


def test_all_parts_of_a_bundle_are_shortened_together_and_each_is_decided(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = app.asked(app.carol, "algorithm-engineer 60d new features")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    start(app, pairec_access)
    policies = [grant.entitlement.name for grant in app.record(ref).grants if not grant.entitlement.is_member_role]
    first, second, *_ = policies
    by = whose(app, "carol", first)
    asks = about_user(part(app, by), "carol", first)
    assert f"All that {ref} granted ends then." in str(asks.blocks)
    shows(app, shortens(app, "carol", first), "It ends")
    ends = {grant.ends_at for grant in app.record(ref).grants}
    assert len(ends) == 1 and ends == {app.record(ref).request.ends_at}
    other = whose(app, "carol", second)
    assert "until revoked" not in about_user(part(app, other), "carol", second).plain
    chooses(other, item(app, "carol", second).id, 7, part(app, other))
    app.until(lambda: item(app, "carol", second).verdict == "shorten", "the other part to be decided")
    assert {grant.ends_at for grant in app.record(ref).grants} == ends
    assert app.events(ref).count("shortened") == 1 and app.chain_holds()


def test_more_time_that_was_asked_for_before_is_cancelled_and_may_be_asked_for_anew(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="60d")
    more = extends(app, app.carol, app.carol.direct_message_with("is active until"), ref, "5d")
    start(app, pairec_access)
    by = shortens(app, "carol")
    app.carol.direct_message_with(f"*{more}*: cancelled: <@{by.id}> shortened what it was to extend.")
    app.card(more, "shortened what it was to extend")
    told = app.carol.direct_message_with(f"*{ref}*: <@{by.id}> shortened")
    again = extends(app, app.carol, told, ref, "5d")
    app.approve(again, another(app, by))
    app.until(lambda: app.states(again) == ["active"], "it to be extended")
    assert 11.9 < days_left(app, again) <= 12 and app.chain_holds()


def test_what_extends_it_ends_then_too(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="60d")
    more = extends(app, app.carol, app.carol.direct_message_with("is active until"), ref, "5d")
    app.approve(more, app.bob)
    app.until(lambda: app.states(more) == ["active"], "it to be extended")
    start(app, pairec_access)
    by = shortens(app, "carol")
    app.carol.direct_message_with(f"*{more}*: <@{by.id}> shortened")
    assert app.record(ref).request.ends_at == app.record(more).request.ends_at
    app.people.advance(7 * DAY + 1)
    app.comes_to_lose("carol", ENGINE)
    assert app.events(ref).count("shortened") == app.events(more).count("shortened") == 1 and app.chain_holds()


def test_what_another_request_gives_for_longer_by_then_is_said_and_nothing_is_shortened(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by, row = row_of(app, "carol")
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    carol_has(app, duration="8h", policy=DATA)
    with refused(app, by, "granted_meanwhile", "A request granted this meanwhile", act="access_review"):
        chooses(by, item(app, "carol").id, 7, row)
    assert item(app, "carol").verdict is None


def test_what_was_granted_elsewhere_is_adopted_with_that_end_once_another_approver_agrees(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access, "60d")
    by = shortens(app, "dave")
    shows(app, by, "Another approver decides.")
    asked = request(app)
    assert "asks to adopt" in asked.plain and "ends 7d after approval" in asked.plain
    assert item(app, "dave").verdict == "asked" and app.holds("dave", MONITOR)
    other = another(app, by)
    other.click("Approve", asked)
    app.until(lambda: item(app, "dave").verdict == "shorten", "it to be shortened")
    app.people.advance(7 * DAY - HOUR)
    assert app.holds("dave", MONITOR)
    app.people.advance(HOUR + 1)
    app.comes_to_lose("dave", MONITOR)
    assert app.chain_holds()


def test_what_another_approver_does_not_want_adopted_is_to_be_decided_anew(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = shortens(app, "dave")
    asked = request(app)
    assert "|`dave`>" not in part(app, by).plain
    other = another(app, by)
    other.click("Deny", asked)
    app.until(lambda: item(app, "dave").verdict is None, "it to be decided anew")
    assert "|`dave`>" in part(app, by).plain and app.holds("dave", MONITOR)


def test_what_is_asked_otherwise_already_is_not_taken_for_the_same(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    other = another(app, by)
    row = about_user(part(app, by), "dave")
    asks_to_adopt(app, other, "dave", "8h", "for the rollout")
    with refused(app, by, "drift_pending", "asked for already", act="access_review"):
        chooses(by, item(app, "dave").id, 7, row)
    assert item(app, "dave").verdict is None


def test_whoever_asked_for_the_one_does_not_seem_to_have_asked_for_the_other(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by, row = row_of(app, "dave")
    shortens(app, "dave")
    request(app)
    with refused(app, by, "item_decided", "decided on this already", act="access_review"):
        press(by, "access_review_revoke", item(app, "dave").id, row)
    with refused(app, by, "item_decided", "decided on this already", act="access_review"):
        chooses(by, item(app, "dave").id, 1, row)


def test_what_nobody_is_linked_to_cannot_be_shortened(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    by, row = row_of(app, "erin")
    assert offered(row) == [] and row.buttons == ["Keep", "Revoke"]
    with refused(app, by, "drift_unlinked", "cannot be adopted", act="access_review"):
        chooses(by, item(app, "erin").id, 7, row)


def test_what_was_shortened_is_counted_apart(app: AppHarness, pairec_access: CommandLine) -> None:
    carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    shows(app, shortens(app, "carol"), "It ends")
    pairec_access("review", "end")
    assert "0 kept, 1 shortened, 0 revoked, 6 not reviewed." in over(app).plain
    [listed] = list(csv.DictReader(io.StringIO(pairec_access("review", "list", "--format", "csv").stdout)))
    assert (listed["kept"], listed["shortened"], listed["revoked"], listed["open"]) == ("0", "1", "0", "6")
    found = list(csv.DictReader(io.StringIO(pairec_access("review", "show", "--format", "csv").stdout)))
    assert {each["ram_user"]: each["verdict"] for each in found}["carol"] == "shorten"


def test_of_two_approvers_who_choose_for_the_same_the_first_counts(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by = whose(app, "carol")
    app.by_hand("DetachPolicyFromUser", UserName=by.name, PolicyName=ADMIN, PolicyType="Custom")
    first, second = [each for each in (app.alice, app.bob, app.judy) if each is not by]
    row = about_user(part(app, second), "carol")
    first.choose("Shorten", IN_A_WEEK, about_user(part(app, first), "carol"))
    shows(app, first, "It ends")
    ends_at = app.record(ref).request.ends_at
    with refused(app, second, "item_decided", "decided on this already", act="access_review"):
        second.choose("Shorten", "to 1 day from now", row)
    assert app.record(ref).request.ends_at == ends_at and item(app, "carol").said_by == first.id


def test_the_details_say_who_shortened_it_and_until_when(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by = shortens(app, "carol")
    app.bob.click("Details", app.card(ref, "Shortened by"))
    assert f"<@{by.id}> shortened it: it ends <!date^" in app.bob.modal(ref).plain


def test_an_end_that_somebody_moved_in_the_tables_is_found_out(app: AppHarness, pairec_access: CommandLine) -> None:
    carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    shows(app, shortens(app, "carol"), "It ends")
    with app.ledger.write() as tx:
        tx.run("UPDATE grants SET ends_at = NULL")
        tx.run("UPDATE requests SET ends_at = NULL")
    with app.ledger.read() as tx:
        found = [str(each) for each in differences(tx)]
    assert [each.partition(" is nothing")[0] for each in found] == ["requests 1001: ends_at", "grants 1: ends_at"]
