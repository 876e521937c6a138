"""Short names for the Block Kit elements in use. slack_sdk's models check Slack's limits when they are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from handlers.views.text import visible

Block = dict[str, Any]

MAX_TEXT_CHARACTERS = 3_000
MAX_BLOCKS = 50
"""In a message."""


class Message(NamedTuple):
    """`text` is what screen readers and notifications say; it never holds what somebody typed."""

    text: str
    blocks: list[Block]


def note(text: str) -> Message:
    """A message that is one paragraph."""
    return Message(text, [section(text)])


def plain_text(text: str) -> PlainTextObject:
    """A label, a hint or an option, in which Slack makes no emoji of what is between colons."""
    return PlainTextObject(text=text, emoji=False)


def header(text: str) -> Block:
    """A line in large letters: plain text, cut off at the 150 characters that Slack takes."""
    return _made(HeaderBlock(text=plain_text(text[:150])))


def section(text: str, accessory: Any = None) -> Block:
    """A paragraph in mrkdwn, cut off at the 3,000 characters that Slack takes, with perhaps a button or an image beside
    it.
    """
    return _made(
        SectionBlock(text=MarkdownTextObject(text=text[:MAX_TEXT_CHARACTERS], verbatim=True), accessory=accessory)
    )


def alert(text: str) -> Block:
    """A warning in mrkdwn, in a form: no other surface takes one (docs.slack.dev, alert block). What sends it shows a
    section instead where Slack does not take it.
    """
    return _made(AlertBlock(text=MarkdownTextObject(text=text[:MAX_TEXT_CHARACTERS], verbatim=True), level="warning"))


def in_sections(texts: Sequence[str], *, unfolded: bool = False) -> list[Block]:
    """As many texts in a block as it takes. Slack folds a long one, unless it is to be `unfolded`."""
    filled: list[str] = []
    for text in texts:
        if filled and len(filled[-1]) + len(text) < MAX_TEXT_CHARACTERS:
            filled[-1] += f"\n{text}"
        else:
            filled.append(text)
    return [{**section(text), "expand": True} if unfolded else section(text) for text in filled]


def typed(text: str) -> Block:
    """What a person typed: plain text, in which Slack finds no mention, no link and no formatting."""
    return _made(SectionBlock(text=plain_text(visible(text)[:MAX_TEXT_CHARACTERS] or " ")))


def fields(*texts: str) -> Block:
    """Short texts in mrkdwn in two columns, each cut off at the 2,000 characters that Slack takes."""
    return _made(SectionBlock(fields=[MarkdownTextObject(text=text[:2_000], verbatim=True) for text in texts]))


def context_block(*texts: str) -> Block:
    """Texts in mrkdwn in small letters, each cut off at 2,000 characters."""
    return _made(ContextBlock(elements=[MarkdownTextObject(text=text[:2_000], verbatim=True) for text in texts]))


def divider() -> Block:
    """A line across."""
    return _made(DividerBlock())


def buttons(*elements: InteractiveElement, block_id: str | None = None) -> Block:
    """Buttons, or what else is clicked, in a row. A click says on which block it was made, by its `block_id`."""
    return _made(ActionsBlock(elements=list(elements), block_id=block_id))


def button(
    text: str, action_id: str, value: str, style: str | None = None, confirm: ConfirmObject | None = None
) -> ButtonElement:
    """A button that carries `value`. `style`: `primary` or `danger`. With `confirm`, it asks first."""
    return ButtonElement(text=text, action_id=action_id, value=value, style=style, confirm=confirm)


def confirmation(title: str, text: str, yes: str, no: str, *, danger: bool = False) -> ConfirmObject:
    """A question before a button does what it says. Slack takes plain text only, so no mention and no formatting."""
    return ConfirmObject(
        title=title,
        text=plain_text(text),
        confirm=yes,
        deny=no,
        style="danger" if danger else "primary",
    )


def modal(
    title: str, blocks: list[Block], *, close: str, submit: str | None = None, callback_id: str = "", metadata: str = ""
) -> dict[str, Any]:
    """A window of Slack's. Title and buttons take 24 characters."""

    def label(text: str) -> dict[str, Any]:
        return plain_text(text[:24]).to_dict()

    view = {"type": "modal", "title": label(title), "close": label(close), "blocks": blocks}
    if submit:
        view |= {"submit": label(submit), "callback_id": callback_id, "private_metadata": metadata}
    return view


def _made(block: Any) -> Block:
    made: Block = block.to_dict()
    return made


def input_field(
    name: str,
    label: str,
    element: Any,
    *,
    optional: bool = False,
    dispatch: bool = False,
    hint: str | None = None,
    block_id: str | None = None,
) -> Block:
    """A field of a form; with `dispatch`, Slack tells of each choice in it. `block_id` where it is not the name."""
    made: Block = InputBlock(
        block_id=block_id or name,
        label=plain_text(label),
        element=element,
        optional=optional,
        dispatch_action=dispatch or None,
        hint=plain_text(hint) if hint else None,
    ).to_dict()
    return made
