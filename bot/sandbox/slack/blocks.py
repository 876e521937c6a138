"""Whether Slack would take these blocks, and the ids that it adds to them."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.answers import elements_of
from bot.sandbox.slack.checks import Check, Complaints, anything, boolean, by_type, listed, one_of, shape, string
from bot.sandbox.slack.elements import (
    BUTTONS,
    CHOICES,
    DATE_AND_TIME,
    DATES,
    GROUP,
    IMAGE,
    INPUTS,
    MULTI_SELECTS,
    OPTION,
    SELECTS,
    plain,
    text,
)
from bot.sandbox.slack.wire import Json, SlackError

MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MAX_MARKDOWN_CHARACTERS = 12000

_ACCESSORY = by_type({**BUTTONS, **SELECTS, **MULTI_SELECTS, **CHOICES, **DATES, "image": IMAGE}, "element")
_ACTION = by_type({**BUTTONS, **SELECTS, **MULTI_SELECTS, **CHOICES, **DATES, **DATE_AND_TIME}, "element")
_INPUT = by_type({**INPUTS, **SELECTS, **MULTI_SELECTS, **CHOICES, **DATES, **DATE_AND_TIME}, "element")
_CONTEXT = by_type({"image": IMAGE, "plain_text": plain(2000), "mrkdwn": text(2000)}, "element")


def _block(required: dict[str, Check] | None = None, **optional: Check) -> Check:
    return shape({"type": anything, **(required or {})}, {"block_id": string(255, shortest=1), **optional})


BLOCKS = {
    "section": _block(text=text(3000), fields=listed(text(2000), most=10), accessory=_ACCESSORY, expand=boolean),
    "header": _block({"text": plain(150)}),
    "divider": _block(),
    "context": _block({"elements": listed(_CONTEXT, most=10)}),
    "actions": _block({"elements": listed(_ACTION, most=25)}),
    "input": _block(
        {"label": plain(2000), "element": _INPUT}, hint=plain(2000), optional=boolean, dispatch_action=boolean
    ),
    "image": _block(
        {"alt_text": string(2000, shortest=1)}, image_url=string(3000), slack_file=anything, title=plain(2000)
    ),
    "rich_text": _block({"elements": listed(anything, most=1000)}),
}
MODAL_BLOCKS = {
    **BLOCKS,
    "alert": _block({"text": text(3000)}, level=one_of("default", "info", "warning", "error", "success")),
}
MESSAGE_BLOCKS = {**BLOCKS, "markdown": _block({"text": string(MAX_MARKDOWN_CHARACTERS, shortest=1)})}


def complaints_about(blocks: Any, surface: str, where: str = "/blocks") -> list[str]:
    """What is wrong with blocks meant for a "message", "modal" or "home"; empty when nothing is."""
    complaints = Complaints()
    known = {"message": MESSAGE_BLOCKS, "modal": MODAL_BLOCKS}.get(surface, BLOCKS)
    listed(by_type(known, "block"), most=MAX_BLOCKS[surface], least=0)(blocks, where, complaints)
    if not complaints.messages:
        _check_sections(blocks, where, complaints)
        _check_ids(blocks, where, complaints)
    return complaints.messages


def accepted_message_blocks(blocks: Any) -> list[Json]:
    """A copy with every id filled in. SlackError `invalid_blocks` or `msg_blocks_too_long`."""
    messages = complaints_about(blocks, "message")
    if messages:
        raise SlackError("invalid_blocks", messages=messages)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MAX_MARKDOWN_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(blocks)


def suggestion_complaints(answer: Any) -> list[str]:
    """What is wrong with the options that an app offers to what somebody typed."""
    complaints = Complaints()
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        return ["[ERROR] needs either options or option_groups"]
    listed(OPTION, most=100, least=0)(answer.get("options", []), "/options", complaints)
    listed(GROUP, most=100, least=0)(answer.get("option_groups", []), "/option_groups", complaints)
    return complaints.messages


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id, as Slack adds them."""
    complete: list[Json] = json.loads(json.dumps(blocks))
    for block in complete:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return complete


def _check_sections(blocks: list[Json], where: str, complaints: Complaints) -> None:
    for index, block in enumerate(blocks):
        if block["type"] == "section" and "text" not in block and "fields" not in block:
            complaints.add(f"{where}/{index}", "missing required field: text or fields")
        if block["type"] == "image" and "image_url" not in block and "slack_file" not in block:
            complaints.add(f"{where}/{index}", "missing required field: image_url or slack_file")
        for element in elements_of(block):
            if element["type"].endswith("static_select") and ("options" in element) == ("option_groups" in element):
                complaints.add(f"{where}/{index}", "a select needs either options or option_groups")
        for pointer, element in _placed_elements(block, f"{where}/{index}"):
            _check_first_choice(element, pointer, complaints)


def _placed_elements(block: Json, where: str) -> Iterator[tuple[str, Json]]:
    for key in ("element", "accessory"):
        if key in block:
            yield f"{where}/{key}", block[key]
    if block["type"] == "actions":
        yield from ((f"{where}/elements/{number}", element) for number, element in enumerate(block["elements"]))


def _check_first_choice(element: Json, where: str, complaints: Complaints) -> None:
    """What is chosen at first must be among the options, to the letter (python-slack-sdk #1509); of an external select,
    whose options are not known yet, it may be anything. The words are Slack's (phelia #23).
    """
    groups = element.get("option_groups", [])
    offered = [*element.get("options", []), *(option for group in groups for option in group["options"])]
    if "external" in element["type"] or not offered:
        return
    known = [_in_letters(option) for option in offered]
    single = [element["initial_option"]] if "initial_option" in element else []
    several = element.get("initial_options", [])
    for name, chosen in (("initial_option", single), ("initial_options", several)):
        if any(_in_letters(option) not in known for option in chosen):
            complaints.add(f"{where}/{name}", "must be one of the provided options")
    if len(several) > element.get("max_selected_items", len(several)):
        complaints.add(f"{where}/initial_options", "no more than max_selected_items allowed")


def _in_letters(option: Json) -> tuple[str, str, str, str | None]:
    """As one reads it. Whether colons become emoji is no part of that."""
    described = option.get("description")
    return option["value"], option["text"]["type"], option["text"]["text"], described and described["text"]


def _check_ids(blocks: list[Json], where: str, complaints: Complaints) -> None:
    for repeated in _repeated(block.get("block_id") for block in blocks):
        complaints.add(where, f"block_id {repeated!r} already exists")
    for index, block in enumerate(blocks):
        for repeated in _repeated(element.get("action_id") for element in elements_of(block)):
            complaints.add(f"{where}/{index}", f"action_id {repeated!r} already exists")


def _repeated(ids: Iterator[str | None]) -> list[str]:
    counts = Counter(one for one in ids if one is not None)
    return [one for one, count in counts.items() if count > 1]
