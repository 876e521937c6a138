"""Who the program is in RAM, as STS says it: its user or its role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from approvals.ids import RamUserId
from approvals.people import Principal
from bot.cloud.clients import STS_READS, kept_credentials, sts_client
from bot.cloud.reading import Reading
from bot.egress import Egress

_ARN = re.compile(r"acs:ram::(\d+):(user|assumed-role|role|root)/?([^/]*)")
ROOT, USER = "root", "user"
NOT_SAID = RamUserId("")


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """Whose the credentials are."""

    account_id: str
    kind: str
    """`user`, `role`, or `root` for the account itself."""
    name: str
    user_id: RamUserId = NOT_SAID
    """Of a user; empty where STS did not say it."""

    def __str__(self) -> str:
        return "the account itself" if self.kind == ROOT else f"RAM {self.kind} {self.name}"


def own_user(endpoint: str, region: str, credentials: Any, egress: Egress) -> Principal | None:
    """The RAM user whose the credentials are; None where they are a role's, or the account's own.

    Raises:
        CloudError: STS does not say it.
    """
    found = own_identity(endpoint, region, credentials, egress)
    return Principal(found.user_id, found.name) if found.kind == USER else None


def own_identity(endpoint: str, region: str, credentials: Any, egress: Egress) -> OwnIdentity:
    """`sts:GetCallerIdentity` (help/ram/developer-reference): Arn is `acs:ram::<account>:user/<name>`,
    `…:assumed-role/<role>/<session>` or `…:root`; UserId is that of a RAM user.

    Raises:
        CloudError: STS does not say it.
    """

    def ask() -> OwnIdentity:
        client = sts_client(endpoint, region, kept_credentials(credentials.get_credential()), egress)
        body = client.get_caller_identity().body
        found = _ARN.match(str(body.arn))
        if found is None:
            raise ValueError("GetCallerIdentity: the answer has no ARN")
        kind = "role" if "role" in found[2] else found[2]
        user_id = RamUserId(str(body.user_id or "")) if kind == USER else NOT_SAID
        return OwnIdentity(str(body.account_id), kind, found[3], user_id)

    return Reading("sts", STS_READS).read("GetCallerIdentity", ask)
