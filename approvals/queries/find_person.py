"""Whom a typed word means, by whatever a person is called: the name and the login name that RAM has now, the UserId,
the e-mail address in RAM, each name in this record, and the Slack account.

Names change hands: what one person was called when something was granted may be another's name now. So the answer is
everybody whom a word fits, and nothing is done to several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.evidence import RamUser
from approvals.grant import Grant
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Tx, open_grants, open_requests, people
from approvals.model import AccessRequest
from approvals.people import Link, Principal
from approvals.refusals.people import SeveralPeople

ACCOUNT_DOMAIN = ".onaliyun.com"
"""What the domains end with that Alibaba Cloud itself gives to an account (IMS, GetDefaultDomain)."""
INVISIBLE = ("Cc", "Cf")
"""Unicode's categories of what is copied along with a word, and not seen."""
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What no database takes, so that nobody is recorded under it."""
_SLACK_ID = re.compile(r"(?:<?@)?([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody whom a word fits, and what the ledger has of them."""

    principal: Principal
    """Under the name that RAM has now; where RAM was not asked, or has no such user, under the last one recorded."""
    in_ram: bool | None
    """None: RAM was not asked."""
    recorded: tuple[str, ...]
    """Other names that they have in the record."""
    link: Link | None
    grants: tuple[Grant, ...]
    """Those that matter when they leave."""
    pending: tuple[AccessRequest, ...]

    @property
    def has_unfinished(self) -> bool:
        """Whether there is anything to end when they leave."""
        return bool(self.grants or self.pending)


def people_named(tx: Tx, typed: str, roster: Sequence[RamUser] | None) -> list[FoundPerson]:
    """Everybody whom a word fits, by name. Those who are no longer in RAM, and of whom the ledger has no more than what
    is over, are there only if nobody else is.

    Args:
        roster: RAM's users now; None where RAM was not asked.
    """
    users = {user.principal.user_id: user for user in roster or ()}
    ids = _user_ids_named(tx, typed, users)
    slack_id = as_slack_id(typed)
    if slack_id:
        ids |= people.principals_of(tx, slack_id)
    found = [_found_person(tx, user_id, users, asked=roster is not None) for user_id in ids]
    there = [each for each in found if each.in_ram or each.link or each.has_unfinished]
    return sorted(there or found, key=lambda each: (each.principal.name.casefold(), each.principal.user_id))


def user_ids_named(tx: Tx, typed: str, roster: Sequence[RamUser] | None) -> set[RamUserId]:
    """UserIds of those whom a word fits in RAM, or by a name in the record, and not as a Slack account."""
    return _user_ids_named(tx, typed, {user.principal.user_id: user for user in roster or ()})


def _user_ids_named(tx: Tx, typed: str, users: Mapping[RamUserId, RamUser]) -> set[RamUserId]:
    word = _Word(typed, tuple(users.values()))
    ids = {user_id for user_id, user in users.items() if word.fits_user(user)}
    if _NO_TEXT.search(word.whole):
        return ids
    if word.name:
        ids |= people.ids_named(tx, word.name)
    as_id = RamUserId(word.whole)
    return ids | ({as_id} if people.names_of(tx, as_id) else set())


def only_person_named(tx: Tx, typed: str, roster: Sequence[RamUser] | None) -> FoundPerson | None:
    """The only one whom a word fits; None where it fits nobody.

    Raises:
        Refusal: SeveralPeople, and who they are.
    """
    found = people_named(tx, typed, roster)
    if len(found) > 1:
        raise SeveralPeople(text=typed, people=tuple(each.principal for each in found))
    return found[0] if found else None


def as_slack_id(typed: str) -> SlackUserId | None:
    """The Slack user id that a word is, by itself or as a mention; None where it cannot be one."""
    found = _SLACK_ID.fullmatch(_cleaned(typed).upper())
    return SlackUserId(found.group(1)) if found else None


class _Word:
    """What was typed, as it can be compared."""

    def __init__(self, typed: str, roster: Sequence[RamUser]) -> None:
        self.whole = _cleaned(typed).removeprefix("@").casefold()
        name, _, domain = self.whole.partition("@")
        known = {user.login.casefold().partition("@")[2] for user in roster}
        self.name = name if not domain or domain.endswith(ACCOUNT_DOMAIN) or domain in known else self.whole

    def fits(self, name: str) -> bool:
        return bool(self.name) and name.casefold() == self.name

    def fits_user(self, user: RamUser) -> bool:
        also = (user.login, user.email or "", user.principal.user_id)
        return self.fits(user.principal.name) or (bool(self.whole) and self.whole in map(str.casefold, also))


def _cleaned(typed: str) -> str:
    seen = (letter for letter in unicodedata.normalize("NFKC", typed) if unicodedata.category(letter) not in INVISIBLE)
    return "".join(seen).strip()


def _found_person(tx: Tx, user_id: RamUserId, users: Mapping[RamUserId, RamUser], *, asked: bool) -> FoundPerson:
    user, names = users.get(user_id), people.names_of(tx, user_id)
    name = user.principal.name if user else next(iter(names), "")
    return FoundPerson(
        principal=Principal(user_id, name),
        in_ram=user is not None if asked else None,
        recorded=tuple(each for each in names if each != name),
        link=people.link_of_principal(tx, user_id),
        grants=tuple(open_grants.unfinished_of(tx, user_id)),
        pending=tuple(open_requests.waiting_for_user(tx, user_id)),
    )
