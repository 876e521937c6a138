"""Which services are asked, every now and then, whether they answer: by the condition that holds while they do not."""

from __future__ import annotations

from functools import partial

from approvals.catalog.resources import products
from approvals.entitlements import ADMIN_POLICY
from bot.app.parts import Parts
from bot.monitor.own_account import AccountWatch
from bot.monitor.probes import Question


def probed_services(parts: Parts, account_watch: AccountWatch) -> dict[str, tuple[str, Question]]:
    """What each is called in a sentence, and the cheap question to it."""
    kinds = {kind for project in parts.resources.projects.values() for kind in project.places}
    return {
        "sts": ("STS, which says whose account the key is,", account_watch.ask),
        "slack": ("Slack", parts.slack.auth_test),
        "ram": ("RAM", partial(parts.ram.entities, ADMIN_POLICY)),
        "users": ("the list of RAM users, which comes from RAM and IMS,", parts.directory.lists.ask_for_users),
        **{
            f"product {kind}": (products()[kind].title, partial(parts.directory.lists.read_places, kind))
            for kind in sorted(kinds)
        },
    }
