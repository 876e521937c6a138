"""What a RAM user may be called: help/ram, CreateUser of RAM 2015-05-01 and of IMS 2019-08-15.

Names are in small letters here: whether the cloud tells `dave` from `Dave` is not documented, and people do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace

from approvals import text_input
from approvals.errors import Refusal
from approvals.onboarding import NewUser
from approvals.people import Person
from approvals.refusals.onboarding import BadDisplayName, BadEmail, BadUserName, LoginNameTooLong, NameNeeded

MAX_NAME_CHARACTERS = 64
MAX_LOGIN_CHARACTERS = 128
"""Of the name with the account's domain behind it."""
MAX_DISPLAY_NAME_CHARACTERS = 24
"""IMS's limit; RAM's own is longer."""
_NAME = re.compile(r"[a-z0-9_.][a-z0-9_.-]{0,63}", re.ASCII)
_UNFIT = re.compile(r"[^a-z0-9_.-]+", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
MAX_EMAIL_CHARACTERS = 128


def new_user(person: Person, typed: str) -> NewUser:
    """The user for a person: of the name that was typed, or else after their e-mail address or their own name.

    Raises:
        Refusal: BadUserName, or NameNeeded where there is nothing to make a name of.
    """
    name = typed.strip().lower() or _suggested(person)
    if not name:
        raise NameNeeded(subject=person.user_id)
    fits = person.email is not None and not against_email(person.email)
    user = NewUser(name, _shown(person.real_name or "", name), person.email if fits else None)
    for refusal in against_name(name):
        raise refusal
    return user


def as_written(name: str, display_name: str, email: str) -> NewUser:
    """What was filled into a form; whether it fits, the others here say."""
    return NewUser(name.strip().lower(), " ".join(display_name.split()), email.strip() or None)


def against_name(name: str) -> list[Refusal]:
    """What speaks against it as the name of a new user."""
    return [] if _NAME.fullmatch(name) else [BadUserName(name=name, count=len(name))]


def against_display_name(text: str) -> list[Refusal]:
    """What speaks against it as a display name."""
    if text_input.is_blank(text) or len(text) > MAX_DISPLAY_NAME_CHARACTERS:
        return [BadDisplayName(count=len(text))]
    return text_input.refusals_of(text)


def against_email(text: str) -> list[Refusal]:
    """What speaks against it as an e-mail address."""
    fits = _EMAIL.fullmatch(text) and len(text) <= MAX_EMAIL_CHARACTERS and not text_input.refusals_of(text)
    return [] if fits else [BadEmail(text=text)]


def refusals_of(user: NewUser) -> list[Refusal]:
    """What speaks against this user, whoever else there is."""
    return [
        *against_name(user.name),
        *against_display_name(user.display_name),
        *(against_email(user.email) if user.email else []),
    ]


def against_login(name: str, domain: str) -> list[Refusal]:
    """What speaks against it as what somebody logs in with."""
    login = f"{name}@{domain}"
    return [LoginNameTooLong(login=login, count=len(login))] if len(login) > MAX_LOGIN_CHARACTERS else []


def next_free(name: str, taken: Collection[str]) -> str:
    """The name itself or, where it is taken, the first with a number behind it that is not. Case does not matter."""
    used = {each.lower() for each in taken}
    found, number = name, 2
    while found in used:
        found = f"{name[: MAX_NAME_CHARACTERS - len(str(number))]}{number}"
        number += 1
    return found


def renamed(user: NewUser, name: str) -> NewUser:
    """The same user under another name."""
    return replace(user, name=name)


def _shown(real_name: str, name: str) -> str:
    """What somebody calls themselves in Slack, as far as it fits: nobody who asks for them could write it otherwise."""
    words = " ".join(text_input.UNFIT.sub("", real_name).split())
    shown = words[:MAX_DISPLAY_NAME_CHARACTERS].strip()
    return name[:MAX_DISPLAY_NAME_CHARACTERS] if text_input.is_blank(shown) else shown


def _suggested(person: Person) -> str:
    address = (person.email or "").partition("@")[0]
    return _plain(address) or _plain(person.real_name or "")


def _plain(text: str) -> str:
    """What is left of a text in the letters that a name may have: without accents, a dot in place of what is between
    words.
    """
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return _UNFIT.sub(".", bare).strip(".-")[:MAX_NAME_CHARACTERS]
