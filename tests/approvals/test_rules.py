"""Who may do what, judged on values: each refusal has its reason, and what is not known is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from approvals.errors import Refusal
from approvals.evidence import Holder, Holders
from approvals.ids import RamUserId, SlackUserId
from approvals.model import Decision, Verdict
from approvals.people import Link, Person, Principal
from approvals.refusals.decision import NotApprover, NotDoer, OwnRequest, OwnTask, TimedAdmin, UnconfirmedAdmin
from approvals.refusals.extend import NotYoursToExtend
from approvals.refusals.grant import NotRequester, NotYours
from approvals.refusals.people import BotAccount, DeletedAccount, GuestAccount, NotLinked, Stranger
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act, Standing, approvers, authorise, check_full_member, may_approve, valid_approvals
from tests.harness.builders import ASKED, NOW

TEAM = "T1"
BOB = Principal(RamUserId("100"), "bob")
JUDY = Principal(RamUserId("101"), "judy")
ADMINS = Holders((Holder(BOB), Holder(JUDY)))


def person(user_id: str = "U2", **changes: Any) -> Person:
    return replace(Person(TEAM, SlackUserId(user_id), email="b@example.com", email_confirmed=True), **changes)


NEED_NO_REQUEST = (
    *(Act.LOOK, Act.ASK, Act.AWAY, Act.REMINDERS, Act.BREAK_GLASS),
    *(Act.CONFIRM, Act.REVOKE_ALL, Act.REVIEW, Act.DRIFT, Act.ACCESS_REVIEW),
)


def stands(principal: Principal | None = BOB, slack_id: str = "U2", **changes: Any) -> Standing:
    link = Link(TEAM, SlackUserId(slack_id), principal, NOW) if principal else None
    return replace(Standing(TEAM, link, ADMINS), **changes)


def refused(act: Act, actor: Person, standing: Standing, request: Any = ASKED) -> type[Refusal]:
    with pytest.raises(Refusal) as refusal:
        authorise(act, actor, standing, request)
    return type(refusal.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"team_id": "T2"}, Stranger),
        ({"is_stranger": True}, Stranger),
        ({"is_bot": True}, BotAccount),
        ({"deleted": True}, DeletedAccount),
        ({"is_guest": True}, GuestAccount),
    ],
)
@pytest.mark.parametrize("act", list(Act))
def test_nobody_but_a_full_member_does_anything(act: Act, changes: dict[str, Any], reason: type[Refusal]) -> None:
    assert refused(act, person(**changes), stands()) is reason


def test_a_full_member_is_genuine() -> None:
    check_full_member(person(), TEAM)


@pytest.mark.parametrize("act", [Act.LOOK, Act.ASK])
def test_everybody_may_look_and_ask(act: Act) -> None:
    assert authorise(act, person(), stands(None)) is None
    assert authorise(act, person(), stands()) == BOB


@pytest.mark.parametrize("act", [act for act in Act if act not in NEED_NO_REQUEST])
@pytest.mark.parametrize("request_", [None, replace(ASKED, team_id="T2")], ids=["none", "another team's"])
def test_an_act_needs_a_request_of_this_workspace(act: Act, request_: Any) -> None:
    assert refused(act, person(), stands(), request_) is UnknownRequest


def test_an_approver_alone_confirms_another_one() -> None:
    assert authorise(Act.CONFIRM, person(), stands(), None) == BOB
    assert refused(Act.CONFIRM, person(), stands(None), None) is NotLinked
    assert refused(Act.CONFIRM, person(), stands(unconfirmed=frozenset({BOB.user_id})), None) is UnconfirmedAdmin


@pytest.mark.parametrize("act", [Act.DECIDE, Act.RETRY])
def test_an_approver_decides_and_tries_again(act: Act) -> None:
    assert authorise(act, person(), stands(), ASKED) == BOB


@pytest.mark.parametrize("act", [Act.DECIDE, Act.RETRY, Act.REVOKE, Act.SHORTEN])
@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (stands(None), NotLinked),
        (stands(Principal(RamUserId("300"), "dave")), NotApprover),
        (stands(admins=Holders()), NotApprover),
        (stands(timed=frozenset({BOB.user_id})), TimedAdmin),
    ],
    ids=["not linked", "no admin", "no admins known", "timed admin"],
)
def test_nobody_else_does(act: Act, standing: Standing, reason: type[Refusal]) -> None:
    assert refused(act, person(), standing) is reason


def test_admins_are_compared_by_user_id_and_not_by_name() -> None:
    namesake = Principal(RamUserId("999"), BOB.name)
    assert refused(Act.DECIDE, person(), stands(namesake)) is NotApprover


@pytest.mark.parametrize(
    "request_",
    [
        replace(ASKED, principal=BOB),
        replace(ASKED, requester_ram_id=BOB.user_id),
        replace(ASKED, requester=SlackUserId("U2")),
        replace(ASKED, subject=SlackUserId("U2")),
    ],
    ids=["subject's RAM user", "requester's RAM user", "requester's account", "subject's account"],
)
def test_nobody_decides_on_their_own_request(request_: Any) -> None:
    assert refused(Act.DECIDE, person(), stands(), request_) is OwnRequest


def test_whoever_was_linked_to_the_requesters_ram_user_since_does_not_decide() -> None:
    assert refused(Act.DECIDE, person(), stands(requester_ram_id=BOB.user_id)) is OwnRequest


def test_the_subject_gives_back_without_being_an_approver() -> None:
    standing = stands(ASKED.principal, admins=Holders())
    assert authorise(Act.REVOKE, person("U1"), standing, ASKED) == ASKED.principal


@pytest.mark.parametrize(
    "request_",
    [replace(ASKED, principal=BOB), replace(ASKED, subject=SlackUserId("U2"))],
    ids=["subject's RAM user", "subject's account"],
)
def test_an_approver_shortens_what_others_have_and_nobody_their_own(request_: Any) -> None:
    assert authorise(Act.SHORTEN, person(), stands(), ASKED) == BOB
    assert refused(Act.SHORTEN, person(), stands(), request_) is OwnRequest
    assert refused(Act.SHORTEN, person("U1"), stands(ASKED.principal, admins=Holders()), ASKED) is NotApprover


@pytest.mark.parametrize("slack_id", ["U1", "U5"])
def test_requester_and_subject_cancel_without_being_linked(slack_id: str) -> None:
    request = replace(ASKED, requester=SlackUserId("U1"), subject=SlackUserId("U5"))
    assert authorise(Act.CANCEL, person(slack_id), stands(None), request) is None


def test_an_approver_does_not_cancel_for_others() -> None:
    assert refused(Act.CANCEL, person(), stands()) is NotYours


def test_whoever_asked_or_has_it_extends_it_and_nobody_else() -> None:
    assert authorise(Act.EXTEND, person(ASKED.requester), stands(None), ASKED) is None
    assert authorise(Act.EXTEND, person(), stands(), replace(ASKED, principal=BOB, subject=SlackUserId("U9"))) == BOB
    assert refused(Act.EXTEND, person(), stands()) is NotYoursToExtend


def test_whoever_asked_reminds_by_whichever_account_and_nobody_else() -> None:
    assert authorise(Act.REMIND, person(ASKED.requester), stands(None), ASKED) is None
    assert authorise(Act.REMIND, person(), stands(), replace(ASKED, requester_ram_id=BOB.user_id)) == BOB
    assert refused(Act.REMIND, person(), stands()) is NotRequester


@pytest.mark.parametrize("act", [Act.COMMENT, Act.DETAILS])
def test_whoever_asked_gets_or_approves_it_comments_on_it_and_sees_its_details_and_nobody_else(act: Act) -> None:
    assert authorise(act, person(ASKED.requester), stands(None), ASKED) is None
    assert authorise(act, person(), stands(), ASKED) == BOB
    assert refused(act, person(), stands(None)) is NotLinked


def test_one_who_holds_it_through_a_group_approves_although_a_timed_grant_of_ours_does_too() -> None:
    admins = Holders((Holder(BOB), Holder(BOB, via_group="admins")))
    assert may_approve(stands(admins=admins, timed=frozenset({BOB.user_id}))) == BOB


def test_approvers_are_the_holders_but_for_timed_ones() -> None:
    admins = Holders((Holder(BOB), Holder(JUDY), Holder(Principal(RamUserId("102"), "alice"), via_group="admins")))
    assert approvers(admins, frozenset({JUDY.user_id, RamUserId("102")}), frozenset()) == {BOB.user_id, "102"}


def test_approvals_count_as_long_as_their_giver_may_approve() -> None:
    def word(principal: Principal, verdict: Verdict = Verdict.APPROVE, counted: bool = True) -> Decision:
        return Decision(1001, principal, SlackUserId("U"), verdict, None, NOW, counted)

    bob, judy = word(BOB), word(JUDY)
    others = [word(Principal(RamUserId("7"), "x"), Verdict.DENY), word(Principal(RamUserId("8"), "y"), counted=False)]
    theirs = SlackUserId("U")
    accounts = frozenset({(BOB.user_id, theirs), (JUDY.user_id, theirs)})
    assert valid_approvals(
        [bob, judy, *others], frozenset({BOB.user_id, RamUserId("7"), RamUserId("8")}), accounts
    ) == ([bob], [judy])


def test_an_approval_counts_as_long_as_the_account_that_gave_it_is_its_givers_and_may_decide() -> None:
    bob, judy = (
        Decision(1001, who, SlackUserId(f"U{who.user_id}"), Verdict.APPROVE, None, NOW, True) for who in (BOB, JUDY)
    )
    eligible = frozenset({BOB.user_id, JUDY.user_id})
    theirs = (BOB.user_id, bob.slack_user_id)
    another = (JUDY.user_id, SlackUserId("U2NEW"))
    assert valid_approvals([bob, judy], eligible, frozenset({theirs, another})) == ([bob], [judy])


def test_a_holder_whom_nobody_has_confirmed_is_no_approver_in_whichever_way_they_hold_it() -> None:
    admins = Holders((Holder(BOB), Holder(JUDY), Holder(JUDY, via_group="platform")))
    assert approvers(admins, frozenset(), frozenset({JUDY.user_id})) == {BOB.user_id}


ERIN = frozenset({SlackUserId("U0ERIN")})


def test_whoever_is_named_does_it_by_hand_linked_or_not() -> None:
    assert authorise(Act.DO_BY_HAND, person("U0ERIN"), stands(None, doers=ERIN), ASKED) is None
    assert refused(Act.DO_BY_HAND, person(), stands(doers=ERIN)) is NotDoer
    assert authorise(Act.DO_BY_HAND, person(), stands(doers=ERIN, approvers_do=True), ASKED) == BOB
    assert authorise(Act.DO_BY_HAND, person("U0ERIN"), stands(None, doers=ERIN, approvers_do=True), ASKED) is None


def test_nobody_says_of_their_own_request_that_it_was_done() -> None:
    everybody = frozenset({ASKED.requester, ASKED.subject, SlackUserId("U9")})
    for theirs in (ASKED.requester, ASKED.subject):
        standing = stands(None, doers=everybody, approvers_do=True)
        assert refused(Act.DO_BY_HAND, person(theirs), standing) is OwnTask
    as_subject = stands(ASKED.principal, doers=everybody)
    assert refused(Act.DO_BY_HAND, person("U9"), as_subject) is OwnTask
    assert refused(Act.DO_BY_HAND, person("U9"), stands(requester_ram_id=BOB.user_id, doers=everybody)) is OwnTask
