"""Asking for access, in a line or in the form."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack

from approvals import rules, written
from approvals.errors import Refusal, RefusalReason
from approvals.evidence import RamUser, email_matches
from approvals.model import Principal
from approvals.operations.precheck import precheck
from approvals.operations.request_access import Ask, check, request_access
from approvals.queries import links, request_view
from approvals.queries.actor import standing
from approvals.rules import Act
from handlers.context import BEFORE_ACK, Desk, person_in
from handlers.identity import link_of
from handlers.judged import judged
from handlers.parsing import parse_line, read_duration
from handlers.refusals import plain_sentence
from handlers.views import request_form
from handlers.views.blocks import Message, note
from handlers.views.text import person
from handlers.windows import open_window, redraw_window


def open_form(desk: Desk, body: dict[str, Any]) -> Message | None:
    """Open the request form for whoever asked for it."""
    user = person_in(body)
    _may_ask(desk, user)
    linked, match = _who(desk, user)
    view = request_form.form(desk.catalog, desk.words, opened_for=user, subject=user, linked=linked, match=match)
    _ = desk.words.gettext
    too_late = _("That took too long, and Slack no longer lets a form be opened. Please type it again.")
    return open_window(desk, body, view, too_late)


def shortcut(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """The global shortcut and App Home's button open the same form."""
    ack()
    desk.serve(body, lambda: open_form(desk, body), Act.ASK)


