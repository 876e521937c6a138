"""Hologres, as its SDK is answered: users of an instance, permissions in its databases, and who is let in."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_hologram20220601 import models
from alibabacloud_pairecservice20221213 import models as pairec
from Tea.exceptions import UnretryableException

from bot.sandbox.products.members.hologres import RANKING, SEARCH
from bot.sandbox.products.state import INSTANCE
from bot.sandbox.ram.identity import BOT_USER_ID
from tests.bot.sandbox.products.cloud_clients import GUESSED, reason, refused, sent
from tests.bot.sandbox.products.hologres_calls import DATABASE, Hologres

NORMAL, SUPERUSER = {"normal"}, {"superuser"}


def users(hologres: Hologres) -> dict[str, set[str]]:
    return hologres.cloud.roles("hologres", RANKING)


def permissions(hologres: Hologres) -> dict[str, set[str]]:
    return hologres.cloud.roles("hologres_database", DATABASE)


def said(body: Any) -> tuple[str, str, bool]:
    """What a refusal in an answer says."""
    return body.success, body.error_code, body.data


# -- users


def test_a_user_is_added_who_may_do_nothing_and_dropped_again(hologres: Hologres) -> None:
    carol = hologres.user("carol")
    made = hologres.create(carol, False)
    assert (made.success, made.data, made.http_status_code, made.error_code) == ("true", True, "200", None)
    assert users(hologres) == {"pairec-access": SUPERUSER, "frank": NORMAL, "carol": NORMAL}
    assert hologres.rows("SELECT rolsuper, rolcanlogin FROM pg_roles WHERE rolname = $1", parameters=[carol]) == [
        ["f", "t"]
    ]
    gone = hologres.drop(carol, "false")
    assert (gone.success, gone.data, gone.http_status_code) == ("true", True, "200")
    assert users(hologres) == {"pairec-access": SUPERUSER, "frank": NORMAL}


def test_a_superuser_is_added_by_the_same_call(hologres: Hologres) -> None:
    hologres.create(hologres.user("carol"), True)
    assert users(hologres)["carol"] == SUPERUSER


def test_whether_a_user_is_a_superuser_is_a_boolean_here_and_a_text_there(hologres: Hologres) -> None:
    carol = hologres.user("carol")
    assert reason(lambda: hologres.create(carol, "false")) == ("InvalidParameter", 400)
    hologres.create(carol)
    assert reason(lambda: hologres.drop(carol, False)) == ("InvalidParameter", 400)
    assert reason(lambda: hologres.drop(carol, "no")) == ("InvalidParameter", 400)
    assert users(hologres)["carol"] == NORMAL


def test_a_user_who_is_there_is_not_added_again(hologres: Hologres) -> None:
    body = hologres.create(hologres.user("frank"), False)
    assert said(body) == ("false", "42710", False)
    assert body.error_message == f'ERROR: role "{hologres.user("frank")}" already exists'


def test_a_user_who_is_not_there_is_not_dropped(hologres: Hologres) -> None:
    assert said(hologres.drop(hologres.user("erin"))) == ("false", "42704", False)


def test_a_user_who_owns_a_table_is_not_dropped(hologres: Hologres) -> None:
    carol = hologres.user("carol")
    hologres.create(carol, False)
    hologres.statement(f'CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO "{carol}"')
    body = hologres.drop(carol)
    assert said(body) == ("false", "2BP01", False)
    assert body.error_message.splitlines() == [
        f'ERROR: role "{carol}" cannot be dropped because some objects depend on it',
        "DETAIL: 1 object in database ranking",
    ]
    [[kind, name]] = hologres.rows(
        "SELECT c.relkind, c.relname FROM pg_shdepend s JOIN pg_class c ON c.oid = s.objid"
        " JOIN pg_roles r ON r.oid = s.refobjid WHERE r.rolname = $1",
        parameters=[carol],
    )
    assert (kind, name) == ("r", "mine")
    hologres.statement("DROP TABLE mine")
    assert hologres.drop(carol).success == "true"


def test_a_user_with_a_permission_on_a_table_is_not_dropped_and_one_of_a_group_is(hologres: Hologres) -> None:
    carol = hologres.user("carol")
    hologres.create(carol, False)
    hologres.statement(f'GRANT SELECT ON features TO "{carol}"')
    assert said(hologres.drop(carol)) == ("false", "2BP01", False)
    hologres.statement(f'REVOKE SELECT ON features FROM "{carol}"')
    hologres.grant(carol, "viewer")
    assert hologres.drop(carol).success == "true"
    assert permissions(hologres) == {"frank": {"viewer"}}


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda h: h.create(h.user("carol"), instance="hgprecn-cn-nowhere"), ("resource not exists failed", 404)),
        (lambda h: h.drop(h.user("frank"), instance="hgprecn-cn-nowhere"), ("resource not exists failed", 404)),
        (lambda h: h.client.get_instance("hgprecn-cn-nowhere"), ("resource not exists failed", 404)),
        (lambda h: h.create("carol"), ("InvalidParameter", 400)),
        (lambda h: h.create("BASIC$carol"), ("InvalidParameter", 400)),
        (lambda h: h.drop("postgres"), ("InvalidParameter", 400)),
        (lambda h: h.create(None), ("MissinguserName", 400)),
        (lambda h: h.grant(h.user("frank")), ("Missingprivileges", 400)),
        (lambda h: h.grant(h.user("frank"), "king"), ("InvalidParameter", 400)),
        (lambda h: h.grant(h.user("frank"), "viewer", database=None), ("MissingdatabaseName", 400)),
        (lambda h: h.statement("SELECT 1", query_timeout=31), ("InvalidParameter", 400)),
        (lambda h: h.statement("SELECT 1", query_timeout=0), ("InvalidParameter", 400)),
        (lambda h: h.statement("SELECT 1", query_timeout="5"), ("InvalidParameter", 400)),
        (lambda h: h.statement("SELECT 1", max_rows=1_001), ("InvalidParameter", 400)),
        (lambda h: h.statement("SELECT 1", max_bytes=0), ("InvalidParameter", 400)),
        (lambda h: h.statement("SELECT $1", parameters=[{"a": 1}]), ("InvalidParameter", 400)),
        (lambda h: h.statement(f"SELECT '{'x' * 16_376}'"), ("InvalidParameter", 400)),
        (lambda h: h.statement(""), ("Missingsql", 400)),
        (lambda h: h.statement("SELECT 1", database=None), ("MissingdbName", 400)),
    ],
)
def test_what_cannot_be_asked_is_refused(hologres: Hologres, call: Any, why: tuple[str, int]) -> None:
    before = users(hologres), permissions(hologres)
    assert reason(lambda: call(hologres)) == why
    assert (users(hologres), permissions(hologres)) == before


def test_a_ram_user_who_does_not_exist_is_not_added(hologres: Hologres) -> None:
    assert said(hologres.create("p4_299999", False)) == ("false", "UserNotExist", False)


# -- permissions in databases


def test_a_permission_in_a_database_is_given_and_taken(hologres: Hologres) -> None:
    carol = hologres.user("carol")
    hologres.create(carol, False)
    given = hologres.grant(carol, "viewer", "developer")
    assert (given.success, given.data, given.http_status_code) == ("true", True, "200")
    assert permissions(hologres) == {"frank": {"viewer"}, "carol": {"viewer", "developer"}}
    taken = hologres.revoke(carol, "developer")
    assert (taken.data, bool(taken.request_id)) == (True, True)
    assert permissions(hologres) == {"frank": {"viewer"}, "carol": {"viewer"}}


def test_a_permission_that_is_there_is_given_again_and_one_that_is_not_is_taken(hologres: Hologres) -> None:
    """As GRANT and REVOKE have it."""
    frank = hologres.user("frank")
    assert hologres.grant(frank, "viewer").success == "true"
    assert hologres.revoke(frank, "developer").data is True
    assert permissions(hologres) == {"frank": {"viewer"}}


def test_nobody_who_is_no_user_is_given_a_permission(hologres: Hologres) -> None:
    assert said(hologres.grant(hologres.user("carol"), "viewer")) == ("false", "42704", False)


def test_a_revoke_that_is_refused_does_not_say_why(hologres: Hologres) -> None:
    assert hologres.revoke(hologres.user("carol"), "viewer").data is False


def test_there_is_no_permission_in_a_database_that_does_not_exist(hologres: Hologres) -> None:
    body = hologres.grant(hologres.user("frank"), "viewer", database="nowhere")
    assert said(body) == ("false", "3D000", False)
    assert hologres.revoke(hologres.user("frank"), "viewer", database="nowhere").data is False


# -- statements


def test_the_users_are_listed_by_a_statement(hologres: Hologres) -> None:
    body = hologres.statement("SELECT rolname, rolsuper, NULL FROM pg_roles WHERE rolname LIKE 'p4_%' ORDER BY 1")
    [result] = body.data.results
    assert (body.success, body.http_status_code, body.data.success, result.success) == ("true", "200", True, True)
    assert result.records == [[hologres.user("frank"), "f", "\\N"], ["p4_200000000000009999", "t", "\\N"]]
    assert (result.count, result.truncated) == (2, False)
    assert [(each.name, each.type) for each in result.column_metadata][:2] == [
        ("rolname", "name"),
        ("rolsuper", "bool"),
    ]


def test_what_a_statement_changes_is_shown_on_the_page_at_once(hologres: Hologres) -> None:
    changes = hologres.cloud.sandbox.changes
    hologres.statement("SELECT 1")
    version = changes.version
    hologres.statement("SELECT 1")
    assert changes.version == version, "nothing changed"
    hologres.statement(f'CREATE USER "{hologres.user("carol")}"')
    assert (users(hologres)["carol"], changes.version) == (NORMAL, version + 1)


def test_of_several_statements_the_last_ones_result_is_told(hologres: Hologres) -> None:
    body = hologres.statement("CREATE TEMP TABLE t (id int); SELECT 1; INSERT INTO t VALUES (1), (2)")
    [result] = body.data.results
    assert (result.update_count, result.records) == (2, None)
    assert hologres.rows("SELECT 1; SELECT 2") == [["2"]]


def test_parameters_are_bound_by_number_and_to_one_statement(hologres: Hologres) -> None:
    sql = "SELECT $1::text, $2::int + 1, $3::bool, $4::float8, $5::text"
    assert hologres.rows(sql, parameters=["a'b", 41, True, 0.5, None]) == [["a'b", "42", "t", "0.5", "\\N"]]
    assert hologres.statement("SELECT $1::int; SELECT 2", parameters=[1]).data.error_code == "42601"


def test_more_rows_and_bytes_than_asked_for_are_cut_off(hologres: Hologres) -> None:
    sql = "SELECT 'abcd' FROM generate_series(1, 300)"
    cases: tuple[tuple[dict[str, Any], int], ...] = (
        ({}, 200),
        ({"max_rows": 300}, 300),
        ({"max_rows": 7}, 7),
        ({"max_bytes": 11}, 2),
    )
    for asked, rows in cases:
        [result] = hologres.statement(sql, **asked).data.results
        assert (len(result.records), result.truncated) == (rows, rows < 300)


def test_a_statement_that_takes_too_long_is_cancelled(hologres: Hologres) -> None:
    body = hologres.statement("SELECT pg_sleep(20)", query_timeout=1)
    assert (body.data.success, body.data.error_code) == (False, "57014")


def test_a_statement_that_fails_says_so_in_its_data(hologres: Hologres) -> None:
    body = hologres.statement("SELECT * FROM nothing_here")
    [result] = body.data.results
    assert (body.success, body.data.success, result.success) == ("true", False, False)
    assert body.data.error_code == result.error_code == "42P01"
    assert "does not exist" in body.data.error_message


def test_statements_are_refused_until_they_are_switched_on(hologres: Hologres) -> None:
    client = hologres.client
    off = client.disable_execute_statement(RANKING, models.DisableExecuteStatementRequest()).body
    assert (off.success, off.data) == (True, True)
    shown = client.get_execute_statement_enabled(RANKING, models.GetExecuteStatementEnabledRequest()).body
    assert (shown.success, shown.data, shown.http_status_code) == (True, False, "200")
    body = hologres.statement("SELECT 1")
    assert (body.success, body.error_code, body.data) == ("false", "ExecuteStatementNotEnabled", None)
    on = client.enable_execute_statement(RANKING, models.EnableExecuteStatementRequest()).body
    assert (on.success, on.data) == (True, True)
    assert hologres.rows("SELECT 1") == [["1"]]


# -- as whom


def test_the_bot_is_a_user_of_the_instance_and_has_no_more_rights_than_that_user(hologres: Hologres) -> None:
    bot, carol = hologres.called_by(BOT_USER_ID), hologres.user("carol")
    assert bot.rows("SELECT CURRENT_USER") == [["p4_200000000000009999"]]
    hologres.statement('ALTER USER "p4_200000000000009999" NOSUPERUSER')
    assert users(hologres)["pairec-access"] == NORMAL
    body = bot.create(carol, False)
    assert said(body) == ("false", "42501", False)
    assert body.error_message.startswith("ERROR: permission denied to create role")
    assert said(bot.drop(hologres.user("frank"))) == ("false", "42501", False)
    assert said(bot.grant(hologres.user("frank"), "developer")) == ("false", "42501", False)
    hologres.statement('DROP USER "p4_200000000000009999"')
    assert said(bot.create(carol, False)) == ("false", "28000", False)
    assert bot.statement("SELECT 1").data.error_message == 'FATAL: role "p4_200000000000009999" does not exist'
    hologres.create("p4_200000000000009999", True)


def test_a_viewer_reads_a_developer_makes_tables_and_a_normal_user_does_not_get_in(hologres: Hologres) -> None:
    carol, as_carol = hologres.user("carol"), hologres.called_by(hologres.cloud.user_id("carol"))
    assert as_carol.statement("SELECT 1").data.error_code == "28000"
    hologres.create(carol, False)
    denied = as_carol.statement("SELECT 1")
    assert denied.data.error_code == "42501"
    assert denied.data.error_message.splitlines()[-1] == "DETAIL: User does not have CONNECT privilege."
    hologres.grant(carol, "viewer")
    assert as_carol.rows("SELECT count(*) FROM features") == [["0"]]
    assert as_carol.statement("INSERT INTO features VALUES (1)").data.error_code == "42501"
    hologres.grant(carol, "developer")
    assert as_carol.statement("INSERT INTO features VALUES (1); DELETE FROM features").data.success is True
    assert as_carol.statement("CREATE TABLE tried (id int); DROP TABLE tried").data.success is True


def test_whoever_assumed_a_role_is_that_role_and_not_a_ram_user(hologres: Hologres) -> None:
    as_role = hologres.called_by_role("300000000000000042")
    assert said(as_role.create(hologres.user("carol"))) == ("false", "28000", False)
    hologres.create("v4_300000000000000042", True)
    assert as_role.rows("SELECT CURRENT_USER") == [["v4_300000000000000042"]]
    hologres.drop("v4_300000000000000042")


# -- instances and databases


def test_instances_and_databases_are_listed(hologres: Hologres) -> None:
    listed = hologres.client.list_instances(models.ListInstancesRequest()).body
    assert listed.success == "true"
    assert [(each.instance_id, each.instance_name, each.instance_status) for each in listed.instance_list] == [
        (RANKING, "ranking", "Running"),
        (SEARCH, "search", "Running"),
    ]
    one = hologres.client.get_instance(RANKING).body
    assert (one.success, one.instance.instance_status, one.instance.enable_ssl) == (True, "Running", True)
    databases = hologres.client.list_databases(RANKING, models.ListDatabasesRequest()).body
    assert [(each.name, each.permission_model) for each in databases.database_list] == [("ranking", "SPM")]


def test_pai_recs_instance_has_the_same_path_and_another_version(hologres: Hologres) -> None:
    asked = pairec.GetInstanceRequest()
    assert hologres.cloud.pairec().get_instance(INSTANCE, asked).body.instance_id == INSTANCE


# -- who is let in


def test_a_wrong_key_is_refused_and_changes_nothing(hologres: Hologres) -> None:
    guessing = Hologres(hologres.cloud, secret=GUESSED)
    error = refused(lambda: guessing.drop(hologres.user("frank")))
    assert (error.code, error.data["HostId"]) == ("SignatureDoesNotMatch", "hologram.cn-hangzhou.aliyuncs.com")
    assert users(hologres)["frank"] == NORMAL


def test_whoever_may_do_one_thing_on_one_instance_may_not_do_another(hologres: Hologres) -> None:
    frank, resource = hologres.cloud.user_id("frank"), f"acs:hologram:*:*:instance/{RANKING}"
    as_frank = hologres.called_by(frank, "hologram:ExecuteStatement", resource)
    assert as_frank.rows("SELECT 1") == [["1"]]
    assert reason(lambda: as_frank.create(hologres.user("carol"))) == ("NoPermission", 403)
    elsewhere = models.ExecuteStatementRequest(db_name="search", sql="SELECT 1")
    assert reason(lambda: as_frank.client.execute_statement(SEARCH, elsewhere)) == ("NoPermission", 403)


@pytest.mark.parametrize("path", ["listUsers", "createDatabase", "executeStatement/1"])
def test_a_call_that_no_sdk_makes_is_refused(hologres: Hologres, path: str) -> None:
    address = hologres.cloud.address("PAIREC_SERVICE_ENDPOINT")
    status, text = sent(address, f"/api/v1/instances/{RANKING}/{path}")
    assert (400 <= status < 500, "InvalidAction.NotFound" in text) == (True, True)


# -- on a bad day


def test_a_call_whose_answer_is_lost_was_carried_out(hologres: Hologres) -> None:
    hologres.cloud.ordered(action="CreateUser", fault="drop_answer", times=1)
    with pytest.raises(UnretryableException):
        hologres.create(hologres.user("carol"), False)
    assert users(hologres)["carol"] == NORMAL


def test_one_that_somebody_else_answers_was_not(hologres: Hologres) -> None:
    hologres.cloud.ordered(action="CreateUser", fault="error", status=403, code="WAF.Blocked", times=1)
    assert reason(lambda: hologres.create(hologres.user("carol"), False)) == ("WAF.Blocked", 403)
    assert "carol" not in users(hologres)


def test_an_order_may_be_about_one_of_its_two_products(hologres: Hologres) -> None:
    hologres.cloud.ordered(action="ExecuteStatement", product="hologres_database", fault="throttle", times=1)
    assert hologres.rows("SELECT 1", database="postgres") == [["1"]]
    assert reason(lambda: hologres.rows("SELECT 1"))[0] == "Throttling.User"
    assert hologres.rows("SELECT 1") == [["1"]]


# -- what is noted


def test_a_call_is_noted_with_the_product_that_it_is_about(hologres: Hologres) -> None:
    carol = hologres.user("carol")
    hologres.create(carol, False)
    hologres.grant(carol, "viewer")
    hologres.statement("SELECT 1")
    noted = [(each["product"], each["action"], each["result"]) for each in hologres.cloud.sandbox.membership.calls()]
    assert noted[-3:] == [
        ("hologres", "CreateUser", "ok"),
        ("hologres_database", "GrantDatabasePermission", "ok"),
        ("hologres_database", "ExecuteStatement", "ok"),
    ]


def test_what_is_given_by_hand_is_in_the_database(hologres: Hologres) -> None:
    membership = hologres.cloud.sandbox.membership
    membership.give("hologres_database", DATABASE, "carol", "developer")
    assert (users(hologres)["carol"], permissions(hologres)["carol"]) == (NORMAL, {"developer"})
    held = "SELECT pg_has_role($1, 'ranking_developer', 'MEMBER')"
    assert hologres.rows(held, parameters=[hologres.user("carol")]) == [["t"]]
    membership.take("hologres_database", DATABASE, "carol", "developer")
    assert hologres.rows(held, parameters=[hologres.user("carol")]) == [["f"]]
    membership.remove("hologres", RANKING, "carol")
    assert said(hologres.drop(hologres.user("carol"))) == ("false", "42704", False)
