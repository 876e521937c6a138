"""Probes of RAM, STS, PAI-Rec and MaxCompute's tenant."""

from __future__ import annotations

from functools import partial

from alibabacloud_ram20150501 import models as ram

from approvals.errors import CloudError
from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import read_document, read_trust
from approvals.policies.ruling import PolicyVerdict, rule
from bot.check.assumed.verdict import judged, undecided
from bot.check.context import CheckContext
from bot.check.row import CheckRow

MADE_UP_INSTANCE = "pairec-cn-check00000"
MOST_USERS = 10
"""Users who are looked at for a comment."""


def caller_identity(name: str, context: CheckContext) -> CheckRow:
    """STS answered, with an account."""
    found = context.identity()
    return judged(name, bool(found.account_id), "STS answered, with the account's id")


def engine_role_trust(name: str, context: CheckContext) -> CheckRow:
    """Whether the engine's role may be assumed by the service that is assumed."""
    terms = context.plan().terms.engine_role
    role = context.sources().roles.describe(terms.name)
    if role is None:
        raise undecided(f"there is no role {terms.name}")
    trusted = read_trust(role.trust_document, terms.trusts)
    verdict = rule("sts:AssumeRole", trusted, EvaluationContext()).verdict
    allowed = verdict in (PolicyVerdict.GRANTED, PolicyVerdict.CONDITIONAL)
    return judged(name, allowed, f"the role {'names' if allowed else 'does not name'} {terms.trusts}")


def service_role_actions(name: str, context: CheckContext) -> CheckRow:
    """Whether the policies of PAI-Rec's own role allow what the status file lists."""
    terms, roles = context.plan().terms, context.sources().roles
    role = roles.describe(terms.service_role.name)
    if role is None:
        raise undecided("PAI-Rec's own role is not there")
    seen = [roles.with_document(each) for each in roles.policies(role.name)]
    statements = [each for policy in seen for each in read_document(policy.document or "")]
    wanted = [action for service in terms.services.values() for action in service.actions]
    missing = [
        action for action in wanted if rule(action, statements, EvaluationContext()).verdict is PolicyVerdict.MISSING
    ]
    return judged(name, not missing, f"missing: {', '.join(missing[:5])}" if missing else f"all {len(wanted)} actions")


def unknown_instance(name: str, context: CheckContext) -> CheckRow:
    """What PAI-Rec says of an instance that there is not."""
    if not context.plan().terms.instances:
        raise undecided("PAIREC_INSTANCES is not set")
    try:
        found = context.sources().pairec.resources(MADE_UP_INSTANCE, "OSS")
    except CloudError as error:
        return judged(name, False, f"it says {error.code or error.kind.value}")
    return judged(name, found is None, "an instance that there is not is known as one")


def tenant_role(name: str, context: CheckContext) -> CheckRow:
    """Whether the tenant's role of training is called as it is assumed."""
    training = context.plan().terms.training
    if training.project is None:
        raise undecided("PAIREC_TRAINING_PROJECT is not set")
    role = context.sources().tenants.role(training.project, training.tenant_role)
    return judged(name, role is not None, f"{'there is' if role else 'there is no'} {training.tenant_role}")


def tenant_role_output(name: str, context: CheckContext) -> CheckRow:
    """Whether its grants can be read from what MaxCompute prints."""
    training = context.plan().terms.training
    if training.project is None:
        raise undecided("PAIREC_TRAINING_PROJECT is not set")
    role = context.sources().tenants.role(training.project, training.tenant_role)
    if role is None:
        raise undecided("there is no such role to print")
    return judged(name, bool(role.grants), f"{len(role.grants)} grants are read")


def tunnel_route(name: str, context: CheckContext) -> CheckRow:
    """Whether the property that is assumed to route reads is there."""
    training = context.plan().terms.training
    if training.project is None or training.tunnel_group is None:
        raise undecided("PAIREC_TRAINING_PROJECT or PAIREC_TUNNEL_GROUP is not set")
    value = context.sources().tenants.property(training.project, training.route)
    if value is None:
        raise undecided("the project has no such property")
    return judged(name, True, "the project has that property")


def user_comment(name: str, context: CheckContext) -> CheckRow:
    """Whether IMS shows the comment that RAM shows."""
    account, client = context.ram(), context.clients()[0]
    for user in account.users.roster()[:MOST_USERS]:
        request = ram.GetUserRequest(user_name=user.principal.name)
        shown = account.reading.read("GetUser", partial(client.get_user, request)).body.user
        if shown.comments:
            made = account.new_users.find(user.login)
            same = made is not None and made.comment == shown.comments
            return judged(name, same, f"IMS shows {'the same comment' if same else 'another one'} as RAM")
    raise undecided(f"none of the first {MOST_USERS} users has a comment")
