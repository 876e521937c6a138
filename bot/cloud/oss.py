"""A bucket of OSS to which anchors of the audit trail are put, an object each, and never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import alibabacloud_oss_v2 as oss
import requests
from alibabacloud_oss_v2 import exceptions
from alibabacloud_oss_v2.transport import RequestsHttpClient

from bot.egress import Egress
from bot.far_calls import telling
from bot.signed_webhook import JSON, NotTaken

SECONDS = 5.0
"""Seconds that each step of a call may take."""
MAX_BYTES = 10_000
"""Of an object; an anchor has some hundreds."""
THERE, NO_RETENTION = "FileAlreadyExists", "NoSuchWORMConfiguration"
_CODE = re.compile(r"[A-Za-z0-9.]{1,80}")


class BucketPlace(NamedTuple):
    """Where in OSS."""

    bucket: str
    prefix: str
    """With a slash behind it, or empty."""


class Retention(NamedTuple):
    """What keeps objects from being changed."""

    days: int
    locked: bool


def place_of(address: str) -> BucketPlace:
    """From `oss://bucket/prefix`, as a setting has it."""
    bucket, _, prefix = address.removeprefix("oss://").strip("/").partition("/")
    return BucketPlace(bucket, f"{prefix}/" if prefix else "")


class AnchorBucket:
    """Safe to share between threads. Each call raises NotTaken where OSS does not do it, and says why."""

    def __init__(self, place: BucketPlace, region: str, endpoint: str | None, credentials: Any, egress: Egress) -> None:
        """`endpoint`: another than that of the region; `credentials`: of the SDK's chain."""
        self._place = place
        self._egress = egress
        address = endpoint or f"https://oss-{region}.aliyuncs.com"
        session = _Session(egress.ca_path)
        session.mount("https://", egress.adapter())
        proxy = egress.proxy_for(address)
        self._client = oss.Client(
            oss.Config(
                region=region,
                endpoint=address,
                signature_version="v4",
                credentials_provider=_Credentials(credentials),
                retry_max_attempts=1,
                http_client=RequestsHttpClient(
                    session=session,
                    connect_timeout=SECONDS,
                    readwrite_timeout=SECONDS,
                    proxy_host={"http": proxy, "https": proxy} if proxy else None,
                ),
            )
        )

    def put(self, name: str, content: bytes) -> None:
        """An object that is there already stays as it is, and counts as put: its name says what is in it."""
        request = oss.PutObjectRequest(
            self._place.bucket, self._place.prefix + name, body=content, content_type=JSON, forbid_overwrite=True
        )
        self._ask("PutObject", lambda: self._client.put_object(request), but=THERE)

    def names(self) -> Iterator[str]:
        """Those of all objects there, without the prefix, in their order; but for the empty ones that OSS's console
        makes of folders, which a locked retention keeps as well.
        """
        token = None
        while True:
            request = oss.ListObjectsV2Request(
                self._place.bucket, prefix=self._place.prefix or None, max_keys=1_000, continuation_token=token
            )
            found = self._ask("ListObjectsV2", lambda request=request: self._client.list_objects_v2(request))
            for each in found.contents or ():
                if not str(each.key).endswith("/") or each.size:
                    yield str(each.key).removeprefix(self._place.prefix)
            token = found.next_continuation_token
            if not token:
                return

    def content(self, name: str) -> bytes:
        """Of one object; no more of it than an anchor can have."""
        request = oss.GetObjectRequest(self._place.bucket, self._place.prefix + name)

        def read() -> bytes:
            with self._client.get_object(request).body as body:
                found = b""
                for block in body.iter_bytes(block_size=MAX_BYTES):
                    found += block
                    if len(found) >= MAX_BYTES:
                        break
                return found

        content: bytes = self._ask("GetObject", read)
        return content

    def retention(self) -> Retention | None:
        """What the bucket has of it; None where it has none."""
        request = oss.GetBucketWormRequest(self._place.bucket)
        found = self._ask("GetBucketWorm", lambda: self._client.get_bucket_worm(request), but=NO_RETENTION)
        worm = found and found.worm_configuration
        return Retention(int(worm.retention_period_in_days), worm.state == "Locked") if worm else None

    def _ask(self, action: str, ask: Any, but: str = "") -> Any:
        """None where OSS answers with the code `but`."""
        try:
            with telling(self._egress.told, "oss", action, lambda error: _why(error)[1]):
                return ask()
        except (exceptions.BaseError, requests.RequestException, OSError) as error:
            why, code = _why(error)
            if code == but:
                return None
            raise NotTaken(why) from None


def _why(error: BaseException) -> tuple[str, str]:
    """In words, without an address, and OSS's code."""
    while isinstance(error, exceptions.OperationError) and isinstance(error.unwrap(), BaseException):
        error = error.unwrap()
    if isinstance(error, exceptions.ServiceError):
        code = str(error.code or "")
        code = code if _CODE.fullmatch(code) else f"status {error.status_code}"
        return f"OSS answers {code} (request id {error.request_id})", code
    return f"OSS cannot be reached ({type(error).__name__})", "unreachable"


class _Credentials(oss.credentials.CredentialsProvider):  # type: ignore[misc]
    """By the SDK's chain of all other products; temporary keys change."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def get_credentials(self) -> Any:
        found = self._credentials.get_credential()
        return oss.credentials.Credentials(found.access_key_id, found.access_key_secret, found.security_token or None)


class _Session(requests.Session):
    """Believes these certificate authorities alone, and goes by no variables of its own."""

    def __init__(self, ca_path: str) -> None:
        super().__init__()
        self.trust_env = False
        self._ca_path = ca_path

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{**kwargs, "verify": self._ca_path})
