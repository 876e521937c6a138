"""Carry out one action on the account, whoever asks: the HTTP site, or code that changes RAM by hand."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.call import Answer, Call
from bot.sandbox.ram.actions.table import RAM, find_action
from bot.sandbox.ram.caller import BY_HAND, Caller
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.params import Params
from bot.sandbox.ram.state import AccountState


def execute(
    account: CloudAccount,
    name: str,
    params: Mapping[str, str],
    *,
    version: str = RAM,
    by: Caller = BY_HAND,
    seconds_ago: float = 0.0,
) -> Answer:
    """RAM's answer without a RequestId; raises `RamError`. Reads show the state of `seconds_ago` real seconds back.

    Every write, refused or not, goes into the account's log, with who made it.
    """
    action = find_action(version, name)

    def run(state: AccountState, now: float) -> Answer:
        return action.run(
            Call(state, Params(params), now, account.account_id, account.domain, by.key, account.sessions)
        )

    if not action.writes:
        return run(account.read(seconds_ago), account.now())
    try:
        answer, at = account.write(lambda state, now: (run(state, now), now))
    except RamError as error:
        account.record(name, params, error.code, by)
        raise
    account.record(name, params, "ok", by, at)
    return answer
