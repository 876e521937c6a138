"""What every product of member roles promises, on the SDK's own wire."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from approvals.errors import CloudErrorKind
from approvals.people import Principal
from tests.bot.cloud.members.member_products import MemberSandbox, go, quietly, trouble, written
from tests.harness.products.case import ProductCase

pytestmark = pytest.mark.slow

# -- giving


def test_somebody_who_is_no_member_is_given_a_role_in_one_write(workshop: MemberSandbox, case: ProductCase) -> None:
    erin = workshop.user("erin")
    workshop.connect(case.product).add(case.place, case.role, erin, go)
    assert workshop.roles(case.product, case.place, "erin") == {case.role}
    assert written(workshop.actions()) == [case.joins]


def test_a_role_that_is_there_already_is_told_so_without_a_write(workshop: MemberSandbox, case: ProductCase) -> None:
    workshop.give(case.product, case.place, "erin", case.role)
    product = workshop.connect(case.product)
    error = trouble(lambda: product.add(case.place, case.role, workshop.user("erin"), go))
    assert error.kind is CloudErrorKind.ALREADY_ATTACHED
    assert written(workshop.actions()) == []


def test_a_role_that_came_at_the_last_moment_is_found_by_reading_again(
    workshop: MemberSandbox, case: ProductCase
) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    between = quietly(workshop.give, case.product, case.place, "erin", case.role)
    if not case.says_already:
        # Nothing tells it from what a second delivery of this call was answered.
        assert product.add(case.place, case.role, erin, between).request_id
        return
    error = trouble(lambda: product.add(case.place, case.role, erin, between))
    assert error.kind is CloudErrorKind.ALREADY_ATTACHED
    assert error.action == case.joins


def test_go_comes_after_all_reading_and_right_before_the_write(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin, before = workshop.connect(case.product), workshop.user("erin"), []

    def going(replaces: str | None = None) -> str:
        before.append(workshop.actions())
        return go()

    product.add(case.place, case.role, erin, going)
    product.remove(case.place, case.role, erin, going, leave=True)
    assert [written(actions) for actions in before] == [[], [case.joins]]
    assert len(workshop.actions()) == len(before[1]) + 1


# -- taking away


def test_one_of_two_roles_is_taken_and_the_other_stays(workshop: MemberSandbox, of_several: ProductCase) -> None:
    workshop.give(of_several.product, of_several.place, "erin", of_several.role, of_several.other)
    product, erin = workshop.connect(of_several.product), workshop.user("erin")
    product.remove(of_several.place, of_several.role, erin, go, leave=True)
    assert workshop.roles(of_several.product, of_several.place, "erin") == {of_several.other}
    assert written(workshop.actions()) == [of_several.takes]


def test_the_last_role_is_taken_and_a_member_who_was_one_before_stays(
    workshop: MemberSandbox, of_several: ProductCase
) -> None:
    workshop.give(of_several.product, of_several.place, "erin", of_several.role)
    product, erin = workshop.connect(of_several.product), workshop.user("erin")
    product.remove(of_several.place, of_several.role, erin, go, leave=False)
    assert workshop.roles(of_several.product, of_several.place, "erin") == set()
    member = product.observe(of_several.place, erin)
    assert member is None or member.roles == frozenset()


def test_nothing_is_to_be_taken_from_somebody_who_is_no_member(workshop: MemberSandbox, case: ProductCase) -> None:
    product = workshop.connect(case.product)
    for leave in (True, False):
        error = trouble(
            lambda leave=leave: product.remove(case.place, case.role, workshop.user("erin"), go, leave=leave)
        )
        assert error.kind is CloudErrorKind.NOT_ATTACHED


def test_a_role_that_went_at_the_last_moment_is_found_gone_by_reading_again(
    workshop: MemberSandbox, case: ProductCase
) -> None:
    workshop.give(case.product, case.place, "erin", case.role, case.other)
    product, erin = workshop.connect(case.product), workshop.user("erin")
    between = quietly(workshop.sandbox.membership.take, case.product, case.place, "erin", case.role)
    error = trouble(lambda: product.remove(case.place, case.role, erin, between, leave=False))
    assert error.kind is CloudErrorKind.NOT_ATTACHED


# -- reading


def listed_as(workshop: MemberSandbox, case: ProductCase, name: str) -> Principal:
    """As the product names them."""
    user = workshop.user(name)
    return user if case.names_members else replace(user, name="")


def test_a_member_is_shown_with_their_roles_and_nobody_is_none(workshop: MemberSandbox, case: ProductCase) -> None:
    workshop.give(case.product, case.place, "erin", case.role)
    product = workshop.connect(case.product)
    member = product.observe(case.place, workshop.user("erin"))
    assert member is not None
    assert (member.user, member.roles) == (listed_as(workshop, case, "erin"), frozenset({case.role}))
    assert product.observe(case.place, workshop.user("alice")) is None


def test_the_members_of_a_place_are_listed(workshop: MemberSandbox, case: ProductCase) -> None:
    workshop.give(case.product, case.place, "erin", case.role)
    workshop.give(case.product, case.place, "alice", case.role)
    listed = {member.user: member.roles for member in workshop.connect(case.product).members(case.place)}
    erin, alice = listed_as(workshop, case, "erin"), listed_as(workshop, case, "alice")
    assert listed[erin] == listed[alice] == frozenset({case.role})


# -- what goes wrong


def test_a_place_that_is_not_there_is_told_so(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin, nowhere = workshop.connect(case.product), workshop.user("erin"), "99999"
    for call in (
        lambda: product.observe(nowhere, erin),
        lambda: product.members(nowhere),
        lambda: product.add(nowhere, case.role, erin, go),
        lambda: product.remove(nowhere, case.role, erin, go, leave=False),
        lambda: product.remove(nowhere, case.role, erin, go, leave=True),
    ):
        assert trouble(call).kind is CloudErrorKind.NO_PLACE


def test_a_role_that_the_product_does_not_know_is_told_so(workshop: MemberSandbox, case: ProductCase) -> None:
    product = workshop.connect(case.product)
    error = trouble(lambda: product.add(case.place, "role_of_nobody", workshop.user("erin"), go))
    assert error.kind is CloudErrorKind.NO_SUCH_ROLE
    assert workshop.roles(case.product, case.place, "erin") is None


def test_want_of_permission_names_the_action_that_the_bot_lacks(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order("writes", "no_permission")
    error = trouble(lambda: product.add(case.place, case.role, erin, go))
    assert (error.kind, error.action) == (CloudErrorKind.NO_PERMISSION, case.joins)
    workshop.give(case.product, case.place, "erin", case.role)
    error = trouble(lambda: product.remove(case.place, case.role, erin, go, leave=False))
    assert (error.kind, error.action) == (CloudErrorKind.NO_PERMISSION, case.takes)
    workshop.order("reads", "no_permission")
    error = trouble(lambda: product.observe(case.place, erin))
    assert (error.kind, error.action) == (CloudErrorKind.NO_PERMISSION, case.reads)


def test_a_read_that_is_refused_with_status_403_is_refused_for_want_of_permission(
    workshop: MemberSandbox, case: ProductCase
) -> None:
    workshop.order(case.reads, "error", status=403, code="9990030003")
    product = workshop.connect(case.product)
    error = trouble(lambda: product.observe(case.place, workshop.user("erin")))
    assert (error.kind, error.code) == (CloudErrorKind.NO_PERMISSION, "9990030003")


def test_a_throttled_write_says_when_to_come_again(workshop: MemberSandbox, case: ProductCase) -> None:
    workshop.order(case.joins, "throttle", seconds=3)
    product = workshop.connect(case.product)
    error = trouble(lambda: product.add(case.place, case.role, workshop.user("erin"), go))
    assert (error.kind, error.retry_after) == (CloudErrorKind.THROTTLED, 3_000)
    assert workshop.roles(case.product, case.place, "erin") is None


def test_a_write_whose_answer_is_dropped_is_silent_and_stays_so(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order(case.joins, "drop_answer", times=1)
    error = trouble(lambda: product.add(case.place, case.role, erin, go))
    assert (error.kind, error.action) == (CloudErrorKind.SILENT, case.joins)
    assert workshop.roles(case.product, case.place, "erin") == {case.role}
    workshop.order(case.takes, "drop_answer", times=1)
    error = trouble(lambda: product.remove(case.place, case.role, erin, go, leave=False))
    assert (error.kind, error.action) == (CloudErrorKind.SILENT, case.takes)


def test_a_proxys_page_instead_of_an_answer_is_silence(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order("reads", "html")
    assert trouble(lambda: product.observe(case.place, erin)).kind is CloudErrorKind.SILENT
    workshop.order(case.joins, "html")
    assert trouble(lambda: product.add(case.place, case.role, erin, go)).kind is CloudErrorKind.SILENT


@pytest.mark.parametrize("status", [400, 403, 409, 500])
def test_a_write_that_is_answered_with_a_code_that_nobody_knows_is_unclear(
    workshop: MemberSandbox, case: ProductCase, status: int
) -> None:
    """Not to see it done right afterwards is no proof, and a firewall has codes of its own."""
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order(case.joins, "error", status=status, code="OutOfMood", times=1)
    error = trouble(lambda: product.add(case.place, case.role, erin, go))
    assert (error.kind, error.code, error.action) == (CloudErrorKind.UNCLEAR, "OutOfMood", case.joins)
    assert error.request_id
    workshop.give(case.product, case.place, "erin", case.other, case.role)
    workshop.order(case.takes, "error", status=status, code="OutOfMood", times=1)
    error = trouble(lambda: product.remove(case.place, case.role, erin, go, leave=False))
    assert (error.kind, error.code, error.action) == (CloudErrorKind.UNCLEAR, "OutOfMood", case.takes)


def test_a_write_that_was_done_although_nobody_knows_its_answer_is_found_by_reading_again(
    workshop: MemberSandbox, case: ProductCase
) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order(case.joins, "error", status=403, code="OutOfMood", done=True, times=1)
    given = product.add(case.place, case.role, erin, go)
    assert given.request_id == workshop.sandbox.account.log()[-1].request_id, "that of the answer which was no use"
    assert workshop.roles(case.product, case.place, "erin") == {case.role}
    workshop.order(case.takes, "twice", times=1)
    error = trouble(lambda: product.remove(case.place, case.role, erin, go, leave=False))
    assert error.kind is CloudErrorKind.NOT_ATTACHED


def test_a_success_without_the_clouds_request_id_is_no_success(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order(case.joins, "no_code", status=200)
    assert trouble(lambda: product.add(case.place, case.role, erin, go)).kind is CloudErrorKind.SILENT


def test_a_refusal_stands_as_it_is_where_reading_again_fails(workshop: MemberSandbox, case: ProductCase) -> None:
    product, erin = workshop.connect(case.product), workshop.user("erin")
    workshop.order(case.joins, "error", status=400, code="OutOfMood")

    def cut_off(replaces: str | None = None) -> str:
        workshop.order("reads", "reset")
        return go()

    error = trouble(lambda: product.add(case.place, case.role, erin, cut_off))
    assert (error.kind, error.code) == (CloudErrorKind.UNCLEAR, "OutOfMood")


def test_a_product_whose_sdk_is_missing_is_told_to_be_not_installed(
    workshop: MemberSandbox, case: ProductCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name == case.sdk or name.startswith(f"{case.sdk}.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, case.sdk, None)
    error = trouble(lambda: workshop.connect(case.product))
    assert (error.kind, error.action) == (CloudErrorKind.NOT_INSTALLED, case.product)
