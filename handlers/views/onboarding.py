"""A RAM user for somebody who has none: the card that approvers decide on, and what the people concerned are told."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.ids import SlackUserId
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from approvals.onboarding import Onboarding, OnboardingNews, OnboardingProblem, OnboardingState, of_details
from handlers.translations import N_, Translations
from handlers.views.blocks import (
    Block,
    Message,
    button,
    buttons,
    context_block,
    fields,
    section,
    typed,
)
from handlers.views.cancel_onboarding import cancel_button
from handlers.views.card_facts import catalogue_name
from handlers.views.cloud_errors import call_text
from handlers.views.confirmation import CONFIRM
from handlers.views.console import user_address
from handlers.views.onboarding_texts import ASKED_FOR, CLOSED, CREATED, STEPS, THEN, login_text, problem_text
from handlers.views.parts import product_title
from handlers.views.text import literal, moment, person, truncated

APPROVE, CHANGE, DENY = "onboarding_approve", "onboarding_change", "onboarding_deny"


def onboarding_card(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What is to be created, for whom, and what follows; once it is decided, what became of it."""
    onboarding = of_details(notice.details)
    if not notice.open:
        return _resolved(notice, onboarding, catalog, translations)
    told = translations.gettext("*New RAM user* for {subject}, requested by {requester}").format(
        subject=person(onboarding.subject), requester=person(onboarding.requester)
    )
    blocks = [
        section(told),
        _facts(onboarding, translations),
        section(_what_follows(onboarding, catalog, translations)),
        buttons(
            button(translations.gettext("Approve"), APPROVE, notice.id, "primary"),
            button(translations.gettext("Approve with changes"), CHANGE, notice.id),
            button(translations.gettext("Deny"), DENY, notice.id, "danger"),
        ),
        context_block(_expires(onboarding, translations)),
    ]
    return Message(told, blocks)


def onboarding_message(
    kind: OnboardingNews, to: SlackUserId, onboarding: Onboarding, catalog: Catalog, translations: Translations
) -> Message:
    """A direct message, in words for whoever gets it."""
    match kind:
        case OnboardingNews.ASKED:
            templates = [_asked(to, onboarding), *([THEN] if onboarding.item else [])]
            lines = [_filled(each, onboarding, catalog, translations) for each in templates]
            lines.append(_expires(onboarding, translations))
        case OnboardingNews.DENIED:
            lines = [_filled(CLOSED[NoticeOutcome.DENIED], onboarding, catalog, translations)]
        case OnboardingNews.CANCELLED:
            lines = [_filled(CLOSED[NoticeOutcome.CANCELLED], onboarding, catalog, translations)]
        case OnboardingNews.EXPIRED:
            lines = [_filled(CLOSED[NoticeOutcome.EXPIRED], onboarding, catalog, translations)]
        case OnboardingNews.NAME_TAKEN:
            told = N_(
                "The name that was approved for {subject} was taken. Approval is needed again, for RAM user {name}."
            )
            lines = [_filled(told, onboarding, catalog, translations)]
        case OnboardingNews.FAILED | OnboardingNews.DONE:
            lines = _outcome(onboarding, catalog, translations)
    more = [*_why(onboarding), *_call(onboarding, translations)]
    if kind is OnboardingNews.ASKED and onboarding.state is OnboardingState.PENDING:
        more.append(buttons(cancel_button(onboarding, translations)))
    return Message(lines[0], [section("\n".join(lines)), *more])


def cancellation(onboarding: Onboarding, catalog: Catalog, translations: Translations) -> Message:
    """What a typed `cancel` names, and the button that withdraws it."""
    told = translations.gettext("RAM user {name} for {subject}, requested by {requester}. It is pending.")
    press = cancel_button(onboarding, translations, "danger")
    text = _filled(told, onboarding, catalog, translations)
    return Message(text, [section(text), buttons(press, block_id=CONFIRM)])


