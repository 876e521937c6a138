"""Keeps other web pages away from the page site.

Whatever a browser on this machine has open could send requests to a loopback port. So the Host header must name this
site (no rebinding of foreign names), a request from another origin is refused, and the page may not be framed.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

_SAFE = ("GET", "HEAD")
_POLICY = (
    "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@web.middleware
async def page_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """403 with a sentence for whatever does not come from the page itself or from a plain HTTP client."""
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    homes = (f"127.0.0.1:{port}", f"localhost:{port}")
    if request.headers.get("Host") not in homes:
        raise web.HTTPForbidden(text="this site answers to 127.0.0.1 and localhost only")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in [f"http://{home}" for home in homes]:
        raise web.HTTPForbidden(text="requests from other origins are refused")
    if request.method not in _SAFE and request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        raise web.HTTPForbidden(text="requests from other sites are refused")
    return await handler(request)


async def add_page_headers(_: web.Request, response: web.StreamResponse) -> None:
    """What a browser must know about every answer of the page site."""
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cache-Control", "no-store")
