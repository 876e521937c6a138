"""What a request is judged by before it is recorded, read from Slack, RAM and the products side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from approvals.catalog.model import Catalog, Item
from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.evidence import AskEvidence, Holders, RamUser, RepairEvidence, email_matches
from approvals.ids import RamUserId, SlackUserId
from approvals.model import Holding
from approvals.on_call import OnCall
from approvals.operations.check_needed import holdings_of_interest
from approvals.operations.create_request import MAX_MENTIONED_APPROVERS
from approvals.people import Person, Principal
from approvals.refusals.links import UserGone
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram
from bot.directory.admin_holders import AdminHolders
from bot.directory.on_call import OnCallGroups
from bot.directory.parallel_reads import Reads
from bot.directory.slack_accounts import SlackAccounts


class RequestEvidence:
    """Each method submits its reads to the `reads` that it is given, and waits for them there."""

    def __init__(
        self,
        accounts: SlackAccounts,
        on_call: OnCallGroups,
        ram: Ram,
        admins: AdminHolders,
        products: CloudProducts,
        catalog: Catalog,
    ) -> None:
        self._accounts = accounts
        self._on_call = on_call
        self._ram = ram
        self._admins = admins
        self._products = products
        self._catalog = catalog

    def ask(
        self,
        reads: Reads,
        requester: SlackUserId,
        subject: SlackUserId,
        principal: Principal | None,
        wanted: tuple[Entitlement, ...],
        linked: Mapping[RamUserId, SlackUserId],
        *,
        claimed: bool,
        break_glass: bool = False,
    ) -> AskEvidence:
        """For a request on policies and member roles. What a product does not say about a role keeps nobody from
        asking. `break_glass`: that is judged as well, and what it goes by is read for it.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        people = {user: reads.submit(self._accounts.person, user) for user in {requester, subject}}
        admins = reads.submit(self._admins.read)
        types = {each.name: reads.submit(self._type_error, each.name) for each in wanted if each.has_type}
        roster = reads.submit(self._ram.users.roster) if claimed else None
        on_call = self._on_call.submit(reads, break_glass=break_glass)
        # What is known of the subject goes first: two more answers hang on who they are now.
        user = reads.wait(reads.submit(self._ram.users.current, principal)) if principal else None
        found = {slack_id: reads.wait(person) for slack_id, person in people.items()}
        users = reads.wait(roster) if roster else ()
        if principal is None:
            user = self._matching(reads, found[subject], users)
        roles = self._submit_roles(reads, user, wanted)
        held = reads.submit(self._ram.holdings, user) if user else None
        terms = self._catalog.break_glass if break_glass else None
        asked_groups = self._catalog.rules.of_groups or bool(terms and terms.groups)
        askers, subjects = self._submit_groups(asked_groups, reads, user, found[requester], subject, linked)
        holders = reads.wait(admins)
        holdings = reads.wait(held) if held else ()
        type_errors = {name: reads.wait(error) for name, error in types.items()}
        accounts = self.approver_accounts(reads, linked, holders, found)
        return self._found(
            AskEvidence(found[requester], found[subject], holders, user, roster=users, accounts=accounts),
            holdings=holdings,
            types=type_errors,
            roles={each: reads.wait_or_none(read) for each, read in roles.items()},
            groups=(reads.wait(askers) if askers else (), reads.wait(subjects) if subjects else ()),
            on_call=self._on_call.of(reads, on_call, found[requester], found[subject]),
        )

    def foresee(
        self,
        reads: Reads,
        requester: Person,
        subject: Person,
        user: Principal | None,
        wanted: tuple[Entitlement, ...],
        linked: Mapping[RamUserId, SlackUserId],
        roster: tuple[RamUser, ...],
    ) -> AskEvidence:
        """As `ask`, for what only shows: neither Slack nor RAM is asked for what it said within a minute, and Slack for
        nothing but who is on call.

        Raises:
            Refusal: RAM does not say what has to be known.
        """
        types = {each.name: reads.submit(self._type_error, each.name) for each in wanted if each.has_type}
        admins = reads.submit(self._admins.recent)
        on_call = self._on_call.submit(reads, recent=True)
        roles = self._submit_roles(reads, user, wanted)
        held = reads.submit(self._ram.holdings, user) if user else None
        askers, subjects = self._submit_groups(
            self._catalog.rules.of_groups, reads, user, requester, subject.user_id, linked
        )
        return self._found(
            AskEvidence(requester, subject, reads.wait(admins), user, roster=roster),
            holdings=reads.wait(held) if held else (),
            types={name: reads.wait(error) for name, error in types.items()},
            roles={each: reads.wait_or_none(read) for each, read in roles.items()},
            groups=(reads.wait(askers) if askers else (), reads.wait(subjects) if subjects else ()),
            on_call=self._on_call.of(reads, on_call, requester, subject),
        )

    def _found(
        self,
        known: AskEvidence,
        *,
        holdings: tuple[Holding, ...],
        types: Mapping[str, CloudErrorKind | None],
        roles: Mapping[Entitlement, bool | CloudErrorKind | None],
        groups: tuple[tuple[str, ...], tuple[str, ...]],
        on_call: tuple[OnCall, ...],
    ) -> AskEvidence:
        """What is `known` of people, with what RAM and the products said of what is asked for."""
        return replace(
            known,
            holdings=(*holdings_of_interest(holdings, self._catalog), *_role_holdings(roles)),
            missing=tuple(name for name, error in types.items() if error is CloudErrorKind.NO_POLICY),
            unclear=tuple(name for name, error in types.items() if error is CloudErrorKind.AMBIGUOUS_TYPE),
            gone=tuple(each for each, seen in roles.items() if seen is CloudErrorKind.NO_PLACE),
            not_installed=_not_installed(roles),
            requester_groups=groups[0],
            subject_groups=groups[1],
            requester_on_call=on_call[0],
            subject_on_call=on_call[1],
        )

    def _submit_groups(
        self,
        wanted: bool,
        reads: Reads,
        user: Principal | None,
        requester: Person,
        subject: SlackUserId,
        linked: Mapping[RamUserId, SlackUserId],
    ) -> tuple[Future[tuple[str, ...]] | None, Future[tuple[str, ...]] | None]:
        """The groups of whoever asks, and of the subject; neither is read where nothing goes by them."""
        if not wanted:
            return None, None
        of_subject = reads.submit(self._groups, user.name) if user else None
        if subject in requester.ids:
            return of_subject, of_subject
        asker = next((ram_id for ram_id, slack_id in linked.items() if slack_id in requester.ids), None)
        return reads.submit(self._groups_by_id, asker, requester.user_id) if asker else None, of_subject

    def _groups(self, user_name: str) -> tuple[str, ...]:
        return tuple(self._ram.groups_of(user_name))

    def _groups_by_id(self, user_id: RamUserId, account: SlackUserId) -> tuple[str, ...]:
        user = next((each for each in self._ram.users.all_users() if each.user_id == user_id), None)
        if user is None:
            # Not "in no group": a rule may refuse by that.
            raise UserGone(ram_user=user_id, subject=account)
        return self._groups(user.name)

    def repair(
        self, reads: Reads, requester: SlackUserId, item: Item, linked: Mapping[RamUserId, SlackUserId]
    ) -> RepairEvidence:
        """For a request on one of the account's own roles.

        Raises:
            Refusal: Slack or RAM does not say what has to be known.
        """
        entitlement = item.entitlements[0]
        roles = self._products.account_role(entitlement)
        person = reads.submit(self._accounts.person, requester)
        admins = reads.submit(self._admins.read)
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
            accounts=self.approver_accounts(reads, linked, holders, (asker.user_id,)),
        )

    def _matching(self, reads: Reads, subject: Person, users: tuple[RamUser, ...]) -> Principal | None:
        """The one RAM user with the subject's e-mail address, as RAM has them now."""
        matches = email_matches(subject, users)
        matched = matches[0].principal if len(matches) == 1 else None
        return reads.wait(reads.submit(self._ram.users.current, matched)) if matched else None

    def _submit_roles(
        self, reads: Reads, user: Principal | None, wanted: tuple[Entitlement, ...]
    ) -> dict[Entitlement, Future[bool | CloudErrorKind]]:
        if user is None:
            return {}
        return {each: reads.submit(self._has_role, user, each) for each in wanted if each.is_member_role}

    def approver_accounts(
        self, reads: Reads, linked: Mapping[RamUserId, SlackUserId], holders: Holders, known: Iterable[SlackUserId]
    ) -> dict[SlackUserId, Person | None]:
        """The first few of the linked who hold the admin policy, looked up in Slack; without those who are known."""
        deciding = [user for ram_id, user in linked.items() if ram_id in holders.user_ids and user not in known]
        lookup = partial(self._accounts.lookup, recent=True)
        asked = {user: reads.submit(lookup, user) for user in deciding[:MAX_MENTIONED_APPROVERS]}
        return {user: reads.wait_or_none(account) for user, account in asked.items()}

    def _has_role(self, user: Principal, wanted: Entitlement) -> bool | CloudErrorKind:
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

    def _type_error(self, name: str) -> CloudErrorKind | None:
        """None when the policy is there and clear which one it is."""
        try:
            self._ram.types.of(name)
        except CloudError as error:
            if error.kind in (CloudErrorKind.NO_POLICY, CloudErrorKind.AMBIGUOUS_TYPE):
                return error.kind
            raise
        return None


def _role_holdings(found: Mapping[Entitlement, bool | CloudErrorKind | None]) -> Iterator[Holding]:
    """The roles that somebody has, and those of which it is not known."""
    for entitlement, has in found.items():
        if has is None or has is True:
            yield Holding(str(entitlement), unread=has is None)


def _not_installed(found: Mapping[Entitlement, bool | CloudErrorKind | None]) -> tuple[str, ...]:
    """The products whose SDK is not there, each once."""
    kinds = (each.kind.name for each, seen in found.items() if seen is CloudErrorKind.NOT_INSTALLED)
    return tuple(dict.fromkeys(kinds))
