"""Which policies are the ones that were reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals.policies.reviewed import PoliciesNow, PolicyNow, ReviewState, review_state
from approvals.queries.policy_reviews import PolicyReview
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, context_block, in_sections, note
from handlers.views.text import all_of, first_of, literal, moment, person

LINES: Mapping[ReviewState, str] = {
    ReviewState.REVIEWED: N_("✅ {policy} {version}: reviewed by {by}, {when}"),
    ReviewState.UNREVIEWED: N_("⚠️ {policy} {version}: not reviewed"),
    ReviewState.CHANGED: N_("📜 {policy} {version}: changed since it was reviewed, not granted"),
    ReviewState.UNREADABLE: N_("⚠️ {policy} {version}: its document cannot be read"),
    ReviewState.MISSING: N_("⚠️ {policy}: not in this account"),
}
PUBLISHED = N_("✅ {policy} {version}: as published by Alibaba Cloud")


def policies(reviews: Mapping[str, PolicyReview], seen: PoliciesNow, translations: Translations) -> Message:
    """A line for each of the catalogue's."""
    states = {name: review_state(reviews[name].policy if name in reviews else None, now) for name, now in seen.items()}
    lines = [_line(name, states[name], reviews.get(name), now, translations) for name, now in seen.items()]
    blocks = in_sections(lines)
    if set(states.values()) & {ReviewState.UNREVIEWED, ReviewState.CHANGED}:
        blocks.append(
            context_block(translations.gettext("`/pairec-access policies review` asks approvers for the rest."))
        )
    return Message(translations.gettext("Policies"), blocks)


def _line(
    name: str, state: ReviewState, review: PolicyReview | None, now: PolicyNow | None, translations: Translations
) -> str:
    by = [person(each) for each in review.by] if review else []
    template = LINES[state] if by or state is not ReviewState.REVIEWED else PUBLISHED
    return translations.gettext(template).format(
        policy=literal(name, 128),
        version=literal(now.version) if now else "",
        by=all_of(by, translations) if by else "",
        when=moment(review.at) if review else "",
    )


def asked(names: Sequence[str], translations: Translations) -> Message:
    """What approvers are asked to review now."""
    if not names:
        return note(translations.gettext("✅ All policies are reviewed."))
    text = translations.gettext("📜 Two approvers are asked to review {policies}, where cards are posted.")
    return note(text.format(policies=first_of([literal(name, 128) for name in names], translations)))
