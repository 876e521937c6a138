"""Hologres: a permission in a database is for users of the instance, who come first and go last, and not always."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.kinds import NoticeKind
from approvals.ledger import notices
from bot.sandbox.products.members.hologres import RANKING
from tests.harness.app import APPROVALS, HOUR, AppHarness
from tests.harness.boards import status
from tests.harness.products.hologres import without_hologres
from tests.harness.refusals import press
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time, time_is_up
from tests.scenario.members.asking import BUNDLE, CATALOG, approved, done, gets, stand, states, user_id, writes

pytestmark = pytest.mark.slow

USER, VIEWER, DEVELOPER = "hologres-user@ranking", "hologres-viewer@ranking", "hologres-developer@ranking"
DATABASE = f"{RANKING}/ranking"
USERS, PERMISSIONS = "hologres", "hologres_database"
BOTH = (USERS, PERMISSIONS)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        yield opened


def roles(app: AppHarness, product: str, place: str, user: str = "carol") -> set[str] | None:
    """What the database itself says."""
    found = app.sandbox.membership.place(product, place).members.get(user_id(app, user))
    return None if found is None else set(found.roles)


def has(app: AppHarness, user: str = "carol") -> tuple[set[str] | None, set[str] | None]:
    """In the instance, and in its database."""
    return roles(app, USERS, RANKING, user), roles(app, PERMISSIONS, DATABASE, user)


def owns_a_table(app: AppHarness, owns: bool = True, user: str = "carol") -> None:
    membership = app.sandbox.membership
    instance = membership.hologres.started(RANKING, membership.read())
    instance.own_table(f"p4_{user_id(app, user)}", "ranking", "scores", owns)


def test_a_permission_brings_the_user_first_and_goes_before_them(app: AppHarness) -> None:
    ref = approved(app, VIEWER)
    comes_to(app, ref, "active")
    assert has(app) == ({"normal"}, {"viewer"})
    assert done(app, *BOTH) == [(USERS, "CreateUser"), (PERMISSIONS, "GrantDatabasePermission")]
    shown = app.card(ref, "Hologres viewer").plain
    assert "Hologres user in Ranking" in shown and "Hologres viewer in Ranking" in shown
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert has(app) == (None, None)
    assert done(app, *BOTH)[2:] == [(PERMISSIONS, "RevokeDatabasePermission"), (USERS, "DropUser")]


def test_the_permission_goes_before_its_user_although_the_catalogue_names_neither_any_more(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = gets(app, VIEWER)
    path = tmp_path / "terms.toml"
    path.write_text(without_hologres(CATALOG.read_text("utf-8")), "utf-8")
    # Meanwhile the user could be dropped.
    app.people.inject_ram_fault({"action": "RevokeDatabasePermission", "fault": "hang", "seconds": 1.0, "times": 1})
    app.restart_bot({"PAIREC_CATALOG": str(path)})
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert has(app) == (None, None)
    assert done(app, *BOTH)[2:] == [(PERMISSIONS, "RevokeDatabasePermission"), (USERS, "DropUser")]


def test_the_card_and_the_form_name_both_and_one_is_not_given_without_the_other(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{VIEWER} 1h rollout")
    card = app.bob.message_with(ref, APPROVALS)
    app.bob.click("Approve with changes", card)
    form = app.bob.modal("Approve").plain
    assert "needs Hologres user" in form and "select both, or neither" in form


def test_a_user_who_was_there_before_stays(app: AppHarness) -> None:
    app.sandbox.membership.give(USERS, RANKING, "carol", "normal")
    ref = approved(app, VIEWER)
    stand(app, ref, hologres="held", hologres_database="active")
    time_is_up(app)
    stand(app, ref, hologres="held", hologres_database="ended")
    assert has(app) == ({"normal"}, None)


def test_a_permission_that_was_there_before_stays_with_its_user(app: AppHarness) -> None:
    app.sandbox.membership.give(USERS, RANKING, "carol", "normal")
    app.sandbox.membership.give(PERMISSIONS, DATABASE, "carol", "viewer")
    ref = approved(app, "hologres-developer@ranking")
    stand(app, ref, hologres="held", hologres_database="active")
    time_is_up(app)
    stand(app, ref, hologres="held", hologres_database="ended")
    assert has(app) == ({"normal"}, {"viewer"})
    assert not [action for product, action in done(app, *BOTH) if product == USERS]


def test_a_superuser_has_more_and_is_never_touched(app: AppHarness) -> None:
    app.sandbox.membership.give(USERS, RANKING, "carol", "superuser")
    ref = approved(app, VIEWER)
    comes_to(app, ref, "held")
    assert "has the role `superuser` there, which is left as it is" in app.carol.message_with("was not granted").plain
    assert writes(app, *BOTH) == []


def test_of_two_requests_the_last_to_end_takes_the_user_along(app: AppHarness) -> None:
    first, second = gets(app, VIEWER), gets(app, DEVELOPER, "8h")
    assert has(app) == ({"normal"}, {"viewer", "developer"})
    time_is_up(app)
    comes_to(app, first, "ended")
    assert has(app) == ({"normal"}, {"developer"})
    time_is_up(app, 8 * HOUR)
    comes_to(app, second, "ended")
    assert has(app) == (None, None)


def test_whoever_has_what_somebody_else_gave_stays_and_a_person_is_told(app: AppHarness) -> None:
    ref = gets(app, VIEWER)
    app.sandbox.membership.give(PERMISSIONS, DATABASE, "carol", "writer")
    app.revokes(app.carol, ref)
    told = app.bob.message_with("who is to be removed", APPROVALS).plain
    assert "member of ranking_writer" in told and 'REVOKE "ranking_writer"' in told
    assert has(app) == ({"normal"}, {"writer"})


def test_a_drop_that_the_database_refuses_is_told_to_a_person_and_not_tried_again(app: AppHarness) -> None:
    ref = gets(app, VIEWER)
    owns_a_table(app)
    app.revokes(app.carol, ref)
    told = app.bob.message_with("who is to be removed", APPROVALS)
    name = f"p4_{user_id(app, 'carol')}"
    for text in (
        "*Revoked already:* Hologres viewer in Ranking",
        "owner of table scores in database ranking",
        f'REASSIGN OWNED BY "{name}" TO CURRENT_USER;',
        f'DROP USER "{name}";',
        "not retried automatically",
    ):
        assert text.replace("*", "") in told.plain.replace("*", ""), text
    stand(app, ref, hologres="ending", hologres_database="ended")
    assert "needs manual work" in app.card(ref, "needs manual work").plain
    heard = app.carol.direct_message_with("could be revoked").plain
    assert "not all of *Hologres viewer*" in heard and "pprovers were told what is in the way" in heard
    assert "Hologres user in Ranking" in heard and "needs manual work since" in heard
    assert not [each for each in app.carol.messages() if "was ended" in each.plain]
    tried, (first,) = (done(app, USERS), writes(app, USERS)), _open(app)
    app.real_passes(10 * LONG_ENOUGH)
    app.people.advance(HOUR)
    app.real_passes(LONG_ENOUGH)
    assert (done(app, USERS), writes(app, USERS)) == tried
    assert not [each for each in app.bob.messages(APPROVALS) if "not revoked yet" in each.plain]
    app.bob.click("Retry", told)
    in_time(app, lambda: _open(app) not in ([], [first]), "it to be refused once more")
    owns_a_table(app, False)
    app.bob.click("Retry", app.bob.message_with("who is to be removed", APPROVALS))
    comes_to(app, ref, "ended")
    assert has(app) == (None, None)
    heard_of = [each for each in app.carol.messages() if "is not revoked completely yet." in each.plain]
    assert len(heard_of) == 1, "whoever asked hears it once, however often it is tried"
    assert "show it gone" in app.carol.message_with("was ended").plain


def _open(app: AppHarness) -> list[str]:
    with app.ledger.read() as tx:
        return [each.id for each in notices.open_of(tx, NoticeKind.BLOCKED_END)]


def test_a_user_who_was_dropped_by_hand_since_is_noticed_within_a_day(app: AppHarness) -> None:
    ref = gets(app, VIEWER)
    owns_a_table(app)
    app.revokes(app.carol, ref)
    app.bob.message_with("who is to be removed", APPROVALS)
    owns_a_table(app, False)
    app.sandbox.membership.remove(USERS, RANKING, "carol")
    app.people.advance(25 * HOUR)
    in_time(app, lambda: states(app, ref)[f"{USERS}/{RANKING}/normal"] == "ended", "it to be noticed")
    app.bob.message_with("is gone", APPROVALS)


def test_whoever_is_no_approver_does_not_have_it_tried_again(app: AppHarness) -> None:
    ref = gets(app, VIEWER)
    owns_a_table(app)
    app.revokes(app.carol, ref)
    told = app.bob.message_with("who is to be removed", APPROVALS)
    before = writes(app, USERS)
    (known,) = _open(app)
    press(app.carol, "blocked_end_again", known, told)
    app.carol.ephemeral_with("cannot decide")
    assert writes(app, USERS) == before and states(app, ref)[f"{USERS}/{RANKING}/normal"] == "ending"


def test_somebody_who_is_asked_for_again_while_a_drop_is_refused_stays(app: AppHarness) -> None:
    ref = gets(app, VIEWER)
    owns_a_table(app)
    app.revokes(app.carol, ref)
    app.bob.message_with("who is to be removed", APPROVALS)
    again = gets(app, VIEWER, "8h")
    assert has(app) == ({"normal"}, {"viewer"})
    comes_to(app, ref, "ended")
    app.bob.message_with("stays after all", APPROVALS)
    assert app.states(again) == ["active", "active"]


def test_a_user_who_is_dropped_by_hand_is_noticed(app: AppHarness) -> None:
    ref = gets(app, VIEWER)
    app.sandbox.membership.remove(USERS, RANKING, "carol")
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.states(ref) == ["ended", "ended"], "it to be noticed")
    assert has(app) == (None, None)


def test_an_answer_that_is_lost_is_settled_by_reading(app: AppHarness) -> None:
    for action in ("CreateUser", "GrantDatabasePermission", "RevokeDatabasePermission", "DropUser"):
        app.sandbox.ram_faults.add({"action": action, "fault": "empty", "done": True})
    ref = gets(app, VIEWER)
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert has(app) == (None, None)


def test_a_user_who_cannot_be_made_holds_nothing_else_up(app: AppHarness) -> None:
    app.sandbox.ram_faults.add({"action": "CreateUser", "fault": "no_permission", "times": 100})
    ref = approved(app, VIEWER)
    in_time(app, lambda: "failed" in app.states(ref), "it to fail")
    in_time(app, lambda: app.states(ref) == ["failed", "failed"], "the other to follow")
    assert "hologram:CreateUser" in app.card(ref, "hologram:CreateUser").plain
    app.sandbox.ram_faults.clear()
    app.bob.click("Retry", app.card(ref, "could not be granted"))
    comes_to(app, ref, "active")
    assert has(app) == ({"normal"}, {"viewer"})


@pytest.mark.parametrize("broken", ["stopped", "no sql"])
def test_an_instance_that_says_nothing_says_why(app: AppHarness, broken: str) -> None:
    hologres = app.sandbox.membership.hologres
    if broken == "stopped":
        hologres.suspend(RANKING, True)
    else:
        hologres.switch_statements(RANKING, False)
    app.carol.type("/pairec-access who")
    expected = "is stopped" if broken == "stopped" else "enable ExecuteStatement"
    app.carol.ephemeral_with(expected)
    assert expected in status(app, app.carol, "hologres-bot").plain


def test_the_status_says_what_the_bot_itself_is(app: AppHarness) -> None:
    assert f"`superuser` in `{RANKING}`" in status(app, app.carol, "hologres-bot").plain


def test_who_has_a_bundle_without_the_permission_that_goes_with_it_is_named(tmp_path: Path) -> None:
    """Where the team gives what is in its databases by itself, and the catalogue says so."""
    code, path = 'code = "viewer"\nneeds', tmp_path / "terms.toml"
    path.write_text(CATALOG.read_text("utf-8").replace(code, code.replace("\n", "\ngranted = false\n")), "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0, members=True) as app:
        # To start the first database of all may take longer than a check waits.
        app.sandbox.hologres.started(RANKING, app.sandbox.membership.read())
        assert "nobody has a bundle that it goes with" in status(app, app.carol, "hologres_database-viewer").plain
        gets(app, BUNDLE)
        assert has(app) == ({"normal"}, None)
        lacking = status(app, app.carol, "hologres_database-viewer").plain
        assert f"`carol in {DATABASE}` should be `viewer`" in lacking
        app.sandbox.membership.give(PERMISSIONS, DATABASE, "carol", "developer")
        assert f"`carol in {DATABASE}`" in status(app, app.carol, "hologres_database-viewer").plain
        app.sandbox.membership.give(PERMISSIONS, DATABASE, "carol", "viewer")
        assert "1 person who should be `viewer` is" in status(app, app.carol, "hologres_database-viewer").plain
