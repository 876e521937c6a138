"""How long 200 people who click Approve at once wait until the click is acknowledged, over a bare Bolt app that
acknowledges and does nothing else.

Each clicks on a card of its own. Timed is what Slack sees: from sending a click to the answer on the same connection.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from approvals.catalog.load import load_catalog
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, SqliteLedger, cards, people
from approvals.millis import DomainMillis
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, create_request
from approvals.people import Link, Principal
from benchmarks.figures import Figure, ratio_of_p99
from bot.sandbox.bot_process import bots_environment
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.execute import execute
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.messages import PostedMessage

GOAL = 1.5
CLICKS, ROUNDS = 200, 3
CHANNEL, APPROVER, ITEM = "C0APPROVALS", "U0BOB", "PaiRecEngineAccess"
QUIET_SECONDS = 10.0
BARE = """
import os
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
app = App(client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["PAIREC_SLACK_API_URL"]))
app.action("approve")(lambda ack: ack())
SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
"""


def measure() -> list[Figure]:
    """By turns."""
    here, beside = list[float](), list[float]()
    with SandboxProcess() as process, _bare() as other, closing(SqliteLedger(process.ledger_path)) as ledger:
        for number in range(ROUNDS):
            beside += _click_all(other, [_card(other, "nobody's") for _ in range(CLICKS)])
            here += _click_all(process, _cards(process, ledger, number))
            _wait_until_quiet(ledger)
    return [ratio_of_p99(f"acknowledgement p99, {CLICKS} clicking Approve at once", here, beside, GOAL)]


@contextmanager
def _bare() -> Iterator[SandboxProcess]:
    with SandboxProcess(with_bot=False) as process:
        told = bots_environment(dict(process.environment()))
        with subprocess.Popen([sys.executable, "-c", BARE], env=told, stderr=subprocess.DEVNULL) as app:
            try:
                while not process.sandbox.call(process.sandbox.slack.sockets.open_sockets):
                    time.sleep(0.05)
                yield process
            finally:
                app.kill()


def _click_all(process: SandboxProcess, messages: list[PostedMessage]) -> list[float]:
    """Seconds for each."""
    slack = process.sandbox.slack
    took = list[float]()

    async def click(message: PostedMessage) -> None:
        begun = time.perf_counter()
        person = process.sandbox.workspace.people[APPROVER]
        answer = await slack.interactions.act_on_message(person, message, "decide", "approve", None)
        if not answer.get("ok"):
            raise SystemExit(f"a click was not taken: {answer}")
        took.append(time.perf_counter() - begun)

    async def click_each() -> None:
        await asyncio.gather(*map(click, messages))

    clicking = process.sandbox.call(lambda: asyncio.ensure_future(click_each()))
    while not clicking.done():
        time.sleep(0.05)
    clicking.result()
    return took


def _cards(process: SandboxProcess, ledger: Ledger, number: int) -> list[PostedMessage]:
    """Of as many requests, each of somebody else."""
    item, team = load_catalog().resolve(ITEM), process.sandbox.workspace.team.id
    now = DomainMillis(round(process.sandbox.clock.now() * 1_000))
    made = list[PostedMessage]()
    for each in range(CLICKS):
        name = f"engineer-{number}-{each:03}"
        slack_id = SlackUserId(f"U0ENGINEER{number}{each:03}")
        member = WorkspaceMember(slack_id, name, name, f"{name}@example.com")
        process.sandbox.call(partial(process.sandbox.workspace.add_person, member))
        user = Principal(execute(process.sandbox.account, "CreateUser", {"UserName": name})["User"]["UserId"], name)
        with ledger.write() as tx:
            people.add_link(tx, Link(team, slack_id, user, now))
            ask = Ask(name, team, slack_id, slack_id, ITEM, 8 * 3_600_000, "rolling out")
            request = create_request(tx, ask, item, Parties(user, user, (), ()), claimed=False, now=now)
            message = _card(process, request.public_id)
            cards.add(tx, request.id, CHANNEL, message.ts, request.version)
            # It has its card, and nobody is told.
            tx.run("DELETE FROM jobs WHERE due_at <= :now", now=now)
        made.append(message)
    return made


def _card(process: SandboxProcess, public_id: str) -> PostedMessage:
    """A message with the button of a card, which the bot draws as it should be when it is next changed."""
    workspace = process.sandbox.workspace
    button = {
        "type": "button",
        "action_id": "approve",
        "text": {"type": "plain_text", "text": "Approve"},
        "value": public_id,
    }
    blocks = [{"type": "actions", "block_id": "decide", "elements": [button]}]
    channel = workspace.channels[CHANNEL]
    return process.sandbox.call(lambda: workspace.post(channel, workspace.app.bot_user_id, "a card", blocks=blocks))


def _wait_until_quiet(ledger: Ledger) -> None:
    """What the clicks caused is done, or waits for Slack, which says only so much about people in a minute."""
    before, since = "", time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        with ledger.read() as tx:
            states = "SELECT state, COUNT(*) AS number FROM {} GROUP BY state ORDER BY state"
            now = str([tx.rows(states.format(table)) for table in ("requests", "grants")])
        if now != before:
            before, since = now, time.monotonic()
        time.sleep(0.5)
