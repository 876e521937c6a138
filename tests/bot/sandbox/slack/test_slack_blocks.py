"""Which blocks Slack would refuse, and that the builders of slack_sdk make ones that it takes."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models import blocks as kit
from slack_sdk.models.views import View

from bot.sandbox.slack.blocks import accepted_message_blocks, complaints_about, suggestion_complaints
from bot.sandbox.slack.view_bodies import accepted_view
from bot.sandbox.slack.wire import SlackError
from tests.bot.sandbox.slack.block_kit import actions, button, field, option, section, words

Json = dict[str, Any]


ONE, TWO = option("One", "1"), option("Two", "2")
OTHER = option("Other", "3")
SELECT: Json = {"type": "static_select", "action_id": "a", "options": [ONE, TWO]}
GROUPED: Json = {
    "type": "static_select",
    "action_id": "a",
    "option_groups": [{"label": words("A"), "options": [ONE]}, {"label": words("B"), "options": [TWO]}],
}
NOT_AMONG = "must be one of the provided options"
SEVERAL = {**SELECT, "type": "multi_static_select"}


@pytest.mark.parametrize("element", [SELECT, GROUPED, {**SELECT, "type": "radio_buttons"}])
@pytest.mark.parametrize(
    "chosen",
    [
        OTHER,
        {**ONE, "value": "9"},
        {**ONE, "text": words("one")},
        {**ONE, "description": words("more")},
    ],
)
def test_what_a_select_has_chosen_at_first_must_be_one_of_its_options_to_the_letter(
    element: Json, chosen: Json
) -> None:
    assert complaints_about([actions({**element, "initial_option": ONE})], "modal") == []
    assert complaints_about([field("What", "b", {**element, "initial_option": chosen})], "modal") == [
        f"[ERROR] {NOT_AMONG} [json-pointer:/blocks/0/element/initial_option]"
    ]
    accessory = section("x", accessory={**element, "initial_option": chosen})
    for blocks in ([actions({**element, "initial_option": chosen})], [accessory]):
        assert NOT_AMONG in complaints_about(blocks, "message")[0]


@pytest.mark.parametrize(
    "element", [SEVERAL, {**GROUPED, "type": "multi_static_select"}, {**SELECT, "type": "checkboxes"}]
)
def test_all_that_is_chosen_at_first_must_be_among_the_options(element: Json) -> None:
    assert complaints_about([field("What", "b", {**element, "initial_options": [ONE, TWO]})], "modal") == []
    for chosen in ([OTHER], [ONE, OTHER]):
        blocks = [field("What", "b", {**element, "initial_options": chosen})]
        assert NOT_AMONG in complaints_about(blocks, "modal")[0]
    assert complaints_about([field("What", "b", {**element, "initial_options": []})], "modal") != []


def test_what_an_external_select_has_chosen_at_first_may_be_anything() -> None:
    external = {"type": "external_select", "action_id": "a", "min_query_length": 0, "initial_option": OTHER}
    assert complaints_about([actions(external)], "modal") == []


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [option("x", str(number)) for number in range(101)]},
        {"options": [option("x" * 76, "1")]},
        {"options": [option("x", "")]},
        {"options": [], "option_groups": []},
        {"option_groups": [{"label": words("x" * 76), "options": [ONE]}]},
        {"option_groups": [{"label": words("x"), "options": []}]},
        {},
        [],
    ],
)
def test_an_answer_with_such_options_shows_nothing_to_choose(answer: Any) -> None:
    assert suggestion_complaints(answer) != []


def test_an_answer_without_any_option_is_one() -> None:
    assert suggestion_complaints({"options": []}) == suggestion_complaints({"option_groups": []}) == []


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ([{"type": "fancy"}], "unsupported block type: fancy"),
        ([{"text": "x"}], "missing required field: type"),
        ([{"type": "section"}], "missing required field: text or fields"),
        ([section("")], "must be more than 0 characters"),
        ([section("x" * 3001)], "must be less than 3001 characters"),
        ([section("x", colour="red")], "invalid additional property: colour"),
        ([{"type": "section", "fields": [words("x" * 2001)]}], "must be less than 2001"),
        ([{"type": "section", "fields": [words("x")] * 11}], "no more than 10 items"),
        ([{"type": "header", "text": words("x" * 151)}], "must be less than 151"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "valid enum value"),
        ([{"type": "context", "elements": [words("x")] * 11}], "no more than 10 items"),
        ([actions()], "must have at least 1"),
        ([actions(*[button("x", str(n)) for n in range(26)])], "no more than 25 items"),
        ([actions(button("x" * 76, "a"))], "must be less than 76"),
        ([actions(button("x", "a", value="v" * 2001))], "must be less than 2001"),
        ([actions(button("x", "a", style="huge"))], "valid enum value"),
        ([actions(button("x", "same"), button("y", "same"))], "action_id 'same' already exists"),
        ([section("x", block_id="same"), section("y", block_id="same")], "block_id 'same' already exists"),
        ([section("x", block_id="b" * 256)], "must be less than 256"),
        ([section("x", accessory={"type": "plain_text_input", "action_id": "a"})], "unsupported element type"),
        ([actions({"type": "static_select", "action_id": "a"})], "either options or option_groups"),
        ([actions({"type": "static_select", "options": [option("x", "y")] * 101})], "no more than 100 items"),
        ([actions({"type": "static_select", "options": [option("x" * 76, "y")]})], "must be less than 76"),
        ([actions({"type": "static_select", "options": [option("x", "v" * 151)]})], "must be less than 151"),
        ([actions({**SEVERAL, "max_selected_items": 1, "initial_options": [ONE, TWO]})], "no more than max_selected"),
        ([actions({**SEVERAL, "max_selected_items": 0})], "must be between 1 and 100"),
        ([actions({"type": "external_select", "min_query_length": -1})], "must be between 0 and 100"),
        ([actions({"type": "overflow", "options": [option("x", str(n)) for n in range(6)]})], "no more than 5"),
        ([section("x")] * 51, "no more than 50 items"),
        ("not a list", "must be an array"),
    ],
)
def test_a_message_with_such_blocks_is_refused(blocks: Any, complaint: str) -> None:
    with pytest.raises(SlackError) as refused:
        accepted_message_blocks(blocks)
    body = refused.value.body()
    assert body["error"] == "invalid_blocks"
    assert any(complaint in message for message in body["response_metadata"]["messages"])


def test_a_view_may_hold_a_hundred_blocks_and_no_more() -> None:
    assert complaints_about([section("x")] * 100, "modal") == []
    assert complaints_about([section("x")] * 101, "home") != []


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "modal", "title": words("x" * 25), "blocks": []}, "must be less than 25"),
        ({"type": "modal", "title": words("x"), "blocks": [field("a", "b")]}, "missing required field: submit"),
        ({"type": "modal", "title": words("x"), "blocks": [], "private_metadata": "x" * 3001}, "less than 3001"),
        ({"type": "home", "title": words("x"), "blocks": []}, "valid enum value"),
        ("not a view", "must be an object"),
    ],
)
def test_such_a_modal_is_refused(view: Any, complaint: str) -> None:
    with pytest.raises(SlackError) as refused:
        accepted_view(view, "modal")
    assert refused.value.code == "invalid_arguments"
    assert any(complaint in message for message in refused.value.body()["response_metadata"]["messages"])


def test_a_view_of_more_than_250_kb_is_too_large() -> None:
    blocks = [section("x" * 2990) for _ in range(90)]
    with pytest.raises(SlackError) as refused:
        accepted_view({"type": "modal", "title": words("x"), "blocks": blocks}, "modal")
    assert refused.value.code == "view_too_large"


def test_what_the_builders_of_the_sdk_make_is_taken() -> None:
    confirm = kit.ConfirmObject(title="Sure?", text="It cannot be undone.", confirm="Yes", deny="No", style="danger")
    options = [kit.Option(text="One", value="1", description="the first")]
    message = [
        kit.HeaderBlock(text="Title"),
        kit.SectionBlock(text="*bold*", fields=["a", "b"], accessory=kit.OverflowMenuElement(options=options * 2)),
        kit.ContextBlock(elements=[kit.MarkdownTextObject(text="x", verbatim=True)]),
        kit.DividerBlock(),
        kit.ActionsBlock(
            elements=[
                kit.ButtonElement(text="Go", action_id="go", value="1", style="primary", confirm=confirm),
                kit.UserSelectElement(placeholder="Who", action_id="who"),
            ]
        ),
    ]
    accepted_message_blocks([block.to_dict() for block in message])
    inputs = [
        kit.InputBlock(label="Why", element=kit.PlainTextInputElement(multiline=True, max_length=500), hint="Say it"),
        kit.InputBlock(label="Who", element=kit.UserMultiSelectElement(placeholder="All"), optional=True),
        kit.InputBlock(label="What", element=kit.CheckboxesElement(options=options, initial_options=options)),
        kit.InputBlock(label="Which", element=kit.ExternalDataSelectElement(placeholder="x", min_query_length=0)),
        kit.InputBlock(label="Until", element=kit.DatePickerElement(initial_date="2026-12-01")),
    ]
    view = View(type="modal", title="Ask", submit="Send", close="Cancel", callback_id="ask", blocks=inputs)
    accepted_view(view.to_dict(), "modal")


def test_missing_ids_are_filled_in_and_given_ones_kept() -> None:
    blocks = accepted_message_blocks([section("x", block_id="mine"), actions(button("Go", "go"), button("No", "no"))])
    assert blocks[0]["block_id"] == "mine" and blocks[1]["block_id"]
    unnamed = accepted_message_blocks([actions({"type": "button", "text": words("Go")})])
    assert unnamed[0]["elements"][0]["action_id"]
