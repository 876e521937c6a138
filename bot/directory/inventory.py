"""Who has what in the cloud, read now: every product is asked at once, and what one does not say the others do.

It reads through a pool of its own, so that whoever looks around keeps nobody's decision waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from approvals.catalog.model import Catalog
from approvals.entitlement_kind import POLICY
from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.evidence import ALL_OF_RAM, ALL_USERS, Held, RamUser, ReadSource, Survey, UnreadSource, source_of
from approvals.grant import Grant
from approvals.people import Principal
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram
from bot.directory.parallel_reads import Reads, answer_or_error, answers_and_errors, result_or_error
from bot.directory.source_reads import SourceReads, not_among

log = logging.getLogger(__name__)

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
        self._source = SourceReads(ram, products)
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
        known = {
            each for each in (*self._catalog.known, *(grant.entitlement for grant in believed)) if not each.by_hand
        }
        policies = frozenset(each.name for each in known if each.kind == POLICY)
        of = {each: source_of(each) if each.is_member_role else ALL_OF_RAM for each in known if not each.of_account}
        asked = {
            source: partial(self._source.policies, user, policies, believed)
            if source == ALL_OF_RAM
            else partial(self._source.roles, user, source)
            for source in of.values()
        }
        with self._reads() as reads:
            answers, errors = answers_and_errors(reads, asked)
        held = _flatten(answers)
        absent = frozenset(key for key in not_among(held, believed) if of.get(key.entitlement) in answers)
        return Survey(held, tuple(_unread(errors)), absent)

    def of(self, wanted: Collection[Entitlement], believed: Sequence[Grant]) -> Survey:
        """Who has one of these entitlements. What is `believed` and not shown is looked at by itself."""
        found = self._everybody(wanted, believed)
        return replace(found, held=tuple(each for each in found.held if each.entitlement in wanted))

    def of_everybody(self, believed: Sequence[Grant]) -> Survey:
        """Who has anything of the catalogue or of `believed`, and which UserIds RAM has at all."""
        wanted = {*self._catalog.known, *(grant.entitlement for grant in believed)}
        return self._everybody(wanted, believed, all_users=True)

    def _everybody(
        self, wanted: Collection[Entitlement], believed: Sequence[Grant], *, all_users: bool = False
    ) -> Survey:
        asked = {
            source_of(each): partial(self._source.holders, source_of(each))
            for each in wanted
            if not (each.irrevocable or each.by_hand)
        }
        users: Sequence[RamUser] | CloudError = CloudError(CloudErrorKind.SILENT)
        with self._reads() as reads:
            named = all_users or any(each.is_member_role for each in wanted)
            roster = reads.submit(result_or_error, self._ram.users.roster) if named else None
            answers, errors = answers_and_errors(reads, asked)
            held = _flatten(answers)
            if roster is not None:
                users = answer_or_error(reads, roster)
                held = _named(held, users)
            # A list may leave somebody out without saying so; what is shown of that one person does not.
            doubted = {
                key: who for key, who in not_among(held, believed).items() if source_of(key.entitlement) in answers
            }
            looks = {key: partial(self._products.observe, who, key.entitlement) for key, who in doubted.items()}
            sightings, unseen = answers_and_errors(reads, looks)
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
