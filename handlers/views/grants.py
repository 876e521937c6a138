"""One line for each grant: its state in words, why it failed, and what happens next."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.entitlement_kind import Wording
from approvals.entitlements import Entitlement
from approvals.errors import CloudErrorKind
from approvals.grant import EndCause, Grant, GrantState
from approvals.model import request_ref
from approvals.queries.by_hand import HandWord
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.cloud_errors import error_matters, error_text, manual_steps, retry_sentence
from handlers.views.parts import part_name
from handlers.views.text import first_of, holder, literal, moment, person

MAX_ASKED = 3
"""People who are named of those who are asked."""
SIGNS = {
    GrantState.PLANNED: "🕓",
    GrantState.GRANTING: "🕓",
    GrantState.ACTIVE: "🟢",
    GrantState.ENDING: "🟠",
    GrantState.ENDED: "⚪\ufe0f",
    GrantState.HELD: "🔵",
    GrantState.FAILED: "🔴",
    GrantState.VOID: "⚪\ufe0f",
}
STATES = {
    GrantState.ENDING: N_("being revoked since {when}, not confirmed yet."),
    GrantState.ENDED: N_("ended {when}"),
    GrantState.HELD: N_("held before, and stays when this request ends"),
}
"""What stands behind the name of what is granted, whatever that is."""
POLICY_STATES = {
    **STATES,
    GrantState.PLANNED: N_("about to be attached."),
    GrantState.GRANTING: N_("being attached."),
    GrantState.FAILED: N_("could not be attached."),
    GrantState.VOID: N_("never attached, it ended before that"),
}
MEMBER_ROLE_STATES = {
    **STATES,
    GrantState.PLANNED: N_("about to be granted."),
    GrantState.GRANTING: N_("being granted."),
    GrantState.FAILED: N_("could not be granted."),
    GrantState.VOID: N_("never granted, it ended before that"),
}
CREATED_ROLE_STATES = {
    **POLICY_STATES,
    GrantState.PLANNED: N_("about to be created."),
    GrantState.GRANTING: N_("being created."),
    GrantState.ACTIVE: N_("exists, and stays"),
    GrantState.FAILED: N_("could not be created."),
}
"""Of a role that is created once and stays."""
MANUAL_STATES = {
    **MEMBER_ROLE_STATES,
    GrantState.PLANNED: N_("somebody is about to be asked to grant it by hand."),
    GrantState.GRANTING: N_("waits for {asked} to grant it by hand."),
    GrantState.ENDING: N_("waits since {when} for {asked} to revoke it by hand."),
    GrantState.ENDED: N_("ended {when}: by hand, confirmed by {taker}"),
}
"""Of what people give and take by hand, and nobody else sees."""
STATES_BY_WORDING = {
    Wording.BY_HAND: MANUAL_STATES,
    Wording.ATTACH: POLICY_STATES,
    Wording.CREATE: CREATED_ROLE_STATES,
    Wording.GIVE: MEMBER_ROLE_STATES,
}
"""How long something is active for stands in sentences of its own."""
OTHER_ROLE = {
    GrantState.HELD: N_("{holder} has the role {other_role} there, which is left as it is"),
    GrantState.ENDED: N_("ended {when}; {holder} has the role {other_role} there, which is left as it is"),
}
"""Where a member has one role, and it is not for the bot to replace."""
BLOCKED = N_("needs manual work since {when}: it could not be revoked.")


def grant_lines(record: RequestView, catalog: Catalog, translations: Translations) -> list[str]:
    """A line for each; the only grant of a request is not named, since the request is. What an approval left out is
    named as well.
    """
    if len(record.request.entitlements) == 1 and len(record.grants) == 1:
        return [grant_line(record.grants[0], record, catalog, translations, named=False)]
    given = [_line_among_others(grant, record, catalog, translations) for grant in record.grants]
    return given + left_out_lines(record, catalog, translations)


def left_out_lines(record: RequestView, catalog: Catalog, translations: Translations) -> list[str]:
    """A line for each part that an approval so far does not give."""
    return [_left_out(part, record, catalog, translations) for part in record.left_out]


def _left_out(part: Entitlement, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """Nobody is to believe that it is not there where the product gives it to whoever has another part."""
    name = part_name(part, catalog, translations)
    implying = catalog.implied_by.get(part)
    if implying is None or implying not in record.request.entitlements or implying in record.left_out:
        return translations.gettext("➖ {part}: left out of the approval").format(part=name)
    return translations.gettext("➖ {part}: left out of the approval, but it comes with {implying}").format(
        part=name, implying=part_name(implying, catalog, translations)
    )


def _line_among_others(grant: Grant, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """Of what nobody asked for in this request, it says that the product gives it to whoever has another part of it."""
    line = grant_line(grant, record, catalog, translations)
    implying = catalog.implied_by.get(grant.entitlement)
    if grant.entitlement in record.request.entitlements or implying is None:
        return line
    return translations.gettext("{line}; it comes with {part}").format(
        line=line, part=part_name(implying, catalog, translations)
    )


def grant_line(
    grant: Grant, record: RequestView, catalog: Catalog, translations: Translations, *, named: bool = True
) -> str:
    """A sign, what is granted unless that is not to be `named`, its state, and what is the matter with it."""
    text = translations.gettext(_state(grant)).format(
        when=_when(grant),
        ends=moment(grant.ends_at) if grant.ends_at is not None else "",
        **still_held(grant, translations),
        **_said(record.by_hand.get(grant.id, HandWord()), translations),
    )
    if grant.error_kind and error_matters(grant):
        text += " " + error_text(grant.error_kind, translations, grant)
        if grant.error_kind is CloudErrorKind.NO_PERMISSION and grant.state is not GrantState.FAILED:
            text += " " + retry_sentence(translations)
        if grant.entitlement.is_member_role and grant.state is GrantState.FAILED:
            text += " " + manual_steps(grant, translations)
    sign = SIGNS[grant.state]
    if not named:
        return f"{sign} {text[:1].upper()}{text[1:]}"
    return f"{sign} {part_name(grant.entitlement, catalog, translations)}: {text}"


def still_held(grant: Grant, translations: Translations) -> dict[str, str]:
    """Through what the principal still has it after this grant, or what in its place, as `{holder}`, `{through}` and
    `{other_role}` of a sentence.
    """
    through = [request_ref(number) for number in grant.remains.requests]
    through += [translations.gettext("group {group}").format(group=literal(group)) for group in grant.remains.groups]
    return {
        "holder": holder(grant.principal.name, grant.entitlement.of_account, translations),
        "through": ", ".join(through),
        "other_role": literal(grant.remains.other_role),
    }


def _said(word: HandWord, translations: Translations) -> dict[str, str]:
    """Of what is done by hand: who is asked, and by whose word it was given or taken."""
    nobody = translations.gettext("an approver")
    asked = [person(each) for each in word.asked]
    return {
        "asked": first_of(asked, translations, MAX_ASKED) if asked else nobody,
        "giver": person(word.given_by) if word.given_by else nobody,
        "taker": person(word.taken_by) if word.taken_by else nobody,
    }


def _when(grant: Grant) -> str:
    at = grant.ended_at or grant.ending_at or grant.active_at
    return moment(at) if at else ""


def _state(grant: Grant) -> str:
    """What stands behind the name of what is granted, not translated yet."""
    if grant.blocked:
        return BLOCKED
    if grant.remains.other_role and not grant.remains:
        return OTHER_ROLE[grant.state]
    if grant.state is GrantState.ENDED and grant.end_cause == EndCause.REMOVED_OUTSIDE:
        return _removed_outside(grant)
    if grant.state is GrantState.ENDED and grant.remains:
        return _ended_but_still_held(grant)
    states = STATES_BY_WORDING[grant.entitlement.kind.wording]
    if grant.state in states:
        return states[grant.state]
    if grant.entitlement.by_hand:
        return (
            N_("active until revoked: by hand, confirmed by {giver}")
            if grant.ends_at is None
            else N_("active until {ends}: by hand, confirmed by {giver}")
        )
    return N_("active until revoked") if grant.ends_at is None else N_("active until {ends}")


def _removed_outside(grant: Grant) -> str:
    if not grant.remains:
        return N_("removed outside this app, noticed {when}")
    if grant.remains.requests:
        return N_("removed outside this app, noticed {when}; {holder} still has it through {through}")
    return N_(
        "removed outside this app, noticed {when}; the direct grant is gone; {holder} still has it through {through}"
    )


def _ended_but_still_held(grant: Grant) -> str:
    if grant.remains.requests:
        return N_("ended {when}; {holder} still has it through {through}")
    return N_("ended {when}; the direct grant is gone; {holder} still has it through {through}")
