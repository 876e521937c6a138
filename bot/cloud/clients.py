"""SDK clients: endpoints, time-outs and credentials in one place."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config as KeptKey
from alibabacloud_ims20190815.client import Client as ImsClient
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.core import DaraCore

from bot.cloud.checked import checked
from bot.cloud.credential_errors import TranslatedCredentials
from bot.cloud.errors import error_kind
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading
from bot.egress import Egress
from bot.far_calls import telling

ACCOUNT_ID = re.compile(r"[0-9]{5,20}")
STS_READS = Rate(95.0)
"""STS takes 100 a second of each action (help.aliyun.com, api-sts-2015-04-01-quota)."""
CONNECT_TIMEOUT_MS = 2_000
READ_TIMEOUT_MS = 5_000
"""Milliseconds. Together well below the 20 s that a worker keeps of its lock before it begins a write."""
CONNECTIONS = 40
"""To a host, as many as the SDK keeps by itself: one for each of those who may read side by side, and some."""
RAM_OBJECTS = {
    "GetLoginProfile": ("LoginProfile",),
    "GetPolicy": ("Policy",),
    "GetRole": ("Role",),
    "GetUser": ("User",),
    "GetUserMFAInfo": ("MFADevice",),
    "ListAccessKeys": ("AccessKeys",),
    "ListEntitiesForPolicy": ("Users", "Groups", "Roles"),
    "ListGroupsForUser": ("Groups",),
    "ListPolicies": ("Policies",),
    "ListPoliciesForGroup": ("Policies",),
    "ListPoliciesForRole": ("Policies",),
    "ListPoliciesForUser": ("Policies",),
    "ListUsers": ("Users",),
    "ListUsersForGroup": ("Users",),
}
"""What RAM's answers have in them, whatever else: a page that somebody else made up does not."""
RAM_WRITES = ("AttachPolicyToUser", "DetachPolicyFromUser")
IMS_OBJECTS = {
    "CreateUser": ("User",),
    "GetUser": ("User",),
    "GetUserSsoSettings": ("UserSsoSettings",),
    "ListUsers": ("Users",),
    "ListUsersInRecycleBin": ("Users",),
}
"""Likewise of IMS's."""

DIRECT = Egress()


def load_ram_models() -> None:
    """What the first request and the first decision use of RAM's SDK, which would else be loaded while people wait."""
    from alibabacloud_ram20150501 import models

    for action in (*RAM_OBJECTS, *RAM_WRITES):
        for part in ("Request", "Response", "ResponseBody"):
            # An SDK that names one otherwise says so where it is used.
            getattr(models, f"{action}{part}", None)


def share_certificates(egress: Egress) -> None:
    """The SDK would read the machine's certificate authorities, and Mozilla's, once for each product: a megabyte and
    20 ms each time. Its connections trust those that the program trusts, as they were read for all of it.
    """

    def adapter(_prefix: str, *_: Any, pool_size: int | None = None, **__: Any) -> Any:
        return egress.adapter(pool_size or CONNECTIONS)

    DaraCore.get_adapter = adapter


def quiet_sdk() -> None:
    """The SDK can be made to print every header, the Authorization header too; it is not to be, here."""
    debug = os.environ.get("DEBUG", "")
    if "sdk" in debug.casefold():
        os.environ["DEBUG"] = ",".join(part for part in debug.split(",") if "sdk" not in part.casefold())
    noisy = logging.getLogger("darabonba-core")
    noisy.handlers.clear()
    noisy.setLevel(logging.WARNING)


def ram_client(endpoint: str, region: str, credentials: Any, egress: Egress = DIRECT) -> Any:
    """RAM 2015-05-01. Each answer is checked to have in it what `RAM_OBJECTS` says."""
    client = checked(RamClient(_config(endpoint, region, credentials, egress)), {}, RAM_OBJECTS)
    return _told(client, "ram", egress)


def ims_client(endpoint: str, region: str, credentials: Any, egress: Egress = DIRECT) -> Any:
    """IMS 2019-08-15, whose list of the RAM users has their e-mail addresses, and which makes new ones."""
    client = checked(ImsClient(_config(endpoint, region, credentials, egress)), {}, IMS_OBJECTS)
    return _told(client, "ims", egress)


