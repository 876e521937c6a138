"""What the bot's RAM identity may do: each part of the policy that it is to have, beside the texts that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from approvals.errors import CloudError, CloudErrorKind
from approvals.policies.document import Statement, UnreadableDocument, read_document
from approvals.policies.matching import ResourcePattern
from approvals.policies.ruling import PolicyVerdict
from bot.check.context import CheckContext
from bot.check.permissions import NeededAction, judged, lacking, needed_actions
from bot.check.refused import cloud_cause
from bot.check.row import CheckRow, failed, not_tried, ok, warning
from bot.cloud.own_identity import ROOT
from bot.ram_policy import BASE, policy_parts

NAME = "permissions"
MEMBERS = "members-"
ACTIONTRAIL = "actiontrail"
TOO_MUCH = ("ram:CreatePolicy", "ram:CreateAccessKey", "ram:AttachPolicyToGroup", "ram:DeleteUser")
"""Whoever may do one of these to everything has more than the bot ever needs."""
SYSTEM = "System"
SHOWN = 4
"""Actions that are named in a row; the rest is counted."""


def check_permissions(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each part. Nothing is written: of an action that writes, RAM's own texts say whether it is allowed."""
    identity = context.identity()
    if identity.kind == ROOT:
        yield ok(NAME, "the account itself may do everything")
        return
    statements: list[Statement] = []
    try:
        texts = context.texts().of(identity)
    except CloudError as error:
        if error.kind is not CloudErrorKind.NO_PERMISSION:
            raise
        yield not_tried(NAME, f"its policies cannot be read ({cloud_cause(error)})")
        return
    for each in texts:
        try:
            statements += read_document(each.document)
        except UnreadableDocument as error:
            remedy = "Give the bot the policy that pairec-access ram-policy prints, and no other."
            yield failed(f"policy {each.name}", f"cannot be judged: {error}", remedy)
            return
    policies = [
        f"acs:ram:*:{'system' if item.type == SYSTEM else identity.account_id}:policy/{name}"
        for name, item in context.policies().items()
    ]
    for part, text in policy_parts().items():
        needed = list(needed_actions(text, identity.account_id, policies))
        yield _part(context, part, needed, lacking(needed, statements))
    yield _least(identity.account_id, statements)


def _part(context: CheckContext, part: str, needed: Sequence[NeededAction], missing: dict[str, str]) -> CheckRow:
    name = f"{NAME} {part}"
    if not missing:
        return ok(name, f"all {len({each.name for each in needed})} actions")
    shown = [f"{action} ({why})" for action, why in list(missing.items())[:SHOWN]]
    more = f", and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    seen = f"lacks {', '.join(shown)}{more}"
    remedy = f"pairec-access ram-policy {part} prints the policy: attach it to the bot's RAM identity."
    if part.startswith(MEMBERS):
        if not context.resources().places(part.removeprefix(MEMBERS)):
            return not_tried(name, f"not used: PAIREC_RESOURCES names no such place; {seen}")
        return failed(name, seen, remedy)
    if part == ACTIONTRAIL and context.settings.actiontrail_region is None:
        return not_tried(name, f"not used: PAIREC_ACTIONTRAIL_REGION is not set; {seen}")
    return failed(name, seen, remedy) if part == BASE else warning(name, seen, remedy)


def _least(account_id: str, statements: Sequence[Statement]) -> CheckRow:
    name = "least permission"
    everything = ResourcePattern(account_id=account_id)
    more = [
        action
        for action in TOO_MUCH
        if judged(NeededAction(action, everything), statements).verdict is PolicyVerdict.GRANTED
    ]
    if more:
        remedy = "Give it the policy that pairec-access ram-policy prints, and no other."
        return warning(name, f"may {', '.join(more)}, which it never needs", remedy)
    return ok(name, "nothing that it never needs")
