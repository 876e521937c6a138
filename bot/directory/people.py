"""Who people are: Slack accounts from Slack, RAM users and policy holders from RAM, all read now and side by side.

A decision waits at most 5 s for RAM; then nothing is decided and the person is told so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from slack_sdk import WebClient

from approvals.catalog.model import Catalog, Item
from approvals.entitlements import ADMIN_POLICY, Entitlement
from approvals.errors import CloudError, CloudErrorKind, Refusal
from approvals.evidence import AskEvidence, DecisionEvidence, Holders, RamUser, RepairEvidence, email_matches
from approvals.ids import RamUserId, SlackUserId
from approvals.model import AccessRequest, Holding
from approvals.operations.check_needed import holdings_of_interest
from approvals.operations.create_request import MAX_MENTIONED_APPROVERS
from approvals.people import Person, Principal
from approvals.refusals.cloud import RamSilent
from approvals.refusals.people import UnknownPerson
from approvals.refusals.service import SlackSilent
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram
from bot.directory.cached_lists import CachedLists
from bot.directory.parallel_reads import Reads
from bot.directory.slack_accounts import SlackAccounts

RAM_TIMEOUT_SECONDS = 5.0
FORM_TIMEOUT_SECONDS = 2.0
"""Seconds for what is to be known before a form opens: Slack lets one be opened for 3 s after a click."""


class LiveDirectory:
    """Reads through `readers`, a pool of its own: whoever asks holds a place in another one."""

    def __init__(
        self, slack: WebClient, ram: Ram, products: CloudProducts, catalog: Catalog, seen: Callable[[Person], None]
    ) -> None:
        """`seen` is told of every account that Slack described."""
        self._accounts = SlackAccounts(slack, seen)
        self.lists = CachedLists(ram, products, catalog)
        self._ram = ram
        self._products = products
        self._catalog = catalog
        self._readers = ThreadPoolExecutor(max_workers=32, thread_name_prefix="reader")

    def start(self) -> None:
        """Begin to keep the lists that forms are drawn from."""
        self.lists.start()

    def stop(self) -> None:
        """Begin no further reads, and wait for none."""
        self.lists.stop()
        self._readers.shutdown(wait=False, cancel_futures=True)

    def person(self, slack_user_id: SlackUserId) -> Person:
        """A Slack account as Slack describes it now.

        Raises:
            Refusal: UnknownPerson where Slack has nobody of that id, SlackSilent where it does not answer.
        """
        return self._accounts.person(slack_user_id)

    def admins(self) -> Holders:
        """Everybody who holds the admin policy, directly or through a group.

        Raises:
            Refusal: RAM does not say so within 5 s.
        """
        with self._reads() as reads:
            return reads.wait(reads.submit(self._ram.holders, ADMIN_POLICY))

    def clicker(self, actor: SlackUserId) -> tuple[Person, Holders | None]:
        """Who clicks, and who may approve, within 2 s, since a form is to open. None in place of the second where RAM
        is silent.

        Raises:
            Refusal: Slack does not say who that is, or RAM refuses.
        """
        with self._reads(FORM_TIMEOUT_SECONDS) as reads:
            person = reads.submit(self.person, actor)
            admins = reads.submit(self._ram.holders, ADMIN_POLICY)
            found = reads.wait(person, SlackSilent)
            try:
                return found, reads.wait(admins)
            except RamSilent:
                return found, None

    def ask_evidence(
        self,
        requester: SlackUserId,
        subject: SlackUserId,
        principal: Principal | None,
        wanted: tuple[Entitlement, ...],
        linked: Mapping[RamUserId, SlackUserId],
        *,
        claimed: bool,
    ) -> AskEvidence:
        """All that a request is judged by, read side by side within 5 s. `claimed`: a link by e-mail address is wanted,
        for which all RAM users are read. What a product does not say about a member role keeps nobody from asking.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        with self._reads() as reads:
            people = {user: reads.submit(self.person, user) for user in {requester, subject}}
            admins = reads.submit(self._ram.holders, ADMIN_POLICY)
            names = [entitlement.name for entitlement in wanted if entitlement.has_type]
            types = {name: reads.submit(self._type, name) for name in names}
            roster = reads.submit(self._ram.users.roster) if claimed else None
            # What is known of the subject goes first: two more answers hang on who they are now.
            user = reads.wait(reads.submit(self._ram.users.current, principal)) if principal else None
            found = {slack_id: reads.wait(person) for slack_id, person in people.items()}
            users = reads.wait(roster) if roster else ()
            if principal is None:
                matches = email_matches(found[subject], users)
                matched = matches[0].principal if len(matches) == 1 else None
                user = reads.wait(reads.submit(self._ram.users.current, matched)) if matched else None
            asked = [entitlement for entitlement in wanted if entitlement.is_member_role]
            roles = {each: reads.submit(self._member, user, each) for each in asked} if user else {}
            held = reads.submit(self._ram.holdings, user) if user else None
            holders = reads.wait(admins)
            holdings = reads.wait(held) if held else ()
            known = {name: reads.wait(kind) for name, kind in types.items()}
            accounts = self._looked_up(reads, linked, holders, found)
            found_roles = {each: self._answer_or_none(reads, read) for each, read in roles.items()}
            return AskEvidence(
                requester=found[requester],
                subject=found[subject],
                admins=holders,
                user=user,
                holdings=(*holdings_of_interest(holdings, self._catalog), *_roles_of(found_roles)),
                missing=tuple(name for name, kind in known.items() if kind is CloudErrorKind.NO_POLICY),
                unclear=tuple(name for name, kind in known.items() if kind is CloudErrorKind.AMBIGUOUS_TYPE),
                gone=tuple(each for each, seen in found_roles.items() if seen is CloudErrorKind.NO_PLACE),
                not_installed=tuple(
                    dict.fromkeys(
                        each.kind.name for each, seen in found_roles.items() if seen is CloudErrorKind.NOT_INSTALLED
                    )
                ),
                roster=users,
                accounts=accounts,
            )

    def repair_evidence(
        self, requester: SlackUserId, item: Item, linked: Mapping[RamUserId, SlackUserId]
    ) -> RepairEvidence:
        """For a request on one of the account's own roles."""
        entitlement = item.entitlements[0]
        roles = self._products.account_role(entitlement)
        with self._reads() as reads:
            person = reads.submit(self.person, requester)
            admins = reads.submit(self._ram.holders, ADMIN_POLICY)
            role = reads.wait(reads.submit(roles.holder, entitlement))
            seen = reads.submit(roles.observe, role, entitlement) if role else None
            holdings = reads.submit(roles.holdings, role) if role else None
            fits = reads.submit(roles.fits, role) if role else None
            asker, holders = reads.wait(person), reads.wait(admins)
            return RepairEvidence(
                requester=asker,
                admins=holders,
                role=role,
                present=reads.wait(seen).present if seen else False,
                holdings=reads.wait(holdings) if holdings else (),
                fits=reads.wait(fits) if fits else False,
                accounts=self._looked_up(reads, linked, holders, (asker.user_id,)),
            )

    def decision_evidence(
        self, actor: SlackUserId, request: AccessRequest, approvers: Collection[SlackUserId], *, claimed: bool
    ) -> DecisionEvidence:
        """All that a decision is judged by, read side by side within 5 s. Of the `approvers`, those are left out of
        whom Slack says nothing in time.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        with self._reads() as reads:
            others = {user: reads.submit(self._account, user) for user in approvers}
            person = reads.submit(self.person, actor)
            admins = reads.submit(self._ram.holders, ADMIN_POLICY)
            user = reads.submit(self._current, request)
            subject = None if request.of_account else reads.submit(self.person, request.subject)
            roster = reads.submit(self._ram.users.roster) if claimed else None
            fits = reads.submit(self._fits, request) if request.of_account else None
            return DecisionEvidence(
                actor=reads.wait(person),
                admins=reads.wait(admins),
                user=reads.wait(user),
                subject=reads.wait(subject) if subject else None,
                roster=reads.wait(roster) if roster else (),
                fits=reads.wait(fits) if fits else True,
                approvers={user: found for user, read in others.items() if (found := reads.wait_or_none(read))},
            )

    def _fits(self, request: AccessRequest) -> bool:
        return self._products.account_role(request.entitlements[0]).fits(request.principal)

    def _current(self, request: AccessRequest) -> Principal | None:
        """The RAM user of a request, or the account's role, as RAM has it now."""
        if request.of_account:
            return self._products.account_role(request.entitlements[0]).current(request.principal)
        return self._ram.users.current(request.principal)

    def _looked_up(
        self, reads: Reads, linked: Mapping[RamUserId, SlackUserId], holders: Holders, known: Iterable[SlackUserId]
    ) -> dict[SlackUserId, Person | None]:
        """The first few of the linked who hold the admin policy, looked up in Slack; without those who are known."""
        deciding = [user for ram_id, user in linked.items() if ram_id in holders.user_ids and user not in known]
        asked = {user: reads.submit(self._account, user) for user in deciding[:MAX_MENTIONED_APPROVERS]}
        return {user: reads.wait_or_none(account) for user, account in asked.items()}

    def _account(self, slack_user_id: SlackUserId) -> Person | None:
        """Somebody's account as Slack describes it; None where it does not tell."""
        try:
            return self.person(slack_user_id)
        except UnknownPerson:
            # An account that Slack does not know is a stranger's.
            return Person("", slack_user_id)
        except Refusal:
            return None

    def known_places(self) -> Mapping[str, Mapping[str, str]]:
        """By product, what its places are called by their ids: as they were read within the last minute, without
        waiting.
        """
        return self.lists.places()

    def known_users(self) -> tuple[RamUser, ...] | None:
        """All RAM users as they were read within the last minute, without waiting; None where they were not."""
        return self.lists.users()

    @staticmethod
    def _answer_or_none(reads: Reads, read: Future[bool | CloudErrorKind]) -> bool | CloudErrorKind | None:
        """What a product said; None where it did not in time, which keeps nobody from asking."""
        try:
            return reads.wait(read)
        except Refusal:
            return None

    def _member(self, user: Principal, wanted: Entitlement) -> bool | CloudErrorKind:
        """Whether a user has a member role, or why the request makes no sense."""
        roles = self._products.members.get(wanted.kind.name)
        if roles is None:
            return CloudErrorKind.NO_PLACE
        try:
            member = roles.product.observe(wanted.place, user, wanted.role)
        except CloudError as error:
            if error.kind in (CloudErrorKind.NO_PLACE, CloudErrorKind.NOT_INSTALLED):
                return error.kind
            raise
        return member is not None and wanted.role in member.roles

    def _type(self, name: str) -> CloudErrorKind | None:
        """None when the policy is there and clear which one it is."""
        try:
            self._ram.types.of(name)
        except CloudError as error:
            if error.kind in (CloudErrorKind.NO_POLICY, CloudErrorKind.AMBIGUOUS_TYPE):
                return error.kind
            raise
        return None

    def _reads(self, within: float = RAM_TIMEOUT_SECONDS) -> Reads:
        return Reads(self._readers, time.monotonic() + within)


def _roles_of(found: Mapping[Entitlement, bool | CloudErrorKind | None]) -> Iterator[Holding]:
    """The roles that somebody has, and those of which it is not known."""
    for entitlement, has in found.items():
        if has is None or has is True:
            yield Holding(str(entitlement), unread=has is None)
