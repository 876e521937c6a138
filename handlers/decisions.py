"""Approve, deny, look closer, try again: the buttons of a card. A button carries a request id and nothing else."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack

from approvals import rules, written
from approvals.errors import Refusal, Why
from approvals.ledger import cards, records, requests, trail
from approvals.ledger.records import Record
from approvals.model import AccessRequest, Verdict, parse_ref
from approvals.operations import consequences
from approvals.operations.decide import check_card, closed, decide
from approvals.operations.retry import retry
from approvals.operations.standing import standing
from approvals.operations.terms import Terms, narrowed
from approvals.rules import Act
from handlers.access import button_value
from handlers.desk import BEFORE_ACK, Desk, person_in
from handlers.errors import plain_sentence
from handlers.judged import judged
from handlers.parsing import read_duration
from handlers.views import approve_form
from handlers.views.blocks import Message, note
from handlers.views.details import REASON, deny_form, details
from handlers.windows import open_window


def approve_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    ack()
    request_id = parse_ref(button_value(body))
    desk.serve(body, lambda: _decide(desk, body, request_id, Verdict.APPROVE), Act.DECIDE, request_id)


def deny_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """A denial needs a reason, so it opens a form first."""
    ack()
    request_id = parse_ref(button_value(body))
    desk.serve(body, lambda: _open_denial(desk, body, request_id), Act.DECIDE, request_id)


def change_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """Some of it, or for a shorter time: a form with all that was asked opens first."""
    ack()
    request_id = parse_ref(button_value(body))
    desk.serve(body, lambda: _open_changes(desk, body, request_id), Act.DECIDE, request_id)


def changes_submitted(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """What the request itself says against it stands under its field; the rest is judged after the form closed."""
    view = body["view"]
    request_id = parse_ref(str(view.get("private_metadata") or ""))
    try:
        with desk.ledger.read(BEFORE_ACK) as tx:
            request = requests.get(tx, request_id) if request_id else None
    except desk.ledger.troubles as error:
        refusal = desk.ledger_trouble(error, body)
        ack(response_action="errors", errors={approve_form.DURATION: plain_sentence(refusal, desk.words)})
        return
    terms, errors = _terms(desk, view, request)
    if errors:
        ack(response_action="errors", errors=errors)
        return
    ack()
    work = partial(_decide, desk, body, request_id, Verdict.APPROVE, terms=terms)
    desk.serve(body, work, Act.DECIDE, request_id)


def _terms(desk: Desk, view: dict[str, Any], request: AccessRequest | None) -> tuple[Terms, dict[str, str]]:
    """What was filled in, and what is wrong with it by field. A request that is unknown is refused later."""
    if request is None:
        return Terms(), {}
    filled = approve_form.read(view, request)
    errors = {}
    duration = None
    try:
        duration = read_duration(filled.duration)
        if duration is None and request.duration is not None:
            raise Refusal(Why.LONGER_THAN_ASKED, request=request.ref, longest=request.duration)
        narrowed(request, Terms(None, duration))
    except Refusal as refusal:
        errors[approve_form.DURATION] = plain_sentence(refusal, desk.words)
    try:
        narrowed(request, Terms(filled.parts, None))
    except Refusal as refusal:
        errors[f"{approve_form.PARTS}:0"] = plain_sentence(refusal, desk.words)
    return Terms(filled.parts, duration), errors


def denial_submitted(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    view = body["view"]
    values = (view.get("state") or {}).get("values") or {}
    reason = str(((values.get(REASON) or {}).get(REASON) or {}).get("value") or "").strip()
    refused = [Refusal(Why.REASON_MISSING)] if written.is_blank(reason) else written.against(reason)
    if refused:
        ack(response_action="errors", errors={REASON: plain_sentence(refused[0], desk.words)})
        return
    ack()
    request_id = parse_ref(str(view.get("private_metadata") or ""))
    desk.serve(body, lambda: _decide(desk, body, request_id, Verdict.DENY, reason), Act.DECIDE, request_id)


def details_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    ack()
    request_id = parse_ref(button_value(body))
    desk.serve(body, lambda: _open_details(desk, body, request_id), Act.LOOK, request_id)


def retry_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    ack()
    request_id = parse_ref(button_value(body))
    desk.serve(body, lambda: _retry(desk, body, request_id), Act.RETRY, request_id)


def _decide(
    desk: Desk,
    body: dict[str, Any],
    request_id: int | None,
    verdict: Verdict,
    reason: str | None = None,
    terms: Terms | None = None,
) -> Message | None:
    record = _clicked(desk, body, request_id)
    claimed = record.claim is not None and record.claim.state == "pending"
    others = [word.slack_user_id for word in record.approvals]
    after = judged(
        desk,
        lambda: desk.directory.decision_evidence(person_in(body), record.request, others, claimed=claimed),
        lambda ledger, evidence: decide(
            ledger,
            desk.catalog,
            desk.team_id,
            record.request.id,
            verdict,
            evidence,
            desk.clock.now(),
            reason,
            terms=terms,
        ),
    )
    return _confirmation(desk, body, after, verdict)


def _confirmation(desk: Desk, body: dict[str, Any], after: AccessRequest, verdict: Verdict) -> Message | None:
    """The card shows the decision wherever there is one; a form has closed, so its answer is a message."""
    if verdict is Verdict.APPROVE and "message" in body:
        return None
    _ = desk.words.gettext
    if verdict is Verdict.DENY:
        return note(_("*{ref}* is denied.").format(ref=after.ref))
    return note(_("Your approval of *{ref}* is recorded.").format(ref=after.ref))


def _open_denial(desk: Desk, body: dict[str, Any], request_id: int | None) -> Message | None:
    record = _clicked(desk, body, request_id)
    _may_decide(desk, person_in(body), record)
    return _open(desk, body, deny_form(record, desk.words))


def _open_changes(desk: Desk, body: dict[str, Any], request_id: int | None) -> Message | None:
    record = _clicked(desk, body, request_id)
    _may_decide(desk, person_in(body), record)
    return _open(desk, body, approve_form.approve_form(record, desk.catalog, desk.words))


def _may_decide(desk: Desk, user: str, record: Record) -> None:
    """Nobody fills in what cannot count. A RAM that is too slow for this click does not keep the form shut: what is
    sent is judged anew.

    Raises:
        Refusal: this person does not decide on it.
    """
    actor, admins = desk.directory.clicker(user)
    with desk.ledger.read() as tx:
        known = standing(tx, desk.team_id, actor, admins, record.request)
    if admins is None:
        rules.may_begin(actor, known, record.request)
    else:
        rules.authorise(Act.DECIDE, actor, known, record.request)
    if not record.pending:
        raise closed(record.request)


def _open_details(desk: Desk, body: dict[str, Any], request_id: int | None) -> Message | None:
    record = _clicked(desk, body, request_id)
    person = desk.directory.person(person_in(body))
    rules.genuine(person, desk.team_id)
    with desk.ledger.read() as tx:
        entries = trail.of_request(tx, record.request.id)
    return _open(desk, body, details(record, entries, desk.catalog, desk.words))


def _open(desk: Desk, body: dict[str, Any], view: dict[str, Any]) -> Message | None:
    _ = desk.words.gettext
    too_late = _("That took too long, and Slack no longer lets a window be opened. Please click again.")
    return open_window(desk, body, view, too_late)


def _retry(desk: Desk, body: dict[str, Any], request_id: int | None) -> None:
    record = _clicked(desk, body, request_id)
    judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: retry(
            ledger, desk.catalog, desk.team_id, record.request.id, *evidence, desk.clock.now()
        ),
    )


def _clicked(desk: Desk, body: dict[str, Any], request_id: int | None) -> Record:
    """The request that a button names, which on a card must be the card's own.

    A click on a card that shows an older state has that card drawn again.

    Raises:
        Refusal: the button names no request, or another one than the card shows.
    """
    if request_id is None:
        raise Refusal(Why.UNKNOWN_REQUEST)
    place = _card_place(body)
    if place is None:
        with desk.ledger.read() as tx:
            record = records.read(tx, request_id)
    else:
        with desk.ledger.write() as tx:
            check_card(tx, request_id, *place)
            record = records.read(tx, request_id)
            card = cards.at(tx, *place)
            if record and card and card.drawn_version < record.request.version and not record.pending:
                consequences.redraw_card(tx, desk.clock.now(), card)
    if record is None or record.request.team_id != desk.team_id:
        raise Refusal(Why.UNKNOWN_REQUEST)
    return record


def _card_place(body: dict[str, Any]) -> tuple[str, str] | None:
    """Channel and ts of the card that was clicked; None for App Home, a form, or a private answer."""
    container = body.get("container") or {}
    if container.get("type") != "message" or container.get("is_ephemeral"):
        return None
    return str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
