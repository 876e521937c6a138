"""The workspaces and projects of this account, as the bot is told of them in a file."""

from __future__ import annotations

from bot.sandbox.ram.account import CloudAccount

_FILE = """\
default = "ranking"

[products.dataworks]
endpoint = "{endpoint}"
[products.maxcompute]
endpoint = "{endpoint}"
account = "{account}"
[products.pai]
endpoint = "{endpoint}"

[projects.ranking]
title = "Ranking"
mode = "standard"
dataworks = "10001"
maxcompute = "ranking"
pai = "20001"

[projects.search]
title = "Search"
mode = "basic"
dataworks = "10002"
maxcompute = "search"
pai = "20002"
"""


def resources_toml(account: CloudAccount, endpoint: str) -> str:
    """The text of the file; all three products are at `endpoint`."""
    return _FILE.format(endpoint=endpoint, account=account.account_id)
