"""The sandbox with the bot in it: the same program as `pairec-access run`, in a process of its own, pointed at it."""

from __future__ import annotations

import os
import tempfile
import webbrowser
from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from approvals.ids import SlackUserId
from approvals.ledger import Ledger, SqliteLedger
from approvals.millis import DomainMillis
from approvals.operations.link_identity import link_identity
from approvals.people import Person, Principal
from bot.sandbox.bot_environment import LOOPBACK
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.environment_file import remove_environment, write_environment
from bot.sandbox.products.members import left_out, playable
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.request_urls import checked_urls
from bot.sandbox.stop_signals import exit_on_signals, wait_until_stopped
from bot.settings import SettingsError

NOT_LINKED = "erin"
"""Of the cast, the one who has yet to say which RAM user she is."""


class SandboxProcess:
    """A sandbox, its ledger, and the bot; everything is gone when it closes."""

    def __init__(self, *, with_bot: bool = True, port: int = 0) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pairec-access-")
        folder = Path(self._folder.name)
        self._port = port
        self.sandbox = Sandbox(page_port=port)
        self.ledger_path = folder / "ledger.db"
        self.log_file = folder / "bot.log"
        self._with_bot = with_bot
        self._bot: BotProcess | None = None

    def __enter__(self) -> SandboxProcess:
        """Open the sandbox, link everybody, and start the bot.

        Raises:
            SettingsError: the port is taken, or the bot does not start.
        """
        try:
            self._listen()
            link_the_cast(SqliteLedger(self.ledger_path), self.sandbox)
            if self._with_bot:
                self._bot = BotProcess({**self._catalog(), **self.environment()}, self.log_file)
                self._bot.wait_until_connected(self.sandbox)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._bot:
            self._bot.stop()
        self.sandbox.stop()
        self._folder.cleanup()

    def _listen(self) -> None:
        try:
            self.sandbox.start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else "it takes too long"
            raise SettingsError(f"--port: nothing can listen at {LOOPBACK}:{self._port}: {why}") from None

    @property
    def bot_pid(self) -> int | None:
        """The bot's process id; None where there is no bot."""
        return self._bot.pid if self._bot else None

    def _catalog(self) -> dict[str, str]:
        """Where nobody names a catalogue: the one that comes with the program, and something that is given by hand."""
        if os.environ.get("PAIREC_CATALOG"):
            return {}
        tables = (files("approvals") / "catalog" / "catalog.toml", files("bot") / "sandbox" / "by_hand.toml")
        path = Path(self._folder.name) / "catalog.toml"
        path.write_text("".join(table.read_text("utf-8") for table in tables), "utf-8")
        return {"PAIREC_CATALOG": str(path)}

    def environment(self) -> dict[str, str]:
        """What `pairec-access run` needs to be the bot of this sandbox, with everybody linked already."""
        environment = {**self.sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{self.ledger_path}"}
        if has_members():
            environment["PAIREC_RESOURCES"] = str(self.sandbox.resources_file(Path(self._folder.name)))
        return environment


def has_members() -> bool:
    """Whether the SDKs of the products that have members are there; without them, bundles are of policies alone."""
    return all(find_spec(each.sdk) is not None for each in playable().values())


def link_the_cast(ledger: Ledger, sandbox: Sandbox) -> None:
    """Everybody who has a RAM user, but for the one who is meant to find out how it is done."""
    users = {user["name"]: user["user_id"] for user in sandbox.account.view()["users"]}
    now = DomainMillis(round(sandbox.clock.now() * 1_000))
    team = sandbox.workspace.team.id
    for member in sandbox.call(lambda: list(sandbox.workspace.people.values())):
        if member.ram_user is None or member.name == NOT_LINKED:
            continue
        person = Person(team, SlackUserId(member.id), email=member.email, email_confirmed=True)
        link_identity(ledger, team, person, Principal(users[member.ram_user], member.ram_user), "the sandbox", now)
    ledger.close()


def open_sandbox(
    console: Console,
    *,
    headless: bool,
    env_file: Path | None,
    with_bot: bool,
    port: int,
    urls: Sequence[str] = (),
) -> None:
    """Open it, say where, and keep it open until Ctrl-C or SIGTERM. With `urls`, the bot is called there.

    Raises:
        SettingsError: the port is taken, the file cannot be written, an address is none, or the bot does not start.
    """
    exit_on_signals()
    try:
        checked_urls(urls)
    except ValueError as error:
        raise SettingsError(f"--request-url: {error}") from None
    if env_file:
        remove_environment(env_file)
    with SandboxProcess(with_bot=with_bot, port=port) as process:
        process.sandbox.call(lambda: process.sandbox.slack.request_urls.expect(urls))
        if env_file:
            write_environment(env_file, process.environment())
        console.print(f"The workspace is open: [bold]{process.sandbox.page_url}[/bold]  (Ctrl-C closes it)")
        for why in left_out():
            console.print(why, highlight=False, markup=False)
        for url in urls:
            console.print(f"The bot is called at {url} once it answers there.", highlight=False)
        if not headless:
            webbrowser.open(process.sandbox.page_url)
        wait_until_stopped()
