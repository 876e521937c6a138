"""Which surface answers to what: the names that the manifest, the forms and the buttons use."""

from __future__ import annotations

from collections.abc import Callable
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

    def on(listener: Callable[[Ack, Interaction, HandlerContext], None]) -> Callable[[Ack, dict[str, Any]], None]:
        def call(ack: Ack, body: dict[str, Any]) -> None:
            interaction = Interaction.parse(body)
            listener(ack, interaction, context.read_by(interaction.user))

        return call

    def opened(event: dict[str, Any]) -> None:
        home.home_opened(event, context)

    def step(ack: Ack, event: dict[str, Any]) -> None:
        workflow_step.step_executed(ack, event, context)

    def failed(error: Exception, body: dict[str, Any]) -> None:
        interaction = Interaction.parse(body)
        context.read_by(interaction.user).apologise(error, interaction)

    app.command("/pairec-access")(on(access.command))
    app.command("/pairec-status")(on(status.command))
    app.action(help.MORE)(on(access.more_clicked))
    app.shortcut(SHORTCUT)(on(open_request_form.shortcut))
    app.action("open_request")(on(open_request_form.shortcut))
    app.action("ask_again")(on(open_request_form.ask_again_clicked))
    app.view(request_form.CALLBACK)(on(submit_request_form.form_submitted))
    app.action(request_input.WHAT)(on(open_request_form.form_changed))
    app.action(request_input.WHERE)(on(open_request_form.form_changed))
    app.action(request_input.SUBJECT)(on(open_request_form.form_changed))
    app.action(request_input.DURATION)(on(open_request_form.duration_chosen))
    app.options(request_input.WHAT)(on(options.choice_options))
    app.options(request_input.WHERE)(on(options.project_options))
    app.options(request_input.CLAIM)(on(options.claim_options))
    app.action("approve")(on(decisions.approve_clicked))
    app.action("deny")(on(decisions.deny_clicked))
    app.action("change")(on(decisions.change_clicked))
    app.view(approve_note.CALLBACK)(on(decisions.note_submitted))
    app.view(approve_form.CALLBACK)(on(decisions.changes_submitted))
    app.view(details.DENY)(on(decisions.denial_submitted))
    app.action("details")(on(card_buttons.details_clicked))
    app.action(details.OF_OWN)(on(card_buttons.details_of_own_clicked))
    app.action("retry")(on(card_buttons.retry_clicked))
    app.action("remind")(on(remind.remind_clicked))
    app.action(away_view.BACK)(on(away.back_clicked))
    app.action(reminders_view.DM_REMINDERS)(on(dm_reminders.choice_clicked))
    app.action(comment_view.BUTTON)(on(comment.comment_clicked))
    app.view(comment_view.CALLBACK)(on(comment.comment_submitted))
    app.action("cancel")(on(endings.cancel_clicked))
    app.action("give_back")(on(endings.give_back_clicked))
    app.action(request_windows.Listing.PAST)(on(request_pages.past_clicked))
    app.action(request_windows.Listing.RUNNING)(on(request_pages.running_clicked))
    app.action(request_windows.NEWER)(on(request_pages.turned))
    app.action(request_windows.OLDER)(on(request_pages.turned))
    app.view(request_windows.CALLBACK)(on(request_pages.searched))
    app.action(home_view.OWN_ACCESS)(on(who.own_access_clicked))
    app.action("extend")(on(extend.extend_clicked))
    app.view(extend_form.CALLBACK)(on(extend.extension_submitted))
    app.action("revoke")(on(endings.revoke_clicked))
    app.action(policy_review.APPROVE)(on(policy_reviews.approve_policy_clicked))
    app.action(drift_list.PAGE)(on(drift.page_clicked))
    app.action(drift_list.PAGE_BEFORE)(on(drift.page_clicked))
    app.action(drift_list.ACCEPT)(on(drift.accept_clicked))
    app.view(drift_form.ACCEPT)(on(drift.acceptance_submitted))
    for button, clicked in {
        **notices.listeners(),
        **emergencies.click_listeners(),
        **drift_requests.click_listeners(),
        **access_reviews.click_listeners(),
    }.items():
        app.action(button)(on(clicked))
    for callback, submitted in {**emergencies.form_listeners(), **drift_requests.form_listeners()}.items():
        app.view(callback)(on(submitted))
    app.action(board.DETAILS)(on(status_details.status_details_clicked))
    app.action("authorize")(on(repairs.authorize_clicked))
    app.view(repair_form.CALLBACK)(on(repairs.repair_submitted))
    app.action("open_onboarding")(on(onboarding.open_clicked))
    app.view(onboarding_form.ASK)(on(onboarding.form_submitted))
    app.options(onboarding_form.BUNDLE)(on(options.bundle_options))
    app.action(onboarding_card.APPROVE)(on(onboarding_decisions.approve_clicked))
    app.action(onboarding_card.CHANGE)(on(onboarding_decisions.change_clicked))
    app.action(onboarding_card.DENY)(on(onboarding_decisions.deny_clicked))
    app.action(cancel_onboarding.CANCEL)(on(onboarding.cancel_clicked))
    app.view(onboarding_form.CHANGES)(on(onboarding_decisions.changes_submitted))
    app.view(onboarding_form.DENIAL)(on(onboarding_decisions.denial_submitted))
    app.event("app_home_opened")(opened)
    app.function(workflow_step.CALLBACK, auto_acknowledge=False)(step)
    app.error(failed)
