"""What happens past the bot, or while it is down: noticed, never undone by itself, and never forgotten."""

from __future__ import annotations

from pathlib import Path

from tests.harness.app import HOUR, AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE
from tests.harness.products.pai import CASE as PAI
from tests.harness.program import pairec_access, says_plainly
from tests.harness.restoring import looked
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time, time_is_up
from tests.scenario.members.asking import BUNDLE, approved, done, gets, give, roles, stand, writes


def test_a_role_that_was_removed_by_hand_is_over_is_told_and_is_not_given_again(
    app: AppHarness, case: ProductCase
) -> None:
    ref = gets(app, case.item, "8h")
    app.sandbox.membership.take(case.product, case.place, "carol", case.role)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "the bot to miss it")
    assert app.states(ref) == ["active"], "one look is not enough"
    app.real_passes(LONG_ENOUGH)
    comes_to(app, ref, "ended")
    app.carol.direct_message_with(f"{ref}*: ")
    in_time(app, lambda: "removed from RAM user `carol` outside this app" in app.carol.screen_text(), "carol to hear")
    app.card(ref, "emoved outside this app")
    time_is_up(app, 9 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert not roles(app, case)
    # By a call that does not only add: the bot's giving, and the taking that proves that nothing is left.
    once = [action for action in (case.joins, case.takes) if action == case.adds]
    assert [call["action"] for call in writes(app) if call["action"] == case.adds] in ([], once)


def test_what_was_approved_but_not_given_is_given_once_after_a_restart(app: AppHarness, case: ProductCase) -> None:
    app.people.inject_ram_fault({"action": case.joins, "product": case.product, "fault": "reset"})
    ref = approved(app, case.item)
    app.until(lambda: app.states(ref) == ["granting"], "it to be tried")
    app.stop_bot()
    app.people.clear_faults()
    app.start_bot()
    comes_to(app, ref, "active")
    assert done(app) == [(case.product, case.joins)] and roles(app, case) == {case.role}
    app.stop_bot()
    time_is_up(app)
    app.start_bot()
    comes_to(app, ref, "ended")
    assert not roles(app, case)


def test_what_was_given_although_the_answer_was_lost_with_the_bot_is_found_and_taken_back_in_time(
    app: AppHarness,
) -> None:
    looked(app)
    app.people.inject_ram_fault({"action": PAI.joins, "fault": "drop_answer", "times": 1})
    app.people.inject_ram_fault({"action": "ListMembers", "fault": "reset", "after": 3})
    ref = approved(app, PAI.item)
    app.until(lambda: roles(app, PAI) == {PAI.role}, "PAI to have done it")
    app.stop_bot()
    app.people.clear_faults()
    app.start_bot()
    comes_to(app, ref, "active")
    assert done(app) == [("pai", PAI.joins)]
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert roles(app, PAI) is None, "the membership came from us"


def test_what_is_active_is_taken_back_although_the_file_no_longer_names_its_places(
    app: AppHarness, tmp_path: Path
) -> None:
    give(app, PAI, PAI.other)
    ref = gets(app, BUNDLE)
    file = Path(app.environment()["PAIREC_RESOURCES"])
    app.restart_bot({"PAIREC_RESOURCES": str(without_ranking(file, tmp_path))})
    app.carol.type(f"/pairec-access request {PAI.item} 1h again")
    app.carol.ephemeral_with("There is no project `ranking`.")
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert (roles(app, DATAWORKS), roles(app, MAXCOMPUTE), roles(app, PAI)) == (None, set(), {PAI.other})
    ended = ("dataworks", "maxcompute", "pai", "hologres", "hologres_database", "policy")
    stand(app, ref, **dict.fromkeys(ended, "ended"))
    app.card(ref, "DataWorks workspace `10001`")


def without_ranking(file: Path, folder: Path) -> Path:
    before, _, rest = file.read_text("utf-8").partition("[projects.ranking]")
    path = folder / "smaller.toml"
    path.write_text(before.replace('default = "ranking"', "") + rest[rest.index("[projects.search]") :], "utf-8")
    return path


def test_a_bot_that_could_not_take_back_what_is_given_does_not_start(app: AppHarness) -> None:
    ref = gets(app, MAXCOMPUTE.item)
    app.stop_bot()
    says_plainly(
        pairec_access("run", **app.environment() | {"PAIREC_RESOURCES": ""}),
        "PAIREC_RESOURCES: products.maxcompute.account: is missing; MaxCompute needs it, to take back what is given"
        " there",
    )
    app.start_bot()
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not roles(app, MAXCOMPUTE)
