"""A select that Slack takes whatever there is to choose from, and a search that finds it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.blocks import complaints_about, suggestion_complaints
from handlers.views.blocks import plain_text
from handlers.views.selects import MAX_OPTIONS, SelectOption, found, select

COUNTS = [0, 1, 2, 10, 99, 100, 101, 250, 5_000]


def offers(count: int, groups: int = 0) -> list[SelectOption]:
    return [
        SelectOption(
            f"value-{number}", f"Name {number}", f"About {number}", f"Group {number % groups}" if groups else ""
        )
        for number in range(count)
    ]


def drawn(given: list[SelectOption], chosen: str | None = None) -> dict[str, Any]:
    element: dict[str, Any] = select("what", "Choose", given, chosen).to_dict()
    block = {"type": "input", "block_id": "b", "label": plain_text("What").to_dict(), "element": element}
    assert complaints_about([block], "modal") == []
    return element


@pytest.mark.parametrize("groups", [0, 1, 3])
@pytest.mark.parametrize("count", COUNTS)
def test_a_menu_of_any_length_is_one_that_slack_takes(count: int, groups: int) -> None:
    given = offers(count, groups)
    for chosen in (None, "value-0", f"value-{count - 1}", "value-999999", ""):
        element = drawn(given, chosen)
        known = chosen in {offer.value for offer in given}
        assert element.get("initial_option", {}).get("value") == (chosen if known else None)
        assert element["type"] == ("static_select" if 0 < count <= MAX_OPTIONS else "external_select")


@pytest.mark.parametrize("groups", [0, 1, 3])
@pytest.mark.parametrize("count", COUNTS)
def test_an_answer_to_whatever_is_typed_is_one_that_slack_takes(count: int, groups: int) -> None:
    for typed in ("", "n", "name 1", "nothing of the kind", "x" * 3_000, "\x00", "value-4999"):
        answer = found(offers(count, groups), typed)
        assert suggestion_complaints(answer) == []


def shown(answer: dict[str, Any]) -> list[str]:
    listed = answer.get("options") or [option for group in answer["option_groups"] for option in group["options"]]
    return [option["value"] for option in listed]


def test_every_word_that_is_typed_must_be_in_it_in_whatever_case_and_what_begins_with_it_comes_first() -> None:
    given = [
        SelectOption("a", "Search ranking", "reads"),
        SelectOption("b", "Ranking", "writes"),
        SelectOption("c", "Other", "RANKING reads"),
    ]
    assert shown(found(given, "ranking")) == ["b", "a", "c"]
    assert shown(found(given, "READS rank")) == ["a", "c"]
    assert shown(found(given, " C ")) == ["c", "a"]


def test_no_more_are_offered_than_slack_takes_and_any_of_them_can_be_found() -> None:
    given = offers(5_000, 3)
    assert len(shown(found(given, ""))) == MAX_OPTIONS
    assert shown(found(given, "value-4321")) == ["value-4321"]


def test_what_is_chosen_reads_as_it_did_when_it_was_found() -> None:
    given = [SelectOption(f"{number:03d}", "T" * 200 + f" {number:03d}") for number in range(150)]
    option = found(given, "017")["options"][0]
    assert drawn(given, "017")["initial_option"] == option
    assert option["text"]["text"].endswith("017")


@pytest.mark.parametrize(
    "texts",
    [
        ["T" * 200 + str(number) for number in range(40)],
        [str(number) + "T" * 70 + "x" * number for number in range(40)],
        ["T" * 30 + str(number) + "x" * 200 for number in range(40)],
        ["T" * 75] * 40,
        [""] * 40,
    ],
)
def test_no_two_options_read_the_same(texts: list[str]) -> None:
    element = drawn([SelectOption(f"v{number}", text) for number, text in enumerate(texts)])
    read = [option["text"]["text"] for option in element["options"]]
    assert len(set(read)) == len(texts) and max(map(len, read)) <= 75


def test_what_slack_would_not_send_back_is_not_offered_and_nothing_is_offered_twice() -> None:
    given = [
        SelectOption("", "Empty"),
        SelectOption("x" * 151, "Long"),
        SelectOption("a", "First"),
        SelectOption("a", "Second"),
        SelectOption("b", "\x00"),
    ]
    assert [(each["value"], each["text"]["text"]) for each in drawn(given)["options"]] == [("a", "First"), ("b", "�")]
