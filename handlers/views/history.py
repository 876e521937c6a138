"""What happened to a request, in sentences: the audit trail for people. The exact entries stay in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.audit import Entry
from approvals.catalog.model import Catalog
from approvals.model import Cause, Entitlement
from handlers.translations import Translations
from handlers.views.parts import part_name
from handlers.views.text import holder, how_long, literal, moment, person


def happened(entry: Entry, catalog: Catalog, translations: Translations) -> str:
    """One entry as a line: when, and what."""
    fields = entry.fields
    event = str(fields.get("event"))
    granting = _granting(fields, translations)
    if _entitlement(fields, "stays"):
        granting = _creating(fields, translations)
    elif _entitlement(fields, "is_member_role"):
        granting |= _of_members(fields, translations)
    template = {**_deciding(fields, translations), **granting}.get(event, literal(event))
    values = _values(fields, catalog, translations)
    values["holder"] = holder(str(fields.get("ram_user", "–")), _entitlement(fields, "of_account"), translations)
    return f"{moment(entry.moment)} · {template.format_map(values)}"


def _entitlement(fields: Mapping[str, Any], what: str) -> bool:
    """Whether the entry is about an entitlement of that kind."""
    text = fields.get("entitlement")
    return text is not None and bool(getattr(Entitlement.parse(str(text)), what))


class _HistoryValues(dict[str, str]):
    """What an entry does not say is a dash; an older version may have written less."""

    def __missing__(self, name: str) -> str:
        return "–"


def _values(fields: Mapping[str, Any], catalog: Catalog, translations: Translations) -> _HistoryValues:
    values = _HistoryValues()
    for name, value in fields.items():
        if name in ("by_slack", "slack", "to"):
            values[name] = person(str(value))
        elif name == "entitlement":
            values["policy"] = part_name(Entitlement.parse(str(value)), catalog, translations)
        elif name == "left_out" and isinstance(value, list):
            values[name] = ", ".join(part_name(Entitlement.parse(str(each)), catalog, translations) for each in value)
        elif name == "shortened_to_ms" and isinstance(value, int):
            values[name] = how_long(value, translations)
        elif name == "channel" and str(value).startswith(("C", "G")):
            values[name] = f"<#{value}>"
        elif isinstance(value, list):
            values[name] = ", ".join(literal(str(each)) for each in value)
        elif isinstance(value, int):
            values[name] = str(value)
        else:
            values[name] = literal(str(value), 200)
    return values


def _deciding(fields: Mapping[str, Any], translations: Translations) -> dict[str, str]:
    approved = (
        translations.gettext("{by_slack} approved: {count} of {needed}.")
        if fields.get("needed") != 1
        else translations.gettext("{by_slack} approved.")
    )
    if fields.get("no_longer_counting"):
        approved += " " + translations.gettext("The approval of {no_longer_counting} no longer counts.")
    if fields.get("left_out"):
        approved += " " + translations.gettext("Left out: {left_out}.")
    if fields.get("shortened_to_ms"):
        approved += " " + translations.gettext("Shortened to {shortened_to_ms}.")
    in_channel = str(fields.get("channel")).startswith(("C", "G"))
    why = ": {reason}" if fields.get("reason") else "."
    return {
        "asked": translations.gettext("{by_slack} asked."),
        "card posted": translations.gettext("The card was posted in {channel}.")
        if in_channel
        else translations.gettext("A copy of the card was sent."),
        "card sent to each approver": translations.gettext(
            "The channel did not take the card ({why}), so each approver gets a copy."
        ),
        "approval": approved,
        "approved": approved,
        "denied": translations.gettext("{by_slack} denied it."),
        "cancelled": translations.gettext("{by_slack} cancelled it."),
        "expired": translations.gettext("Nobody had decided, so it expired."),
        "other claim confirmed": translations.gettext(
            "Its subject was confirmed to be another RAM user, so it was closed."
        ),
        "claim lost": translations.gettext(
            "RAM user {ram_user} was confirmed to be somebody else's, so it was closed."
        ),
        "linked": translations.gettext("{slack} was confirmed to be RAM user {ram_user}."),
        "refused": translations.gettext("{by_slack} clicked or typed something that was refused ({why})."),
        Cause.GIVEN_BACK.value: translations.gettext("{by_slack} gave it back") + why,
        Cause.TAKEN_BACK.value: translations.gettext("{by_slack} took it back") + why,
        Cause.LEFT.value: translations.gettext(
            "{by_slack} took back all that this RAM user had, whose Slack account was gone."
        )
        if fields.get("by_slack")
        else translations.gettext("{by} took back all that this RAM user had."),
        "tried again": translations.gettext("{by_slack} had it tried again."),
    }


def _granting(fields: Mapping[str, Any], translations: Translations) -> dict[str, str]:
    code = " ({code})" if fields.get("code") else ""
    causes = {
        Cause.DEADLINE.value: translations.gettext("The time is up, so {policy} is being taken away."),
        Cause.REMOVED_OUTSIDE.value: translations.gettext("Somebody removed {policy} outside of this bot."),
    }
    ended = translations.gettext("RAM shows {policy} gone from {holder}.")
    if fields.get("still_via_requests"):
        ended = translations.gettext("{policy} is over here; {holder} still has it through {still_via_requests}.")
    if fields.get("still_via_groups"):
        ended += " " + translations.gettext("They still have it through {still_via_groups}.")
    return {
        "comes with": translations.gettext(
            "{policy} comes with another role of this request, and is taken back with it."
        ),
        "planned": translations.gettext("{policy} could not be attached yet") + code + ".",
        "granting": translations.gettext("{policy} is being attached to {holder}."),
        "active": translations.gettext("{policy} is attached to {holder}."),
        "held": translations.gettext("{holder} had {policy} before, so it is left alone."),
        "failed": translations.gettext("{policy} could not be attached") + code + ".",
        "ending": causes.get(str(fields.get("cause")), translations.gettext("{policy} is being taken away.")),
        "ended": causes[Cause.REMOVED_OUTSIDE.value] if fields.get("cause") == Cause.REMOVED_OUTSIDE.value else ended,
        "void": translations.gettext("{policy} was never attached."),
        "not yet": translations.gettext("RAM did not do it yet") + code + ".",
        "alarm": translations.gettext("The administrators were told that {policy} is not taken away yet."),
        "not told": translations.gettext("{to} could not be told ({why})."),
    }


def _of_members(fields: Mapping[str, Any], translations: Translations) -> dict[str, str]:
    """Where a member role is told of in other words than a policy."""
    code = " ({code})" if fields.get("code") else ""
    told = {
        "planned": translations.gettext("{policy} could not be given yet") + code + ".",
        "granting": translations.gettext("{policy} is being given to {holder}."),
        "active": translations.gettext("{holder} has {policy}."),
        "failed": translations.gettext("{policy} could not be given") + code + ".",
        "void": translations.gettext("{policy} was never given."),
        "not yet": translations.gettext("The product did not do it yet") + code + ".",
    }
    if fields.get("cause") != Cause.REMOVED_OUTSIDE.value and not fields.get("still_via_requests"):
        told["ended"] = translations.gettext("{policy} is gone from {holder}.")
    return told


def _creating(fields: Mapping[str, Any], translations: Translations) -> dict[str, str]:
    """The same for a role that is created once and stays."""
    code = " ({code})" if fields.get("code") else ""
    return {
        "planned": translations.gettext("{holder} could not be created yet") + code + ".",
        "granting": translations.gettext("{holder} is being created."),
        "active": translations.gettext("{holder} is there."),
        "held": translations.gettext("{holder} was there before."),
        "failed": translations.gettext("{holder} could not be created") + code + ".",
        "ended": translations.gettext("Somebody deleted {holder} outside of this bot."),
        "void": translations.gettext("{holder} was never created."),
        "not yet": translations.gettext("RAM did not do it yet") + code + ".",
    }
