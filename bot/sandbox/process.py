"""The sandbox with the bot in it: the same program as `pairec-access run`, in a process of its own, pointed at it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from approvals.ids import SlackUserId
from approvals.ledger import Ledger, SqliteLedger
from approvals.millis import DomainMillis
from approvals.operations.link_identity import link_identity
from approvals.people import Person, Principal
from bot.sandbox.products.members import stand_ins
from bot.sandbox.server import LOOPBACK, Sandbox
from bot.sandbox.slack.request_urls import checked_urls
from bot.settings import SettingsError

BOT_START_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 6.0
SIGNAL_CHECK_SECONDS = 0.5
"""Seconds. The kernel may give a signal to any thread; the main one, which alone acts on it, is not woken by that."""
ALWAYS = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", "PAIREC_SLACK_MODE": "socket"}
"""Whatever is set on the machine for a bot that is not the sandbox's."""
NOT_LINKED = "erin"
"""Of the cast, the one who has yet to say which RAM user she is."""


class BotProcess:
    """`pairec-access run` with the sandbox's addresses as its environment."""

    def __init__(self, environment: dict[str, str], log_file: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.casefold().endswith("_proxy")}
        self._log_file = log_file
        self._log = log_file.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env={**clean, **ALWAYS, **environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_until_connected(self, sandbox: Sandbox) -> None:
        """Wait until the bot has a socket to the workspace.

        Raises:
            SettingsError: the bot ended, or did not connect in time.
        """
        deadline = time.monotonic() + BOT_START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if sandbox.call(lambda: bool(sandbox.slack.sockets.open_sockets())):
                return
            if self._process.poll() is not None:
                raise SettingsError(f"the bot did not start: {self._last_words()}")
            time.sleep(0.05)
        raise SettingsError(f"the bot did not connect within {BOT_START_TIMEOUT_SECONDS:.0f} s: {self._last_words()}")

    def _last_words(self) -> str:
        """The end of its log, which is gone with the sandbox."""
        lines = self._log_file.read_text("utf-8", "replace").splitlines()
        return lines[-1].removeprefix("pairec-access: ") if lines else "it said nothing"

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where it is not gone after some seconds."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()


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
                self._bot = BotProcess(self.environment(), self.log_file)
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

    def environment(self) -> dict[str, str]:
        """What `pairec-access run` needs to be the bot of this sandbox, with everybody linked already."""
        environment = {**self.sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{self.ledger_path}"}
        if has_members():
            environment["PAIREC_RESOURCES"] = str(self.sandbox.resources_file(Path(self._folder.name)))
        return environment


def has_members() -> bool:
    """Whether the SDKs of the products that have members are there; without them, bundles are of policies alone."""
    return all(find_spec(each.sdk) is not None for each in stand_ins().values())


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
        for url in urls:
            console.print(f"The bot is called at {url} once it answers there.", highlight=False)
        if not headless:
            webbrowser.open(process.sandbox.page_url)
        wait_until_stopped()


def remove_environment(path: Path) -> None:
    """Whoever waits for the file must not read the addresses of an earlier run.

    Raises:
        SettingsError: it cannot be written, which is better known before anything is open.
    """
    with _writing(path) as partial:
        if path.exists() and not path.is_file():
            raise SettingsError(f"--env-file: {path} is there, and is not a file")
        partial.touch(mode=0o600)
        partial.unlink()
        path.unlink(missing_ok=True)


def write_environment(path: Path, environment: dict[str, str]) -> None:
    """NAME=value lines, readable by their owner alone, and there only once they are whole.

    Raises:
        SettingsError: it cannot be written.
    """
    with _writing(path) as partial:
        partial.touch(mode=0o600)
        partial.write_text("".join(f"{name}={value}\n" for name, value in environment.items()), "utf-8")
        partial.replace(path)


@contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """Beside it, the file in which it is made."""
    try:
        yield path.with_name(path.name + ".partial")
    except OSError as error:
        raise SettingsError(f"--env-file: {path} cannot be written: {error.strerror}") from None


def exit_on_signals() -> None:
    """From now on, Ctrl-C and SIGTERM leave the program the way a return does, so that everything is closed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))


def wait_until_stopped() -> None:
    """Wait until told to stop."""
    never = threading.Event()
    while not never.wait(SIGNAL_CHECK_SECONDS):
        pass
