"""Hologres, where every answer is scripted: what proves what, and what is looked at because nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from approvals.errors import CloudErrorKind, Obstacles
from approvals.ids import RamUserId
from approvals.own_codes import OwnCode
from approvals.people import Principal
from bot.cloud.members import hologres_api
from tests.bot.cloud.members.member_products import go, trouble
from tests.bot.cloud.members.scripted_site import Answer, answering

pytestmark = pytest.mark.slow

INSTANCE = "hgprecn-cn-0ju1a2b3c4d"
DATABASE = f"{INSTANCE}/ranking"
ERIN = Principal(RamUserId("200000000000000005"), "erin")
NAME = "p4_200000000000000005"
DONE = {"Success": "true", "Data": True}
REFUSED = (400, {"Code": "NobodyKnows", "Message": "no"})


def selected(*rows: tuple[str, ...]) -> dict[str, Any]:
    """What ExecuteStatement says of the rows."""
    result = {"success": True, "truncated": False, "records": [list(row) for row in rows]}
    return {"success": "true", "data": {"success": True, "results": [result]}}


def failed(code: str) -> dict[str, Any]:
    """Of a statement that the database refused."""
    return {"success": "true", "data": {"success": False, "errorCode": code, "results": []}}


def listed(status: str = "Running", instance: str = INSTANCE) -> Answer:
    entry = {"InstanceId": instance, "InstanceName": "ranking", "InstanceStatus": status}
    return lambda _: {"Success": "true", "InstanceList": [entry]}


class Database:
    """Says in turn what it is told to, and the last of it for ever."""

    def __init__(self, *said: Any) -> None:
        self._said = list(said)

    def __call__(self, _: Mapping[str, str]) -> Any:
        return self._said.pop(0) if len(self._said) > 1 else self._said[0]


NOBODY, NORMAL, SUPER = selected(), selected((NAME, "", "")), selected((NAME, "superuser", ""))


def test_a_user_is_made_and_seen() -> None:
    answers: dict[str, Answer] = {"ExecuteStatement": Database(NOBODY, NORMAL), "CreateUser": lambda _: DONE}
    with answering("hologres", answers) as there:
        assert there.add(INSTANCE, "normal", ERIN, go).request_id


def test_a_success_that_is_not_seen_is_none_yet() -> None:
    answers: dict[str, Answer] = {"ExecuteStatement": Database(NOBODY), "CreateUser": lambda _: DONE}
    with answering("hologres", answers) as there:
        assert trouble(lambda: there.add(INSTANCE, "normal", ERIN, go)).kind is CloudErrorKind.SILENT


@pytest.mark.parametrize("said", [{}, {"Success": "false"}, {"Success": None}, {"Success": "yes"}, {"Data": True}])
def test_an_answer_that_does_not_say_that_it_is_a_success_is_none(said: dict[str, Any]) -> None:
    answers: dict[str, Answer] = {"ExecuteStatement": Database(NOBODY), "CreateUser": lambda _: said}
    with answering("hologres", answers) as there:
        assert trouble(lambda: there.add(INSTANCE, "normal", ERIN, go)).kind is CloudErrorKind.SILENT


def test_a_refusal_with_the_status_of_a_success_is_one() -> None:
    said = {"Success": "false", "ErrorCode": "NoPermission", "HttpStatusCode": "403"}
    with answering("hologres", {"ExecuteStatement": Database(NOBODY), "CreateUser": lambda _: said}) as there:
        error = trouble(lambda: there.add(INSTANCE, "normal", ERIN, go))
    assert (error.kind, error.action) == (CloudErrorKind.NO_PERMISSION, "CreateUser")


def test_a_refusal_that_nobody_knows_of_somebody_who_is_there_since_is_settled_by_reading() -> None:
    answers: dict[str, Answer] = {"ExecuteStatement": Database(NOBODY, NORMAL), "CreateUser": lambda _: REFUSED}
    with answering("hologres", answers) as there:
        assert there.add(INSTANCE, "normal", ERIN, go).request_id


@pytest.mark.parametrize("known", [NORMAL, SUPER])
def test_whoever_is_there_is_not_made_again(known: dict[str, Any]) -> None:
    with answering("hologres", {"ExecuteStatement": Database(known)}) as there:
        assert trouble(lambda: there.add(INSTANCE, "normal", ERIN, go)).kind is CloudErrorKind.ALREADY_ATTACHED


def test_a_superuser_has_more_and_is_never_touched() -> None:
    with answering("hologres", {"ExecuteStatement": Database(SUPER)}) as there:
        seen = there.observe(INSTANCE, ERIN)
        assert seen is not None and (seen.roles, seen.other_role) == (frozenset({"superuser"}), "superuser")
        taken = trouble(lambda: there.remove(INSTANCE, "normal", ERIN, go, leave=True))
        assert taken.kind is CloudErrorKind.NOT_ATTACHED


def test_whoever_has_what_others_gave_is_not_dropped() -> None:
    member = selected((NAME, "", "search_viewer"))
    with answering("hologres", {"ExecuteStatement": Database(member)}) as there:
        error = trouble(lambda: there.remove(INSTANCE, "normal", ERIN, go, leave=True))
    assert (error.kind, error.code) == (CloudErrorKind.IN_USE, OwnCode.HAS_PERMISSIONS)
    assert error.obstacles == Obstacles(
        ("member of search_viewer",), (f'REVOKE "search_viewer" FROM "{NAME}";', f'DROP USER "{NAME}";')
    )


def test_what_hangs_on_somebody_who_cannot_be_dropped_is_named_with_the_statements_that_take_it_away() -> None:
    objects = selected(("o", "table public.scores"), ("a", "table public.features"))
    database = Database(NORMAL, NORMAL, selected(("ranking", "2")), objects)
    with answering("hologres", {"ExecuteStatement": database, "DropUser": lambda _: REFUSED}) as there:
        error = trouble(lambda: there.remove(INSTANCE, "normal", ERIN, go, leave=True))
    assert (error.kind, error.code, error.action) == (CloudErrorKind.IN_USE, "NobodyKnows", "DropUser")
    assert error.obstacles == Obstacles(
        (
            "owner of table public.scores in database ranking",
            "privileges for table public.features in database ranking",
        ),
        (
            '\\c "ranking"',
            f'REASSIGN OWNED BY "{NAME}" TO CURRENT_USER;',
            f'DROP OWNED BY "{NAME}";',
            f'DROP USER "{NAME}";',
        ),
    )


def test_a_refused_drop_of_somebody_on_whom_nothing_hangs_is_what_it_was_answered() -> None:
    database = Database(NORMAL, NORMAL, NOBODY)
    with answering("hologres", {"ExecuteStatement": database, "DropUser": lambda _: REFUSED}) as there:
        error = trouble(lambda: there.remove(INSTANCE, "normal", ERIN, go, leave=True))
    assert (error.kind, error.code) == (CloudErrorKind.UNCLEAR, "NobodyKnows")


@pytest.mark.parametrize(
    ("instances", "kind", "code"),
    [
        (listed(instance="hgpostcn-cn-other"), CloudErrorKind.NO_PLACE, "NobodyKnows"),
        (listed("Suspended"), CloudErrorKind.REFUSED, OwnCode.INSTANCE_STOPPED),
        (listed(), CloudErrorKind.REFUSED, OwnCode.SQL_NOT_ENABLED),
        (lambda _: {"Success": "true", "InstanceList": []}, CloudErrorKind.REFUSED, OwnCode.SQL_NOT_ENABLED),
    ],
)
def test_why_an_instance_says_nothing_is_looked_at(instances: Answer, kind: CloudErrorKind, code: str) -> None:
    answers: dict[str, Answer] = {
        "ExecuteStatement": lambda _: REFUSED,
        "ListInstances": instances,
        "GetExecuteStatementEnabled": lambda _: {"success": True, "data": False},
    }
    with answering("hologres", answers) as there:
        error = trouble(lambda: there.members(INSTANCE))
    assert (error.kind, error.code) == (kind, code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("3D000", CloudErrorKind.NO_PLACE),
        ("42501", CloudErrorKind.NO_PERMISSION),
        ("57014", CloudErrorKind.SILENT),
        ("42P01", CloudErrorKind.REFUSED),
        ("", CloudErrorKind.SILENT),
    ],
)
def test_a_statement_that_failed_says_why_in_an_answer_that_is_a_success(code: str, kind: CloudErrorKind) -> None:
    answers: dict[str, Answer] = {
        "ExecuteStatement": lambda _: failed(code),
        "ListInstances": listed(),
        "GetExecuteStatementEnabled": lambda _: {"success": True, "data": True},
    }
    with answering("hologres_database", answers) as there:
        assert trouble(lambda: there.members(DATABASE)).kind is kind


def test_every_page_of_users_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    users = [(f"p4_{number:018}", "", "") for number in range(1_200)]
    pages = [selected(*users[first : first + 500]) for first in range(0, 1_200, 500)]
    with answering("hologres", {"ExecuteStatement": Database(*pages)}) as there:
        assert len(there.members(INSTANCE)) == 1_200


def test_a_permission_is_given_and_seen() -> None:
    has = selected((NAME, "", "ranking_viewer"))
    answers: dict[str, Answer] = {
        "ExecuteStatement": Database(NORMAL, selected(("ranking_viewer",)), has),
        "GrantDatabasePermission": lambda _: DONE,
    }
    with answering("hologres_database", answers) as there:
        assert there.add(DATABASE, "viewer", ERIN, go).request_id


def test_nobody_who_is_no_user_is_given_a_permission() -> None:
    with answering("hologres_database", {"ExecuteStatement": Database(NOBODY)}) as there:
        error = trouble(lambda: there.add(DATABASE, "viewer", ERIN, go))
    assert (error.kind, error.code) == (CloudErrorKind.REFUSED, OwnCode.NEEDS_USER)


def test_a_database_without_the_groups_of_the_simple_model_is_left_alone() -> None:
    with answering("hologres_database", {"ExecuteStatement": Database(NORMAL, NOBODY)}) as there:
        error = trouble(lambda: there.add(DATABASE, "viewer", ERIN, go))
    assert (error.kind, error.code) == (CloudErrorKind.NO_SUCH_ROLE, OwnCode.NOT_SIMPLE_MODEL)


@pytest.mark.parametrize(
    ("groups", "super_", "other"),
    [
        ("ranking_admin", "", "admin"),
        ("ranking_writer", "", "writer"),
        ("", "superuser", "superuser"),
        ("ranking_developer,ranking_admin", "", "admin"),
        ("ranking_developer", "", ""),
        ("ranking_developer,search_admin", "", ""),
    ],
)
def test_whoever_has_more_keeps_it(groups: str, super_: str, other: str) -> None:
    with answering("hologres_database", {"ExecuteStatement": Database(selected((NAME, super_, groups)))}) as there:
        seen = there.observe(DATABASE, ERIN)
        assert seen is not None and seen.other_role == other
        if other:
            assert trouble(lambda: there.add(DATABASE, "viewer", ERIN, go)).kind is CloudErrorKind.ALREADY_ATTACHED


def test_a_revoke_needs_no_look_before_it_and_is_seen() -> None:
    answers: dict[str, Answer] = {
        "ExecuteStatement": Database(NORMAL),
        "RevokeDatabasePermission": lambda _: {"requestId": "4C467B38", "data": True},
    }
    with answering("hologres_database", answers) as there:
        assert there.remove(DATABASE, "viewer", ERIN, go, leave=False).request_id


def test_a_permission_in_a_database_that_is_gone_has_nothing_left_to_take() -> None:
    answers: dict[str, Answer] = {
        "ExecuteStatement": Database(failed("3D000")),
        "RevokeDatabasePermission": lambda _: REFUSED,
    }
    with answering("hologres_database", answers) as there:
        error = trouble(lambda: there.remove(DATABASE, "viewer", ERIN, go, leave=False))
    assert error.kind is CloudErrorKind.NO_PLACE


def test_the_databases_of_all_instances_are_the_places() -> None:
    databases = {"Success": "true", "DatabaseList": [{"Name": "ranking", "PermissionModel": "SPM"}]}
    with answering("hologres_database", {"ListInstances": listed(), "ListDatabases": lambda _: databases}) as there:
        assert there.places() == {DATABASE: "ranking"}


def test_an_sdk_without_an_operation_says_which_version_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hologres_api, "OPERATIONS", ("create_user", "an_operation_of_tomorrow"))
    with pytest.raises(Exception) as caught, answering("hologres", {}):
        pass
    error = caught.value
    assert getattr(error, "kind", None) is CloudErrorKind.NOT_INSTALLED
    assert getattr(error, "action", "") == "alibabacloud-hologram20220601 1.10"


def test_while_an_instance_is_stopped_no_database_is_said_to_be_gone() -> None:
    with answering("hologres_database", {"ListInstances": listed("Suspended")}) as there:
        assert trouble(there.places).code == OwnCode.INSTANCE_STOPPED