def form_changed(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """Another policy or another person was chosen: its terms, or their RAM user, are shown."""
    ack()
    desk.serve(body, lambda: _redraw_form(desk, body), Act.ASK)


def _redraw_form(desk: Desk, body: dict[str, Any]) -> None:
    user = person_in(body)
    _may_ask(desk, user)
    view = body["view"]
    filled = request_form.read(view)
    subject = filled.subject or user
    linked, match = _who(desk, subject)
    redrawn = request_form.form(
        desk.catalog,
        desk.words,
        opened_for=user,
        subject=subject,
        linked=linked,
        match=match,
        choice=desk.catalog.choice(filled.item.partition("@")[0]) if filled.item else None,
        item=desk.catalog.find(filled.item) if filled.item else None,
        places=desk.directory.known_places(),
    )
    redraw_window(desk, view, redrawn)


def _may_ask(desk: Desk, user: str) -> None:
    actor = desk.directory.person(user)
    with desk.ledger.read() as tx:
        rules.authorise(Act.ASK, actor, standing(tx, desk.team_id, actor))


def _who(desk: Desk, slack_user_id: str) -> tuple[bool, RamUser | None]:
    """Whether a person is linked, and if not, the RAM user that has their e-mail address, as far as that is known."""
    link, unlinked = link_of(desk, slack_user_id)
    if link or not unlinked:
        return True, None
    matches = email_matches(unlinked, desk.directory.known_users() or ())
    return False, matches[0] if len(matches) == 1 else None


def form_submitted(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """What can be known without asking anybody is shown under its field; the rest is judged after the form closed."""
    view = body["view"]
    filled = request_form.read(view)
    errors: dict[str, str] = {}
    ask = _ask_of(desk, body, filled, errors)
    try:
        foreseen = _foreseen(desk, ask, request_form.origin(view))
    except desk.ledger.engine_errors as error:
        refusal = desk.ledger_refusal(error, body)
        shown = request_form.block_named(view, request_form.WHAT)
        ack(response_action="errors", errors={shown: plain_sentence(refusal, desk.words)})
        return
    for refusal in (*check(desk.catalog, ask), *foreseen):
        errors.setdefault(_FIELDS.get(refusal.reason, request_form.WHAT), plain_sentence(refusal, desk.words))
    if errors:
        ack(
            response_action="errors",
            errors={request_form.block_named(view, field): text for field, text in errors.items()},
        )
        desk.note_refusals(Act.ASK, body, foreseen)
        return
    ack()
    desk.serve(body, lambda: _ask(desk, ask, told=False), Act.ASK)


def _foreseen(desk: Desk, ask: Ask, drawn: request_form.Origin) -> list[Refusal]:
    """For the person whom we opened the form for; anybody else has to be looked at first, and that is done later."""
    if drawn.opened_for != ask.requester:
        return []
    match = drawn.match if drawn.subject == ask.subject else None
    with desk.ledger.read(BEFORE_ACK) as tx:
        return precheck(tx, desk.catalog, ask, desk.directory.known_users(), match)


_FIELDS = {
    RefusalReason.PROJECT_MISSING: request_form.WHERE,
    RefusalReason.UNKNOWN_PROJECT: request_form.WHERE,
    RefusalReason.NOT_THERE: request_form.WHERE,
    RefusalReason.BAD_DURATION: request_form.DURATION,
    RefusalReason.TOO_LONG: request_form.DURATION,
    RefusalReason.UNTIL_REVOKED_NOT_OFFERED: request_form.DURATION,
    RefusalReason.REASON_MISSING: request_form.REASON,
    RefusalReason.UNFIT_CHARACTER: request_form.REASON,
    RefusalReason.TICKET_MISSING: request_form.TICKET,
    RefusalReason.BAD_TICKET: request_form.TICKET,
    RefusalReason.REQUESTER_NOT_LINKED: request_form.SUBJECT,
    RefusalReason.CLAIM_UNKNOWN: request_form.CLAIM,
    RefusalReason.CLAIM_TAKEN: request_form.CLAIM,
    RefusalReason.CLAIM_DIFFERS: request_form.CLAIM,
}


def _ask_of(desk: Desk, body: dict[str, Any], filled: request_form.Filled, errors: dict[str, str]) -> Ask:
    duration: int | None = None
    try:
        duration = read_duration(filled.duration)
    except Refusal as unreadable:
        errors[request_form.DURATION] = plain_sentence(unreadable, desk.words)
    # A claim that was chosen before the person was changed is about the one before.
    about_them = request_form.origin(body["view"]).subject == (filled.subject or person_in(body))
    claim = _claim_of(filled.claim) if about_them else None
    if filled.asks_claim and about_them and claim is None:
        unchosen = Refusal(RefusalReason.CLAIM_UNKNOWN, ram_user=filled.claim or "?")
        errors[request_form.CLAIM] = plain_sentence(unchosen, desk.words)
    user = person_in(body)
    return Ask(
        asked_key=f"view:{body['view']['id']}",
        team_id=desk.team_id,
        requester=user,
        subject=filled.subject or user,
        item=filled.item,
        # A duration that could not be read has its error already; the default passes the other checks.
        duration=duration if request_form.DURATION not in errors else 1,
        reason=filled.reason,
        ticket=filled.ticket or None,
        claim=claim,
    )


def _claim_of(value: str) -> Principal | None:
    user_id, separator, name = value.partition("|")
    return Principal(user_id, name) if separator and user_id and name and not written.against(value) else None


def ask_in_a_line(desk: Desk, body: dict[str, Any], text: str) -> Message | None:
    user = person_in(body)
    line = parse_line(text)
    ask = Ask(
        asked_key=f"line:{body['trigger_id']}",
        team_id=desk.team_id,
        requester=user,
        subject=line.person or user,
        item=line.item,
        duration=line.duration,
        reason=line.reason,
        ticket=line.ticket,
    )
    return _ask(desk, ask, told=True)


def _ask(desk: Desk, ask: Ask, *, told: bool) -> Message | None:
    """Gather the evidence, record the request. `told` wants an answer in place; a direct message follows anyway."""
    for refusal in check(desk.catalog, ask):
        raise refusal
    item = desk.catalog.find(ask.item)
    with desk.ledger.read() as tx:
        known = request_view.asked_with(tx, ask.asked_key)
        linked = links.slack_ids(tx, desk.team_id)
    if known is None and item is not None:
        link, _unlinked = link_of(desk, ask.subject)
        principal = link.principal if link else ask.claim
        wanted = item.entitlements
        known = judged(
            desk,
            lambda: desk.directory.ask_evidence(
                ask.requester, ask.subject, principal, wanted, linked, claimed=link is None
            ),
            lambda ledger, evidence: request_access(ledger, desk.catalog, ask, evidence, desk.clock.now()),
        )
    if known is None or not told:
        return None
    _ = desk.words.gettext
    return note(
        _("*{ref}*: asked. You get a direct message at every step.").format(ref=known.ref)
        if known.subject == known.requester
        else _("*{ref}*: asked for {subject}. You both get a direct message at every step.").format(
            ref=known.ref, subject=person(known.subject)
        )
    )