def _asked(to: SlackUserId, onboarding: Onboarding) -> str:
    if to != onboarding.requester:
        return N_("{requester} requested RAM user {name} for you. An administrator decides.")
    if to == onboarding.subject:
        return N_("You requested RAM user {name}. An administrator decides.")
    return N_("You requested RAM user {name} for {subject}. An administrator decides.")


def _expires(onboarding: Onboarding, translations: Translations) -> str:
    return translations.gettext("Expires {when}.").format(when=moment(onboarding.expires_at))


def _facts(onboarding: Onboarding, translations: Translations) -> Block:
    user = onboarding.user
    facts = [
        (translations.gettext("RAM user"), user.name),
        (translations.gettext("Signs in as"), onboarding.principal_name),
        (translations.gettext("Display name"), user.display_name),
        *([(translations.gettext("Email"), user.email)] if user.email else []),
    ]
    return fields(*(f"*{title}*\n{literal(value, 200)}" for title, value in facts))


def _what_follows(onboarding: Onboarding, catalog: Catalog, translations: Translations) -> str:
    told = N_(
        "Approving creates the user, without a password and an access key, and links it to {subject}."
        " Then {item} is requested, which needs an approval of its own."
    )
    if onboarding.item is None:
        told = N_("Approving creates the user, without a password and an access key, and links it to {subject}.")
    return _filled(told, onboarding, catalog, translations)


def _resolved(notice: Notice, onboarding: Onboarding, catalog: Catalog, translations: Translations) -> Message:
    if onboarding.state in STEPS:
        lines = [_filled(STEPS[onboarding.state], onboarding, catalog, translations)]
    elif notice.outcome in CLOSED:
        lines = [_filled(CLOSED[str(notice.outcome)], onboarding, catalog, translations)]
    else:
        lines = _outcome(onboarding, catalog, translations)
    blocks = [section("\n".join(lines)), *_why(onboarding), *_call(onboarding, translations)]
    if notice.outcome == NoticeOutcome.APPROVED and notice.resolved_by:
        by = translations.gettext("Approved by {by}.").format(by=person(notice.resolved_by))
        blocks.append(context_block(by))
    return Message(lines[0], blocks)


def _outcome(onboarding: Onboarding, catalog: Catalog, translations: Translations) -> list[str]:
    """What became of an approved one, and how the person logs in."""
    problem = onboarding.problem
    if onboarding.state is not OnboardingState.DONE or problem is OnboardingProblem.NOT_LINKED:
        return [_filled(problem_text(onboarding), onboarding, catalog, translations)]
    told = [CREATED, *([problem_text(onboarding)] if problem else [ASKED_FOR]), login_text(onboarding)]
    return [_filled(each, onboarding, catalog, translations) for each in told]


def _filled(template: str, onboarding: Onboarding, catalog: Catalog, translations: Translations) -> str:
    name = literal(onboarding.user.name)
    address = user_address(onboarding.ram_user_id) if onboarding.ram_user_id else None
    return translations.gettext(template).format(
        name=name,
        display_name=literal(onboarding.user.display_name),
        email=literal(onboarding.user.email or "", 200),
        login=literal(onboarding.principal_name, 200),
        subject=person(onboarding.subject),
        requester=person(onboarding.requester),
        by=person(onboarding.decided_by) if onboarding.decided_by else translations.gettext("an administrator"),
        item=catalogue_name(onboarding.item, catalog) if onboarding.item else "",
        ref=request_ref(onboarding.request_id) if onboarding.request_id else "",
        console=f"<{address}|{translations.gettext('RAM console')}>" if address else name,
    )


def _why(onboarding: Onboarding) -> list[Block]:
    return [typed(truncated(onboarding.reason))] if onboarding.reason else []


def _call(onboarding: Onboarding, translations: Translations) -> list[Block]:
    """The call of the cloud that did not do it, which its support asks for."""
    if onboarding.state is not OnboardingState.FAILED or onboarding.error_code is None:
        return []
    told = call_text(
        product_title(None), onboarding.error_action, onboarding.error_code, onboarding.error_request_id, translations
    )
    return [context_block(told)]
