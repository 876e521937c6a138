"""The buttons of notices. A button carries the notice's random id and nothing else; whoever clicks is judged anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack

from approvals.ledger import records
from approvals.operations import origin
from approvals.operations.admins import confirm_admins
from approvals.operations.confirm_subject import confirm_subject, refuse_subject, request_of
from approvals.operations.leavers import keep, take_all_back
from approvals.operations.vanishing import look_again, were_removed
from approvals.rules import Act
from handlers.desk import Desk, person_in
from handlers.judged import judged
from handlers.named import button_value, notice_named
from handlers.views.blocks import Message, note
from handlers.views.text import first_of, literal

Deed = Callable[[Desk, dict[str, Any], str], Message | None]


def confirm_admin_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _confirm_admin, Act.CONFIRM)


def claim_yes_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _claim_is_true, Act.CONFIRM)


def claim_no_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _claim_is_wrong, Act.CONFIRM)


def take_back_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _take_all_back, Act.REVOKE_ALL)


def keep_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _keep, Act.REVOKE_ALL)


def take_unknown_back_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _take_unknown_back, Act.REVOKE_ALL)


def keep_unknown_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _keep_unknown, Act.REVOKE_ALL)


def removed_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _were_removed, Act.CONFIRM)


def again_clicked(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    _serve(ack, body, desk, _look_again, Act.CONFIRM)


def _serve(ack: Ack, body: dict[str, Any], desk: Desk, deed: Deed, act: Act) -> None:
    """What is done about the notice that the button names, if this ledger has it."""
    ack()
    notice_id = button_value(body)

    def work() -> Message | None:
        notice_named(desk, body, notice_id)
        return deed(desk, body, notice_id)

    desk.serve(body, work, act)


def _take_all_back(desk: Desk, body: dict[str, Any], notice_id: str) -> Message:
    done = judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: take_all_back(ledger, desk.team_id, notice_id, *evidence, desk.clock.now()),
    )
    words = desk.words
    if not done.ended:
        return note(words.gettext("There was nothing left to take back."))
    told = words.ngettext(
        "{count} grant is being taken back. Its card says when it is gone.",
        "{count} grants are being taken back. Their cards say when they are gone.",
        len(done.ended),
    )
    return note(told.format(count=len(done.ended)))


def _keep(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    """The message that was clicked on says it."""
    judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: keep(ledger, desk.team_id, notice_id, *evidence, desk.clock.now()),
    )


def _take_unknown_back(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    """The message that was clicked on says it, and a direct message when it is gone."""
    judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: origin.take_back(
            ledger, desk.catalog, desk.team_id, notice_id, *evidence, desk.clock.now()
        ),
    )


def _keep_unknown(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: origin.keep(ledger, desk.team_id, notice_id, *evidence, desk.clock.now()),
    )


def _claim_is_true(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    """The message that was clicked on says what came of it."""
    with desk.ledger.read() as tx:
        record = records.of(tx, request_of(tx, notice_id)[1])
    others = [word.slack_user_id for word in record.approvals]
    judged(
        desk,
        lambda: desk.directory.decision_evidence(person_in(body), record.request, others, claimed=True),
        lambda ledger, evidence: confirm_subject(
            ledger, desk.catalog, desk.team_id, notice_id, evidence, desk.clock.now()
        ),
    )


def _claim_is_wrong(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    judged(
        desk,
        lambda: desk.directory.person(person_in(body)),
        lambda ledger, actor: refuse_subject(ledger, desk.team_id, notice_id, actor, desk.clock.now()),
    )


def _confirm_admin(desk: Desk, body: dict[str, Any], notice_id: str) -> Message:
    confirmed = judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: confirm_admins(ledger, desk.team_id, notice_id, *evidence, desk.clock.now()),
    )
    told = desk.words.ngettext(
        "RAM user {ram_users} is confirmed, and may decide now.",
        "RAM users {ram_users} are confirmed, and may decide now.",
        len(confirmed),
    )
    return note(told.format(ram_users=first_of([literal(each.name) for each in confirmed], desk.words)))


def _were_removed(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    """The message that was clicked on says it."""
    judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: were_removed(ledger, desk.team_id, notice_id, *evidence, desk.clock.now()),
    )


def _look_again(desk: Desk, body: dict[str, Any], notice_id: str) -> None:
    judged(
        desk,
        lambda: (desk.directory.person(person_in(body)), desk.directory.admins()),
        lambda ledger, evidence: look_again(ledger, desk.team_id, notice_id, *evidence, desk.clock.now()),
    )
