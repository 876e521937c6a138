"""What happens past the bot, or while it is down: noticed, never undone by itself, and never forgotten."""

from __future__ import annotations

from pathlib import Path

from tests.harness.app import HOUR, AppHarness
from tests.harness.program import pairec_access, says_plainly
from tests.harness.putting_back import looked
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time, time_is_up
from tests.scenario.members.asking import BUNDLE, approved, done, gets, give, roles, stand, writes
from tests.scenario.members.cases import DATAWORKS, MAXCOMPUTE, PAI, Case


def test_a_role_that_was_removed_by_hand_is_over_is_told_and_is_not_given_again(office: AppHarness) -> None:
    who = {DATAWORKS: office.carol, MAXCOMPUTE: office.erin, PAI: office.carol}
    refs = {case: approved(office, case.item, "8h", person) for case, person in who.items()}
    for ref in refs.values():
        comes_to(office, ref, "active")
    for case, person in who.items():
        office.sandbox.membership.take(case.product, case.place, person.name, case.role)
    office.people.advance(COMPARED_EVERY)
    for ref in refs.values():
        in_time(office, lambda ref=ref: office.record(ref).grants[0].missing_since_real, "the bot to miss it")
        assert office.states(ref) == ["active"], "one look is not enough"
    office.real_passes(LONG_ENOUGH)
    for case, person in who.items():
        comes_to(office, refs[case], "ended")
        person.direct_message_with(f"{refs[case]}*: ")
        in_time(
            office,
            lambda person=person: f"removed from RAM user `{person.name}` by somebody outside" in person.sees(),
            f"{person.name} to hear",
        )
        office.card(refs[case], "emoved by somebody outside of this bot")
    time_is_up(office, 9 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert not any(roles(office, case, person.name) for case, person in who.items())
    assert [call["action"] for call in writes(office) if call["action"] in {case.adds for case in who}] in ([], UPDATES)


UPDATES = [MAXCOMPUTE.adds] * 2
"""MaxCompute gives and takes by one call: the bot's giving, and the taking that proves that nothing is left."""


def test_what_was_approved_but_not_given_is_given_once_after_a_restart(office: AppHarness, case: Case) -> None:
    office.people.order_ram({"action": case.joins, "product": case.product, "fault": "reset"})
    ref = approved(office, case.item)
    office.until(lambda: office.states(ref) == ["granting"], "it to be tried")
    office.stop_bot()
    office.people.clear_orders()
    office.start_bot()
    comes_to(office, ref, "active")
    assert done(office) == [(case.product, case.joins)] and roles(office, case) == {case.role}
    office.stop_bot()
    time_is_up(office)
    office.start_bot()
    comes_to(office, ref, "ended")
    assert not roles(office, case)


def test_what_was_given_although_the_answer_was_lost_with_the_bot_is_found_and_taken_back_in_time(
    office: AppHarness,
) -> None:
    looked(office)
    office.people.order_ram({"action": PAI.joins, "fault": "drop_answer", "times": 1})
    office.people.order_ram({"action": "ListMembers", "fault": "reset", "after": 3})
    ref = approved(office, PAI.item)
    office.until(lambda: roles(office, PAI) == {PAI.role}, "PAI to have done it")
    office.stop_bot()
    office.people.clear_orders()
    office.start_bot()
    comes_to(office, ref, "active")
    assert done(office) == [("pai", PAI.joins)]
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert roles(office, PAI) is None, "the membership came from us"


def test_what_is_active_is_taken_back_although_the_file_no_longer_names_its_places(
    office: AppHarness, tmp_path: Path
) -> None:
    give(office, PAI, PAI.other)
    ref = gets(office, BUNDLE)
    file = Path(office.environment()["PAIREC_RESOURCES"])
    office.restart_bot({"PAIREC_RESOURCES": str(without_ranking(file, tmp_path))})
    office.carol.types(f"/pairec-access request {PAI.item} 1h again")
    office.carol.ephemeral_with("There is no project `ranking` here.")
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert (roles(office, DATAWORKS), roles(office, MAXCOMPUTE), roles(office, PAI)) == (None, set(), {PAI.other})
    stand(office, ref, dataworks="ended", maxcompute="ended", pai="ended", policy="ended")
    office.card(ref, "DataWorks workspace `10001`")


def without_ranking(file: Path, folder: Path) -> Path:
    before, _, rest = file.read_text("utf-8").partition("[projects.ranking]")
    path = folder / "smaller.toml"
    path.write_text(before.replace('default = "ranking"', "") + rest[rest.index("[projects.search]") :], "utf-8")
    return path


def test_a_bot_that_could_not_take_back_what_is_given_does_not_start(office: AppHarness) -> None:
    ref = gets(office, MAXCOMPUTE.item)
    office.stop_bot()
    says_plainly(
        pairec_access("run", **office.environment() | {"PAIREC_RESOURCES": ""}),
        "PAIREC_RESOURCES: products.maxcompute.account: is missing; MaxCompute needs it, to take back what is given"
        " there",
    )
    office.start_bot()
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert not roles(office, MAXCOMPUTE)
