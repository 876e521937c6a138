"""What is foreseen of a request, shown in its form before it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from approvals.catalog.model import Catalog
from approvals.ids import SlackUserId
from approvals.model import Holding
from approvals.operations.request_access import JudgedRequest
from approvals.queries.held_parts import HeldPart
from handlers.translations import Translations
from handlers.views.blocks import Block, alert, context_block
from handlers.views.parts import holding_name, part_name
from handlers.views.rule_lines import by_rule
from handlers.views.text import first_of, literal, moment, person

FORESEEN = "foreseen"
_TIMED = "timed"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Either what it would be, or why it would be refused."""

    subject: SlackUserId
    judged: JudgedRequest | None = None
    held: Sequence[HeldPart] = ()
    """What the subject has already of what is asked for."""
    refused: str = ""
    """The sentence that says why."""


def foreseen_blocks(foreseen: Foreseen | None, catalog: Catalog, translations: Translations) -> list[Block]:
    """Who can approve, what the subject has already, or why it cannot be had. Nothing where nothing is foreseen."""
    if foreseen is None:
        return []
    if foreseen.refused:
        block = alert(foreseen.refused)
    elif foreseen.judged:
        block = context_block("\n".join(_lines(foreseen, foreseen.judged, catalog, translations)))
    else:
        return []
    timed = foreseen.refused or any(part.ends_at is not None for part in foreseen.held)
    digest = hashlib.sha256(str(block).encode()).hexdigest()[:16]
    return [{**block, "block_id": f"{FORESEEN}:{_TIMED if timed else ''}:{digest}"}]


def depends_on_duration(view: dict[str, Any], catalog: Catalog) -> bool:
    """Whether what a view shows of it may be other for another time: by a rule, or since they have it for a while."""
    shown = _shown(view.get("blocks") or [])
    return any(bool(catalog.rules.rules) or each.startswith(f"{FORESEEN}:{_TIMED}:") for each in shown)


def is_shown(view: dict[str, Any], blocks: Sequence[Block]) -> bool:
    """Whether a view shows the same of it as these blocks do: their ids say what is in them."""
    return _shown(view.get("blocks") or []) == _shown(blocks)


def _shown(blocks: Sequence[Block]) -> list[str]:
    ids = (str(block.get("block_id") or "") for block in blocks)
    return [each for each in ids if each.startswith(f"{FORESEEN}:")]


def _lines(foreseen: Foreseen, judged: JudgedRequest, catalog: Catalog, translations: Translations) -> list[str]:
    able = translations.gettext("{people} can approve.").format(
        people=first_of([person(each) for each in judged.parties.approvers], translations)
    )
    if judged.approving.rule is not None:
        able = translations.gettext("The rule {rule} approves it at once.").format(rule=literal(judged.approving.rule))
    lines = [able]
    if judged.rule is not None:
        lines.append(by_rule(judged.rule, judged.item.approvals, translations))
    if foreseen.held:
        has = first_of([_held(part, catalog, translations) for part in foreseen.held], translations)
        lines.append(
            translations.gettext("{subject} already has {what}.").format(subject=person(foreseen.subject), what=has)
        )
    return lines


def _held(part: HeldPart, catalog: Catalog, translations: Translations) -> str:
    if part.via_group:
        return holding_name(Holding(part.entitlement.short_name, part.via_group), catalog, translations)
    name = part_name(part.entitlement, catalog, translations)
    if part.ends_at is None:
        return name
    return translations.gettext("{what} until {when}").format(what=name, when=moment(part.ends_at))
