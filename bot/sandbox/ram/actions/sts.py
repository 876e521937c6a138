"""STS, as far as a key can be asked whose it is. No policy forbids that."""

from __future__ import annotations

from bot.sandbox.ram.actions.call import Action, Answer, Call, read

USER_ID, USER = "200000000000009999", "pairec-access"


def get_caller_identity(call: Call) -> Answer:
    return {
        "AccountId": call.account_id,
        "Arn": f"acs:ram::{call.account_id}:user/{USER}",
        "IdentityType": "RAMUser",
        "PrincipalId": USER_ID,
        "UserId": USER_ID,
    }


ACTIONS: dict[str, Action] = {"GetCallerIdentity": read(get_caller_identity)}
