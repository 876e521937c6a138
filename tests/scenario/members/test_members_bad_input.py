"""What nobody can be given is refused with a sentence where the person is; what stops being possible ends plainly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import refused
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time, time_is_up
from tests.scenario.members.asking import BUNDLE, approved, gets, roles, stand, writes
from tests.scenario.members.cases import CASES, DATAWORKS, MAXCOMPUTE, PAI, Case

SDKS = {
    "dataworks": "alibabacloud_dataworks_public20240518",
    "maxcompute": "alibabacloud_maxcompute20220104",
    "pai": "alibabacloud_aiworkspace20210204",
}
READ = {"dataworks": "ListProjectMembers", "maxcompute": "ListUsersByRole", "pai": "ListMembers"}


def test_a_project_that_is_not_configured_or_not_named_is_told_with_those_that_are(office: AppHarness) -> None:
    def told(line: str, why: str, says: str) -> None:
        with refused(office, office.carol, why, says, act="ask"):
            office.carol.types(f"/pairec-access request {line} 8h rollout")

    where = "can be asked for in `ranking`, `search`."
    item = "`dataworks-developer`"
    told("dataworks-developer@nowhere", "unknown_project", f"There is no project `nowhere` here. {item} {where}")
    told(f"{ENGINE}@ranking", "in_no_project", f"`{ENGINE}` is not in any project; ask for it without the @")
    told("dataworks-develper@ranking", "unknown_item", "Did you mean `dataworks-developer")
    told("dataworks-developer@", "unknown_project", where)
    restart_with(office, office.environment(), 'default = "ranking"', "")
    told("dataworks-developer", "project_missing", f"Say in which project, behind an @: {item} {where}")
    restart_with(office, office.environment(), 'pai = "20002"', "")
    told(f"{PAI.item.partition('@')[0]}@search", "not_there", "`search` has no place in PAI, which")
    told("algorithm-engineer@search", "not_there", "`search` has no place in PAI, which `algorithm-engineer` needs.")


def restart_with(office: AppHarness, environment: dict[str, str], old: str, new: str) -> None:
    """The bot's file of workspaces and projects is changed."""
    path = Path(environment["PAIREC_RESOURCES"])
    changed = path.with_name("changed.toml")
    text = path.read_text("utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), "utf-8")
    office.restart_bot({"PAIREC_RESOURCES": str(changed)})


def test_the_default_project_is_meant_where_none_is_named(office: AppHarness) -> None:
    ref = office.asked(office.carol, "pai-algorithm-developer 1h rollout")
    assert office.record(ref).request.item == PAI.item
    office.card(ref, "PAI Algorithm Developer in Ranking (workspace `20001`)")


def test_a_place_that_is_gone_is_told_when_asking(office: AppHarness) -> None:
    for case in CASES:
        office.sandbox.membership.delete_place(case.product, case.place)
        says = f"{case.title} has no `{case.place}` any more, so nobody can have a role there."
        with refused(office, office.carol, "place_gone", says, act="ask"):
            office.carol.types(f"/pairec-access request {case.item} 8h rollout")
    assert writes(office) == [] and office.cards() == []


def test_a_place_that_goes_between_approval_and_grant_fails_the_part_and_says_so(office: AppHarness) -> None:
    refs = {case: office.asked(person_of(office, case), f"{case.item} 1h rollout") for case in CASES}
    for case, ref in refs.items():
        office.sandbox.membership.delete_place(case.product, case.place)
        office.approve(ref, office.bob)
    for case, ref in refs.items():
        comes_to(office, ref, "failed")
        office.card(ref, f"{case.title} has no {case.kind} `{case.place}` any more.")
        person_of(office, case).direct_message_with("An administrator sees why on the card")


def test_a_place_that_goes_while_a_role_is_active_ends_it_and_is_not_being_taken_away_for_ever(
    office: AppHarness,
) -> None:
    refs = {case: approved(office, case.item, "1h", person_of(office, case)) for case in CASES}
    for ref in refs.values():
        comes_to(office, ref, "active")
    for case in CASES:
        office.sandbox.membership.delete_place(case.product, case.place)
    time_is_up(office)
    for ref in refs.values():
        comes_to(office, ref, "ended")
        office.card(ref, "· ended")
    office.people.advance(HOUR)
    office.real_passes(LONG_ENOUGH)
    assert "access is not taken back yet" not in office.bob.sees()


def test_a_place_that_goes_while_a_role_is_active_is_noticed_before_the_time_is_up(office: AppHarness) -> None:
    refs = {case: approved(office, case.item, "8h", person_of(office, case)) for case in CASES}
    for ref in refs.values():
        comes_to(office, ref, "active")
    for case in CASES:
        office.sandbox.membership.delete_place(case.product, case.place)
    office.people.advance(COMPARED_EVERY)
    for ref in refs.values():
        in_time(office, lambda ref=ref: office.record(ref).grants[0].missing_since_real, "the bot to miss it")
    office.real_passes(LONG_ENOUGH)
    for ref in refs.values():
        comes_to(office, ref, "ended")
        office.card(ref, "emoved by somebody outside of this bot")


def test_a_role_that_the_product_does_not_know_fails_and_says_who_mends_it(office: AppHarness, tmp_path: Path) -> None:
    catalog = (Path(__file__).parents[3] / "approvals" / "catalog" / "catalog.toml").read_text("utf-8")
    for case in CASES:
        catalog = catalog.replace(f'code = "{case.role}"', 'code = "PAI.Nobody"')
    path = tmp_path / "catalog.toml"
    path.write_text(catalog, "utf-8")
    office.restart_bot({"PAIREC_CATALOG": str(path)})
    refs = {case: approved(office, case.item, "1h", person_of(office, case)) for case in CASES}
    for case, ref in refs.items():
        comes_to(office, ref, "failed")
        office.card(ref, f"{case.title} knows no role `PAI.Nobody`; the catalogue has to be mended.")
    assert not any(roles(office, case, person_of(office, case).name) for case in CASES)


def test_a_user_who_is_deleted_between_approval_and_grant_gets_nothing(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    for case in CASES:
        office.people.order_ram({"action": READ[case.product], "fault": "reset"})
    office.approve(ref, office.bob)
    stand(office, ref, policy="active")
    for policy in (DATA, MONITOR):
        office.detach_by_hand("carol", policy)
    office.by_hand("DeleteUser", UserName="carol")
    office.people.clear_orders()
    stand(office, ref, dataworks="failed", maxcompute="failed", pai="failed")
    assert writes(office) == []
    gone = "The RAM user does not exist any more."
    in_time(office, lambda: office.card(ref).plain.count(gone) == 3, "the card to say so of each part")


def test_a_user_who_is_deleted_while_a_role_is_active_ends_it(office: AppHarness) -> None:
    refs = {case: approved(office, case.item, "1h", person_of(office, case)) for case in CASES}
    for ref in refs.values():
        comes_to(office, ref, "active")
    office.detach_by_hand("erin", ENGINE)
    for user in ("carol", "erin"):
        office.by_hand("DeleteUser", UserName=user)
    time_is_up(office)
    for ref in refs.values():
        comes_to(office, ref, "ended")


def test_a_product_whose_sdk_is_not_installed_is_told_and_its_part_comes_when_it_is(
    office: AppHarness, case: Case
) -> None:
    waiting = office.asked(office.erin, f"{case.item} 1h rollout")
    office.stop_bot()
    with not_installed(SDKS[case.product]):
        office.start_bot()
        says = f"The SDK of {case.title} is not installed, so the bot can give no roles there."
        with refused(office, office.carol, "not_installed", says, act="ask"):
            office.carol.types(f"/pairec-access request {BUNDLE} 8h rollout")
        office.approve(waiting, office.bob)
        office.card(waiting, f"bout to be given. The SDK of {case.title} is not installed;")
        assert gets(office, (DATAWORKS if case is PAI else PAI).item), "the other products work"
        office.stop_bot()
    office.start_bot()
    comes_to(office, waiting, "active")
    assert roles(office, case, "erin") == {case.role}


@contextmanager
def not_installed(package: str) -> Iterator[None]:
    """A bot that is started in here cannot import it."""
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == package}
    for name in kept:
        del sys.modules[name]
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]
        sys.modules.update(kept)


