"""A database of the sandbox's ends with the program that started it, however that ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox.products.hologres.server import PostgresServer
from tests.harness.app import AppHarness

PROGRAM = """
import sys, time
from pathlib import Path
from bot.sandbox.products.hologres.server import PostgresServer
print(PostgresServer(Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


def over(pid: int) -> bool:
    """Also of one for which nobody has waited yet."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout.strip()[:1] in ("", "Z")


@pytest.mark.slow
def test_a_program_that_is_killed_leaves_no_server_and_no_files(short_folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM, short_folder], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert not over(pid)
        program.kill()
    AppHarness.until(lambda: over(pid), "the server to end")
    AppHarness.until(lambda: not short_folder.exists(), "its files to be gone")


@pytest.mark.slow
def test_a_server_that_is_stopped_starts_again_with_all_that_it_had(short_folder: Path) -> None:
    server = PostgresServer(short_folder)
    with server.connect() as connection:
        connection.execute('CREATE USER "p4_1"')
    server.stop()
    assert not server.running()
    server.start()
    with server.connect("p4_1") as connection:
        assert connection.execute("SELECT CURRENT_USER").fetchone() == ("p4_1",)
    pid = server.pid
    server.close()
    assert over(pid) and not short_folder.exists()
