"""The Authorize button of a board: what will be done, asked for with a reason, and approved like any other request."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack

from approvals import rules, written
from approvals.errors import Refusal, RefusalReason
from approvals.operations.request_access import Ask
from approvals.operations.request_repair import check_repair, raise_if_under_way, request_repair
from approvals.queries import links
from approvals.queries.actor import standing
from approvals.rules import Act
from handlers.actions.named import button_value
from handlers.context import Desk, person_in
from handlers.judged import judged
from handlers.refusals import plain_sentence
from handlers.views.blocks import Message, note
from handlers.views.repair_form import REASON, repair_form
from handlers.windows import open_window


def authorize_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    ack()
    desk.serve(body, lambda: _open(desk, body, button_value(body)), Act.ASK)


def repair_submitted(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    view = body["view"]
    values = (view.get("state") or {}).get("values") or {}
    reason = str(((values.get(REASON) or {}).get(REASON) or {}).get("value") or "").strip()
    refused = [Refusal(RefusalReason.REASON_MISSING)] if written.is_blank(reason) else written.against(reason)
    if refused:
        ack(response_action="errors", errors={REASON: plain_sentence(refused[0], desk.words)})
        return
    ack()
    user = person_in(body)
    ask = Ask(
        asked_key=f"view:{view['id']}",
        team_id=desk.team_id,
        requester=user,
        subject=user,
        item=str(view.get("private_metadata") or ""),
        duration=None,
        reason=reason,
    )
    desk.serve(body, lambda: _ask(desk, ask), Act.ASK)


def _open(desk: Desk, body: dict[str, Any], repair: str) -> Message | None:
    item = desk.catalog.repairs.get(repair)
    if item is None:
        raise Refusal(RefusalReason.UNKNOWN_REPAIR)
    actor = desk.directory.person(person_in(body))
    with desk.ledger.read() as tx:
        if rules.authorise(Act.ASK, actor, standing(tx, desk.team_id, actor)) is None:
            raise Refusal(RefusalReason.REQUESTER_NOT_LINKED)
        raise_if_under_way(tx, item)
    _ = desk.words.gettext
    too_late = _("That took too long, and Slack no longer lets a window be opened. Please click again.")
    return open_window(desk, body, repair_form(item, desk.words), too_late)


def _ask(desk: Desk, ask: Ask) -> Message:
    item = check_repair(desk.catalog, ask)
    with desk.ledger.read() as tx:
        linked = links.slack_ids(tx, desk.team_id)
    request = judged(
        desk,
        lambda: desk.directory.repair_evidence(ask.requester, item, linked),
        lambda ledger, evidence: request_repair(ledger, desk.catalog, ask, evidence, desk.clock.now()),
    )
    _ = desk.words.gettext
    return note(_("*{ref}*: asked. You get a direct message at every step.").format(ref=request.ref))
