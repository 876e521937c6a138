"""Who has what by one source: RAM's policies, or the members of one place of a product."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from approvals.entitlement_kind import POLICY
from approvals.entitlements import Key, member_role, policy, role_policy
from approvals.errors import CloudError, CloudErrorKind
from approvals.evidence import ALL_OF_RAM, Held, Holder, ReadSource
from approvals.grant import Grant
from approvals.people import Principal
from bot.cloud.dates import parse_date
from bot.cloud.member_roles import MemberRoles
from bot.cloud.products import CloudProducts
from bot.cloud.ram import Ram


class SourceReads:
    """One read a method."""

    def __init__(self, ram: Ram, products: CloudProducts) -> None:
        self._ram = ram
        self._products = products

    def policies(self, user: Principal, names: Collection[str], believed: Sequence[Grant]) -> list[Held]:
        """Which of these policies a user holds, and which of those that should be there.

        Raises:
            CloudError: RAM does not tell, or has no such user.
        """
        current = self._ram.users.current(user)
        if current is None:
            raise CloudError(CloudErrorKind.NO_USER, code="EntityNotExist.User", action="GetUser")
        holdings = self._ram.holdings(current)
        held = [Held(current, policy(each.name), each.via_group) for each in holdings if each.name in names]
        # What was given may be the policy of its name that the catalogue does not mean any more.
        missed = {each.key.entitlement for each in believed if each.entitlement.kind == POLICY} & {
            key.entitlement for key in not_among(held, believed)
        }
        return held + [Held(current, each) for each in missed if self._ram.observe(current, each).present]

    def roles(self, user: Principal, source: ReadSource) -> list[Held]:
        """The member roles that a user has in one place.

        Raises:
            CloudError: the product does not tell.
        """
        member = self._members_of(source).member(source.name, user)
        return [Held(user, member_role(*source, role)) for role in (member.roles if member else ())]

    def holders(self, source: ReadSource) -> list[Held]:
        """Everybody who has a policy, or a member role in one place.

        Raises:
            CloudError: RAM or the product does not tell.
        """
        if source.kind != ALL_OF_RAM.kind:
            members = self._members_of(source).members(source.name)
            return [Held(member.user, member_role(*source, role)) for member in members for role in member.roles]
        entities, at = self._ram.dated_entities(source.name)
        ages = {each.user_id: _age(parse_date(each.attach_date), at) for each in entities.users.user or []}
        of_groups = {each.group_name: parse_date(each.attach_date) for each in entities.groups.group or []}

        def age(holder: Holder) -> int | None:
            if holder.via_group is None:
                return ages.get(holder.principal.user_id)
            attached = of_groups.get(holder.via_group)
            return _age(None if attached is None or holder.joined is None else max(attached, holder.joined), at)

        users = [
            Held(each.principal, policy(source.name), each.via_group, age(each))
            for each in self._ram.holders_in(entities).holders
        ]
        roles = [
            Held(
                Principal(each.role_id, each.role_name),
                role_policy(source.name),
                age=_age(parse_date(each.attach_date), at),
            )
            for each in entities.roles.role or []
        ]
        return [*users, *roles]

    def _members_of(self, source: ReadSource) -> MemberRoles:
        found = self._products.members.get(source.kind)
        if found is None:
            raise CloudError(CloudErrorKind.REFUSED, code="UnknownKind", action=source.kind)
        return found


def _age(since: int | None, at: int | None) -> int | None:
    return None if since is None or at is None else max(at - since, 0)


def not_among(held: Iterable[Held], believed: Iterable[Grant]) -> dict[Key, Principal]:
    """What should be there and is not shown."""
    shown = {each.key for each in held if each.via_group is None}
    return {grant.key: grant.principal for grant in believed if grant.key not in shown}
