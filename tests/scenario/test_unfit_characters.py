"""Characters that cannot be kept, or that make a text read differently than it is: a sentence, and nothing recorded.

On both engines: PostgreSQL keeps no NUL, and SQLite would.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.boards import status
from tests.harness.refusals import refused, stands_under
from tests.scenario.claiming import NOT_YET
from tests.scenario.test_who_may_be_claimed import filled

UNFIT = [
    ("\x00", "U+0000"),
    ("\x01", "U+0001"),
    ("\x1b", "U+001B"),
    ("\x7f", "U+007F"),
    ("\x9b", "U+009B"),
    ("\u202e", "U+202E"),
    ("\u2066", "U+2066"),
    ("\ud800", "U+D800"),
]
SAYS = "After {before} there is a character that cannot be shown ({code}). Remove it."


@pytest.fixture
def either(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    """The workspace, on each engine in turn."""
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as app:
        yield app


def told(before: str, code: str) -> str:
    return SAYS.format(before=before, code=code)


def test_in_a_line_it_is_named_and_nothing_is_asked(either: AppHarness) -> None:
    for character, code in UNFIT:
        with refused(either, either.carol, "unfit_character", told("`on call`", code), act="ask"):
            either.carol.type(f"/pairec-access request {DATA} 8h on call{character}ya")
    assert either.requests() == 0


def test_in_the_form_it_stands_under_the_reason(either: AppHarness) -> None:
    either.carol.type("/pairec-access request")
    either.carol.modal("Request access")
    for character, code in UNFIT:
        errors = either.carol.submit({"What": DATA, "Duration": "2h", "Reason": f"on\ncall{character}ya"})
        stands_under(errors, "reason", told("call", code))
    assert either.carol.submit({"Reason": "on call\tand\nhere"}) == {}
    assert either.record(either.card("R-1001").plain.split()[0]).request.reason == "on call\tand\nhere"


def test_a_reason_that_nobody_would_see_is_none(either: AppHarness) -> None:
    for nothing in ("\u200b\u2060", "\u3164", "\u2800\u2800", "\uffa0\u115f", "\U000e0041\ufe0f", "\u0301"):
        with refused(either, either.carol, "reason_missing", "Give a reason in a few words", act="ask"):
            either.carol.type(f"/pairec-access request {DATA} 8h {nothing}")
    for seen in ("\u4e0a\u7ebf", "e\u0301", "\u26a0\ufe0f", "?"):
        ref = either.asked(either.carol, f"{DATA} 8h {seen}")
        either.cancels(either.carol, ref)
        either.until(lambda ref=ref: not either.record(ref).pending, f"{ref} to be cancelled")


def test_a_denial_is_asked_for_again_and_denies_nothing(either: AppHarness) -> None:
    ref = either.asked(either.carol, f"{DATA} 8h feature work")
    either.bob.click("Deny", either.card(ref))
    either.bob.modal("Deny")
    for character, code in UNFIT:
        stands_under(either.bob.submit({"Reason": f"no{character}"}), "reason", told("no", code))
    stands_under(either.bob.submit({"Reason": "\u200b"}), "reason", "Give a reason in a few words")
    assert either.record(ref).pending
    assert either.bob.submit({"Reason": "no"}) == {}
    either.card(ref, "denied")


def test_a_reason_to_take_back_is_asked_for_again_and_takes_nothing_back(either: AppHarness) -> None:
    ref = either.asked(either.carol, f"{DATA} 8h feature work")
    either.approve(ref, either.bob)
    either.card(ref, "active")
    for character, code in UNFIT:
        with refused(either, either.bob, "unfit_character", told("`no longer`", code), ref, act="revoke"):
            either.bob.type(f"/pairec-access revoke {ref} no longer{character}needed")
    either.revokes(either.bob, ref, "no longer needed")
    either.comes_to_lose("carol", DATA)


def test_a_reason_to_authorize_is_asked_for_again(either: AppHarness) -> None:
    either.people.turn_switch("engine-role.policy")
    found = status(either, either.carol)
    either.carol.click("Authorize", found)
    either.carol.modal("Authorize")
    for character, code in UNFIT:
        stands_under(either.carol.submit({"Reason": f"the engine{character}"}), "reason", told("the engine", code))
    assert either.requests() == 0


def test_a_ticket_takes_letters_and_digits_alone(either: AppHarness) -> None:
    for character, _ in UNFIT:
        with refused(either, either.carol, "bad_ticket", "A ticket is a reference such as ABC-1", act="ask"):
            either.carol.type(f"/pairec-access request {DATA} 8h ticket:AB{character}C on call")


def test_a_claim_with_one_in_it_is_nobodys(either: AppHarness) -> None:
    either.erin.type("/pairec-access request")
    form = either.erin.modal(NOT_YET)
    for character, _ in UNFIT:
        values = {**form.values, **filled(DATA, "claim:U0ERIN", f"2000000000{character}|erin")}
        view = {**form.body, "state": {"values": values}}
        answer = either.erin.forge({"type": "view_submission", "view": view})["answer"]
        stands_under(answer["errors"], "claim", "no longer exists")


@pytest.mark.parametrize(
    "line",
    [
        "/pairec-access request Pai{}Engine 8h on call",
        f"/pairec-access request {ENGINE} 8{{}}h on call",
        f"/pairec-access request {ENGINE} @ca{{}}rol 8h on call",
        "/pairec-access who Pai{}Engine",
        "/pairec-access who @ca{}rol",
        "/pairec-access revoke R-1{}001",
        "/pairec-access cancel R-1{}001",
        "/pairec-access li{}st",
        "/pairec-access revoke @ca{}rol",
        "/pairec-access link ca{}rol",
        "/pairec-status o{}ss",
        "/pairec-status watch 30{}m",
    ],
)
def test_wherever_else_it_is_typed_there_is_an_answer_without_it(either: AppHarness, line: str) -> None:
    for character, _ in UNFIT:
        read = len(either.carol.messages())
        either.carol.type(line.format(character))
        either.until(lambda read=read: len(either.carol.messages()) > read, "an answer")
        answer = either.carol.messages()[-1].plain
        assert character not in answer and "Something went wrong" not in answer and "its record" not in answer
