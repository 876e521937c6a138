"""Users of Hologres instances and permissions in their databases, against a real database behind the SDK."""

from __future__ import annotations

import pytest

from approvals.errors import CloudErrorKind
from approvals.own_codes import OwnCode
from bot.cloud.members import MemberProduct
from bot.cloud.members.hologres import Hologres
from bot.sandbox.products.members.hologres import RANKING, SEARCH
from tests.bot.cloud.members.member_products import MemberSandbox, go, trouble, written

pytestmark = pytest.mark.slow

DATABASE = f"{RANKING}/ranking"
USERS, PERMISSIONS = "hologres", "hologres_database"


def started(workshop: MemberSandbox) -> None:
    """A server starts with the first call, which may take longer than the bot waits for an answer."""
    workshop.sandbox.membership.hologres.started(RANKING, workshop.sandbox.membership.read())


@pytest.fixture
def users(workshop: MemberSandbox) -> MemberProduct:
    started(workshop)
    return workshop.connect(USERS)


@pytest.fixture
def permissions(workshop: MemberSandbox) -> MemberProduct:
    started(workshop)
    return workshop.connect(PERMISSIONS)


def asked(workshop: MemberSandbox) -> list[str]:
    """The calls that change something."""
    reading = ("ExecuteStatement", "GetExecuteStatementEnabled")
    return [action for action in written(workshop.actions()) if action not in reading]


def test_a_user_is_made_without_any_permission_and_dropped(workshop: MemberSandbox, users: MemberProduct) -> None:
    erin = workshop.user("erin")
    users.add(RANKING, "normal", erin, go)
    assert workshop.roles(USERS, RANKING, "erin") == {"normal"}
    named = {"instanceId": RANKING, "userName": f"p4_{erin.user_id}"}
    assert ("CreateUser", {**named, "superUser": False}) in workshop.calls()
    users.remove(RANKING, "normal", erin, go, leave=True)
    assert workshop.roles(USERS, RANKING, "erin") is None
    assert ("DropUser", {**named, "superUser": "false"}) in workshop.calls()


def test_a_permission_is_given_to_a_user_and_taken(
    workshop: MemberSandbox, users: MemberProduct, permissions: MemberProduct
) -> None:
    erin = workshop.user("erin")
    users.add(RANKING, "normal", erin, go)
    permissions.add(DATABASE, "viewer", erin, go)
    assert workshop.roles(PERMISSIONS, DATABASE, "erin") == {"viewer"}
    permissions.add(DATABASE, "developer", erin, go)
    permissions.remove(DATABASE, "viewer", erin, go, leave=False)
    assert workshop.roles(PERMISSIONS, DATABASE, "erin") == {"developer"}
    permissions.remove(DATABASE, "developer", erin, go, leave=False)
    assert workshop.roles(PERMISSIONS, DATABASE, "erin") is None
    given = ("GrantDatabasePermission", "GrantDatabasePermission")
    taken = ("RevokeDatabasePermission", "RevokeDatabasePermission")
    assert asked(workshop) == ["CreateUser", *given, *taken]


def test_who_is_no_user_is_given_no_permission(workshop: MemberSandbox, permissions: MemberProduct) -> None:
    error = trouble(lambda: permissions.add(DATABASE, "viewer", workshop.user("erin"), go))
    assert (error.kind, error.code) == (CloudErrorKind.REFUSED, OwnCode.NEEDS_USER)
    assert asked(workshop) == []


def test_what_is_there_already_and_what_is_not_are_told(workshop: MemberSandbox, users: MemberProduct) -> None:
    frank, erin = workshop.user("frank"), workshop.user("erin")
    assert trouble(lambda: users.add(RANKING, "normal", frank, go)).kind is CloudErrorKind.ALREADY_ATTACHED
    assert trouble(lambda: users.remove(RANKING, "normal", erin, go, leave=True)).kind is CloudErrorKind.NOT_ATTACHED


def test_a_superuser_is_never_touched(workshop: MemberSandbox, users: MemberProduct) -> None:
    workshop.give(USERS, RANKING, "erin", "superuser")
    erin = workshop.user("erin")
    seen = users.observe(RANKING, erin)
    assert seen is not None and seen.other_role == "superuser"
    assert trouble(lambda: users.remove(RANKING, "normal", erin, go, leave=True)).kind is CloudErrorKind.NOT_ATTACHED
    assert asked(workshop) == []


@pytest.mark.parametrize("role", ["writer", "admin"])
def test_whoever_has_more_in_a_database_keeps_it(
    workshop: MemberSandbox, permissions: MemberProduct, role: str
) -> None:
    workshop.give(PERMISSIONS, DATABASE, "erin", role)
    erin = workshop.user("erin")
    seen = permissions.observe(DATABASE, erin)
    assert seen is not None and seen.other_role == role
    assert trouble(lambda: permissions.add(DATABASE, "viewer", erin, go)).kind is CloudErrorKind.ALREADY_ATTACHED


def test_whoever_has_a_permission_of_others_is_not_dropped(workshop: MemberSandbox, users: MemberProduct) -> None:
    error = trouble(lambda: users.remove(RANKING, "normal", workshop.user("frank"), go, leave=True))
    assert (error.kind, error.code) == (CloudErrorKind.IN_USE, OwnCode.HAS_PERMISSIONS)
    assert error.obstacles is not None and error.obstacles.what == ("member of ranking_viewer",)
    assert asked(workshop) == []


