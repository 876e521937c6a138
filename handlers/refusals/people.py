"""Sentences about who somebody is in Slack."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.people import (
    AccountRefusal,
    BotAccount,
    DeletedAccount,
    GuestAccount,
    NotLinked,
    SeveralPeople,
    Stranger,
    UnknownPerson,
)
from handlers.translations import N_, Translations
from handlers.views.text import literal

SENTENCES: Mapping[type[Refusal], str] = {
    Stranger: N_("Only members of this workspace can do this; your account belongs to another one."),
    GuestAccount: N_("Guests cannot request access or decide on it. Ask a full member of this workspace."),
    BotAccount: N_("Bots cannot request access or decide on it."),
    DeletedAccount: N_("This Slack account is deactivated."),
    NotLinked: N_("You are not linked to a RAM user, so you cannot do this. Type `/pairec-access link` to see how."),
    UnknownPerson: N_("There is nobody called {text} here. Choose the person from the list after @."),
}
OF_OTHERS: Mapping[type[AccountRefusal], str] = {
    Stranger: N_("{subject} is not a member of this workspace, so nothing can be granted to them."),
    GuestAccount: N_("{subject} is a guest of this workspace, and nothing is granted to guests."),
    BotAccount: N_("{subject} is a bot, and nothing is granted to bots."),
    DeletedAccount: N_("The Slack account of {subject} is deactivated."),
    NotLinked: N_("{subject} is not linked to a RAM user."),
}
"""Where it is the account of somebody else than whoever reads it."""


def several_people(refusal: SeveralPeople, translations: Translations) -> str:
    """With the UserId of each, by which one can be meant."""
    people = ", ".join(
        translations.gettext("{name} (RAM UserId {user_id})").format(
            name=literal(each.name), user_id=literal(each.user_id)
        )
        for each in refusal.people
    )
    text = translations.gettext(
        "{text} fits several people, so nothing was done: {people}. Name one of them by the RAM UserId."
    )
    return text.format(text=literal(refusal.text), people=people)
