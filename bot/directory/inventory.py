"""Who has what in the cloud, read now: every product is asked at once, and what one does not say the others do.

It reads through a pool of its own, so that whoever looks around keeps nobody's decision waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

from approvals.catalog.model import Catalog
from approvals.entitlement_kind import POLICY
from approvals.entitlements import Entitlement, Key, member_role, policy, role_policy
from approvals.errors import CloudError, CloudErrorKind, Refusal
from approvals.evidence import ALL_OF_RAM, ALL_USERS, Held, RamUser, ReadSource, Survey, UnreadSource, source_of
from approvals.model import Grant
from approvals.people import Principal
from bot.cloud.dates import parse_date
from bot.cloud.member_roles import MemberRoles
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram
from bot.directory.parallel_reads import Reads

log = logging.getLogger(__name__)
T = TypeVar("T")
K = TypeVar("K")

READER_THREADS = 32
READ_TIMEOUT_SECONDS = 20.0
"""Seconds that somebody waits who only looks, and decides nothing on it: three hundred groups take some."""


class LiveInventory:
    """See the port of that name. `within`: seconds for all of one survey."""

    def __init__(
        self, ram: Ram, products: CloudProducts, catalog: Catalog, within: float = READ_TIMEOUT_SECONDS
    ) -> None:
        self._ram = ram
        self._products = products
        self._catalog = catalog
        self._within = within
        self._readers = ThreadPoolExecutor(max_workers=READER_THREADS, thread_name_prefix="inventory")

    def stop(self) -> None:
        """Begin no further reads, and wait for none."""
        self._readers.shutdown(wait=False, cancel_futures=True)

    def of_user(self, user: Principal, believed: Sequence[Grant]) -> Survey:
        """What one user has of the catalogue, and of what they should have. `believed` are the grants that should be
        there: those that are not shown are `absent`, of sources that answered.
        """
        known = {*self._catalog.entitlements, *(grant.entitlement for grant in believed)}
        policies = frozenset(each.name for each in known if each.kind == POLICY)
        of = {each: source_of(each) if each.is_member_role else ALL_OF_RAM for each in known if not each.of_account}
        asked = {
            source: partial(self._policies, user, policies, believed)
            if source == ALL_OF_RAM
            else partial(self._roles, user, source)
            for source in of.values()
        }
        with self._reads() as reads:
            answers, errors = _answers(reads, asked)
        held = _flatten(answers)
        absent = frozenset(key for key in _not_among(held, believed) if of.get(key.entitlement) in answers)
        return Survey(held, tuple(_unread(errors)), absent)

    def of(self, wanted: Collection[Entitlement], believed: Sequence[Grant]) -> Survey:
        """Who has one of these entitlements. What is `believed` and not shown is looked at by itself."""
        found = self._everybody(wanted, believed)
        return replace(found, held=tuple(each for each in found.held if each.entitlement in wanted))

    def of_everybody(self, believed: Sequence[Grant]) -> Survey:
        """Who has anything of the catalogue or of `believed`, and which UserIds RAM has at all."""
        wanted = {*self._catalog.entitlements, *(grant.entitlement for grant in believed)}
        return self._everybody(wanted, believed, all_users=True)

    def _everybody(
        self, wanted: Collection[Entitlement], believed: Sequence[Grant], *, all_users: bool = False
    ) -> Survey:
        asked = {source_of(each): partial(self._holders, source_of(each)) for each in wanted if not each.irrevocable}
        users: Sequence[RamUser] | CloudError = CloudError(CloudErrorKind.SILENT)
        with self._reads() as reads:
            named = all_users or any(each.is_member_role for each in wanted)
            roster = reads.submit(_result_or_error, self._ram.users.roster) if named else None
            answers, errors = _answers(reads, asked)
            held = _flatten(answers)
            if roster is not None:
                users = _await_one(reads, roster)
                held = _named(held, users)
            # A list may leave somebody out without saying so; what is shown of that one person does not.
            doubted = {
                key: who for key, who in _not_among(held, believed).items() if source_of(key.entitlement) in answers
            }
            looks = {key: partial(self._products.observe, who, key.entitlement) for key, who in doubted.items()}
            sightings, unseen = _answers(reads, looks)
        overlooked = tuple(Held(doubted[key], key.entitlement) for key, seen in sightings.items() if seen.present)
        absent = frozenset(key for key, seen in sightings.items() if not seen.present)
        errors |= {source_of(key.entitlement): error for key, error in unseen.items()}
        if not all_users:
            return Survey(held + overlooked, tuple(_unread(errors)), absent)
        if isinstance(users, CloudError):
            return Survey(held + overlooked, tuple(_unread({**errors, ALL_USERS: users})), absent)
        there = frozenset(user.principal.user_id for user in users)
        return Survey(held + overlooked, tuple(_unread(errors)), absent, there)

    def _reads(self) -> Reads:
        return Reads(self._readers, time.monotonic() + self._within)

    # -- what one source says

    def _policies(self, user: Principal, names: Collection[str], believed: Sequence[Grant]) -> list[Held]:
        current = self._ram.users.current(user)
        if current is None:
            raise CloudError(CloudErrorKind.NO_USER, code="EntityNotExist.User", action="GetUser")
        holdings = self._ram.holdings(current)
        held = [Held(current, policy(each.name), each.via_group) for each in holdings if each.name in names]
        # What was given may be the policy of its name that the catalogue does not mean any more.
        missed = {each.key.entitlement for each in believed if each.entitlement.kind == POLICY} & {
            key.entitlement for key in _not_among(held, believed)
        }
        return held + [Held(current, each) for each in missed if self._ram.observe(current, each).present]

    def _roles(self, user: Principal, source: ReadSource) -> list[Held]:
        member = self._members_of(source).member(source.name, user)
        return [Held(user, member_role(*source, role)) for role in (member.roles if member else ())]

    def _holders(self, source: ReadSource) -> list[Held]:
        if source.kind != ALL_OF_RAM.kind:
            members = self._members_of(source).members(source.name)
            return [Held(member.user, member_role(*source, role)) for member in members for role in member.roles]
        entities, at = self._ram.dated_entities(source.name)
        ages = {each.user_id: _age(each.attach_date, at) for each in entities.users.user or []}
        users = [
            Held(each.principal, policy(source.name), each.via_group, ages.get(each.principal.user_id))
            for each in self._ram.holders_in(entities).holders
        ]
        roles = [
            Held(Principal(each.role_id, each.role_name), role_policy(source.name), age=_age(each.attach_date, at))
            for each in entities.roles.role or []
        ]
        return [*users, *roles]

    def _members_of(self, source: ReadSource) -> MemberRoles:
        found = self._products.members.get(source.kind)
        if found is None:
            raise CloudError(CloudErrorKind.REFUSED, code="UnknownKind", action=source.kind)
        return found


def _age(attached: str | None, at: int | None) -> int | None:
    since = parse_date(attached)
    return None if since is None or at is None else max(at - since, 0)


def _not_among(held: Iterable[Held], believed: Iterable[Grant]) -> dict[Key, Principal]:
    """What should be there and is not shown."""
    shown = {each.key for each in held if each.via_group is None}
    return {grant.key: grant.principal for grant in believed if grant.key not in shown}


def _named(held: Iterable[Held], roster: Sequence[RamUser] | CloudError) -> tuple[Held, ...]:
    """Products name members each in their own way; RAM's names are what people know. Without them, the products' do."""
    users = () if isinstance(roster, CloudError) else [user.principal for user in roster]
    by_id = {user.user_id: user for user in users}
    by_name = {user.name: user for user in users}

    def known(shown: Principal) -> Principal:
        return by_id.get(shown.user_id, shown) if shown.user_id else by_name.get(shown.name, shown)

    return tuple(
        replace(each, principal=known(each.principal)) if each.entitlement.is_member_role else each for each in held
    )


def _flatten(answers: Mapping[ReadSource, Sequence[Held]]) -> tuple[Held, ...]:
    return tuple(held for answer in answers.values() for held in answer)


def _answers(reads: Reads, asked: Mapping[K, Callable[[], T]]) -> tuple[dict[K, T], dict[K, CloudError]]:
    """What came in time, and what went wrong with the rest."""
    begun = {what: reads.submit(_result_or_error, ask) for what, ask in asked.items()}
    answers: dict[K, T] = {}
    errors: dict[K, CloudError] = {}
    for what, read in begun.items():
        answer = _await_one(reads, read)
        if isinstance(answer, CloudError):
            errors[what] = answer
        else:
            answers[what] = answer
    return answers, errors


def _await_one(reads: Reads, read: Future[T | CloudError]) -> T | CloudError:
    try:
        return reads.wait(read)
    except Refusal:
        # What it came to is an answer as well, so that only time can have run out.
        return CloudError(CloudErrorKind.SILENT)


def _result_or_error(ask: Callable[[], T]) -> T | CloudError:
    try:
        return ask()
    except CloudError as error:
        return error


def _unread(errors: Mapping[ReadSource, CloudError]) -> Iterator[UnreadSource]:
    for source, error in sorted(errors.items()):
        log.info(
            "who has what could not be read",
            extra={
                "product": source.kind,
                "place": source.name,
                "action": error.action,
                "code": error.code,
                "ram_request_id": error.request_id,
            },
        )
        yield UnreadSource(source.kind, source.name, error.kind, error.action, error.code, error.request_id)
