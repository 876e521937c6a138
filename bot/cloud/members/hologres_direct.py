"""SQL straight to a Hologres instance, which speaks PostgreSQL's protocol: the AccessKey is the user, its secret the
password (help/hologres, psycopg).
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any, NamedTuple

from approvals.errors import CloudError, CloudErrorKind
from approvals.own_codes import OwnCode
from bot.cloud.errors import error_kind
from bot.egress import Egress
from bot.far_calls import telling

ACTION = "SELECT"
PRODUCT = "hologres"
DEFAULT_PORT = 80
CONNECT_SECONDS = 3
ANSWER_SECONDS = 5.0
"""Until a database that does not answer is hung up on, whatever it is at."""
STATEMENT_MS = 4_000
NO_LOGIN = ("28000", "28P01")
"""The key is wrong, or its RAM user is none of the instance's."""
DENIED = "42501"
NO_DATABASE = "3D000"
CANCELLED = "57014"
SAID = (
    (re.compile(r"FATAL: +password authentication failed"), "28P01"),
    (re.compile(r'FATAL: +role ".*" does not exist'), "28000"),
    (re.compile(r'FATAL: +database ".*" does not exist'), NO_DATABASE),
    (re.compile(r"FATAL: +permission denied for database"), DENIED),
)
"""To a login, and the state of it: libpq keeps the sentence alone of what a server says before it lets somebody in. The
sentences are PostgreSQL's; help/hologres, permissions on instances, has them too.
"""


class Login(NamedTuple):
    """As whom the database is entered."""

    user: str
    password: str


class DirectSql:
    """A connection for each question. psycopg is loaded with the first: whoever names no address needs none."""

    def __init__(self, credentials: Any, egress: Egress, sslmode: str) -> None:
        self._credentials = credentials
        self._egress = egress
        self._sslmode = sslmode

    def rows(self, address: str, database: str, sql: str, values: Sequence[str]) -> list[tuple[str, ...]]:
        """`address` is a host, or a host and a port. `sql` has its values as $1, $2.

        Raises:
            CloudError: NOT_INSTALLED, psycopg is not there; NO_PLACE, there is no such database; NO_PERMISSION;
                REFUSED; SILENT, it does not answer.
        """
        try:
            import psycopg
        except ImportError as error:
            raise CloudError(CloudErrorKind.NOT_INSTALLED, code=OwnCode.NO_PSYCOPG, action=ACTION) from error
        with telling(self._egress.told, PRODUCT, ACTION, lambda error: error_kind(error, PRODUCT).value):
            return self._asked(psycopg, address, database, sql, values)

    def _asked(
        self, psycopg: Any, address: str, database: str, sql: str, values: Sequence[str]
    ) -> list[tuple[str, ...]]:
        login = self._login()
        host, _, port = address.rpartition(":") if ":" in address else (address, "", str(DEFAULT_PORT))
        try:
            with (
                psycopg.connect(
                    user=login.user,
                    password=login.password,
                    sslmode=self._sslmode,
                    sslrootcert=self._roots,
                    host=host,
                    port=port,
                    dbname=database,
                    connect_timeout=CONNECT_SECONDS,
                    application_name="pairec-access",
                    autocommit=True,
                    cursor_factory=psycopg.RawCursor,
                    prepare_threshold=None,
                ) as connection,
                _hung_up_on(connection.fileno()),
            ):
                connection.execute(f"SET statement_timeout = {STATEMENT_MS}")
                return [tuple(map(str, row)) for row in connection.execute(sql.encode(), list(values)).fetchall()]
        except psycopg.Error as error:
            # What the driver says may have the address and the user in it; the state is enough.
            raise _meant(error.sqlstate or _state(str(error))) from None

    @property
    def _roots(self) -> str | None:
        """The certificate authorities that are trusted, where the server's certificate is looked at."""
        return self._egress.ca_bundle if self._sslmode.startswith("verify-") else None

    def _login(self) -> Login:
        key = self._credentials.get_credential()
        if key.security_token:
            raise CloudError(CloudErrorKind.REFUSED, code=OwnCode.NEEDS_ACCESS_KEY, action=ACTION)
        return Login(str(key.access_key_id), str(key.access_key_secret))


def _state(sentence: str) -> str | None:
    return next((state for said, state in SAID if said.search(sentence)), None)


def _meant(state: str | None) -> CloudError:
    """By SQLSTATE. Without one, no answer came: also where no safe connection came about."""
    if state in NO_LOGIN:
        return CloudError(CloudErrorKind.REFUSED, code=OwnCode.NO_LOGIN, action=ACTION)
    kinds = {
        DENIED: CloudErrorKind.NO_PERMISSION,
        NO_DATABASE: CloudErrorKind.NO_PLACE,
        CANCELLED: CloudErrorKind.SILENT,
        None: CloudErrorKind.SILENT,
    }
    return CloudError(kinds.get(state, CloudErrorKind.REFUSED), code=state, action=ACTION)


@contextmanager
def _hung_up_on(fileno: int) -> Iterator[None]:
    """A server that keeps a connection and says nothing would be waited for without end: no time limit of its own is
    to be trusted then.
    """
    line = socket.socket(fileno=os.dup(fileno))

    def hang_up() -> None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = Timer(ANSWER_SECONDS, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()
