"""Approving with changes: what is not ticked is not given, and the time may be shorter. It is never for more than was
asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import CheckboxesElement, InputBlock, Option, PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.durations import UNTIL_REVOKED, format_duration
from approvals.entitlements import ADMIN_POLICY, Entitlement, policy
from approvals.model import AccessRequest
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.approve_note import note_field
from handlers.views.blocks import Block, context_block, modal, plain_text, section
from handlers.views.card_facts import item_name
from handlers.views.claim_lines import claim_lines
from handlers.views.parts import part_name, plain_part
from handlers.views.selects import SelectOption, options
from handlers.views.text import literal, person

CALLBACK = "approve_request"
PARTS, DURATION = "parts", "duration"
BOXES_PER_GROUP = 10
"""Boxes in one group, as many as Slack takes."""


@dataclass(frozen=True, slots=True)
class ApprovalInput:
    """What the form was sent with."""

    parts: tuple[Entitlement, ...]
    duration: str


def approve_form(record: RequestView, catalog: Catalog, translations: Translations) -> dict[str, Any]:
    """The form for one request, filled in with what is approved so far."""
    request = record.request
    text = translations.gettext("{what} for {subject} as RAM user {ram_user}.").format(
        what=item_name(record, catalog), subject=person(request.subject), ram_user=literal(request.principal.name)
    )
    blocks = [section(text), *[section(line) for line in claim_lines(record, translations)]]
    if policy(ADMIN_POLICY) in request.entitlements:
        blocks.append(
            section(translations.gettext("⚠️ *Makes an administrator,* who can attach PAI-Rec policies to anyone."))
        )
    blocks += _boxes(record, catalog, translations)
    blocks.append(_duration(record, translations))
    if catalog.wants_note(request.item, request.entitlements):
        blocks.append(note_field(translations))
    if request.approvals_needed > 1:
        blocks.append(
            context_block(
                translations.gettext(
                    "Only what all approvals have in common is granted, for the shortest of their times."
                )
            )
        )
    if record.left_out or record.shortened_to is not None:
        blocks.append(context_block(translations.gettext("Prefilled with what is approved so far.")))
    return modal(
        translations.gettext("Approve {ref}").format(ref=request.ref),
        blocks,
        submit=translations.gettext("Approve"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata=request.public_id,
    )


def read(view: dict[str, Any], request: AccessRequest) -> ApprovalInput:
    """What was ticked and filled in. A box that the form never had is no part of the request, and is not looked at."""
    values: dict[str, dict[str, Any]] = (view.get("state") or {}).get("values") or {}
    ticked = {
        str(option.get("value"))
        for name, entry in values.items()
        if name.partition(":")[0] == PARTS
        for option in (entry.get(PARTS) or {}).get("selected_options") or []
    }
    parts = tuple(part for number, part in enumerate(request.entitlements) if str(number) in ticked)
    if not _asks_for_parts(request):
        parts = request.entitlements
    return ApprovalInput(parts, str(((values.get(DURATION) or {}).get(DURATION) or {}).get("value") or "").strip())


def _asks_for_parts(request: AccessRequest) -> bool:
    return len(request.entitlements) > 1


def _boxes(record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """Ticked is what no approval has left out so far. A form with one part has nothing to untick: to refuse it is to
    deny it.
    """
    request = record.request
    if not _asks_for_parts(request):
        return []
    offers = [
        SelectOption(str(number), plain_part(part, catalog, translations), catalog.allows(part))
        for number, part in enumerate(request.entitlements)
    ]
    boxes = list(options(offers).values())
    ticked = [option for option, part in zip(boxes, request.entitlements, strict=True) if part not in record.left_out]
    groups = [boxes[first : first + BOXES_PER_GROUP] for first in range(0, len(boxes), BOXES_PER_GROUP)]
    blocks: list[Block] = [
        InputBlock(
            block_id=f"{PARTS}:{number}",
            label=plain_text(translations.gettext("What is granted") if number == 0 else translations.gettext("And")),
            element=CheckboxesElement(action_id=PARTS, options=group, initial_options=_among(ticked, group)),
            optional=True,
        ).to_dict()
        for number, group in enumerate(groups)
    ]
    return blocks + [context_block(text) for text in _hang_together(request, catalog, translations)]


def _among(ticked: list[Option], group: list[Option]) -> list[Option] | None:
    """Slack takes no empty list."""
    return [option for option in group if option in ticked] or None


def _hang_together(request: AccessRequest, catalog: Catalog, translations: Translations) -> list[str]:
    """To untick what the product gives by itself with another part does not keep it away; and nobody has a part without
    the one that it needs.
    """
    text = translations.gettext("{part} comes with {brings}. Clear both to grant neither.")
    needs = translations.gettext("{part} needs {first}: select both, or neither.")
    return [
        needs.format(part=part_name(part, catalog, translations), first=part_name(first, catalog, translations))
        for part in request.entitlements
        if (first := catalog.needs.get(part)) in request.entitlements and first is not None
    ] + [
        text.format(part=part_name(part, catalog, translations), brings=part_name(implying, catalog, translations))
        for part in request.entitlements
        if (implying := catalog.implied_by.get(part)) in request.entitlements and implying is not None
    ]


def _duration(record: RequestView, translations: Translations) -> Block:
    request = record.request
    asked = UNTIL_REVOKED if request.duration is None else format_duration(request.duration)
    so_far = asked if record.shortened_to is None else format_duration(record.shortened_to)
    made: Block = InputBlock(
        block_id=DURATION,
        label=plain_text(translations.gettext("Duration")),
        element=PlainTextInputElement(action_id=DURATION, initial_value=so_far),
        hint=plain_text(
            translations.gettext("Such as 30m, 8 hours or 2w; at most {asked}, as requested.").format(asked=asked)
        ),
    ).to_dict()
    return made
