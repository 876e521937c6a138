"""What PAI-Rec says of the resources that it lists: only its own two words count, and each resource needs one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from approvals.status.seen import ResourceSeen
from bot.cloud.pairec import PaiRec

A, B, C = "oss://a", "oss://b", "oss://c"
Checked = list[tuple[str | None, str | None]]


class Client:
    """PAI-Rec's SDK, with answers that are made up."""

    def __init__(self, listed: list[str | None], checked: Checked | None) -> None:
        self._listed = [SimpleNamespace(uri=uri, type="OSS") for uri in listed]
        answered = [SimpleNamespace(uri=uri, type="OSS", status=status) for uri, status in checked or []]
        self._checked = None if checked is None else answered

    def list_instance_resources(self, instance: str, request: Any) -> Any:
        return SimpleNamespace(body=SimpleNamespace(resources=self._listed))

    def check_instance_resources(self, instance: str, request: Any) -> Any:
        return SimpleNamespace(body=SimpleNamespace(resources=self._checked))


def reached(listed: list[str | None], checked: Checked | None) -> dict[str, bool | None]:
    seen = PaiRec(lambda: Client(listed, checked)).resources("one", "OSS")
    assert seen is not None
    return {each.uri: each.reached for each in seen}


def test_success_is_reached_and_failure_is_not() -> None:
    assert reached([A, B], [(B, "Failure"), (A, "Success")]) == {A: True, B: False}


@pytest.mark.parametrize("nothing", [None, []], ids=["no list", "an empty list"])
def test_what_is_listed_and_not_checked_is_unknown(nothing: Checked | None) -> None:
    assert reached([A, B, C], nothing) == {A: None, B: None, C: None}


def test_one_that_is_checked_says_nothing_of_the_others() -> None:
    assert reached([A, B, C], [(B, "Success")]) == {A: None, B: True, C: None}


@pytest.mark.parametrize("status", ["Checking", "", None, "success"])
def test_any_other_word_is_unknown_and_no_failure(status: str | None) -> None:
    assert reached([A], [(A, status)]) == {A: None}


@pytest.mark.parametrize(
    ("words", "expected"), [(("Success", "Failure"), False), (("Success", "Checking"), None)], ids=["bad", "unknown"]
)
def test_of_several_words_for_one_address_the_worst_counts(words: tuple[str, ...], expected: bool | None) -> None:
    assert reached([A], [(A, word) for word in words]) == {A: expected}


def test_a_failure_of_what_was_not_listed_counts() -> None:
    assert reached([A], [(A, "Success"), (B, "Failure")]) == {A: True, B: False}


def test_what_has_no_address_cannot_be_told_from_others_and_is_unknown() -> None:
    assert reached([A, None], [(A, "Success"), (None, "Success")]) == {A: True, "OSS": None}


def test_a_failure_of_what_has_no_address_counts() -> None:
    seen = PaiRec(lambda: Client([A, None], [(A, "Success"), (None, "Failure")])).resources("one", "OSS")
    assert seen is not None and ResourceSeen("OSS", False) in seen


def test_where_nothing_is_listed_nothing_is_asked() -> None:
    assert reached([], [(A, "Failure")]) == {}
