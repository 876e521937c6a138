"""Which of the account's RAM groups have a policy."""

from __future__ import annotations

from collections.abc import Collection

from approvals.cloud_events import same_name
from approvals.entitlements import policy
from approvals.operations.cloud_record.groups import PoliciesByGroup
from bot.cloud.ram import Ram


def groups_with(ram: Ram, policies: Collection[str]) -> PoliciesByGroup:
    """The groups that have one of these now, with those of them that they have. A policy that there is not has none.

    Raises:
        CloudError: RAM did not say it of one of them.
    """
    names = sorted(policies)
    found: dict[str, set[str]] = {}
    for name, entities in zip(
        names, ram.reading.read_parallel(lambda each: ram.entities_if_there(policy(each)), names), strict=True
    ):
        for group in (entities.groups.group or []) if entities is not None else []:
            found.setdefault(same_name(group.group_name), set()).add(name)
    return {group: frozenset(held) for group, held in found.items()}
