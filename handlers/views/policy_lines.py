"""What a policy allows, in lines of which none leaves anything out: whoever reviews it answers for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from approvals.policies.difference import ActionLine
from approvals.policies.document import PolicyCondition
from approvals.policies.summary import Allowance
from handlers.translations import N_, Translations
from handlers.views.text import exact

MAX_LINE_CHARACTERS = 2_900


class TooLongToShow(Exception):
    """One name or value alone is longer than what a paragraph takes."""


def allowance_line(allowance: Allowance, translations: Translations) -> str:
    """What one statement says of one service: what is changed, then what is read."""
    said = []
    if allowance.all_but:
        said.append(translations.gettext("everything but {actions}").format(actions=_listed(allowance.changes)))
    elif "*" in allowance.changes:
        said.append(translations.gettext("everything"))
    elif allowance.changes:
        said.append(translations.gettext("writes {actions}").format(actions=_listed(allowance.changes)))
    if allowance.reads:
        said.append(translations.gettext("reads {actions}").format(actions=_listed(allowance.reads)))
    service = translations.gettext("all services") if allowance.service == "*" else exact(allowance.service)
    what = "; ".join(said) + _restricted(allowance.resources, allowance.conditions, translations)
    template = N_("{service}: {what}") if allowance.allows else N_("{service}, denied: {what}")
    return translations.gettext(template).format(service=service, what=what)


def action_lines(line: ActionLine, translations: Translations) -> Iterator[str]:
    """Each action on a line of its own, where there is nothing more to say of them."""
    restricted = _restricted(line.resources, line.conditions, translations)
    template = N_("{action}")
    if line.all_but:
        template = N_("everything but {action}") if line.allows else N_("deny everything but {action}")
    elif not line.allows:
        template = N_("deny {action}")
    together = [line.actions] if restricted or line.all_but else [(action,) for action in line.actions]
    for actions in together:
        yield translations.gettext(template).format(action=_listed(actions)) + restricted


def wrapped(line: str) -> Iterator[str]:
    """The same in pieces that a paragraph takes, broken between two names.

    Raises:
        TooLongToShow: it cannot be.
    """
    while len(line) > MAX_LINE_CHARACTERS:
        end = line.rfind("`, ", 1, MAX_LINE_CHARACTERS)
        # No name has a backtick inside: an odd one begins a name, and this is no end of one.
        while end > 0 and line.count("`", 0, end + 1) % 2:
            end = line.rfind("`, ", 1, end)
        if end <= 0:
            raise TooLongToShow
        yield line[: end + 2]
        line = line[end + 3 :]
    yield line


def _restricted(resources: Sequence[str], conditions: Iterable[PolicyCondition], translations: Translations) -> str:
    text = "" if "*" in resources else " " + translations.gettext("on {resources}").format(resources=_listed(resources))
    for each in conditions:
        condition = f"{exact(f'{each.operator} {each.key}')} = {_listed(each.values)}"
        text += ", " + translations.gettext("only if {condition}").format(condition=condition)
    return text


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(exact, names))