def test_whoever_owns_a_table_is_not_dropped_and_it_is_said_what_to_type(
    workshop: MemberSandbox, users: MemberProduct
) -> None:
    erin = workshop.user("erin")
    users.add(RANKING, "normal", erin, go)
    name = f"p4_{erin.user_id}"
    instance = workshop.sandbox.membership.hologres.started(RANKING, workshop.sandbox.membership.read())
    instance.own_table(name, "ranking", "scores", True)
    error = trouble(lambda: users.remove(RANKING, "normal", erin, go, leave=True))
    assert (error.kind, error.code, error.action) == (CloudErrorKind.IN_USE, "2BP01", "DropUser")
    assert error.obstacles is not None
    assert error.obstacles.what == ("owner of table scores in database ranking",)
    assert error.obstacles.remedy == (
        '\\c "ranking"',
        f'REASSIGN OWNED BY "{name}" TO CURRENT_USER;',
        f'DROP OWNED BY "{name}";',
        f'DROP USER "{name}";',
    )
    for statement in error.obstacles.remedy[1:3]:
        with instance.session("postgres", "ranking") as session:
            session.execute(statement.encode())
    users.remove(RANKING, "normal", erin, go, leave=True)
    assert workshop.roles(USERS, RANKING, "erin") is None


def test_everybody_is_listed(workshop: MemberSandbox, users: MemberProduct, permissions: MemberProduct) -> None:
    frank = workshop.user("frank").user_id
    found = {member.user.user_id: member for member in users.members(RANKING)}
    assert found[frank].roles == {"normal"}
    assert [member.roles for member in permissions.members(DATABASE) if member.user.user_id == frank] == [{"viewer"}]


def test_the_instances_and_databases_are_known(users: MemberProduct, permissions: MemberProduct) -> None:
    assert users.places() == {RANKING: "ranking", SEARCH: "search"}
    assert set(permissions.places()) == {DATABASE, f"{SEARCH}/search"}


def test_the_role_of_the_bot_itself_is_known(workshop: MemberSandbox, users: MemberProduct) -> None:
    assert isinstance(users, Hologres)
    assert users.own_roles([RANKING, "hgprecn-cn-nowhere"]) == {RANKING: "superuser"}


def test_an_instance_that_is_gone_is_no_place(workshop: MemberSandbox, users: MemberProduct) -> None:
    workshop.sandbox.membership.delete_place(USERS, RANKING)
    assert trouble(lambda: users.members(RANKING)).kind is CloudErrorKind.NO_PLACE


def test_a_database_that_is_gone_is_no_place(workshop: MemberSandbox, permissions: MemberProduct) -> None:
    gone = f"{RANKING}/nowhere"
    assert trouble(lambda: permissions.members(gone)).kind is CloudErrorKind.NO_PLACE
    error = trouble(lambda: permissions.remove(gone, "viewer", workshop.user("frank"), go, leave=False))
    assert error.kind is CloudErrorKind.NO_PLACE


def test_an_instance_that_is_stopped_says_so(workshop: MemberSandbox, users: MemberProduct) -> None:
    workshop.sandbox.membership.hologres.suspend(RANKING, True)
    error = trouble(lambda: users.members(RANKING))
    assert (error.kind, error.code) == (CloudErrorKind.REFUSED, OwnCode.INSTANCE_STOPPED)


def test_an_instance_that_lets_nobody_run_sql_says_what_to_switch_on(
    workshop: MemberSandbox, users: MemberProduct
) -> None:
    workshop.sandbox.membership.hologres.switch_statements(RANKING, False)
    error = trouble(lambda: users.members(RANKING))
    assert (error.kind, error.code) == (CloudErrorKind.REFUSED, OwnCode.SQL_NOT_ENABLED)


def test_a_database_that_hangs_is_silence(workshop: MemberSandbox, users: MemberProduct) -> None:
    users.members(RANKING)
    hologres = workshop.sandbox.membership.hologres
    hologres.hang(RANKING, True, workshop.sandbox.membership.read())
    assert trouble(lambda: users.members(RANKING)).kind is CloudErrorKind.SILENT
    hologres.hang(RANKING, False, workshop.sandbox.membership.read())


def test_what_the_bot_may_not_do_is_named(workshop: MemberSandbox, users: MemberProduct) -> None:
    workshop.order("CreateUser", "no_permission")
    error = trouble(lambda: users.add(RANKING, "normal", workshop.user("erin"), go))
    assert (error.kind, error.action) == (CloudErrorKind.NO_PERMISSION, "CreateUser")


@pytest.mark.parametrize("fault", ["empty", "html"])
def test_a_lost_answer_is_settled_by_the_next_look(workshop: MemberSandbox, users: MemberProduct, fault: str) -> None:
    erin = workshop.user("erin")
    workshop.order("CreateUser", fault, done=True)
    assert trouble(lambda: users.add(RANKING, "normal", erin, go)).kind is CloudErrorKind.SILENT
    assert users.observe(RANKING, erin) is not None
