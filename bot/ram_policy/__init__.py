"""What the bot's own RAM identity may do: policies in parts, one a file, of which each is a policy by itself.

RAM policies have no names for their statements, so a part that somebody does without is a file that is left out. The
sandbox judges each call of the bot by these files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

BASE = "base"
"""Without it nothing works; the other parts are for what their names say."""
LONGEST = 6_144
"""Characters that RAM takes as the text of a policy (help/ram, limits)."""

DETACH = "ram:DetachPolicyFromUser"
WATCHDOG_READS = (
    "ram:GetUser",
    "ram:ListUsers",
    "ram:ListPoliciesForUser",
    "ram:ListGroupsForUser",
    "ram:ListPoliciesForGroup",
)
"""What a user is called now, what they have, and through which groups."""


def policy_parts() -> dict[str, str]:
    """The texts of the parts by their names: the base, then the others in the order of the alphabet."""
    found = {each.name.removesuffix(".json"): each for each in files(__name__).iterdir() if each.name.endswith(".json")}
    names = [BASE, *sorted(set(found) - {BASE})]
    return {name: found[name].read_text("utf-8") for name in names}


def watchdog_policy() -> str:
    """What the watchdog's own identity may do: take from users the policies that the bot may give them, and read what
    that needs. It may give nothing.
    """
    statements = [each for part in policy_parts().values() for each in json.loads(part)["Statement"]]
    users = [each["Resource"] for each in statements if DETACH in each["Action"]]
    taken = {
        "Effect": "Allow",
        "Action": [DETACH],
        "Resource": list(dict.fromkeys(arn for arns in users for arn in arns)),
    }
    read = {"Effect": "Allow", "Action": list(WATCHDOG_READS), "Resource": "*"}
    return joined_policy([json.dumps({"Version": "1", "Statement": [taken, read]})])


def joined_policy(parts: Iterable[str]) -> str:
    """One policy that allows what the policies with these texts allow together."""
    statements: list[Any] = [statement for part in parts for statement in json.loads(part)["Statement"]]
    return json.dumps({"Version": "1", "Statement": statements}, indent=2) + "\n"
