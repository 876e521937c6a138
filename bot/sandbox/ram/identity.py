"""Who an access key belongs to, and what its policies let it do."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.ram_policy import joined_policy, policy_parts, watchdog_policy
from bot.sandbox.ram.evaluator import check

BOT_USER_ID, WATCHDOG_USER_ID = "200000000000009999", "200000000000009998"


@dataclass(frozen=True, slots=True)
class Identity:
    """A RAM user outside of the account's list: the machine that the bot runs on. A key without one is an
    administrator's.
    """

    user_id: str
    documents: tuple[str, ...]
    """The texts of its policies."""

    def without(self, *actions: str) -> Identity:
        """The same, as if these had never been allowed: they are not denied, which RAM would say."""
        return Identity(self.user_id, tuple(_without(document, actions) for document in self.documents))


def bot_identity(*documents: str) -> Identity:
    """With all parts of the policy that people are told to give the bot, unless said otherwise.

    Raises:
        ValueError: a policy has something in it that is not known here.
    """
    texts = documents or (joined_policy(policy_parts().values()),)
    return Identity(BOT_USER_ID, tuple(check(text) for text in texts))


def watchdog_identity() -> Identity:
    """With the policy that people are told to give the watchdog."""
    return Identity(WATCHDOG_USER_ID, (check(watchdog_policy()),))


def _without(document: str, actions: tuple[str, ...]) -> str:
    statements = []
    for statement in json.loads(document)["Statement"]:
        named = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        left = [action for action in named if action not in actions]
        if left:
            statements.append({**statement, "Action": left})
    return json.dumps({"Version": "1", "Statement": statements})
