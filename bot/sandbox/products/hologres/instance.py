"""One instance that was started: its server, and what is done there as whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, LiteralString

from bot.sandbox.products.hologres.contents import PERMISSIONS, DatabaseGrant, InstanceContents
from bot.sandbox.products.hologres.server import ADMIN_DATABASE, PostgresServer

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

_LOOK_SECONDS = 2
_TABLE = "features"
"""What each database has in it for people to read."""
_CONTENTS = """
SELECT
  (SELECT json_object_agg(rolname, rolsuper) FROM pg_roles WHERE rolcanlogin AND rolname <> CURRENT_USER),
  ARRAY(SELECT datname::text FROM pg_database WHERE NOT datistemplate AND datname <> current_database()),
  (SELECT json_agg(json_build_array(g.rolname, u.rolname))
     FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member),
  ARRAY(SELECT DISTINCT rolname::text FROM pg_shdepend JOIN pg_roles r ON r.oid = refobjid
     WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o')
"""


class StatementRefused(Exception):
    """The database says no: its SQLSTATE, and the message as its own programs print it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class RunningInstance:
    """Safe to use from several threads, but for `hang`."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._hanging: psycopg.Connection[tuple[object, ...]] | None = None

    # -- as somebody

    @contextmanager
    def session(
        self, user: str, database: str = ADMIN_DATABASE, seconds: int = 60
    ) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """A connection with the rights of one of the instance's users, which the database judges. Raises
        `StatementRefused` for what it refuses, also inside.
        """
        import psycopg

        try:
            with self._login(user, database, seconds) as connection:
                yield connection
        except psycopg.errors.ConnectionTimeout as error:
            raise StatementRefused("57014", "ERROR: canceling statement due to statement timeout") from error
        except psycopg.Error as error:
            raise refused(error) from error

    def execute(
        self, user: str, statement: LiteralString, names: Sequence[Sequence[str]], database: str = ADMIN_DATABASE
    ) -> None:
        """The statement as `user`, once for each list of names, which are its {}: all of it or nothing. Raises
        `StatementRefused`.
        """
        with self.session(user, database) as connection, connection.transaction():
            for each in names:
                connection.execute(_named(statement, each))

    def _login(self, user: str, database: str, seconds: int) -> psycopg.Connection[tuple[object, ...]]:
        import psycopg

        try:
            return self.server.connect(user, database, seconds)
        except psycopg.errors.ConnectionTimeout:
            raise
        except psycopg.OperationalError:
            # What the server itself says to it comes without a code.
            self._check_login(user, database, seconds)
            raise

    def _check_login(self, user: str, database: str, seconds: int) -> None:
        with self.server.connect(seconds=seconds) as admin:
            found = admin.execute(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND rolcanlogin),"
                " EXISTS (SELECT FROM pg_database WHERE datname = %s AND datallowconn)",
                (user, database),
            ).fetchone()
            if found is None or not found[0]:
                raise StatementRefused("28000", f'FATAL: role "{user}" does not exist')
            if not found[1]:
                raise StatementRefused("3D000", f'FATAL: database "{database}" does not exist')
            allowed = admin.execute("SELECT has_database_privilege(%s, %s, 'CONNECT')", (user, database)).fetchone()
            if allowed is None or not allowed[0]:
                detail = "DETAIL: User does not have CONNECT privilege."
                raise StatementRefused("42501", f'FATAL: permission denied for database "{database}"\n{detail}')

    # -- as who looks after the server

    def look(self) -> InstanceContents:
        """What the database says of itself."""
        with self.server.connect(seconds=_LOOK_SECONDS) as admin:
            found: Any = admin.execute(_CONTENTS).fetchone()
        users, databases, members, owners = found
        users = users or {}
        groups = {f"{name}_{permission}": (name, permission) for name in databases for permission in PERMISSIONS}
        grants = {
            DatabaseGrant(*groups[group], user) for group, user in members or () if group in groups and user in users
        }
        return InstanceContents(users, frozenset(databases), frozenset(grants), frozenset(users.keys() & set(owners)))

    def bring(self, before: InstanceContents, after: InstanceContents) -> None:
        """Do what changes the one into the other; what is so already stays."""
        for database in sorted(after.databases - before.databases):
            self._create_database(database)
        with self.server.connect() as admin:
            for name, is_super in after.users.items():
                _done(admin, "CREATE USER {}", name, but="DuplicateObject")
                if before.users.get(name, False) is not is_super:
                    _done(admin, "ALTER USER {} SUPERUSER" if is_super else "ALTER USER {} NOSUPERUSER", name)
            for grant in after.grants - before.grants:
                _done(admin, "GRANT {} TO {}", grant.group, grant.user)
            for grant in before.grants - after.grants:
                _done(admin, "REVOKE {} FROM {}", grant.group, grant.user, but="UndefinedObject")
        for name in before.users.keys() - after.users.keys():
            self.drop_with_all(name)
        for database in sorted(before.databases - after.databases):
            self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
            for permission in PERMISSIONS:
                self._admin("DROP ROLE IF EXISTS {}", f"{database}_{permission}")

    def drop_with_all(self, name: str) -> None:
        """A user goes with all that is theirs."""
        seen = self.look()
        for database in (ADMIN_DATABASE, *sorted(seen.databases)):
            self._admin("DROP OWNED BY {} CASCADE", name, database=database, but="UndefinedObject")
        self._admin("DROP USER IF EXISTS {}", name)

    def own_table(self, name: str, database: str, table: str, owns: bool) -> None:
        """Make a table that belongs to a user, who is added where they are none; or drop it."""
        if owns:
            self._admin("CREATE USER {}", name, but="DuplicateObject")
            self._admin("CREATE TABLE IF NOT EXISTS {} (note text)", table, database=database)
            self._admin("ALTER TABLE {} OWNER TO {}", table, name, database=database)
        else:
            self._admin("DROP TABLE IF EXISTS {}", table, database=database)

    def hang(self, hangs: bool) -> None:
        """Nobody gets in, and whoever is in waits for an answer: somebody holds the users' own catalogue."""
        if self._hanging is not None:
            self._hanging.close()
            self._hanging = None
        if hangs:
            self._hanging = connection = self.server.connect()
            connection.execute("BEGIN")
            connection.execute("LOCK TABLE pg_catalog.pg_authid IN ACCESS EXCLUSIVE MODE")

    def _create_database(self, name: str) -> None:
        """By files, which is several times as fast as by logging every page."""
        self._admin("CREATE DATABASE {} STRATEGY file_copy", name)
        admins, developers, writers, viewers = groups = [f"{name}_{permission}" for permission in PERMISSIONS]
        statements: list[tuple[LiteralString, tuple[str, ...]]] = [
            ("REVOKE ALL ON DATABASE {} FROM PUBLIC", (name,)),
            *(("CREATE ROLE {}", (group,)) for group in groups),
            ("GRANT CONNECT ON DATABASE {} TO {}, {}, {}, {}", (name, *groups)),
            ("CREATE TABLE {} (id bigint, embedding text)", (_TABLE,)),
            ("GRANT SELECT ON {} TO {}", (_TABLE, viewers)),
            ("GRANT ALL ON {} TO {}, {}, {}", (_TABLE, admins, developers, writers)),
            ("GRANT CREATE ON SCHEMA public TO {}, {}", (admins, developers)),
        ]
        with self.server.connect(database=name) as connection:
            for statement, names in statements:
                connection.execute(_named(statement, names))

    def _admin(
        self, statement: LiteralString, *names: str, database: str = ADMIN_DATABASE, but: LiteralString = ""
    ) -> None:
        with self.server.connect(database=database) as admin:
            _done(admin, statement, *names, but=but)


def _done(
    connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, *names: str, but: LiteralString = ""
) -> None:
    """`but`: the error by which the database says that this is so already."""
    from psycopg import errors

    already = (getattr(errors, but),) if but else ()
    with suppress(*already):
        connection.execute(_named(statement, names))


def _named(statement: LiteralString, names: Sequence[str]) -> sql.Composed:
    """With its {} filled in."""
    from psycopg import sql

    return sql.SQL(statement).format(*map(sql.Identifier, names))


def refused(error: psycopg.Error) -> StatementRefused:
    """As psql prints it: the message, and the details below it."""
    said = error.diag
    lines = [f"{said.severity or 'FATAL'}: {said.message_primary or error}"]
    if said.message_detail:
        lines.append(f"DETAIL: {said.message_detail}")
    if said.message_hint:
        lines.append(f"HINT: {said.message_hint}")
    return StatementRefused(error.sqlstate or "08006", "\n".join(lines))
