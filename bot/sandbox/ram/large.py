"""A RAM account as large as RAM lets one be: 5,000 users and 300 groups (help.aliyun.com, RAM, limits)."""

from __future__ import annotations

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.state import AccountState, Group, PolicyKey, PolicyTarget, User

USERS, GROUPS = 5_000, 300
GROUPS_OF_ONE = 10
"""As many as RAM lets a user be in."""
ADMIN_GROUPS = 2


def make_large(account: CloudAccount, busy: str, *, users: int = USERS, groups: int = GROUPS) -> None:
    """Fill it up to so many users and groups. Every group has PaiRecEngineAccess, two have PaiRecRamAdminAccess; each
    new user is in three groups, and `busy`, who is there already, in ten, none of them with the admin policy.
    """

    def fill(state: AccountState, now: float) -> None:
        names = [f"group-{number:03}" for number in range(groups)]
        for number, name in enumerate(names):
            group = Group(f"4{state.next_number():017d}", name, now, now)
            state.groups[name] = group
            held = ["PaiRecEngineAccess"] + (["PaiRecRamAdminAccess"] if number < ADMIN_GROUPS else [])
            for policy in held:
                state.attachments[PolicyTarget("group", group.group_id), PolicyKey("Custom", policy)] = now
        for number in range(users - len(state.users)):
            user = User(f"2{state.next_number():017d}", f"user-{number:04}", now, now, email=f"u{number}@example.com")
            state.users[user.name] = user
            for each in range(3):
                _join(state, names[(number * 3 + each) % groups], user, now)
        for name in names[-GROUPS_OF_ONE:]:
            _join(state, name, state.users[busy], now)

    account.write(fill)


def _join(state: AccountState, group: str, user: User, now: float) -> None:
    state.members[state.groups[group].group_id, user.user_id] = now
