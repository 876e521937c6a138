"""Calls to Hologres with its own SDK, in the words of the tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from alibabacloud_hologram20220601 import models
from alibabacloud_hologram20220601.client import Client

from bot.sandbox.products.members.hologres import RANKING
from bot.sandbox.ram.identity import Identity
from bot.sandbox.ram.seed import OWNER_KEY_ID
from tests.bot.sandbox.products.cloud_clients import SECRET, Cloud
from tests.harness.app import AppHarness

DATABASE = f"{RANKING}/ranking"


class Hologres:
    """`key`: whose access key."""

    def __init__(self, cloud: Cloud, key: str = OWNER_KEY_ID, secret: str = SECRET) -> None:
        self.cloud = cloud
        self.client: Any = Client(cloud.sdk_config(key, secret))

    def called_by(self, user_id: str, action: str = "hologram:*", resource: str = "*") -> Hologres:
        """The same with a key of a RAM user, who may do so much."""
        account, key = self.cloud.sandbox.account, f"LTAI{user_id}"
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        account.access_keys[key] = SECRET
        account.identities[key] = Identity(user_id, (json.dumps({"Version": "1", "Statement": [statement]}),))
        return Hologres(self.cloud, key)

    def called_by_role(self, role_id: str) -> Hologres:
        """The same with the key of somebody who assumed a role, which may do everything here."""
        account, arn = self.cloud.sandbox.account, f"acs:ram::1000000000000001:role/{role_id}"
        session = account.sessions.begin(arn, role_id, "robot", "at-work", 3_600)
        account.identities[arn] = Identity(
            role_id, ('{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "hologram:*", "Resource": "*"}]}',)
        )
        called = Hologres(self.cloud)
        credentials = Credentials(
            Config(
                type="sts",
                access_key_id=session.key,
                access_key_secret=session.secret,
                security_token=session.security_token,
            )
        )
        called.client = Client(self.cloud.sdk_config(credential=credentials))
        return called

    def impatient(self) -> Hologres:
        """The same, who waits a second for an answer."""
        impatient = Hologres(self.cloud)
        impatient.client = Client(self.cloud.sdk_config(read_ms=1_000))
        return impatient

    @staticmethod
    def until(look: Callable[[], bool], what: str) -> None:
        AppHarness.until(look, what)

    def user(self, name: str) -> str:
        return f"p4_{self.cloud.user_id(name)}"

    def create(self, name: str, superuser: Any = None, instance: str = RANKING) -> Any:
        return self.client.create_user(instance, models.CreateUserRequest(superuser, name)).body

    def drop(self, name: str, superuser: Any = None, instance: str = RANKING) -> Any:
        return self.client.drop_user(instance, models.DropUserRequest(superuser, name)).body

    def grant(self, name: str, *permissions: str, database: str = "ranking") -> Any:
        asked = models.GrantDatabasePermissionRequest(database, list(permissions), name)
        return self.client.grant_database_permission(RANKING, asked).body

    def revoke(self, name: str, *permissions: str, database: str = "ranking") -> Any:
        asked = models.RevokeDatabasePermissionRequest(database, list(permissions), name)
        return self.client.revoke_database_permission(RANKING, asked).body

    def statement(self, sql: str, database: str = "ranking", **asked: Any) -> Any:
        request = models.ExecuteStatementRequest(db_name=database, sql=sql, **asked)
        return self.client.execute_statement(RANKING, request).body

    def rows(self, sql: str, database: str = "ranking", **asked: Any) -> list[list[str]]:
        """Of a statement that is expected to be done."""
        body = self.statement(sql, database, **asked)
        assert (body.success, body.data.success, body.data.error_message) == ("true", True, None)
        found: list[list[str]] = body.data.results[0].records
        return found
