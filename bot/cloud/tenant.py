"""MaxCompute's tenant roles and project properties, through PyODPS: an optional extra, since it is heavy.

Neither the output of the tenant commands nor the routing property is documented (help/maxcompute, "Grant permissions to
tenant-level roles", has the commands alone), so the text is read leniently, and what cannot be read is said to be
unreadable. Nothing is ever set from here: whether the server merges or replaces properties is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from alibabacloud_credentials.exceptions import CredentialException

from approvals.errors import CloudError, CloudErrorKind
from approvals.policies.document import UnreadableDocument
from approvals.status.seen import TenantRoleSeen
from bot.cloud.codes import meaning
from bot.cloud.credential_errors import TranslatedCredentials
from bot.cloud.errors import error_kind, is_tls, unsent_error
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading
from bot.egress import Egress
from bot.far_calls import telling

MAXCOMPUTE = "maxcompute"
READS = Rate(10.0)
"""How many MaxCompute takes is not documented."""
CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS = 2, 5
"""Seconds, as for every other call."""
_DENIED = ("NoPermission", "Unauthorized")
"""PyODPS's names of a refusal for want of permission; codes stand in members/maxcompute.toml."""
_GRANT = re.compile(r"\s*(?P<marks>[ACDG]{1,3})\s+(?P<name>\S.*?):\s+(?P<actions>\S.*)")


class NotInstalled(Exception):
    """PyODPS is not there."""


class Tenants:
    """Projects, and the tenant that each belongs to."""

    def __init__(self, endpoint: str, credentials: Any, egress: Egress | None = None) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._egress = egress or Egress()
        self._reading = Reading(MAXCOMPUTE, READS)

    def role(self, project: str, name: str) -> TenantRoleSeen | None:
        """A tenant role with what it may do; None when there is none of that name.

        Raises:
            NotInstalled: the extra is missing.
            CloudError: MaxCompute did not answer, or refused.
            UnreadableDocument: what it answered cannot be read.
        """
        roles = self._queried(project, "list tenant roles")
        if name.casefold() not in re.split(r"[\s,;\"'\[\]{}:]+", roles.casefold()):
            return None
        return TenantRoleSeen(read_grants(self._queried(project, f"show grants for tenant role {name}")))

    def property(self, project: str, name: str) -> str | None:
        """A property of the project; None when it is not set. Raises as `role` does."""

        def ask() -> str | None:
            with self._telling("GetProject"), _translated("GetProject"):
                value = self._project(project).get_property(name, None)
            return None if value is None else str(value)

        return self._reading.read("GetProject", ask)

    def _queried(self, project: str, query: str) -> str:
        def ask() -> str:
            with self._telling("RunSecurityQuery"), _translated("RunSecurityQuery"):
                return str(self._project(project).run_security_query(query, output_json=False) or "")

        return self._reading.read("RunSecurityQuery", ask)

    def _telling(self, action: str) -> AbstractContextManager[None]:
        return telling(self._egress.told, MAXCOMPUTE, action, _word_of)

    def _project(self, name: str) -> Any:
        try:
            from odps import ODPS, options
            from odps.accounts import CredentialProviderAccount
        except ImportError:
            raise NotInstalled from None
        options.connect_timeout, options.read_timeout, options.retry_times = (
            CONNECT_TIMEOUT_SECONDS,
            READ_TIMEOUT_SECONDS,
            0,
        )
        options.api_proxy = self._egress.proxy_for(self._endpoint)
        account = CredentialProviderAccount(TranslatedCredentials(self._credentials))
        client = ODPS(account=account, project=name, endpoint=self._endpoint)
        # It makes a session to a thread, and has no other way to be told whom to believe.
        client.rest.session.mount("https://", self._egress.adapter())
        return client.get_project(name)


def read_grants(text: str) -> dict[str, frozenset[str]]:
    """Actions by object, from lines such as `A quotas/pay-as-you-go: odps:List | odps:Usage`.

    What is denied, or allowed under a condition, keeps its mark in front of the object's name.

    Raises:
        UnreadableDocument: there is text, and none of it has that form.
    """
    grants: dict[str, frozenset[str]] = {}
    for line in _plain(text).splitlines():
        found = _GRANT.fullmatch(line.rstrip())
        if found:
            name = found["name"] if found["marks"] == "A" else f"{found['marks']} {found['name']}"
            actions = frozenset(part.strip() for part in re.split(r"[|,]", found["actions"]) if part.strip())
            grants[name] = grants.get(name, frozenset()) | actions
    if text.strip() and not grants and not re.fullmatch(r"[\s\w:{}\[\]\"]*", text):
        raise UnreadableDocument("grants")
    return grants


def _plain(text: str) -> str:
    """The text itself, where it comes wrapped in JSON."""
    try:
        loaded = json.loads(text)
    except ValueError:
        return text
    if isinstance(loaded, str):
        return loaded
    return str(loaded.get("result", text)) if isinstance(loaded, dict) else text


def _word_of(error: Exception) -> str:
    not_sent = isinstance(error, NotInstalled)
    return (CloudErrorKind.NOT_INSTALLED if not_sent else error_kind(error, MAXCOMPUTE)).value


@contextmanager
def _translated(action: str) -> Iterator[None]:
    """Raise CloudError for whatever PyODPS raises."""
    try:
        yield
    except NotInstalled:
        raise
    except Exception as error:
        raise _cloud_error(error, action) from error


def _cloud_error(error: Exception, action: str) -> CloudError:
    unsent = unsent_error(error, action)
    if unsent is not None:
        return unsent
    if isinstance(error, CredentialException):
        return CloudError(CloudErrorKind.NO_CREDENTIALS, action=action)
    if is_tls(error):
        return CloudError(CloudErrorKind.TLS_FAILED, action=action)
    code = str(getattr(error, "code", None) or "") or None
    status = int(getattr(error, "status_code", None) or 0)
    request_id = str(getattr(error, "request_id", None) or "") or None
    known = meaning(MAXCOMPUTE, code) if code else None
    if known is not None:
        return CloudError(known, code=code, action=action, request_id=request_id)
    if code in _DENIED or type(error).__name__ in _DENIED:
        return CloudError(CloudErrorKind.NO_PERMISSION, code=code, action=action, request_id=request_id)
    if code and status < 500:
        return CloudError(CloudErrorKind.REFUSED, code=code, action=action, request_id=request_id)
    return CloudError(CloudErrorKind.SILENT, code=code, action=action, request_id=request_id)
