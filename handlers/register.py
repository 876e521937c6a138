"""Which surface answers to what: the names that the manifest, the forms and the buttons use.

Bolt asks its listeners one after the other whether something is theirs, before it is acknowledged. So there is one for
all buttons, one for all forms and one for all fields with options, and each finds by the name whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from handlers import home, options, workflow_step
from handlers.actions import (
    access_reviews,
    away,
    card_buttons,
    comment,
    decisions,
    dm_reminders,
    drift,
    drift_requests,
    emergencies,
    endings,
    extend,
    left_over,
    notices,
    onboarding,
    onboarding_decisions,
    open_request_form,
    policy_reviews,
    remind,
    repairs,
    request_pages,
    status_details,
    submit_request_form,
)
from handlers.commands import registry as access
from handlers.commands import who
from handlers.commands.status import registry as status
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.listener import Listener
from handlers.views import (
    approve_form,
    approve_note,
    board,
    cancel_onboarding,
    details,
    drift_form,
    drift_list,
    extend_form,
    help,
    onboarding_form,
    policy_review,
    repair_form,
    request_form,
    request_input,
)
from handlers.views import away as away_view
from handlers.views import comment as comment_view
from handlers.views import dm_reminders as reminders_view
from handlers.views import home as home_view
from handlers.views import onboarding as onboarding_card
from handlers.views import request_pages as request_windows

COMMANDS = ("/pairec-access", "/pairec-status")
SHORTCUT = "request_access"


def register(app: App, context: HandlerContext) -> None:
    """Attach every surface to the app."""

    def on(listener: Listener) -> Callable[[Ack, dict[str, Any]], None]:
        def call(ack: Ack, body: dict[str, Any]) -> None:
            interaction = Interaction.parse(body)
            listener(ack, interaction, context.read_by(interaction.user))

        return call

    def on_any(listeners: Mapping[str, Listener]) -> Callable[[Ack, dict[str, Any]], None]:
        return on(lambda ack, interaction, reader: listeners[interaction.name](ack, interaction, reader))

    def opened(event: dict[str, Any]) -> None:
        home.home_opened(event, context)

    def step(ack: Ack, event: dict[str, Any]) -> None:
        workflow_step.step_executed(ack, event, context)

    def failed(error: Exception, body: dict[str, Any]) -> None:
        interaction = Interaction.parse(body)
        context.read_by(interaction.user).apologise(error, interaction)

    buttons, forms, fields = _buttons(), _forms(), _fields()
    app.action({"type": "block_actions", "action_id": _one_of(buttons)})(on_any(buttons))
    app.view_submission(_one_of(forms))(on_any(forms))
    app.options({"action_id": _one_of(fields)})(on_any(fields))
    app.command("/pairec-access")(on(access.command))
    app.command("/pairec-status")(on(status.command))
    app.shortcut(SHORTCUT)(on(open_request_form.shortcut))
    app.event("app_home_opened")(opened)
    app.function(workflow_step.CALLBACK, auto_acknowledge=False)(step)
    app.error(failed)


def _one_of(listeners: Mapping[str, Listener]) -> re.Pattern[str]:
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, listeners))})\Z")


def _buttons() -> dict[str, Listener]:
    """By the action_id of what is clicked or chosen."""
    return {
        help.MORE: access.more_clicked,
        "open_request": open_request_form.shortcut,
        "ask_again": open_request_form.ask_again_clicked,
        request_input.WHAT: open_request_form.form_changed,
        request_input.WHERE: open_request_form.form_changed,
        request_input.SUBJECT: open_request_form.form_changed,
        request_input.DURATION: open_request_form.duration_chosen,
        "approve": decisions.approve_clicked,
        "deny": decisions.deny_clicked,
        "change": decisions.change_clicked,
        "details": card_buttons.details_clicked,
        details.OF_OWN: card_buttons.details_of_own_clicked,
        "retry": card_buttons.retry_clicked,
        "remind": remind.remind_clicked,
        away_view.BACK: away.back_clicked,
        reminders_view.DM_REMINDERS: dm_reminders.choice_clicked,
        comment_view.BUTTON: comment.comment_clicked,
        "cancel": endings.cancel_clicked,
        "give_back": endings.give_back_clicked,
        request_windows.Listing.PAST: request_pages.past_clicked,
        request_windows.Listing.RUNNING: request_pages.running_clicked,
        request_windows.NEWER: request_pages.turned,
        request_windows.OLDER: request_pages.turned,
        home_view.OWN_ACCESS: who.own_access_clicked,
        "extend": extend.extend_clicked,
        "revoke": endings.revoke_clicked,
        policy_review.APPROVE: policy_reviews.approve_policy_clicked,
        drift_list.PAGE: drift.page_clicked,
        drift_list.PAGE_BEFORE: drift.page_clicked,
        drift_list.ACCEPT: drift.accept_clicked,
        board.DETAILS: status_details.status_details_clicked,
        "authorize": repairs.authorize_clicked,
        "open_onboarding": onboarding.open_clicked,
        onboarding_card.APPROVE: onboarding_decisions.approve_clicked,
        onboarding_card.CHANGE: onboarding_decisions.change_clicked,
        onboarding_card.DENY: onboarding_decisions.deny_clicked,
        cancel_onboarding.CANCEL: onboarding.cancel_clicked,
        **notices.listeners(),
        **emergencies.click_listeners(),
        **drift_requests.click_listeners(),
        **access_reviews.click_listeners(),
        **left_over.click_listeners(),
    }


def _forms() -> dict[str, Listener]:
    """By the callback_id of what is sent."""
    return {
        request_form.CALLBACK: submit_request_form.form_submitted,
        approve_note.CALLBACK: decisions.note_submitted,
        approve_form.CALLBACK: decisions.changes_submitted,
        details.DENY: decisions.denial_submitted,
        comment_view.CALLBACK: comment.comment_submitted,
        request_windows.CALLBACK: request_pages.searched,
        extend_form.CALLBACK: extend.extension_submitted,
        drift_form.ACCEPT: drift.acceptance_submitted,
        repair_form.CALLBACK: repairs.repair_submitted,
        onboarding_form.ASK: onboarding.form_submitted,
        onboarding_form.CHANGES: onboarding_decisions.changes_submitted,
        onboarding_form.DENIAL: onboarding_decisions.denial_submitted,
        **emergencies.form_listeners(),
        **drift_requests.form_listeners(),
    }


def _fields() -> dict[str, Listener]:
    """By the action_id of what is typed into, and has options."""
    return {
        request_input.WHAT: options.choice_options,
        request_input.WHERE: options.project_options,
        request_input.CLAIM: options.claim_options,
        onboarding_form.BUNDLE: options.bundle_options,
    }
