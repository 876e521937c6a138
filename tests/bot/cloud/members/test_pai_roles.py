"""Member roles in PAI workspaces."""

from __future__ import annotations

from tests.bot.cloud.members.member_products import MemberSandbox, go, written

RANKING, DEVELOPER, OPERATOR = "20001", "PAI.AlgoDeveloper", "PAI.AlgoOperator"


def test_a_new_member_is_made_with_the_one_role(workshop: MemberSandbox) -> None:
    erin = workshop.user("erin")
    workshop.connect("pai").add(RANKING, DEVELOPER, erin, go)
    sent = {"WorkspaceId": RANKING, "Members": [{"UserId": erin.user_id, "Roles": [DEVELOPER]}]}
    assert workshop.calls()[-1] == ("CreateMember", sent)


def test_a_member_is_granted_a_role_by_the_id_that_the_list_gives(workshop: MemberSandbox) -> None:
    frank = workshop.user("frank")
    workshop.connect("pai").add(RANKING, DEVELOPER, frank, go)
    assert workshop.roles("pai", RANKING, "frank") == {"PAI.WorkspaceGuest", DEVELOPER}
    sent = {"WorkspaceId": RANKING, "MemberId": f"{RANKING}-{frank.user_id}", "RoleName": DEVELOPER}
    assert workshop.calls()[-1] == ("AddMemberRole", sent)


def test_a_membership_that_the_bot_made_goes_with_its_last_role_in_one_write(workshop: MemberSandbox) -> None:
    workshop.give("pai", RANKING, "erin", DEVELOPER)
    erin = workshop.user("erin")
    workshop.connect("pai").remove(RANKING, DEVELOPER, erin, go, leave=True)
    assert workshop.roles("pai", RANKING, "erin") is None
    sent = {"WorkspaceId": RANKING, "MemberIds": f"{RANKING}-{erin.user_id}"}
    assert workshop.calls()[-1] == ("DeleteMembers", sent)
    assert written(workshop.actions()) == ["DeleteMembers"]


def test_a_membership_that_the_bot_made_and_that_has_no_role_left_goes(workshop: MemberSandbox) -> None:
    workshop.give("pai", RANKING, "erin", DEVELOPER)
    workshop.sandbox.membership.take("pai", RANKING, "erin", DEVELOPER)
    workshop.connect("pai").remove(RANKING, DEVELOPER, workshop.user("erin"), go, leave=True)
    assert workshop.roles("pai", RANKING, "erin") is None


def test_a_role_is_taken_although_the_list_of_members_cannot_be_read(workshop: MemberSandbox) -> None:
    workshop.give("pai", RANKING, "erin", DEVELOPER)
    workshop.order("reads", "no_permission")
    workshop.connect("pai").remove(RANKING, DEVELOPER, workshop.user("erin"), go, leave=True)
    assert written(workshop.actions()) == ["RemoveMemberRole"], "the membership is left where nobody saw what is in it"


def test_a_role_is_taken_from_somebody_whom_an_old_list_does_not_have(workshop: MemberSandbox) -> None:
    workshop.order("ListMembers", "lag", seconds=30)
    workshop.give("pai", RANKING, "erin", DEVELOPER)
    workshop.connect("pai").remove(RANKING, DEVELOPER, workshop.user("erin"), go, leave=False)
    assert written(workshop.actions()) == ["RemoveMemberRole"]


def test_every_page_of_a_list_of_members_is_read(workshop: MemberSandbox) -> None:
    crowd = workshop.crowd("pai", RANKING, 230, OPERATOR)
    listed = workshop.connect("pai").members(RANKING)
    assert crowd < {member.user.user_id for member in listed}
    assert [params["PageNumber"] for _, params in workshop.calls()] == ["1", "2", "3"]


def test_the_workspaces_are_listed_by_id(workshop: MemberSandbox) -> None:
    assert workshop.connect("pai").places() == {"20001": "ranking", "20002": "search"}
