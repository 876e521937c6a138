"""Hologres (hologram 2022-06-01) as both of its kinds of access use it: the calls, and the SQL that reads.

Nothing in the API lists users, so that who is there is read by SQL: straight, where PAIREC_RESOURCES names the address
of an instance, and through ExecuteStatement otherwise. An answer is no success unless it says so, in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from darabonba.runtime import RuntimeOptions

from approvals.errors import CloudError, CloudErrorKind
from approvals.own_codes import OwnCode
from approvals.ports import Receipt
from bot.cloud.clients import member_client
from bot.cloud.errors import kind_of, translated
from bot.cloud.members import ProductConnection
from bot.cloud.members.answers import required
from bot.cloud.members.hologres_direct import CANCELLED, DirectSql
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading
from bot.cloud.sending import receipt

PRODUCT = "hologres"
SDK, LEAST = "alibabacloud-hologram20220601", "1.10"
OPERATIONS = ("create_user", "drop_user", "execute_statement", "grant_database_permission", "list_databases")
"""What an SDK that is too old lacks: the first two came with 1.8.1, the third with 1.10."""
READS = Rate(10.0)
"""No limit is published."""
QUERY_SECONDS = 4
MAX_ROWS = 1_000
RUNNING = "running"
SSLMODE = "sslmode"
LISTS = {"ListInstances": ("InstanceList",), "ListDatabases": ("DatabaseList",)}
OBJECTS = {"ExecuteStatement": ("data",)}


@dataclass(frozen=True, slots=True)
class Instance:
    """As ListInstances has it."""

    name: str
    running: bool


def connect_api(line: ProductConnection) -> HologresApi:
    """Load the SDK and make a client. ImportError where the extra `members` is missing.

    Raises:
        CloudError: NOT_INSTALLED, the SDK is older than what it is needed for.
    """
    from alibabacloud_hologram20220601 import models
    from alibabacloud_hologram20220601.client import Client

    if any(not hasattr(Client, operation) for operation in OPERATIONS):
        raise CloudError(CloudErrorKind.NOT_INSTALLED, code=OwnCode.SDK_TOO_OLD, action=f"{SDK} {LEAST}")
    client = member_client(
        PRODUCT, Client, line.endpoint, line.region, line.credentials, line.egress, lists=LISTS, objects=OBJECTS
    )
    direct = DirectSql(line.credentials, line.egress, line.options.get(SSLMODE, "require"))
    return HologresApi(client, models, line.options, direct)


class HologresApi:
    """Safe to share between threads. `addresses` are those of databases, by instance."""

    def __init__(self, client: Any, models: Any, addresses: Mapping[str, str], direct: DirectSql) -> None:
        """`models` is the SDK's module of requests."""
        self._client = client
        self.models = models
        self._addresses = addresses
        self._direct = direct
        self._reading = Reading(PRODUCT, READS)

    def write(self, action: str, instance: str, request: Any, options: Any) -> Receipt:
        """One call that changes something. `action` by the SDK's name for it, such as create_user.

        Raises:
            CloudError: what it was answered.
        """
        named = "".join(word.title() for word in action.split("_"))
        with translated(named, PRODUCT, writes=True):
            answer = getattr(self._client, f"{action}_with_options")(instance, request, {}, options)
            body = answer.body
            # RevokeDatabasePermission alone answers with data and no success.
            said = str(body.success if hasattr(body, "success") else body.data).casefold()
            if said == "false":
                raise CloudError(CloudErrorKind.UNCLEAR, code="false", action=named, request_id=body.request_id)
            if said != "true":
                raise CloudError(CloudErrorKind.SILENT, action=named, request_id=body.request_id)
            return receipt(answer)

    def instances(self) -> Mapping[str, Instance]:
        """The account's instances in this region, by id."""

        def ask() -> dict[str, Instance]:
            listed = self._client.list_instances(self.models.ListInstancesRequest()).body.instance_list
            return {
                str(required(each.instance_id, "ListInstances")): Instance(
                    each.instance_name or "", str(each.instance_status).casefold() == RUNNING
                )
                for each in listed
            }

        return self._reading.read("ListInstances", ask)

    def databases(self, instance: str) -> list[str]:
        """By name."""

        def ask() -> list[str]:
            request = self.models.ListDatabasesRequest()
            listed = self._client.list_databases_with_options(instance, request, {}, RuntimeOptions()).body
            return [str(required(each.name, "ListDatabases")) for each in listed.database_list]

        return self._reading.read("ListDatabases", ask)

    def rows(self, instance: str, database: str, sql: str, *values: str) -> list[tuple[str, ...]]:
        """What a statement of a fixed text selects; `values` stand in it as $1, $2.

        Raises:
            CloudError: NO_PLACE, the instance or the database is not there; REFUSED with a code of ours for an instance
                that is stopped, or that no way leads into; or what it was answered.
        """
        address = self._addresses.get(instance)
        action, ask = "ExecuteStatement", partial(self._executed, instance, database, sql, values)
        if address is not None:
            action, ask = "SELECT", partial(self._direct.rows, address, database, sql, values)
        try:
            return self._reading.read(action, ask)
        except CloudError as error:
            raise self._explained(error, instance, direct=address is not None) from error

    def _executed(self, instance: str, database: str, sql: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:
        request = self.models.ExecuteStatementRequest(
            db_name=database, sql=sql, parameters=list(values), query_timeout=QUERY_SECONDS, max_rows=MAX_ROWS
        )
        body = self._client.execute_statement_with_options(instance, request, {}, RuntimeOptions()).body
        results = body.data.results
        for said in (body.data, *results):
            if said.success is not True:
                _check_code(said.error_code, body.request_id)
        result = results[-1] if results else None
        if result is None or result.records is None or result.truncated:
            raise CloudError(CloudErrorKind.SILENT, action="ExecuteStatement", request_id=body.request_id)
        return [tuple(map(str, row)) for row in result.records]

    def _explained(self, error: CloudError, instance: str, *, direct: bool) -> CloudError:
        """No code says that an instance is gone or stopped, or lets nobody run SQL: that is looked at."""
        looked_into = (CloudErrorKind.REFUSED, CloudErrorKind.NO_PERMISSION)
        if error.kind not in looked_into and not (direct and error.kind is CloudErrorKind.SILENT):
            return error
        try:
            listed = self.instances()
            if listed and instance not in listed:
                return _as(error, CloudErrorKind.NO_PLACE, error.code)
            if instance in listed and not listed[instance].running:
                return _as(error, CloudErrorKind.REFUSED, OwnCode.INSTANCE_STOPPED)
            if not direct and not self._runs_sql(instance):
                return _as(error, CloudErrorKind.REFUSED, OwnCode.SQL_NOT_ENABLED)
        except CloudError:
            return error
        return error

    def _runs_sql(self, instance: str) -> bool:
        def ask() -> bool:
            request = self.models.GetExecuteStatementEnabledRequest()
            body = self._client.get_execute_statement_enabled_with_options(instance, request, {}, RuntimeOptions()).body
            return bool(required(body.data, "GetExecuteStatementEnabled"))

        return self._reading.read("GetExecuteStatementEnabled", ask)


def _check_code(code: str | None, request_id: str | None) -> None:
    """Of a statement that says of itself that it failed, in an answer that is one."""
    kind = CloudErrorKind.SILENT if code == CANCELLED else kind_of(code, PRODUCT)
    raise CloudError(kind, code=code or None, action="ExecuteStatement", request_id=request_id)


def _as(error: CloudError, kind: CloudErrorKind, code: str | None) -> CloudError:
    return CloudError(kind, code=code, action=error.action, request_id=error.request_id)
