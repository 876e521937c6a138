"""What happened to a request, in sentences: the audit trail for people. The exact entries stay in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.audit import Entry
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.comments import Addressee
from approvals.emergency import EmergencyVerdict
from approvals.entitlement_kind import EntitlementKind, Wording
from approvals.entitlements import Entitlement
from approvals.grant import EndCause
from handlers.translations import N_, Translations
from handlers.views.parts import part_name
from handlers.views.text import holder, how_long, literal, moment, person

DECISIONS: Mapping[str, str] = {
    AuditEvent.ASKED: N_("{by_slack} requested it."),
    AuditEvent.CARD_SENT_TO_EACH: N_(
        "The card could not be posted in the channel ({why}), so each approver gets a copy."
    ),
    AuditEvent.STARTED: N_("It started."),
    AuditEvent.NOT_STARTED: N_("It could not start, so it was closed."),
    AuditEvent.DENIED: N_("{by_slack} denied it."),
    AuditEvent.CANCELLED: N_("{by_slack} cancelled it."),
    AuditEvent.EXPIRED: N_("No decision in time; it expired."),
    AuditEvent.APPROVED_BY_RULE: N_("The rule {rule} approved it."),
    AuditEvent.BREAK_GLASS: N_("{by_slack} took it by break-glass."),
    AuditEvent.ESCALATED: N_("No decision in time; it was escalated to {place}."),
    AuditEvent.REMINDED: N_("{by_slack} reminded the approvers."),
    AuditEvent.NOBODY_REMINDED: N_("Nobody was reminded: no approver was here."),
    AuditEvent.OTHER_CLAIM: N_("Its subject was confirmed to be another RAM user, so it was closed."),
    AuditEvent.CLAIM_LOST: N_("RAM user {ram_user} was confirmed to be somebody else's, so it was closed."),
    AuditEvent.LINKED: N_("{slack} was confirmed to be RAM user {ram_user}."),
    AuditEvent.REFUSED: N_("{by_slack} clicked or typed something that was refused ({why})."),
    AuditEvent.GIVEN_BACK: N_("{by_slack} ended it."),
    AuditEvent.TAKEN_BACK: N_("{by_slack} revoked it."),
    AuditEvent.SHORTENED: N_("{by_slack} shortened it: it ends {ends_at}."),
    AuditEvent.UNREVIEWED: N_("Nobody reviewed it, so the access review revoked it."),
    AuditEvent.TRIED_AGAIN: N_("{by_slack} retried it."),
    AuditEvent.GIVEN_BY_HAND: N_("{by_slack} confirmed that {policy} is granted to {holder} by hand."),
    AuditEvent.TAKEN_BY_HAND: N_("{by_slack} confirmed that {policy} is revoked from {holder} by hand."),
}
"""What happens to a request, by event."""
DECISIONS_WITH_REASON: Mapping[str, str] = {
    AuditEvent.GIVEN_BACK: N_("{by_slack} ended it: {reason}"),
    AuditEvent.TAKEN_BACK: N_("{by_slack} revoked it: {reason}"),
}
COMMENTS: Mapping[str, str] = {
    Addressee.REQUESTER: N_("{by_slack} to the requester: {comment}"),
    Addressee.APPROVERS: N_("{by_slack} to the approvers: {comment}"),
}

POLICIES: Mapping[str, str] = {
    AuditEvent.COMES_WITH: N_("{policy} comes with another role of this request, and is revoked with it."),
    AuditEvent.PLANNED: N_("{policy} could not be attached yet."),
    AuditEvent.GRANTING: N_("{policy} is being attached to {holder}."),
    AuditEvent.ACTIVE: N_("{policy} is attached to {holder}."),
    AuditEvent.HELD: N_("{holder} had {policy} before, so it is left alone."),
    AuditEvent.FAILED: N_("{policy} could not be attached."),
    AuditEvent.ENDING: N_("{policy} is being revoked."),
    AuditEvent.ENDED: N_("RAM shows {policy} gone from {holder}."),
    AuditEvent.VOID: N_("{policy} was never attached."),
    AuditEvent.NOT_YET: N_("RAM has not done it yet."),
    AuditEvent.ALARM: N_("The administrators were told that {policy} is not revoked yet."),
    AuditEvent.NOT_TOLD: N_("{to} could not be told ({why})."),
}
"""What happens to a grant of a policy, by event."""
POLICIES_WITH_CODE: Mapping[str, str] = {
    AuditEvent.PLANNED: N_("{policy} could not be attached yet ({code})."),
    AuditEvent.FAILED: N_("{policy} could not be attached ({code})."),
    AuditEvent.NOT_YET: N_("RAM has not done it yet ({code})."),
}
ENDINGS: Mapping[str, str] = {
    EndCause.DEADLINE: N_("{policy} expired and is being revoked."),
    EndCause.REMOVED_OUTSIDE: N_("Somebody removed {policy} outside this app."),
}
"""By cause, where that is told."""

MEMBER_ROLES: Mapping[str, str] = {
    **POLICIES,
    AuditEvent.PLANNED: N_("{policy} could not be granted yet."),
    AuditEvent.GRANTING: N_("{policy} is being granted to {holder}."),
    AuditEvent.ACTIVE: N_("{holder} has {policy}."),
    AuditEvent.FAILED: N_("{policy} could not be granted."),
    AuditEvent.ENDED: N_("{policy} is gone from {holder}."),
    AuditEvent.VOID: N_("{policy} was never granted."),
    AuditEvent.NOT_YET: N_("The product has not done it yet."),
}
MEMBER_ROLES_WITH_CODE: Mapping[str, str] = {
    AuditEvent.PLANNED: N_("{policy} could not be granted yet ({code})."),
    AuditEvent.FAILED: N_("{policy} could not be granted ({code})."),
    AuditEvent.NOT_YET: N_("The product has not done it yet ({code})."),
}

BY_HAND: Mapping[str, str] = {
    **MEMBER_ROLES,
    AuditEvent.GRANTING: N_("{policy} is to be granted to {holder} by hand."),
    AuditEvent.ACTIVE: N_("{policy} counts as active."),
    AuditEvent.ENDED: N_("{policy} counts as ended."),
}
"""Of what people give and take, which counts by their word."""

CREATED_ROLES: Mapping[str, str] = {
    AuditEvent.PLANNED: N_("{holder} could not be created yet."),
    AuditEvent.GRANTING: N_("{holder} is being created."),
    AuditEvent.ACTIVE: N_("{holder} exists."),
    AuditEvent.HELD: N_("{holder} existed before."),
    AuditEvent.FAILED: N_("{holder} could not be created."),
    AuditEvent.ENDED: N_("Somebody deleted {holder} outside this app."),
    AuditEvent.VOID: N_("{holder} was never created."),
    AuditEvent.NOT_YET: N_("RAM has not done it yet."),
}
"""The same for a role that is created once and stays."""
CREATED_ROLES_WITH_CODE: Mapping[str, str] = {
    AuditEvent.PLANNED: N_("{holder} could not be created yet ({code})."),
    AuditEvent.FAILED: N_("{holder} could not be created ({code})."),
    AuditEvent.NOT_YET: N_("RAM has not done it yet ({code})."),
}
OTHER_ROLE = N_("{holder} has the role {other_role} there, which is left as it is.")


GONE: Mapping[Wording | None, str] = {
    Wording.GIVE: MEMBER_ROLES[AuditEvent.ENDED],
    Wording.BY_HAND: BY_HAND[AuditEvent.ENDED],
}


def event_line(entry: Entry, catalog: Catalog, translations: Translations) -> str:
    """One entry as a line: when, and what."""
    fields = entry.fields
    event = str(fields.get("event"))
    values = _values(fields, catalog, translations)
    kind = _kind(fields)
    of_account = kind is not None and kind.of_account
    values["holder"] = holder(str(fields.get("ram_user", "–")), of_account, translations)
    found = _sentences(event, kind.wording if kind else None, fields)
    sentences = [translations.gettext(each).format_map(values) for each in found]
    return f"{moment(entry.moment)} · {' '.join(sentences) or literal(event)}"


def _kind(fields: Mapping[str, Any]) -> EntitlementKind | None:
    """Of the entitlement that an entry is about; None where it is about none."""
    text = fields.get("entitlement")
    return Entitlement.parse(str(text)).kind if text is not None else None


def _sentences(event: str, wording: Wording | None, fields: Mapping[str, Any]) -> list[str]:
    """Not translated yet. Nothing for an event that people are not told of."""
    if wording is Wording.CREATE:
        found = _chosen(event, CREATED_ROLES, CREATED_ROLES_WITH_CODE, fields.get("code"))
    elif event == AuditEvent.ENDING:
        found = [ENDINGS.get(str(fields.get("cause")), POLICIES[event])]
    elif event == AuditEvent.ENDED:
        found = _ended(wording, fields)
    elif wording is Wording.BY_HAND:
        found = _chosen(event, BY_HAND, {}, None)
    elif wording is Wording.GIVE:
        found = _chosen(event, MEMBER_ROLES, MEMBER_ROLES_WITH_CODE, fields.get("code"))
    else:
        found = _chosen(event, POLICIES, POLICIES_WITH_CODE, fields.get("code"))
    if fields.get("other_role"):
        # What they were not given, they did not have before either.
        found = [*([] if event == AuditEvent.HELD else found), OTHER_ROLE]
    return found or _decision(event, fields)


def _chosen(event: str, plain: Mapping[str, str], fuller: Mapping[str, str], more: object) -> list[str]:
    """The sentence of the event, the fuller one where there is more to say."""
    table = fuller if more and event in fuller else plain
    return [table[event]] if event in table else []


def _ended(wording: Wording | None, fields: Mapping[str, Any]) -> list[str]:
    if fields.get("cause") == EndCause.REMOVED_OUTSIDE:
        return [ENDINGS[EndCause.REMOVED_OUTSIDE]]
    if wording in GONE and not fields.get("still_via_requests"):
        return [GONE[wording]]
    sentences = [POLICIES[AuditEvent.ENDED]]
    if fields.get("still_via_requests"):
        sentences = [N_("{policy} has ended here; {holder} still has it through {still_via_requests}.")]
    if fields.get("still_via_groups"):
        sentences.append(N_("They still have it through {still_via_groups}."))
    return sentences


def _decision(event: str, fields: Mapping[str, Any]) -> list[str]:
    match event:
        case AuditEvent.APPROVAL | AuditEvent.APPROVED:
            return _approved(fields)
        case AuditEvent.COMMENTED:
            return [COMMENTS[fields["addressee"]] if "comment" in fields else N_("{by_slack} commented.")]
        case AuditEvent.EMERGENCY_REVIEWED:
            justified = fields.get("verdict") == EmergencyVerdict.JUSTIFIED
            return [
                N_("{by_slack} found it justified: {reason}")
                if justified
                else N_("{by_slack} found it not justified: {reason}")
            ]
        case AuditEvent.CARD_POSTED:
            in_channel = str(fields.get("channel")).startswith(("C", "G"))
            return [N_("The card was posted in {channel}.") if in_channel else N_("A copy of the card was sent.")]
        case AuditEvent.LEFT:
            return [
                N_("{by_slack} revoked all that this RAM user had, whose Slack account was gone.")
                if fields.get("by_slack")
                else N_("{by} revoked all that this RAM user had.")
            ]
        case _:
            return _chosen(event, DECISIONS, DECISIONS_WITH_REASON, fields.get("reason"))


def _approved(fields: Mapping[str, Any]) -> list[str]:
    sentences = [
        N_("{by_slack} approved.") if fields.get("needed") == 1 else N_("{by_slack} approved: {count} of {needed}.")
    ]
    if fields.get("no_longer_counting"):
        sentences.append(N_("The approval of {no_longer_counting} no longer counts."))
    if fields.get("left_out"):
        sentences.append(N_("Left out: {left_out}."))
    if fields.get("note"):
        sentences.append(N_("Note: {note}."))
    if fields.get("shortened_to_ms"):
        sentences.append(N_("Shortened to {shortened_to_ms}."))
    return sentences


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
        elif name == "ends_at" and isinstance(value, int):
            values[name] = moment(value)
        elif name in ("channel", "place") and str(value).startswith(("C", "G")):
            values[name] = f"<#{value}>"
        elif isinstance(value, list):
            values[name] = ", ".join(literal(str(each)) for each in value)
        elif isinstance(value, int):
            values[name] = str(value)
        else:
            values[name] = literal(str(value), 200)
    return values
