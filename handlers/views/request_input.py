"""The fields of the form that asks for access, and what was filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from approvals import text_input
from approvals.durations import format_duration
from approvals.ids import RamUserId, SlackUserId
from approvals.model import AccessRequest
from approvals.people import Principal

WHAT = "what"
WHERE = "where"
SUBJECT = "subject"
CLAIM = "claim"
DURATION = "duration"
OTHER = "other"
"""The field for a duration that is none of those to choose from, and what is chosen to have it."""
STARTS = "starts"
REASON = "reason"
TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class RequestInput:
    """The values of the form as they were submitted; empty where nothing was chosen."""

    item: str
    """With the project behind an @, where one was chosen."""
    subject: SlackUserId
    duration: str
    """As it was typed, or as what was chosen would be."""
    reason: str
    ticket: str
    claim: str
    """`<RAM UserId>|<name>` of the RAM user that was chosen."""
    asks_claim: bool
    """Whether the form had a field for it."""
    other: bool = False
    """Whether another duration than those to choose from is wanted."""
    starts: str = ""
    """From when, as it was typed; empty for at once."""

    @classmethod
    def empty(cls) -> RequestInput:
        """Of a form in which nothing was chosen yet."""
        return cls("", SlackUserId(""), "", "", "", "", asks_claim=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a form was drawn from. Slack keeps it with the form and gives it back; whoever fills it in cannot change
    it.
    """

    opened_for: str
    """The Slack user who has it on the screen."""
    subject: SlackUserId
    match: str
    """UserId of the RAM user that has the subject's e-mail address; empty when none or several have it."""
    zone: str = ""
    """The IANA name of the time zone that whoever has it on the screen is in; empty where Slack does not say."""


def origin(view: dict[str, Any]) -> Origin:
    """What the form carries of how it was drawn; empty where it carries nothing."""
    opened_for, subject, match, zone = [*str(view.get("private_metadata") or "").split("|"), "", "", "", ""][:4]
    return Origin(opened_for, SlackUserId(subject), match, zone)


def read(view: dict[str, Any]) -> RequestInput:
    """What was filled in. Unknown and missing fields read as empty."""
    values: dict[str, dict[str, Any]] = (view.get("state") or {}).get("values") or {}
    fields = {name.partition(":")[0]: entry.get(name.partition(":")[0]) or {} for name, entry in values.items()}

    def text(name: str) -> str:
        return str(fields.get(name, {}).get("value") or "").strip()

    def option(name: str) -> str:
        return str((fields.get(name, {}).get("selected_option") or {}).get("value") or "")

    where = option(WHERE)
    other = option(DURATION) == OTHER
    return RequestInput(
        item=f"{option(WHAT)}@{where}" if where else option(WHAT),
        subject=SlackUserId(str(fields.get(SUBJECT, {}).get("selected_user") or "")),
        # A form that an earlier version drew has it as text.
        duration=text(OTHER) if other else option(DURATION) or text(DURATION),
        reason=text(REASON),
        ticket=text(TICKET),
        claim=option(CLAIM),
        asks_claim=CLAIM in fields,
        other=other,
        starts=text(STARTS),
    )


def asked(request: AccessRequest) -> RequestInput:
    """What the fields of the form were filled in with that this request is from."""
    return RequestInput(
        item=request.item,
        subject=request.subject,
        # What was left until a moment is no time that somebody would ask for again.
        duration=format_duration(request.duration) if request.ends_by is None else "",
        reason=request.reason,
        ticket=request.ticket or "",
        claim="",
        asks_claim=False,
    )


def claim_of(value: str) -> Principal | None:
    """The RAM user that was chosen; None where none was, or what came is none."""
    user_id, separator, name = value.partition("|")
    fits = separator and user_id and name and not text_input.refusals_of(value)
    return Principal(RamUserId(user_id), name) if fits else None


def block_named(view: dict[str, Any], name: str) -> str:
    """The block id under which a field stands in this view; Slack shows an error only under an id that is there."""
    if name == DURATION and asks_other(view) and read(view).other:
        name = OTHER
    return _block(view, name) or WHAT


def asks_other(view: dict[str, Any]) -> bool:
    """Whether the form has the field for another duration."""
    return _block(view, OTHER) is not None


def has_block(view: dict[str, Any], block_id: str) -> bool:
    """Whether a block of that id stands in this view."""
    return any(block.get("block_id") == block_id for block in view.get("blocks") or [])


def _block(view: dict[str, Any], name: str) -> str | None:
    ids = (str(block.get("block_id") or "") for block in view.get("blocks") or [])
    return next((each for each in ids if each.partition(":")[0] == name), None)
