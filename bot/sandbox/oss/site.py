"""OSS as an HTTP site, by paths that begin with the bucket."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from xml.sax.saxutils import escape

from aiohttp import web

from bot.sandbox.oss.buckets import Buckets, OssBucket
from bot.sandbox.oss.signature import OssCall, verify
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.permission import authorise

XML = "application/xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MOST_KEYS = 1_000


def oss_site(account: CloudAccount, buckets: Buckets) -> web.Application:
    """To be served on loopback."""
    site = _OssSite(account, buckets)
    app = web.Application()
    app.router.add_route("*", "/{bucket}/{key:.*}", site.answer)
    return app


class _OssSite:
    def __init__(self, account: CloudAccount, buckets: Buckets) -> None:
        self._account = account
        self._buckets = buckets
        self._calls = 0

    async def answer(self, request: web.Request) -> web.Response:
        self._calls += 1
        headers = {"x-oss-request-id": f"{self._calls:024X}"}
        path, _, query = request.raw_path.partition("?")
        named = {name.lower(): value for name, value in request.headers.items()}
        call = OssCall(request.method, path, query, named)
        try:
            status, kind, body = self._carried_out(call, request, await request.read())
        except RamError as error:
            status, kind, body = error.status, XML, _refusal(error, headers["x-oss-request-id"])
        return web.Response(status=status, body=body, headers={**headers, "Content-Type": kind})

    def _carried_out(self, call: OssCall, request: web.Request, body: bytes) -> tuple[int, str, bytes]:
        signer = verify(call, self._account.secret_of, self._buckets.now())
        bucket, key, query = self._buckets[request.match_info["bucket"]], request.match_info["key"], request.query
        action, resource = _action(call.method, key, query), bucket.name if not key else f"{bucket.name}/{key}"
        self._may(signer.key, action, resource)
        if signer.region != bucket.region:
            raise RamError(
                403,
                "AccessDenied",
                "The bucket you are attempting to access must be addressed using the specified endpoint.",
            )
        now = self._buckets.now()
        if action == "oss:PutObject":
            bucket.put(key, body, now, forbid_overwrite=call.headers.get("x-oss-forbid-overwrite") == "true")
        elif action == "oss:DeleteObject":
            bucket.delete(key, now)
            return 204, XML, b""
        elif action == "oss:GetObject":
            return 200, "application/octet-stream", bucket.content(key)
        elif action == "oss:GetBucketWorm":
            return 200, XML, _worm(bucket)
        else:
            return 200, XML, _listed(bucket, query)
        return 200, XML, b""

    def _may(self, key: str, action: str, resource: str) -> None:
        try:
            authorise(self._account, key, action, (f"acs:oss:*:{self._account.account_id}:{resource}",))
        except RamError:
            raise RamError(
                403, "AccessDenied", "You have no right to access this object because of bucket acl."
            ) from None


def _action(method: str, key: str, query: Mapping[str, str]) -> str:
    named = {"PUT": "oss:PutObject", "GET": "oss:GetObject", "DELETE": "oss:DeleteObject"}
    if key and method in named and not query:
        return named[method]
    if not key and method == "GET" and "worm" in query:
        return "oss:GetBucketWorm"
    if not key and method == "GET" and query.get("list-type") == "2":
        return "oss:ListObjects"
    raise RamError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")


def _listed(bucket: OssBucket, query: Mapping[str, str]) -> bytes:
    """In the order of their names, a page at a time."""
    most = min(int(query.get("max-keys", "100")), MOST_KEYS)
    after = base64.b64decode(query.get("continuation-token", "")).decode()
    names = sorted(name for name in bucket.objects if name.startswith(query.get("prefix", "")) and name > after)
    page, rest = names[:most], names[most:]
    token = (
        f"<NextContinuationToken>{base64.b64encode(page[-1].encode()).decode()}</NextContinuationToken>" if rest else ""
    )
    contents = "".join(
        f"<Contents><Key>{escape(name)}</Key><Size>{len(bucket.objects[name][0])}</Size></Contents>" for name in page
    )
    return (
        f"{HEAD}<ListBucketResult><Name>{bucket.name}</Name><KeyCount>{len(page)}</KeyCount>"
        f"<IsTruncated>{str(bool(rest)).lower()}</IsTruncated>{token}{contents}</ListBucketResult>"
    ).encode()


def _worm(bucket: OssBucket) -> bytes:
    if bucket.retention_days is None:
        raise RamError(404, "NoSuchWORMConfiguration", "The WORM Configuration does not exist.")
    return (
        f"{HEAD}<WormConfiguration><WormId>1666E2CFB2B3418****</WormId><State>Locked</State>"
        f"<RetentionPeriodInDays>{bucket.retention_days}</RetentionPeriodInDays></WormConfiguration>"
    ).encode()


def _refusal(error: RamError, request_id: str) -> bytes:
    return (
        f"{HEAD}<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        f"<RequestId>{request_id}</RequestId><HostId>oss.sandbox</HostId></Error>"
    ).encode()
