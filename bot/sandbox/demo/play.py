"""The main jobs from end to end, played by people at their screens, with RAM itself as the judge of what was true."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from rich.console import Console
from rich.markup import escape

from approvals import audit
from approvals.ledger import SqliteLedger, grants, trail
from bot.cloud.clients import ram_client
from bot.cloud.ram import Ram
from bot.sandbox.bot_process import bots_environment
from bot.sandbox.client import NotDone
from bot.sandbox.client import SandboxClient as People
from bot.sandbox.demo.stories import POLICY, access_story, bundle_story, onboarding_story, status_story
from bot.sandbox.demo.story import Story
from bot.sandbox.process import SandboxProcess, has_members
from bot.sandbox.stop_signals import exit_on_signals, wait_until_stopped


def play(console: Console, *, interactive: bool) -> int:
    """Play it; 0 when all of it was true. With somebody at the terminal, the workspace stays open afterwards."""
    story = Story(console)
    exit_on_signals()
    with SandboxProcess() as process:
        # They take seconds to start; nobody has to wait for them in a story.
        databases = threading.Thread(target=process.sandbox.start_databases, name="databases", daemon=True)
        databases.start()
        people = People(process.sandbox.page_url)
        _played(story, lambda: access_story(story, people))
        _the_end(story, console, process)
        story.say()
        _played(story, lambda: status_story(story, people))
        story.say()
        if has_members():
            _played(story, lambda: bundle_story(story, people))
        else:
            story.say(
                escape("Bundles have policies alone here, without the extra: pip install 'pairec-access[members]'")
            )
        story.say()
        databases.join()
        with _begun_check(process) as check:
            _played(story, lambda: onboarding_story(story, people))
            story.say()
            _the_check(story, check)
        if interactive:
            story.say(f"\nTry it yourself: [bold]{process.sandbox.page_url}[/bold]  (Ctrl-C closes it)")
            with suppress(SystemExit):
                wait_until_stopped()
    return 0 if story.true else 1


def _played(story: Story, play: Callable[[], None]) -> None:
    """One story fails without the others."""
    try:
        play()
    except NotDone as error:
        story.fail(str(error))


def _the_end(story: Story, console: Console, process: SandboxProcess) -> None:
    """RAM's own answer, asked with the real SDK, and what the ledger says: both checked, then shown."""
    holders = _ram(process).holders(POLICY).holders
    ledger = SqliteLedger(process.ledger_path)
    with ledger.read() as tx:
        entries = trail.of_request(tx, 1001)
        broken = audit.verify(trail.entries(tx))
        given = grants.of_request(tx, 1001)
    ledger.close()
    story.step("RAM and the record are asked whether all of that is so.")
    story.check(
        "RAM does not have carol among the holders", lambda: all(each.principal.name != "carol" for each in holders)
    )
    story.check("the record has one grant, which has ended", lambda: [grant.state for grant in given] == ["ended"])
    story.check("the chain of the audit trail holds", lambda: broken is None)
    story.say(f"\n[bold]ListEntitiesForPolicy {POLICY}[/bold]")
    for holder in holders:
        console.print(f"  {holder.principal.name} ({holder.principal.user_id})", highlight=False)
    story.say("\n[bold]Audit trail of R-1001[/bold]")
    for entry in entries:
        console.print(f"  {_line(entry)}", markup=False, highlight=False, soft_wrap=True)


def _begun_check(process: SandboxProcess) -> subprocess.Popen[str]:
    """`pairec-access check`, as whoever installs the bot runs it."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "check", "--format", "json"],
        env=bots_environment(process.environment()),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _the_check(story: Story, check: subprocess.Popen[str]) -> None:
    said, _ = check.communicate()
    story.step("pairec-access check looks at all that the bot needs.")
    rows = json.loads(said)["rows"] if check.returncode in (0, 1) else []
    for row in rows:
        if row["state"] != "ok":
            story.say(escape(f"  {row['what']}: {row['state']}, {row['seen']}. {row['remedy']}"))
    well = [row for row in rows if row["state"] == "ok"]
    story.check(f"all {len(rows)} rows are well", lambda: bool(rows) and len(well) == len(rows))


def _ram(process: SandboxProcess) -> Ram:
    environment = process.environment()
    key = Config(
        type="access_key",
        access_key_id=environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
    return Ram(ram_client(environment["PAIREC_RAM_ENDPOINT"], "cn-hangzhou", Credentials(key)), None)


def _line(entry: audit.Entry) -> str:
    fields: dict[str, Any] = entry.fields
    event = str(fields.pop("event"))
    shown = " ".join(f"{name}={json.dumps(value)}" for name, value in fields.items() if name in _SHOWN)
    return f"{entry.seq:>3}  {entry.at}  {event:<12} {shown}"


_SHOWN = ("by_slack", "by_ram_user", "ram_user", "item", "duration_ms", "reason", "entitlement", "cause", "channel")
