"""Which surface answers to what: the names that the manifest, the forms and the buttons use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from handlers import access, decisions, endings, home, mends, notices, options, status
from handlers.desk import Desk
from handlers.views import (
    approve_form,
    claim_question,
    details,
    leaver,
    mend_form,
    new_admin,
    origin,
    request_form,
    vanished,
)

COMMANDS = ("/pairec-access", "/pairec-status")
SHORTCUT = "request_access"


def register(app: App, desk: Desk) -> None:
    """Attach every surface to the app."""

    def on(listener: Callable[[Ack, dict[str, Any], Desk], None]) -> Callable[[Ack, dict[str, Any]], None]:
        def call(ack: Ack, body: dict[str, Any]) -> None:
            listener(ack, body, desk)

        return call

    def opened(event: dict[str, Any]) -> None:
        home.opened(event, desk)

    def failed(error: Exception, body: dict[str, Any]) -> None:
        desk.apologise(error, body)

    app.command("/pairec-access")(on(access.command))
    app.command("/pairec-status")(on(status.command))
    app.shortcut(SHORTCUT)(on(access.shortcut))
    app.action("open_request")(on(access.shortcut))
    app.view(request_form.CALLBACK)(on(access.form_submitted))
    app.action(request_form.WHAT)(on(access.form_changed))
    app.action(request_form.WHERE)(on(access.form_changed))
    app.action(request_form.SUBJECT)(on(access.form_changed))
    app.options(request_form.WHAT)(on(options.choices))
    app.options(request_form.WHERE)(on(options.projects))
    app.options(request_form.CLAIM)(on(options.claimable))
    app.action("approve")(on(decisions.approve_clicked))
    app.action("deny")(on(decisions.deny_clicked))
    app.action("change")(on(decisions.change_clicked))
    app.view(approve_form.CALLBACK)(on(decisions.changes_submitted))
    app.view(details.DENY)(on(decisions.denial_submitted))
    app.action("details")(on(decisions.details_clicked))
    app.action("retry")(on(decisions.retry_clicked))
    app.action("cancel")(on(endings.cancel_clicked))
    app.action("give_back")(on(endings.give_back_clicked))
    app.action(claim_question.YES)(on(notices.claim_yes_clicked))
    app.action(claim_question.NO)(on(notices.claim_no_clicked))
    app.action(new_admin.CONFIRM)(on(notices.confirm_admin_clicked))
    app.action(leaver.TAKE_BACK)(on(notices.take_back_clicked))
    app.action(leaver.KEEP)(on(notices.keep_clicked))
    app.action(origin.TAKE_BACK)(on(notices.take_unknown_back_clicked))
    app.action(origin.KEEP)(on(notices.keep_unknown_clicked))
    app.action(vanished.REMOVED)(on(notices.removed_clicked))
    app.action(vanished.AGAIN)(on(notices.again_clicked))
    app.action("authorize")(on(mends.authorize_clicked))
    app.view(mend_form.CALLBACK)(on(mends.mend_submitted))
    app.event("app_home_opened")(opened)
    app.error(failed)
