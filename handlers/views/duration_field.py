"""The field for how long something is wanted: the usual times that fit it, and any other in words."""

from __future__ import annotations

from slack_sdk.models.blocks import PlainTextInputElement

from approvals.catalog.model import Choice, Item
from approvals.durations import format_duration, parse_duration
from approvals.millis import DAY, HOUR
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, input_field, plain_text
from handlers.views.request_input import DURATION, OTHER, RequestInput
from handlers.views.selects import SelectOption, select
from handlers.views.text import how_long

USUAL = (HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY)
"""Milliseconds, for whatever may be had that long."""


def duration_fields(
    choice: Choice | None, shown: Item | None, written: RequestInput | None, translations: Translations
) -> list[Block]:
    """The times to choose from, with the one that was `written`, or else the usual one of `shown`; below, a field for
    any other where that is chosen, or what was written is none of these. Their block ids carry the choice, since Slack
    keeps what was typed into a block of the same id.
    """
    asked = written.duration if written else ""
    usual = shown.default if shown else 8 * HOUR
    times = _times(shown, usual, asked)
    values = [format_duration(time) for time in times]
    chosen = _as_offered(asked) if asked else format_duration(usual)
    other = (written is not None and written.other) or chosen not in values
    blocks = [
        input_field(
            DURATION,
            translations.gettext("Duration"),
            select(
                DURATION,
                translations.gettext("Duration"),
                [
                    *(
                        SelectOption(value, how_long(time, translations))
                        for value, time in zip(values, times, strict=True)
                    ),
                    SelectOption(OTHER, translations.gettext("Other…")),
                ],
                OTHER if other else chosen,
            ),
            dispatch=True,
            hint=_most(shown, translations),
            block_id=duration_field(choice),
        )
    ]
    if other:
        blocks.append(_other(choice, asked, translations))
    return blocks


def duration_field(choice: Choice | None) -> str:
    """The block id of the field for how long this is wanted."""
    return f"{DURATION}:{choice.name if choice else ''}"


def _other(choice: Choice | None, asked: str, translations: Translations) -> Block:
    return input_field(
        OTHER,
        translations.gettext("Other duration"),
        PlainTextInputElement(
            action_id=OTHER,
            initial_value=asked or None,
            placeholder=plain_text(translations.gettext("until friday 18:00")),
        ),
        hint=translations.gettext("Such as 30m, 8 hours, 2w or until friday 18:00."),
        block_id=f"{OTHER}:{choice.name if choice else ''}",
    )


def _times(shown: Item | None, usual: int, asked: str) -> list[int | None]:
    """From the shortest to the longest, with what was asked for where it fits; None is until revoked."""
    longest = shown.longest if shown else max(USUAL)
    offered = {*USUAL, usual, longest, _milliseconds(asked) or usual}
    times: list[int | None] = [*sorted(time for time in offered if time <= longest)]
    return [*times, None] if shown is None or shown.until_revoked else times


def _milliseconds(asked: str) -> int | None:
    try:
        return parse_duration(asked)
    except ValueError:
        return None


def _as_offered(asked: str) -> str:
    milliseconds = _milliseconds(asked)
    return asked.casefold() if milliseconds is None else format_duration(milliseconds)


def _most(shown: Item | None, translations: Translations) -> str | None:
    if shown is None:
        return None
    template = N_("{longest} at most, or until revoked.") if shown.until_revoked else N_("{longest} at most.")
    return translations.gettext(template).format(longest=format_duration(shown.longest))
