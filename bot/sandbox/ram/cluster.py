"""A cluster with RRSA: its identity provider, and the role that the bot's service account there may assume."""

from __future__ import annotations

import json

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.oidc import AUDIENCE, OidcProvider
from bot.sandbox.ram.state import AccountState, Role

ROLE = "pairec-access"
SUBJECT = "system:serviceaccount:pairec:pairec-access"
ISSUER = "https://oidc-ack-cn-hangzhou.oss-cn-hangzhou.aliyuncs.com/c0sandbox"


def role_arn(account: CloudAccount) -> str:
    """The role's ARN, as a pod is told it."""
    return f"acs:ram::{account.account_id}:role/{ROLE}"


def add_cluster(account: CloudAccount) -> OidcProvider:
    """Put it into the account. The role may do what docs/installing.md tells people to let the bot do."""
    provider = OidcProvider(f"acs:ram::{account.account_id}:oidc-provider/ack-rrsa-c0sandbox", ISSUER)
    condition = {"oidc:iss": ISSUER, "oidc:aud": AUDIENCE, "oidc:sub": SUBJECT}
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Federated": [provider.arn]},
        "Condition": {"StringEquals": condition},
    }
    document = json.dumps({"Version": "1", "Statement": [trust]})

    def add(state: AccountState, now: float) -> None:
        role_id = f"3{state.next_number():017d}"
        state.roles[ROLE] = Role(role_id, ROLE, document, now, now, "The bot, as a pod of the cluster")

    account.write(add)
    account.identities[role_arn(account)] = bot_identity()
    account.sessions.providers[provider.arn] = provider
    return provider
