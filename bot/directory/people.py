"""Who people are: Slack accounts from Slack, RAM users and policy holders from RAM, all read now and side by side.

A decision waits at most 5 s for RAM; then nothing is decided and the person is told so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from slack_sdk import WebClient

from approvals.catalog.model import Catalog, Item
from approvals.entitlement_kind import POLICY
from approvals.entitlements import ADMIN_POLICY, Entitlement
from approvals.evidence import AskEvidence, DecisionEvidence, Holders, RamUser, RepairEvidence
from approvals.ids import RamUserId, SlackUserId
from approvals.leftovers import Leftovers
from approvals.model import AccessRequest
from approvals.onboarding import OnboardingEvidence
from approvals.people import Person, Principal
from approvals.refusals.cloud import RamSilent
from approvals.refusals.service import SlackSilent
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram
from bot.directory.admin_holders import AdminHolders
from bot.directory.cached_lists import CachedLists
from bot.directory.on_call import OnCallGroups
from bot.directory.parallel_reads import Reads
from bot.directory.request_evidence import RequestEvidence
from bot.directory.slack_accounts import SlackAccounts

RAM_TIMEOUT_SECONDS = 5.0
FORM_TIMEOUT_SECONDS = 2.0
"""Seconds for what is to be known before a form opens: Slack lets one be opened for 3 s after a click."""


class LiveDirectory:
    """Reads through `readers`, a pool of its own: whoever asks holds a place in another one."""

    def __init__(
        self,
        slack: WebClient,
        ram: Ram,
        products: CloudProducts,
        catalog: Catalog,
        seen: Callable[[Person], None],
        steady: Callable[[], int],
        own_user: Callable[[], Principal | None] = lambda: None,
    ) -> None:
        """`seen` is told of every account that Slack described. `steady`: milliseconds of a clock that nobody sets.
        `own_user` asks who the program is in RAM.
        """
        self._own_user = own_user
        self._accounts = SlackAccounts(slack, seen, steady)
        self.lists = CachedLists(ram, products, catalog)
        self._ram = ram
        self._new_users = ram.new_users
        self._products = products
        self._admins = AdminHolders(partial(ram.holders, ADMIN_POLICY), steady)
        self._evidence = RequestEvidence(
            self._accounts, OnCallGroups(slack, catalog, steady), ram, self._admins, products, catalog
        )
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

    def recent_person(self, slack_user_id: SlackUserId) -> Person:
        """A Slack account as Slack described it at most a minute ago: for what decides nothing.

        Raises:
            Refusal: as `person`.
        """
        return self._accounts.recent(slack_user_id)

    def locale(self, slack_user_id: SlackUserId) -> str | None:
        """The language that somebody chose in Slack, as it said that last; None where it was never asked about them."""
        return self._accounts.locale(slack_user_id)

    def admins(self) -> Holders:
        """Everybody who holds the admin policy, directly or through a group.

        Raises:
            Refusal: RAM does not say so within 5 s.
        """
        with self._reads() as reads:
            return reads.wait(reads.submit(self._admins.read))

    def own_user(self) -> Principal | None:
        """The name of the RAM user as whom this program signs; None where it is a role.

        Raises:
            Refusal: STS does not say so within 5 s.
        """
        with self._reads() as reads:
            return reads.wait(reads.submit(self._own_user))

    def recent_admins(self) -> Holders:
        """The same as RAM said it at most a minute ago: for what decides nothing.

        Raises:
            Refusal: as `admins`.
        """
        with self._reads() as reads:
            return reads.wait(reads.submit(self._admins.recent))

    def clicker(self, actor: SlackUserId) -> tuple[Person, Holders | None]:
        """Who clicks, and who may approve, within 2 s, since a form is to open. None in place of the second where RAM
        is silent.

        Raises:
            Refusal: Slack does not say who that is, or RAM refuses.
        """
        with self._reads(FORM_TIMEOUT_SECONDS) as reads:
            person = reads.submit(self.person, actor)
            admins = reads.submit(self._admins.read)
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
        break_glass: bool = False,
    ) -> AskEvidence:
        """All that a request is judged by, read side by side within 5 s. `claimed`: a link by e-mail address is wanted,
        for which all RAM users are read. What a product does not say about a member role keeps nobody from asking.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        with self._reads() as reads:
            return self._evidence.ask(
                reads, requester, subject, principal, wanted, linked, claimed=claimed, break_glass=break_glass
            )

    def foreseen_evidence(
        self,
        requester: Person,
        subject: Person,
        principal: Principal | None,
        wanted: tuple[Entitlement, ...],
        linked: Mapping[RamUserId, SlackUserId],
        within: float,
    ) -> AskEvidence:
        """What a request would be judged by, as far as that is known or told within these seconds: for what only shows.
        Slack is asked nothing but who is on call, and that at most once a minute.

        Raises:
            Refusal: RAM does not say what has to be known.
        """
        with self._reads(within) as reads:
            roster = self.known_users() or ()
            return self._evidence.foresee(reads, requester, subject, principal, wanted, linked, roster)

    def repair_evidence(
        self, requester: SlackUserId, item: Item, linked: Mapping[RamUserId, SlackUserId]
    ) -> RepairEvidence:
        """For a request on one of the account's own roles."""
        with self._reads() as reads:
            return self._evidence.repair(reads, requester, item, linked)

    def onboarding_evidence(
        self, actor: SlackUserId, subject: SlackUserId, linked: Mapping[RamUserId, SlackUserId]
    ) -> OnboardingEvidence:
        """Who acts, whom it is for, and how the account makes its users, read side by side within 5 s. Whether they log
        in by SSO is left open where that cannot be read.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        with self._reads() as reads:
            people = {user: reads.submit(self.person, user) for user in {actor, subject}}
            admins = reads.submit(self._admins.read)
            roster = reads.submit(self._ram.users.roster)
            domain = reads.submit(self._new_users.default_domain)
            recycled = reads.submit(self._new_users.recycled)
            sso = reads.submit(self._new_users.sso)
            found = {user: reads.wait(read) for user, read in people.items()}
            holders = reads.wait(admins)
            return OnboardingEvidence(
                actor=found[actor],
                subject=found[subject],
                admins=holders,
                roster=reads.wait(roster),
                domain=reads.wait(domain),
                recycled=reads.wait(recycled),
                sso=reads.wait_or_none(sso),
                accounts=self._evidence.approver_accounts(reads, linked, holders, found),
            )

    def leftovers(self, user: Principal) -> Leftovers:
        """What hangs on a RAM user, as RAM shows it; what it does not show in time, or not to the bot, is named.

        Raises:
            Refusal: RAM did not answer in time at all.
        """
        with self._reads() as reads:
            # By the name that the UserId has now: the one of before may be somebody else's.
            current = reads.wait(reads.submit(self._ram.users.current, user))
            return reads.wait(reads.submit(self._ram.leftovers.of, current.name)) if current else Leftovers()

    def decision_evidence(
        self,
        actor: SlackUserId,
        request: AccessRequest,
        approvers: Collection[SlackUserId],
        *,
        claimed: bool,
        giving: bool = False,
    ) -> DecisionEvidence:
        """All that a decision is judged by, read side by side within 5 s. Of the `approvers`, those are left out of
        whom Slack says nothing in time. `giving`: what is asked for may be given next, so that what has to be looked at
        before that is begun to be read.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        with self._reads() as reads:
            others = {user: reads.submit(self._accounts.lookup, user) for user in approvers}
            person = reads.submit(self.person, actor)
            admins = reads.submit(self._admins.read)
            user = reads.submit(self._current, request)
            subject = None if request.of_account else reads.submit(self.person, request.subject)
            roster = reads.submit(self._ram.users.roster) if claimed else None
            fits = reads.submit(self._fits, request) if request.of_account else None
            found_user = reads.wait(user)
            if giving and found_user and any(each.kind == POLICY for each in request.entitlements):
                self._ram.read_ahead(found_user)
            return DecisionEvidence(
                actor=reads.wait(person),
                admins=reads.wait(admins),
                user=found_user,
                subject=reads.wait(subject) if subject else None,
                roster=reads.wait(roster) if roster else (),
                fits=reads.wait(fits) if fits else True,
                approvers={user: found for user, read in others.items() if (found := reads.wait_or_none(read))},
            )

    def known_places(self) -> Mapping[str, Mapping[str, str]]:
        """By product, what its places are called by their ids: as they were read within the last minute, without
        waiting.
        """
        return self.lists.places()

    def known_users(self, within: float = 0.0) -> tuple[RamUser, ...] | None:
        """All RAM users as they were read within the last minute; None where they were not, and are not within these
        seconds either.
        """
        return self.lists.users(within)

    def _fits(self, request: AccessRequest) -> bool:
        return self._products.account_role(request.entitlements[0]).fits(request.principal)

    def _current(self, request: AccessRequest) -> Principal | None:
        """The RAM user of a request, or the account's role, as RAM has it now."""
        if request.of_account:
            return self._products.account_role(request.entitlements[0]).current(request.principal)
        return self._ram.users.current(request.principal)

    def _reads(self, within: float = RAM_TIMEOUT_SECONDS) -> Reads:
        return Reads(self._readers, time.monotonic() + within)
