"""What nobody can be given is refused with a sentence where the person is; what stops being possible ends plainly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import SEVERAL_ROLES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.pai import CASE as PAI
from tests.harness.refusals import refused
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time, time_is_up
from tests.scenario.members.asking import BUNDLE, BUNDLED, CATALOG, approved, gets, person_of, roles, stand, writes


def test_a_project_that_is_not_configured_or_not_named_is_told_with_those_that_are(app: AppHarness) -> None:
    def told(line: str, why: str, says: str) -> None:
        with refused(app, app.carol, why, says, act="ask"):
            app.carol.type(f"/pairec-access request {line} 8h rollout")

    where = "is available in `ranking`, `search`."
    item = "`dataworks-developer`"
    told("dataworks-developer@nowhere", "unknown_project", f"There is no project `nowhere`. {item} {where}")
    told(f"{ENGINE}@ranking", "in_no_project", f"`{ENGINE}` is not in any project. Leave out the @")
    told("dataworks-develper@ranking", "unknown_item", "Did you mean `dataworks-developer")
    told("dataworks-developer@", "unknown_project", where)
    restart_with(app, app.environment(), 'default = "ranking"', "")
    told("dataworks-developer", "project_missing", f"Name a project after an @: {item} {where}")
    restart_with(app, app.environment(), 'pai = "20002"', "")
    told(f"{PAI.item.partition('@')[0]}@search", "not_there", "`search` has no PAI, which")
    told("algorithm-engineer@search", "not_there", "`search` has no PAI, which `algorithm-engineer` needs.")


def test_a_bundle_whose_product_no_project_has_says_so_and_what_to_do(app: AppHarness) -> None:
    path = Path(app.environment()["PAIREC_RESOURCES"])
    changed = path.with_name("changed.toml")
    changed.write_text("\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("pai =")))
    app.restart_bot({"PAIREC_RESOURCES": str(changed)})
    says = "No project has PAI, which `algorithm-engineer` needs: an administrator puts it right in the file"
    for item in ("algorithm-engineer", "algorithm-engineer@search"):
        with refused(app, app.carol, "no_project", says, act="ask"):
            app.carol.type(f"/pairec-access request {item} 8h rollout")


def restart_with(app: AppHarness, environment: dict[str, str], old: str, new: str) -> None:
    """The bot's file of workspaces and projects is changed."""
    path = Path(environment["PAIREC_RESOURCES"])
    changed = path.with_name("changed.toml")
    text = path.read_text("utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), "utf-8")
    app.restart_bot({"PAIREC_RESOURCES": str(changed)})


def test_the_default_project_is_meant_where_none_is_named(app: AppHarness) -> None:
    ref = app.asked(app.carol, "pai-algorithm-developer 1h rollout")
    assert app.record(ref).request.item == PAI.item
    app.card(ref, "PAI Algorithm Developer in Ranking (workspace `20001`)")


def test_a_place_that_is_gone_is_told_when_asking(app: AppHarness) -> None:
    for case in SEVERAL_ROLES:
        app.sandbox.membership.delete_place(case.product, case.place)
        says = f"{case.title} no longer has `{case.place}`, so nobody can have a role there."
        with refused(app, app.carol, "place_gone", says, act="ask"):
            app.carol.type(f"/pairec-access request {case.item} 8h rollout")
    assert writes(app) == [] and app.cards() == []


def test_a_place_that_goes_between_approval_and_grant_fails_the_part_and_says_so(app: AppHarness) -> None:
    refs = {case: app.asked(person_of(app, case), f"{case.item} 1h rollout") for case in SEVERAL_ROLES}
    for case, ref in refs.items():
        app.sandbox.membership.delete_place(case.product, case.place)
        app.approve(ref, app.bob)
    for case, ref in refs.items():
        comes_to(app, ref, "failed")
        app.card(ref, f"{case.title} no longer has {case.kind} `{case.place}`.")
        person_of(app, case).direct_message_with("An administrator sees why on the card")


def test_a_place_that_goes_while_a_role_is_active_ends_it_and_is_not_being_taken_away_for_ever(
    app: AppHarness,
) -> None:
    refs = {case: approved(app, case.item, "1h", person_of(app, case)) for case in SEVERAL_ROLES}
    for ref in refs.values():
        comes_to(app, ref, "active")
    for case in SEVERAL_ROLES:
        app.sandbox.membership.delete_place(case.product, case.place)
    time_is_up(app)
    for ref in refs.values():
        comes_to(app, ref, "ended")
        app.card(ref, "· ended")
    app.people.advance(HOUR)
    app.real_passes(LONG_ENOUGH)
    assert "access is not revoked yet" not in app.bob.screen_text()


def test_a_place_that_goes_while_a_role_is_active_is_noticed_before_the_time_is_up(
    app: AppHarness, case: ProductCase
) -> None:
    ref = gets(app, case.item, "8h")
    app.sandbox.membership.delete_place(case.product, case.place)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    comes_to(app, ref, "ended")
    app.card(ref, "emoved outside this app")


def test_a_role_that_the_product_does_not_know_fails_and_says_who_mends_it(app: AppHarness, tmp_path: Path) -> None:
    catalog = CATALOG.read_text("utf-8")
    for case in SEVERAL_ROLES:
        catalog = catalog.replace(f'code = "{case.role}"', 'code = "PAI.Nobody"')
    path = tmp_path / "catalog.toml"
    path.write_text(catalog, "utf-8")
    app.restart_bot({"PAIREC_CATALOG": str(path)})
    refs = {case: approved(app, case.item, "1h", person_of(app, case)) for case in SEVERAL_ROLES}
    for case, ref in refs.items():
        comes_to(app, ref, "failed")
        app.card(ref, f"{case.title} has no role `PAI.Nobody`; correct the catalog.")
    assert not any(roles(app, case, person_of(app, case).name) for case in SEVERAL_ROLES)


def test_a_user_who_is_deleted_between_approval_and_grant_gets_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    for case in BUNDLED:
        app.people.inject_ram_fault({"action": case.reads, "product": case.product, "fault": "reset"})
    app.people.inject_ram_fault({"action": "ExecuteStatement", "fault": "reset"})
    app.approve(ref, app.bob)
    stand(app, ref, policy="active")
    for policy in (DATA, MONITOR):
        app.detach_by_hand("carol", policy)
    app.by_hand("DeleteUser", UserName="carol")
    app.people.clear_faults()
    stand(
        app, ref, dataworks="failed", maxcompute="failed", pai="failed", hologres="failed", hologres_database="failed"
    )
    assert writes(app) == []
    gone = "The RAM user no longer exists."
    in_time(app, lambda: app.card(ref).plain.count(gone) == 5, "the card to say so of each part")


def test_a_user_who_is_deleted_while_a_role_is_active_ends_it(app: AppHarness) -> None:
    refs = {case: approved(app, case.item, "1h", person_of(app, case)) for case in SEVERAL_ROLES}
    for ref in refs.values():
        comes_to(app, ref, "active")
    app.detach_by_hand("erin", ENGINE)
    for user in ("carol", "erin"):
        app.by_hand("DeleteUser", UserName=user)
    time_is_up(app)
    for ref in refs.values():
        comes_to(app, ref, "ended")


def test_a_product_whose_sdk_is_not_installed_is_told_and_its_part_comes_when_it_is(
    app: AppHarness, case: ProductCase
) -> None:
    waiting = app.asked(app.erin, f"{case.item} 1h rollout")
    app.stop_bot()
    with not_installed(case.sdk):
        app.start_bot()
        says = f"The SDK of {case.title} is not installed, so no roles can be granted there."
        item = BUNDLE if case in BUNDLED else case.item
        with refused(app, app.carol, "not_installed", says, act="ask"):
            app.carol.type(f"/pairec-access request {item} 8h rollout")
        app.approve(waiting, app.bob)
        app.card(waiting, f"bout to be granted. The SDK of {case.title} is not installed;")
        assert gets(app, (DATAWORKS if case is PAI else PAI).item), "the other products work"
        app.stop_bot()
    app.start_bot()
    comes_to(app, waiting, "active")
    assert roles(app, case, "erin") == {case.role}


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
    app: AppHarness, fault: dict[str, str]
) -> None:
    for case in BUNDLED:
        app.people.inject_ram_fault({"action": case.reads, "product": case.product, **fault})
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    card = app.card(ref).plain
    for part in (
        "DataWorks Developer in Ranking (workspace `10001`)",
        "MaxCompute Developer in Ranking (project `ranking_dev`)",
        "PAI Algorithm Developer in Ranking (workspace `20001`)",
    ):
        assert f"{part}: not known, no answer" in card
    app.people.clear_faults()
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")


def test_a_product_that_hangs_when_asking_is_not_waited_for(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "ListMembers", "fault": "hang", "seconds": 30})
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    card = app.card(ref).plain
    assert "PAI Algorithm Developer in Ranking (workspace `20001`): not known, no answer" in card
    assert "DataWorks Developer in Ranking (workspace `10001`): not known" not in card
