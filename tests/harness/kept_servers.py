"""PostgreSQL servers that are used again, emptied: to start one takes longer than most tests."""

from __future__ import annotations

import fcntl
import shutil
import threading
from pathlib import Path

import psycopg
from psycopg import sql

from bot.sandbox.products.hologres.server import PostgresServer

_DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> current_database()"
_OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_ROLES = "SELECT rolname FROM pg_roles WHERE rolname <> CURRENT_USER AND left(rolname, 3) <> 'pg_'"


class KeptServers:
    """Of one process. Safe to use from several threads."""

    def __init__(self, shared: Path | None = None) -> None:
        """`shared`: a folder of all processes of a run, where the data of a new server is kept to be copied."""
        self.shared = shared
        self._idle: list[_KeptServer] = []
        self._lock = threading.Lock()

    def take(self, folder: Path) -> PostgresServer:
        """One that is empty; it needs `folder` only where it is new."""
        with self._lock:
            if not self._idle:
                return _KeptServer(folder, self)
            folder.rmdir()
            return self._idle.pop()

    def put_back(self, server: _KeptServer) -> None:
        with self._lock:
            self._idle.append(server)

    def close(self) -> None:
        for server in self._idle:
            server.end()


class _KeptServer(PostgresServer):
    def __init__(self, folder: Path, kept: KeptServers) -> None:
        self._kept = kept
        super().__init__(folder)

    def make_data(self) -> None:
        """One process makes it, and the others wait for that: all at once would take longer than clients wait."""
        if self._kept.shared is None:
            super().make_data()
            return
        made = self._kept.shared / "new-server"
        with (self._kept.shared / "new-server.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                super().make_data()
                shutil.copytree(self.data, made)
                return
        shutil.copytree(made, self.data)
        if self.user is not None:
            for path in (self.data, *self.data.rglob("*")):
                shutil.chown(path, self.user)

    def close(self) -> None:
        if not self.running():
            self.start()
        try:
            self._empty()
        except psycopg.Error:
            self.end()
        else:
            self._kept.put_back(self)

    def end(self) -> None:
        super().close()

    def _empty(self) -> None:
        with self.connect() as connection:
            connection.execute(_OTHERS_OUT)
            for (name,) in connection.execute(_DATABASES).fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            for (name,) in connection.execute(_ROLES).fetchall():
                for statement in ("DROP OWNED BY {} CASCADE", "DROP ROLE {}"):
                    connection.execute(sql.SQL(statement).format(sql.Identifier(str(name))))
