"""The cloud's own record of calls: what is in it, and what the bot makes of it."""

from __future__ import annotations

from approvals.kinds import NoticeKind
from approvals.ledger import cloud_reads, notices
from bot.sandbox.client import SeenMessage
from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.identity import Identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.harness.app import APPROVALS, ENGINE, AppHarness

READ_IN = {"PAIREC_ACTIONTRAIL_REGION": "ap-southeast-1"}
STOLEN, OUTSIDE, MISSING = "Somebody else used", "Changed outside", "does not have what this app"
TWENTY_MINUTES = 20 * 60
THIEF = Caller(ACCESS_KEY_ID, "aliyun-cli/3.0", "", "198.51.100.66")


def state(app: AppHarness, query: str = "ram") -> str | None:
    with app.ledger.read() as tx:
        read = cloud_reads.every_one(tx).get(query)
    return read.state if read else None


def told(app: AppHarness, text: str) -> list[SeenMessage]:
    return [message for message in app.bob.messages(APPROVALS) if text in message.plain]


def raised(app: AppHarness, *kinds: NoticeKind) -> int:
    with app.ledger.read() as tx:
        return sum(len(notices.open_of(tx, kind)) for kind in kinds)


def due(app: AppHarness) -> list[int]:
    """Of what is read of RAM, and of the products."""
    with app.ledger.read() as tx:
        return [
            int(row["due_at"]) for row in tx.rows("SELECT due_at FROM jobs WHERE kind = 'cloud_record' ORDER BY id")
        ]


def looks_later(app: AppHarness) -> bool:
    """By the bot's clock, which may be another."""
    return all(each > app.people.now() * 1_000 + app.set_by for each in due(app))


def passes(app: AppHarness, seconds: float) -> None:
    """So much time, and the looks that are due by then."""
    before = due(app)
    app.people.advance(seconds)
    app.until(
        lambda: all(now != then for now, then in zip(due(app), before, strict=True)) and looks_later(app),
        "the next look",
    )


def steals(app: AppHarness, action: str = "AttachPolicyToUser", by: Caller = THIEF, **params: str) -> None:
    wanted = params or {"UserName": "dave", "PolicyName": ENGINE, "PolicyType": "Custom"}
    execute(app.sandbox.account, action, wanted, by=by)


def of(app: AppHarness, user: str) -> Caller:
    """Somebody with a key of their own, who calls from elsewhere."""
    account = app.sandbox.account
    key = f"LTAI0{user.upper()}"
    account.identities[key] = Identity(account.read().users[user].user_id, ())
    return Caller(key, "Terraform", "", "192.0.2.17")