@pytest.mark.parametrize("fault", [{"fault": "no_permission"}, {"fault": "reset"}], ids=["forbids", "hangs up"])
def test_what_a_product_does_not_say_when_asking_is_not_known_and_keeps_nobody_from_asking(
    office: AppHarness, fault: dict[str, str]
) -> None:
    for case in CASES:
        office.people.order_ram({"action": READ[case.product], **fault})
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    card = office.card(ref).plain
    for part in (
        "DataWorks Developer in Ranking (workspace `10001`)",
        "MaxCompute Developer in Ranking (project `ranking_dev`)",
        "PAI Algorithm Developer in Ranking (workspace `20001`)",
    ):
        assert f"{part}: not known, it did not answer" in card
    office.people.clear_orders()
    office.approve(ref, office.bob)
    comes_to(office, ref, "active")


def test_a_product_that_hangs_when_asking_is_not_waited_for(office: AppHarness) -> None:
    office.people.order_ram({"action": "ListMembers", "fault": "hang", "seconds": 30})
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    card = office.card(ref).plain
    assert "PAI Algorithm Developer in Ranking (workspace `20001`): not known, it did not answer" in card
    assert "DataWorks Developer in Ranking (workspace `10001`): not known" not in card


def person_of(office: AppHarness, case: Case) -> SandboxPerson:
    """MaxCompute's role comes with that of DataWorks: one each."""
    return office.erin if case is MAXCOMPUTE else office.carol
