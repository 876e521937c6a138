"""A task for somebody: to give by hand what no program here reaches, or to take it away; and what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import ButtonElement

from approvals.by_hand import ByHand
from approvals.catalog.model import Catalog
from approvals.entitlements import Key
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.model import request_ref
from approvals.notice import DOERS, Notice
from approvals.operations.by_hand import Done
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, button, buttons, confirmation, context_block, in_sections, note, section
from handlers.views.text import escape, first_of, literal, moment, person

DONE = "by_hand_done"
URL = re.compile(r"https?://[^\s<>|]+")
MAX_NAMED_REQUESTS = 5
TITLES = {
    NoticeKind.GIVE_BY_HAND: N_("🔧 *Grant by hand:* {what} to {who}, RAM user {ram_user}."),
    NoticeKind.TAKE_BY_HAND: N_("🔧 *Revoke by hand:* {what} from {who}, RAM user {ram_user}."),
}
DOUBTS = {
    (NoticeKind.GIVE_BY_HAND, True): N_("It was about to be revoked, and may be there still. Then just press Done."),
    (NoticeKind.TAKE_BY_HAND, False): N_("Nobody confirmed that it was granted. If it was not, just press Done."),
}
"""By what is to be done, and whether somebody ever said that it was given."""
OUTCOMES: Mapping[str, str] = {
    NoticeKind.GIVE_BY_HAND: N_("✅ {refs} · {what} for {who}: granted by hand, confirmed by {by}, {when}."),
    NoticeKind.TAKE_BY_HAND: N_("✅ {refs} · {what} for {who}: revoked by hand, confirmed by {by}, {when}."),
}
OVER: Mapping[str, str] = {
    NoticeKind.GIVE_BY_HAND: N_(
        "⚪\ufe0f {refs} · {what} for {who} is no longer to be granted. Another message asks to revoke what was."
    ),
    NoticeKind.TAKE_BY_HAND: N_("⚪\ufe0f {refs} · {what} for {who} is wanted again, so it is not to be revoked."),
}
ANSWERS = {
    Done.GIVEN_TOO_LATE: N_("It is no longer wanted. A message follows that asks to revoke it again."),
}


def hand_task(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """The steps and the button while it waits; then who said that it was done, or why it needs not be."""
    kind, details = NoticeKind(notice.kind), notice.details
    key = Key.parse(notice.about)
    values = {
        "what": f"*{escape(str(details['title']))}* (`{key.entitlement.name}`)",
        "who": person(str(details["slack"])),
        "ram_user": literal(str(details["ram_user"])),
        "refs": _refs(details["requests"], translations),
    }
    if not notice.open:
        template = OUTCOMES[kind] if notice.outcome == NoticeOutcome.DONE else OVER[kind]
        by, when = person(notice.resolved_by or ""), moment(notice.resolved_at or notice.raised_at)
        return note(translations.gettext(template).format(**values, by=by, when=when))
    give = kind is NoticeKind.GIVE_BY_HAND
    item = ByHand.of_details(details)
    title = translations.gettext(TITLES[kind]).format(**values)
    doubt = DOUBTS.get((kind, bool(details["given"])))
    blocks = [
        section(title if doubt is None else f"{title}\n{translations.gettext(doubt)}"),
        *in_sections(_steps(item.give if give else item.take)),
        buttons(_done(notice, translations, asks=not give)),
        context_block(_foot(notice, translations, values["refs"], give=give)),
    ]
    return Message(title, blocks)


def task_line(notice: Notice, translations: Translations) -> str:
    """What is to be done, in a list."""
    key, details = Key.parse(notice.about), notice.details
    give = notice.kind == NoticeKind.GIVE_BY_HAND
    template = N_("• grant {what} to {who} ({refs}), waits since {when}")
    if not give:
        template = N_("• revoke {what} from {who} ({refs}), waits since {when}")
    return translations.gettext(template).format(
        what=f"`{key.entitlement.name}`",
        who=person(str(details["slack"])),
        refs=_refs(details["requests"], translations),
        when=moment(notice.raised_at),
    )


def done_answer(done: Done, translations: Translations) -> Message | None:
    """What whoever clicked is told; nothing where the message that was clicked on says it."""
    return note(translations.gettext(ANSWERS[done])) if done in ANSWERS else None


def _done(notice: Notice, translations: Translations, *, asks: bool) -> ButtonElement:
    """Whether it is gone nobody sees: so that is asked once more."""
    question = confirmation(
        translations.gettext("Is it revoked?"),
        translations.gettext("Your confirmation counts; nothing here checks it."),
        translations.gettext("It is revoked"),
        translations.gettext("Not yet"),
    )
    return button(translations.gettext("Done"), DONE, notice.id, "primary", confirm=question if asks else None)


def _steps(steps: Sequence[str]) -> list[str]:
    """Whoever runs the app wrote them; an address in them can be clicked."""
    return [f"{number}. {URL.sub(lambda found: f'<{found[0]}>', escape(step))}" for number, step in enumerate(steps, 1)]


def _refs(requests: Sequence[int], translations: Translations) -> str:
    return first_of([f"*{request_ref(int(number))}*" for number in requests], translations, MAX_NAMED_REQUESTS)


def _foot(notice: Notice, translations: Translations, refs: str, *, give: bool) -> str:
    ends_at, doers = notice.details["ends_at"], notice.details[DOERS]
    parts = [
        translations.gettext("{refs}: requested by {requester}, approved by {approver}").format(
            refs=refs,
            requester=person(str(notice.details["requester"])),
            approver=person(str(notice.details["approver"])),
        )
    ]
    if give and ends_at is not None:
        parts.append(translations.gettext("until {ends}").format(ends=moment(int(ends_at))))
    parts.append(translations.gettext("waits since {when}").format(when=moment(notice.raised_at)))
    parts.append(
        translations.gettext("{people} does it; after a day, approvers can too").format(
            people=first_of([person(str(each)) for each in doers], translations)
        )
        if doers
        else translations.gettext("any approver does it, but not whoever requested it or has it")
    )
    return " · ".join(parts)
