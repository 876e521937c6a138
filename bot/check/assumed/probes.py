"""The probes by the name of their assumption, and the rows of all assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bot.check.assumed import account, members
from bot.check.assumed.untried import UNTRIED
from bot.check.context import CheckContext
from bot.check.row import CheckRow, RowState, not_tried
from bot.check.runner import Progress, SelfCheck, run_checks
from bot.cloud.assumptions import assumptions

Probe = Callable[[str, CheckContext], CheckRow]
PROBES: Mapping[str, Probe] = {
    "caller-identity-always": account.caller_identity,
    "engine-role-trust": account.engine_role_trust,
    "service-role-actions": account.service_role_actions,
    "pairec-unknown-instance": account.unknown_instance,
    "tenant-role-names": account.tenant_role,
    "tenant-role-output": account.tenant_role_output,
    "tunnel-quota-route": account.tunnel_route,
    "ims-user-comment": account.user_comment,
    "member-list-totals": members.list_totals,
    "member-list-roles": members.list_roles,
    "member-empty-list": members.empty_list,
    "member-unknown-place": members.unknown_place,
    "dataworks-user-id": partial(members.ids_are_rams, members.DATAWORKS),
    "dataworks-maps-to-maxcompute": members.maps_to_maxcompute,
    "flink-member-id": partial(members.ids_are_rams, members.FLINK),
    "flink-roles": members.flink_roles,
    "flink-owner": partial(members.own_role, members.FLINK),
    "hologres-user-name": partial(members.ids_are_rams, members.HOLOGRES),
    "hologres-running": partial(members.lists_are_read, members.HOLOGRES),
    "hologres-execute-as-caller": partial(members.own_role, members.HOLOGRES),
    "hologres-execute-answer": partial(members.lists_are_read, members.HOLOGRES),
    "maxcompute-shown-user": partial(members.ids_are_rams, members.MAXCOMPUTE),
    "maxcompute-codes": members.unknown_project,
    "pai-member-id": members.pai_member_id,
    "pai-user-filter": members.pai_user_filter,
    "pai-page-size": partial(members.lists_are_read, members.PAI),
}


def try_assumptions(context: CheckContext, progress: Progress) -> list[CheckRow]:
    """A row for each, in their order. What could not be asked refutes nothing."""
    names = [each.name for each in assumptions()]
    tried = [SelfCheck(name, partial(_row, name, PROBES[name]), "") for name in names if name in PROBES]
    rows = {row.name: row for row in run_checks(tried, context, progress)}
    rows = {name: not_tried(name, row.seen) if row.state is RowState.FAILED else row for name, row in rows.items()}
    return [rows.get(name) or not_tried(name, UNTRIED[name]) for name in names]


def _row(name: str, probe: Probe, context: CheckContext) -> Iterator[CheckRow]:
    yield probe(name, context)
