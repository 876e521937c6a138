"""What would become of a request."""

from __future__ import annotations

from approvals.operations.ask import Ask
from approvals.operations.request_access import JudgedRequest
from approvals.refusals.catalog import OnCallUnknown, RuleUnanswered
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.starts import from_start
from handlers.views.text import first_of, how_long, literal, person, time_asked
from handlers.views.too_few import too_few_line


def explained(ask: Ask, judged: JudgedRequest, not_at_once: str, translations: Translations) -> Message:
    """How many approvals it takes, by which rule, and who could give them. `not_at_once`: why break-glass would not
    give it, where it gives it to others.
    """
    item = judged.item
    found = [
        translations.gettext("*{title}* (`{name}`) for {subject} as RAM user {ram_user}, {duration}:").format(
            title=item.title,
            name=item.name,
            subject=person(ask.subject),
            ram_user=literal(judged.parties.principal.name),
            duration=from_start(time_asked(ask.duration, ask.ends_by, translations), ask.starts_at, translations),
        ),
        _needs(judged, translations),
        translations.gettext("{people} can approve.").format(
            people=first_of([person(each) for each in judged.parties.approvers], translations)
        ),
    ]
    if judged.too_few:
        found.append(too_few_line(judged.too_few, translations))
    if judged.claimed:
        found.append(translations.gettext("The approval also confirms who this RAM user is."))
    if judged.at_once is not None:
        usage = f"`/pairec-access break-glass {item.name} …`"
        text = translations.gettext("In an emergency, {usage} gives it to you at once for {duration}.")
        found.append(text.format(usage=usage, duration=how_long(judged.at_once, translations)))
    if not_at_once:
        found.append(not_at_once)
    if judged.approving.failing:
        found.append(_failing(judged.approving.failing, translations))
    found.append(translations.gettext("Nothing was requested."))
    return note(" ".join(found))


def _failing(failing: RuleUnanswered, translations: Translations) -> str:
    """Of a rule that would have approved it."""
    if isinstance(failing, OnCallUnknown):
        text = translations.gettext("The rule {rule} asks who is on call, and Slack does not say, so people decide.")
        return text.format(rule=literal(failing.rule))
    text = translations.gettext("The rule {rule} comes to no answer ({why}), so people decide.")
    return text.format(rule=literal(failing.rule), why=literal(failing.why))


def _needs(judged: JudgedRequest, translations: Translations) -> str:
    needed = judged.item.approvals
    if judged.approving.rule:
        text = translations.gettext("is approved by the rule {rule}, without anybody's approval.")
        return text.format(rule=literal(judged.approving.rule))
    if judged.rule is None:
        return translations.ngettext("needs {count} approval.", "needs {count} approvals.", needed).format(count=needed)
    return translations.ngettext(
        "needs {count} approval, by the rule {rule}.", "needs {count} approvals, by the rule {rule}.", needed
    ).format(count=needed, rule=literal(judged.rule))
