"""Project roles in MaxCompute."""

from __future__ import annotations

from approvals.errors import CloudErrorKind
from approvals.ids import RamUserId
from approvals.people import Principal
from bot.cloud.members.maxcompute import MaxCompute
from tests.bot.cloud.members.member_products import MemberSandbox, go, trouble, written

RANKING, DEVELOPER = "ranking", "role_project_dev"
ACCOUNT = "1000000000000001"


def test_a_user_is_written_by_the_accounts_id_and_the_user_id(workshop: MemberSandbox) -> None:
    erin = workshop.user("erin")
    product = workshop.connect("maxcompute")
    product.add(RANKING, DEVELOPER, erin, go)
    product.remove(RANKING, DEVELOPER, erin, go, leave=True)
    principal, to = f"RAM${ACCOUNT}:{erin.user_id}", {"projectName": RANKING, "roleName": DEVELOPER}
    given, taken = [params for action, params in workshop.calls() if action == "UpdateUsersToRole"]
    assert (given, taken) == (to | {"add": [principal]}, to | {"remove": [principal]})


def test_a_role_is_taken_without_reading_anything(workshop: MemberSandbox) -> None:
    workshop.give("maxcompute", RANKING, "erin", DEVELOPER)
    workshop.order("reads", "no_permission")
    workshop.connect("maxcompute").remove(RANKING, DEVELOPER, workshop.user("erin"), go, leave=True)
    assert workshop.roles("maxcompute", RANKING, "erin") == set()
    assert workshop.actions() == ["UpdateUsersToRole"]


def test_a_user_whom_ram_does_not_have_is_refused_and_not_taken_for_a_missing_role(workshop: MemberSandbox) -> None:
    nobody = Principal(RamUserId("200000000000008888"), "nobody")
    error = trouble(lambda: workshop.connect("maxcompute").add(RANKING, DEVELOPER, nobody, go))
    assert (error.kind, error.code) == (CloudErrorKind.REFUSED, "OBJECT_NOT_EXIST")
    assert written(workshop.actions()) == ["UpdateUsersToRole"]


def test_every_role_that_can_be_asked_for_is_looked_for_and_one_that_a_project_lacks_is_passed_over(
    workshop: MemberSandbox,
) -> None:
    workshop.give("maxcompute", RANKING, "erin", "role_project_admin")
    product = workshop.connect("maxcompute", ("role_nobody_made", "role_project_admin"))
    member = product.observe(RANKING, workshop.user("erin"))
    assert member is not None and member.roles == {"role_project_admin"}
    assert [each.roles for each in product.members(RANKING)] == [{"role_project_admin"}]
    assert trouble(lambda: product.observe(RANKING, workshop.user("erin"), "role_nobody_made")).kind is (
        CloudErrorKind.NO_SUCH_ROLE
    )


def test_the_role_that_dataworks_hands_on_is_seen(workshop: MemberSandbox) -> None:
    workshop.connect("dataworks").add("10001", DEVELOPER, workshop.user("erin"), go)
    assert workshop.connect("maxcompute").observe("ranking_dev", workshop.user("erin")) is not None
    assert workshop.connect("maxcompute").observe("ranking", workshop.user("erin")) is None


def test_the_projects_are_listed_by_name(workshop: MemberSandbox) -> None:
    assert workshop.connect("maxcompute").places() == {name: name for name in ("ranking", "ranking_dev", "search")}


def test_the_owner_of_a_project_is_told(workshop: MemberSandbox) -> None:
    product = workshop.connect("maxcompute")
    assert isinstance(product, MaxCompute)
    assert product.owner(RANKING) == "ALIYUN$workshop"
    assert trouble(lambda: product.owner("nowhere")).kind is CloudErrorKind.NO_PLACE
