"""What follows from each state of a key's grants, each sight of it, and each answer to a write: one named case each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pytest

from approvals.entitlements import service_role
from approvals.errors import CloudErrorKind
from approvals.grant import OPEN, EndCause, Grant, GrantState
from approvals.millis import HOUR
from approvals.reconcile.plan import (
    GONE,
    NOTHING_LATE,
    SECOND_LOOK_MS,
    UNCONFIRMED_FOR_MS,
    Transition,
    Write,
    after_attach,
    after_detach,
    after_look,
    by_observation,
    by_time,
    end,
    needs_a_look,
    next_deadline,
)
from tests.harness.builders import NOW, REAL, grant

Planned, Granting, Active, Ending = OPEN
Held, Ended, Failed, Void = GrantState.HELD, GrantState.ENDED, GrantState.FAILED, GrantState.VOID
MINUTE = 60_000


def states(grants: list[Grant], moves: list[Transition] | tuple[Transition, ...]) -> list[GrantState]:
    """In which state each grant is after the moves."""
    assert all(move.grant in grants for move in moves), "moves a grant that it was not given"
    moved = {id(move.grant): move.to for move in moves}
    return [moved.get(id(each), each.state) for each in grants]


@dataclass(frozen=True)
class Case:
    name: str
    given: tuple[Grant, ...]
    present: bool
    becomes: tuple[GrantState, ...]
    write: Write | None = None
    first: bool = False
    look_again: int | None = None
    repair: bool = False
    late: frozenset[Write] = NOTHING_LATE
    lately: bool = False
    looks: int = 1


ATTACH, DETACH = frozenset({Write.ATTACH}), frozenset({Write.DETACH})
SENT = grant(Ending, detaches=1)
CONFIRMED = grant(Ending, detaches=1, detached=True)
MISSED = grant(Active, missing_since_real=REAL - 20_000)
LONG_MISSED = grant(Active, missing_since_real=REAL - MINUTE)

CASES = [
    Case("what was never attached is attached", (grant(Planned),), False, (Granting,), Write.ATTACH, first=True),
    Case("what the subject had before us is held", (grant(Planned),), True, (Held,)),
    Case("an attach without an answer that did not work is made again", (grant(Granting),), False, (Granting,),
         Write.ATTACH),
    Case("an attach without an answer that did work counts", (grant(Granting),), True, (Active,)),
    Case("an active key that is there is left alone", (grant(Active),), True, (Active,)),
    Case("an active key that is not there is looked at again in a minute", (grant(Active),), False, (Active,),
         look_again=MINUTE),
    Case("a second look comes a minute after the first, not after each", (MISSED,), False, (Active,),
         look_again=40_000),
    Case("a key that was missing and is there again is active", (MISSED,), True, (Active,)),
    Case("a key missed for a minute is detached, to be sure that it is gone", (LONG_MISSED,), False, (Ending,),
         Write.DETACH),
    Case("what ends is detached", (grant(Ending),), True, (Ending,), Write.DETACH),
    Case("what ends is detached even if it is not shown, since a read may be old", (grant(Ending),), False, (Ending,),
         Write.DETACH),
    Case("a detach without an answer is made again", (SENT,), True, (Ending,), Write.DETACH),
    Case("a detach without an answer proves nothing", (SENT,), False, (Ending,), Write.DETACH),
    Case("a confirmed detach that shows is the end", (CONFIRMED,), False, (Ended,)),
    Case("a confirmed detach that does not show yet is looked at again", (CONFIRMED,), True, (Ending,), look_again=0),
    Case("every sixth look detaches once more", (CONFIRMED,), True, (Ending,), Write.DETACH, looks=6),
    # several grants on one key
    Case("one that ends leaves the key to the other", (grant(Ending), grant(Active)), True, (Ended, Active)),
    Case("one that ends leaves the key to a new one", (grant(Ending), grant(Planned)), True, (Ended, Active)),
    Case("one that ends is over although the key is gone", (grant(Ending), grant(Active)), False, (Ended, Active),
         look_again=MINUTE),
    Case("after a detach that may be under way the key is attached anew, whatever is shown", (SENT, grant(Planned)),
         True, (Ended, Granting), Write.ATTACH),
    Case("the same with an active one", (SENT, grant(Active)), True, (Ended, Active), Write.ATTACH),
    Case("after a confirmed detach the key is attached for a new one", (CONFIRMED, grant(Planned)), False,
         (Ended, Granting), Write.ATTACH),
    Case("a second grant on a key of ours is active at once", (grant(Active), grant(Planned)), True, (Active, Active)),
    Case("a second grant on a key of ours that is gone attaches it", (grant(Active), grant(Planned)), False,
         (Active, Granting), Write.ATTACH),
    Case("two new ones are one attach", (grant(Planned), grant(Planned)), False, (Granting, Granting), Write.ATTACH,
         first=True),
    Case("two new ones are both held", (grant(Planned), grant(Planned)), True, (Held, Held)),
    Case("two that end are one detach", (grant(Ending), grant(Ending)), True, (Ending, Ending), Write.DETACH),
    Case("two that end are over only when both are detached", (CONFIRMED, grant(Ending)), False, (Ending, Ending),
         Write.DETACH),
    Case("two active ones are removed outside together", (LONG_MISSED, grant(Active)), False, (Ending, Ending),
         Write.DETACH),
    # a worker or a call that was given up on may still write
    Case("a key that nobody wants is left alone", (), True, ()),
    Case("a late attach for a grant that is over is undone", (), True, (), Write.DETACH, repair=True, late=ATTACH),
    Case("it is undone even if it is not shown, since a read may be old", (), False, (), Write.DETACH, repair=True,
         late=ATTACH),
    Case("what is there after a late detach was put there by somebody else", (), True, (), repair=True, late=DETACH),
    Case("a late detach of an active key is made good", (grant(Active),), False, (Active,), Write.ATTACH, repair=True,
         late=DETACH),
    Case("what is gone after a late attach was removed by somebody else", (grant(Active),), False, (Active,),
         look_again=MINUTE, repair=True, late=ATTACH),
    Case("an active key that no late detach took is left alone", (grant(Active),), True, (Active,), repair=True,
         late=DETACH),
    Case("mending goes on with what ends", (SENT,), False, (Ending,), Write.DETACH, repair=True, late=ATTACH),
    Case("a late attach may have come after a confirmed detach", (CONFIRMED,), False, (Ending,), Write.DETACH,
         repair=True, late=ATTACH),
    Case("mending holds what the subject had before us", (grant(Planned),), True, (Held,), repair=True),
    Case("a key that a late attach may have put there is ours", (grant(Planned),), True, (Active,), late=ATTACH),
    Case("a key that is there although a detach is late is not", (grant(Planned),), True, (Held,), late=DETACH),
    Case("where an attach may be late, already exists is ours", (grant(Planned),), False, (Granting,), Write.ATTACH,
         late=ATTACH),
    # a detach of ours is so recent that reads may be older
    Case("what is shown just after a detach is not believed", (grant(Planned),), True, (Granting,), Write.ATTACH,
         first=True, lately=True),
    Case("nor by one that was about to be attached", (grant(Granting),), True, (Granting,), Write.ATTACH, lately=True),
    Case("but it is by one that is active", (grant(Active),), True, (Active,), lately=True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_follows_from_a_sight(case: Case) -> None:
    given = list(case.given)
    plan = by_observation(
        given,
        case.present,
        now=NOW,
        real=REAL,
        looks=case.looks,
        repair=case.repair,
        late=case.late,
        lately=case.lately,
    )
    assert states(given, plan.moves) == list(case.becomes)
    assert (plan.write, plan.first, plan.look_again_real) == (case.write, case.first, case.look_again)


def test_every_open_state_has_a_case_for_each_sight_alone() -> None:
    alone = {(case.given[0].state, case.present) for case in CASES if len(case.given) == 1 and not case.repair}
    assert alone >= set(product(OPEN, (True, False)))


def test_a_key_that_is_seen_again_is_not_missed_any_more() -> None:
    plan = by_observation([MISSED], True, now=NOW, real=REAL, looks=1, repair=False)
    assert [move.changes for move in plan.moves] == [{"missing_since_real": None}]


def test_a_key_that_was_attached_again_is_not_missed_any_more() -> None:
    [move] = after_attach([MISSED], None, first=False, now=NOW)
    assert (move.to, move.changes) == (Active, {"missing_since_real": None})


def test_the_first_look_that_misses_a_key_is_noted_in_real_time() -> None:
    plan = by_observation([grant(Active)], False, now=NOW, real=REAL, looks=1, repair=False)
    assert [move.changes for move in plan.moves] == [{"missing_since_real": REAL}]


def test_removed_outside_is_the_cause_that_is_kept() -> None:
    [move] = by_observation([LONG_MISSED], False, now=NOW, real=REAL, looks=1, repair=False).moves
    assert move.changes["end_cause"] == EndCause.REMOVED_OUTSIDE


ATTACH_ANSWERS = {
    # answer: state after a first attach, and after one that an earlier attach of ours may have preceded;
    # each where that sending was the only one, and the cloud shows nothing, then where an earlier one may still come
    None: (Active, Active, Active),
    CloudErrorKind.ALREADY_ATTACHED: (Granting, Active, Active),
    CloudErrorKind.SILENT: (Granting, Granting, Granting),
    CloudErrorKind.UNCLEAR: (Granting, Granting, Granting),
    CloudErrorKind.THROTTLED: (Granting, Granting, Granting),
    CloudErrorKind.NO_PERMISSION: (Planned, Planned, Granting),
    CloudErrorKind.NO_USER: (Failed, Failed, Ending),
    CloudErrorKind.NO_POLICY: (Failed, Failed, Ending),
    CloudErrorKind.NO_ROLE: (Failed, Failed, Ending),
    CloudErrorKind.LIMIT: (Failed, Failed, Ending),
    CloudErrorKind.AMBIGUOUS_TYPE: (Failed, Failed, Ending),
    CloudErrorKind.NOT_ATTACHED: (Failed, Failed, Ending),
    CloudErrorKind.NO_PLACE: (Failed, Failed, Ending),
    CloudErrorKind.NO_SUCH_ROLE: (Failed, Failed, Ending),
    CloudErrorKind.NOT_INSTALLED: (Failed, Failed, Ending),
    CloudErrorKind.IN_USE: (Failed, Failed, Ending),
    CloudErrorKind.REFUSED: (Failed, Failed, Ending),
    CloudErrorKind.CLOCK_WRONG: (Granting, Granting, Granting),
    CloudErrorKind.KEY_REJECTED: (Granting, Granting, Granting),
    CloudErrorKind.TOKEN_EXPIRED: (Granting, Granting, Granting),
    CloudErrorKind.NO_CREDENTIALS: (Granting, Granting, Granting),
    CloudErrorKind.TLS_FAILED: (Granting, Granting, Granting),
    CloudErrorKind.WRONG_ACCOUNT: (Granting, Granting, Granting),
    CloudErrorKind.ACCOUNT_UNKNOWN: (Granting, Granting, Granting),
}
SITUATIONS = {"the first attach": (True, False), "an attach after another": (False, False), "a late one": (False, True)}


def after(
    given: list[Grant],
    answer: CloudErrorKind | None,
    *,
    first: bool = True,
    late: bool = False,
    sent: bool = True,
    present: bool = False,
    ours: bool = True,
    enough: bool = False,
    lately: bool = False,
) -> list[Transition]:
    """What an answer to an attach changes, with the look that has to say what it means, where there is one."""
    if needs_a_look(answer, first=first, sent=sent, late=late, enough=enough) and answer is not None:
        return after_look(given, answer, present, ours=ours, now=NOW, lately=lately)
    return after_attach(given, answer, first=first, now=NOW, sent=sent, enough=enough)


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("answer", ATTACH_ANSWERS, ids=lambda answer: str(answer or "done"))
def test_what_follows_from_the_answer_to(answer: CloudErrorKind | None, situation: str) -> None:
    given = [grant(Granting)]
    first, late = SITUATIONS[situation]
    moves = after(given, answer, first=first, late=late)
    assert states(given, moves) == [ATTACH_ANSWERS[answer][list(SITUATIONS).index(situation)]]


def test_every_answer_has_a_case() -> None:
    assert set(ATTACH_ANSWERS) == {None, *CloudErrorKind}


@pytest.mark.parametrize("answer", ATTACH_ANSWERS, ids=lambda answer: str(answer or "done"))
def test_no_answer_ends_what_was_sent_without_a_look(answer: CloudErrorKind | None) -> None:
    """Something between may have sent it twice, and what comes back is the answer to the second."""
    given = [grant(Granting), grant(Ending)]
    for first in (True, False):
        looked = needs_a_look(answer, first=first, sent=True)
        assert looked or set(states(given, after_attach(given, answer, first=first, now=NOW))) <= set(OPEN)


@pytest.mark.parametrize("answer", [a for a in ATTACH_ANSWERS if needs_a_look(a, first=True, sent=True)])
def test_what_is_there_after_an_answer_that_looking_settles_is_ours_unless_it_was_there_before(
    answer: CloudErrorKind,
) -> None:
    given = [grant(Granting), grant(Ending)]
    assert states(given, after(given, answer, present=True)) == [Active, Ending]
    assert states(given, after(given, answer, present=True, ours=False)) == [Held, Void]


def test_what_a_look_shows_just_after_a_detach_of_ours_says_nothing_about_a_refusal() -> None:
    given = [grant(Granting)]
    assert states(given, after(given, CloudErrorKind.LIMIT, present=True, lately=True)) == [Granting]


@pytest.mark.parametrize(
    "answer", [CloudErrorKind.SILENT, CloudErrorKind.UNCLEAR, CloudErrorKind.THROTTLED, CloudErrorKind.KEY_REJECTED]
)
def test_what_was_not_even_sent_is_as_it_was(answer: CloudErrorKind) -> None:
    given = [grant(Granting)]
    assert states(given, after(given, answer, sent=False)) == [Planned]
    assert states(given, after(given, answer, sent=False, first=False)) == [Granting]


def test_what_a_product_was_seen_to_have_before_anything_was_sent_is_held() -> None:
    given = [grant(Granting)]
    assert states(given, after(given, CloudErrorKind.ALREADY_ATTACHED, sent=False)) == [Held]


def test_a_code_that_nobody_knows_is_believed_in_the_end_and_the_key_is_taken_away_first() -> None:
    given = [grant(Granting)]
    assert states(given, after(given, CloudErrorKind.UNCLEAR, first=False, late=True, enough=True)) == [Ending]
    assert states(given, after(given, CloudErrorKind.SILENT, first=False, late=True, enough=True)) == [Granting]


@pytest.mark.parametrize(("late", "state"), [(False, Failed), (True, Ending)])
def test_no_permission_is_believed_the_second_time(late: bool, state: GrantState) -> None:
    given = [grant(Granting, error_kind=CloudErrorKind.NO_PERMISSION)]
    assert states(given, after(given, CloudErrorKind.NO_PERMISSION, late=late)) == [state]


def test_what_was_refused_after_a_lost_answer_fails_once_it_is_known_to_be_gone() -> None:
    refused = grant(Ending, end_cause=EndCause.REFUSED, detaches=1, detached=True, error_kind=CloudErrorKind.LIMIT)
    plan = by_observation([refused], False, now=NOW, real=REAL, looks=1, repair=False)
    assert states([refused], list(plan.moves)) == [Failed]
    assert "trouble" not in plan.moves[0].changes


STAYS = service_role("pairec.pai.aliyuncs.com")


def test_a_role_that_stays_is_never_deleted_although_it_was_refused_after_a_lost_answer() -> None:
    """Nothing here can take it away, so a look has to do."""
    given = [grant(Granting, entitlement=STAYS)]
    assert states(given, after(given, CloudErrorKind.REFUSED, first=False)) == [Failed]
    assert states(given, after(given, CloudErrorKind.REFUSED, first=False, present=True)) == [Active]


def test_a_role_that_stays_and_was_deleted_by_hand_is_over_without_a_write() -> None:
    given = [grant(Active, entitlement=STAYS, missing_since_real=REAL - SECOND_LOOK_MS)]
    plan = by_observation(given, False, now=NOW, real=REAL, looks=1, repair=False)
    assert (states(given, list(plan.moves)), plan.write) == ([Ended], None)
    assert plan.moves[0].changes["end_cause"] == EndCause.REMOVED_OUTSIDE


@pytest.mark.parametrize("state", [Active, Ending])
def test_the_answer_to_an_attach_leaves_a_grant_that_moved_on_meanwhile(state: GrantState) -> None:
    given = [grant(state)]
    assert all(after(given, answer) == after(given, answer, late=True) == [] for answer in ATTACH_ANSWERS)


def test_what_was_given_back_before_the_first_attach_found_it_there_was_never_ours() -> None:
    given = [grant(Ending), grant(Granting)]
    assert states(given, after(given, CloudErrorKind.ALREADY_ATTACHED, sent=False)) == [Void, Held]
    assert after_attach(given[:1], CloudErrorKind.ALREADY_ATTACHED, first=False, now=NOW) == []


UNCONFIRMED = grant(Ending, detaches=1, error_kind=CloudErrorKind.UNCLEAR)
GONE_FOR_LONG = grant(Ending, detaches=3, missing_since_real=REAL - UNCONFIRMED_FOR_MS)
REFUSED_AND_GONE = replace(GONE_FOR_LONG, end_cause=EndCause.REFUSED)


@pytest.mark.parametrize(
    ("given", "present", "becomes", "missing_since", "again"),
    [
        (UNCONFIRMED, True, Ending, None, None),
        (UNCONFIRMED, False, Ending, REAL, UNCONFIRMED_FOR_MS),
        (grant(Ending, detaches=2, missing_since_real=REAL - MINUTE), True, Ending, None, None),
        (GONE_FOR_LONG, False, Ended, ..., None),
        (REFUSED_AND_GONE, False, Failed, None, None),
    ],
    ids=["still there", "not there", "there again", "gone for long", "refused, and gone for long"],
)  # fmt: skip
def test_a_detach_whose_answer_proves_nothing_is_settled_by_looking(
    given: Grant, present: bool, becomes: GrantState, missing_since: object, again: int | None
) -> None:
    plan = by_observation([given], present, now=NOW, real=REAL, looks=2, repair=False, unconfirmed=True)
    [move] = plan.moves
    assert (move.to, move.changes.get("missing_since_real", ...)) == (becomes, missing_since)
    assert (plan.write, plan.look_again_real) == (None, again)


def test_what_was_missed_before_it_ended_is_not_counted_as_gone_after_a_detach() -> None:
    [move] = end([grant(Active, missing_since_real=REAL - HOUR)], NOW, EndCause.DEADLINE)
    assert move.changes["missing_since_real"] is None
    [move] = by_observation([LONG_MISSED], False, now=NOW, real=REAL, looks=1, repair=False).moves
    assert move.changes["missing_since_real"] is None


@pytest.mark.parametrize("answer", [None, *CloudErrorKind], ids=lambda answer: str(answer or "done"))
def test_what_follows_from_the_answer_to_a_detach(answer: CloudErrorKind | None) -> None:
    [move] = after_detach([grant(Ending)], answer)
    proved = answer is None or answer in GONE
    assert (move.to, move.changes.get("detached", 0)) == (Ending, int(proved))
    assert move.changes["trouble"] == (None if proved else str(answer))


def test_only_an_answer_that_proves_it_confirms_a_detach() -> None:
    assert set(GONE) == {
        CloudErrorKind.NOT_ATTACHED,
        CloudErrorKind.NO_USER,
        CloudErrorKind.NO_ROLE,
        CloudErrorKind.NO_POLICY,
        CloudErrorKind.NO_PLACE,
        CloudErrorKind.NO_SUCH_ROLE,
    }


@pytest.mark.parametrize(
    ("state", "becomes"),
    [(Planned, Void), (Granting, Ending), (Active, Ending), (Ending, Ending), (Held, Held), (Failed, Void)],
)
def test_what_an_end_does_to_a_grant(state: GrantState, becomes: GrantState) -> None:
    given = [grant(state)]
    moves = end(given, NOW, EndCause.TAKEN_BACK)
    assert states(given, moves) == [becomes]
    assert all(move.changes["end_cause"] == EndCause.TAKEN_BACK for move in moves)


@pytest.mark.parametrize(("ends_at", "over"), [(NOW - 1, True), (NOW, True), (NOW + 1, False), (None, False)])
def test_a_deadline_ends_a_grant_when_it_has_come(ends_at: int | None, over: bool) -> None:
    assert bool(by_time([grant(Active, ends_at=ends_at)], NOW)) is over


def test_the_next_deadline_is_the_earliest_that_something_still_waits_for() -> None:
    past = grant(Ending, ends_at=NOW - HOUR)
    given = [past, grant(Active, ends_at=NOW + HOUR), grant(Granting, ends_at=NOW + 9), grant(Active, ends_at=None)]
    assert next_deadline(given) == NOW + 9
    assert next_deadline([past]) is None