def pairec_client(endpoint: str, region: str, credentials: Any, egress: Egress = DIRECT) -> Any:
    """PaiRecService 2022-12-13, whose SDK takes long to load and is needed for the status alone."""
    from alibabacloud_pairecservice20221213.client import Client as PaiRecClient

    client = checked(PaiRecClient(_config(endpoint, region, credentials, egress)), {})
    return _told(client, "pairec", egress)


def actiontrail_client(endpoint: str, region: str, credentials: Any, egress: Egress = DIRECT) -> Any:
    """ActionTrail 2020-07-06, whose SDK is loaded where its events are compared alone."""
    from alibabacloud_actiontrail20200706.client import Client as ActionTrailClient

    client = checked(ActionTrailClient(_config(endpoint, region, credentials, egress)), {"LookupEvents": ("Events",)})
    return _told(client, "actiontrail", egress)


def member_client(
    product: str,
    make: Callable[[Any], Any],
    endpoint: str,
    region: str,
    credentials: Any,
    egress: Egress = DIRECT,
    *,
    lists: Mapping[str, Sequence[str]] | None = None,
    objects: Mapping[str, Sequence[str]] | None = None,
) -> Any:
    """`make` is the client of a product's own SDK, which whoever calls this has found to be there; its answers are
    `checked` to have these lists and objects in them.
    """
    client = checked(make(_config(endpoint, region, credentials, egress)), lists or {}, objects)
    return _told(client, product, egress)


def sts_client(endpoint: str, region: str, credentials: Any = None, egress: Egress = DIRECT) -> Any:
    """Without credentials it can do what needs none."""
    return _told(checked(StsClient(_config(endpoint, region, credentials, egress)), {}), "sts", egress)


def asking_sts(endpoint: str, region: str, egress: Egress = DIRECT) -> Callable[[Any], str]:
    """Says which account a credential belongs to; may raise CloudError."""
    reading = Reading("sts", STS_READS)
    return lambda credential: reading.read(
        "GetCallerIdentity", partial(account_of, endpoint, region, credential, egress)
    )


def account_of(endpoint: str, region: str, credential: Any, egress: Egress) -> str:
    """The id of the account that this very credential belongs to, as STS says it.

    `sts:GetCallerIdentity` needs no permission, and none can be denied.

    Raises:
        ValueError: the answer names none.
    """
    client = sts_client(endpoint, region, kept_credentials(credential), egress)
    found = client.get_caller_identity().body.account_id
    if not isinstance(found, str) or not ACCOUNT_ID.fullmatch(found):
        raise ValueError("GetCallerIdentity: the answer has no account's id")
    return found


def kept_credentials(credential: Any) -> Credentials:
    """Credentials that are this very one, and stay so."""
    kept = KeptKey(
        type="sts" if credential.security_token else "access_key",
        access_key_id=credential.access_key_id,
        access_key_secret=credential.access_key_secret,
        security_token=credential.security_token,
    )
    return Credentials(kept)


def _told(client: Any, product: str, egress: Egress) -> Any:
    """Whatever the client calls is told of."""
    call_api = client.call_api

    def call(params: Any, request: Any, runtime: Any) -> Any:
        with telling(egress.told, product, params.action, lambda error: error_kind(error, product).value):
            return call_api(params, request, runtime)

    client.call_api = call
    return client


def _config(endpoint: str, region: str, credentials: Any, egress: Egress) -> Any:
    scheme, separator, host = endpoint.partition("://")
    proxy = egress.proxy_for(endpoint)
    return Config(
        credential=TranslatedCredentials(credentials),
        endpoint=host if separator else endpoint,
        protocol=scheme if separator else "https",
        region_id=region,
        connect_timeout=CONNECT_TIMEOUT_MS,
        read_timeout=READ_TIMEOUT_MS,
        http_proxy=proxy,
        https_proxy=proxy,
        ca=egress.ca_path,
    )
