"""STS, as far as a key can be asked whose it is, which no policy forbids, and a role be assumed with an OIDC token."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.ram.actions.call import Action, Answer, Call, anonymous, find_role, read, stamp
from bot.sandbox.ram.errors import RamError, invalid
from bot.sandbox.ram.evaluator import EvaluatorVerdict, decide
from bot.sandbox.ram.state import Role

USER_ID, USER = "200000000000009999", "pairec-access"
SHORTEST_SESSION, USUAL_SESSION = 900, 3600
"""Seconds; the longest is the role's own."""
_ROLE_ARN = re.compile(r"acs:ram::(\d+):role/([A-Za-z0-9.-]{1,64})")
_SESSION_NAME = re.compile(r"[A-Za-z0-9.@_-]{2,64}")


def get_caller_identity(call: Call) -> Answer:
    """Whose the key is that signed: a role's session, or else the bot's RAM user."""
    session = call.sessions.find(call.key)
    if session is not None:
        return {
            "AccountId": call.account_id,
            "Arn": f"acs:ram::{call.account_id}:assumed-role/{session.role_name}/{session.name}",
            "IdentityType": "AssumedRoleUser",
            "PrincipalId": f"{session.role_id}:{session.name}",
            "RoleId": session.role_id,
        }
    return {
        "AccountId": call.account_id,
        "Arn": f"acs:ram::{call.account_id}:user/{USER}",
        "IdentityType": "RAMUser",
        "PrincipalId": USER_ID,
        "UserId": USER_ID,
    }


def assume_role_with_oidc(call: Call) -> Answer:
    """Errors as STS 2015-04-01 documents them."""
    arn, name = call.params.required("RoleArn"), call.params.required("RoleSessionName")
    provider_arn, token = call.params.required("OIDCProviderArn"), call.params.required("OIDCToken")
    found = _ROLE_ARN.fullmatch(arn)
    if found is None or found[1] != call.account_id:
        raise invalid("RoleArn", "The parameter RoleArn is wrongly formed.")
    if not _SESSION_NAME.fullmatch(name):
        raise invalid("RoleSessionName", "The parameter RoleSessionName is wrongly formed.")
    provider = call.sessions.providers.get(provider_arn)
    if provider is None:
        raise RamError(401, "AuthenticationFail.NoPermission", "No such OIDC Provider registered.")
    if not 4 <= len(token) <= 20_000:
        raise RamError(401, "AuthenticationFail.OIDCToken.Invalid", "The OIDCToken is invalid.")
    claims = provider.claims(token, call.sessions.real())
    role = find_role(call.state, found[2])
    if not _trusts(role, provider_arn, claims):
        raise RamError(401, "AuthenticationFail.NoPermission", "There is no permission")
    seconds = call.params.integer("DurationSeconds", SHORTEST_SESSION, role.max_session_seconds, USUAL_SESSION)
    session = call.sessions.begin(arn, role.role_id, role.name, name, seconds)
    return {
        "AssumedRoleUser": {"AssumedRoleId": f"{role.role_id}:{name}", "Arn": f"{arn}/{name}"},
        "Credentials": {
            "AccessKeyId": session.key,
            "AccessKeySecret": session.secret,
            "SecurityToken": session.security_token,
            "Expiration": stamp(session.ends),
        },
        "OIDCTokenInfo": {
            "Issuer": provider.issuer,
            "Subject": claims["sub"],
            "ClientIds": provider.audience,
            "IssuanceTime": stamp(claims["iat"]),
            "ExpirationTime": stamp(claims["exp"]),
            "VerificationInfo": "Success",
        },
    }


def _trusts(role: Role, provider_arn: str, claims: Mapping[str, Any]) -> bool:
    """Whether the role's trust document lets whoever has these claims assume it."""
    given = {"oidc:iss": claims["iss"], "oidc:sub": claims["sub"], "oidc:aud": _first(claims["aud"])}
    statements = [
        {**{name: value for name, value in statement.items() if name != "Principal"}, "Resource": "*"}
        for statement in json.loads(role.trust_document)["Statement"]
        if provider_arn in statement.get("Principal", {}).get("Federated", [])
    ]
    document = json.dumps({"Version": "1", "Statement": statements})
    return decide([document], "sts:AssumeRole", "*", given) is EvaluatorVerdict.ALLOW


def _first(audience: object) -> str:
    return str(audience[0] if isinstance(audience, list) else audience)


ACTIONS: dict[str, Action] = {
    "GetCallerIdentity": read(get_caller_identity),
    "AssumeRoleWithOIDC": anonymous(assume_role_with_oidc),
}
