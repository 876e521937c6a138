r"""ExecuteStatement: SQL as somebody, and what came of it in the shape of that call's answer.

As the SDK's model says it: every value is a text as the database writes it, NULL is `\N`, and of several statements
the last one's result is told. Assumed: that a statement which fails is a success of the call and a failure in its
data, with the SQLSTATE as code, and that several statements take no parameters, as PostgreSQL has it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox.products.hologres.instance import RunningInstance, StatementRefused

if TYPE_CHECKING:
    from psycopg import Cursor

MAX_CHARACTERS = 16_384
MAX_ROWS, DEFAULT_ROWS = 1_000, 200
MAX_BYTES = 10_485_760
MAX_SECONDS = 30
NULL = "\\N"


class SqlStatement(NamedTuple):
    """What is asked. `seconds`: after which it is cancelled."""

    text: str
    parameters: tuple[Any, ...]
    seconds: int
    rows: int
    size: int
    """In bytes."""


def execute(instance: RunningInstance, user: str, database: str, statement: SqlStatement) -> dict[str, Any]:
    """The answer's `data`."""
    from psycopg import RawCursor

    try:
        with instance.session(user, database, statement.seconds) as connection:
            cursor = RawCursor(connection)
            cursor.execute(statement.text.encode(), statement.parameters or None)
            while cursor.nextset():
                pass
            result = _result(cursor, statement)
    except StatementRefused as refused:
        said = {"errorCode": refused.code, "errorMessage": refused.message, "success": False}
        return {**said, "results": [{**_named(statement), **said}]}
    return {"success": True, "results": [{**_named(statement), "success": True, **result}]}


def _named(statement: SqlStatement) -> dict[str, Any]:
    return {"sql": statement.text, "queryId": str(uuid.uuid4().int)[:19]}


def _result(cursor: Cursor[Any], statement: SqlStatement) -> dict[str, Any]:
    found = cursor.pgresult
    if found is None or cursor.description is None:
        return {"updateCount": max(0, cursor.rowcount), "truncated": False}
    columns = [
        {"name": each.name, "type": each.type_display, "nullable": each.null_ok is not False}
        for each in cursor.description
    ]
    records: list[list[str]] = []
    left = statement.size
    for row in range(min(found.ntuples, statement.rows)):
        values = [found.get_value(row, column) for column in range(found.nfields)]
        left -= sum(len(value or b"") for value in values)
        if left < 0:
            break
        records.append([NULL if value is None else value.decode() for value in values])
    truncated = len(records) < found.ntuples
    return {"columnMetadata": columns, "records": records, "count": len(records), "truncated": truncated}
