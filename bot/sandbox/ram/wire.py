"""RAM's RPC protocol on the wire: what a request says, and how answers and refusals are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from bot.sandbox.ram.actions.table import IMS, STS
from bot.sandbox.ram.caller import Caller, new_request_id
from bot.sandbox.ram.errors import RamError

FORM = "application/x-www-form-urlencoded"
MAX_PARAMETERS = 500


class ApiName(NamedTuple):
    """What an API says that it is in refusals."""

    host: str
    product: str


_RAM = ApiName("ram.aliyuncs.com", "Ram")
_OTHERS = {
    IMS: ApiName("ims.aliyuncs.com", "Ims"),
    STS: ApiName("sts.aliyuncs.com", "Sts"),
    "2022-12-13": ApiName("pairecservice.cn-hangzhou.aliyuncs.com", "PaiRecService"),
}
"""By their version."""


@dataclass(frozen=True, slots=True)
class RpcRequest:
    """One request. `headers` has lower-case names; `query` keeps order and repetition, `params` is query and form."""

    method: str
    headers: Mapping[str, tuple[str, ...]]
    query: tuple[tuple[str, str], ...]
    params: Mapping[str, str]
    body: bytes
    path: str = "/"
    """As it was sent: `/` in RAM's own style, the resource in that of newer products."""
    remote: str = ""
    """The address that it came from."""
    request_id: str = field(default_factory=new_request_id)
    """What this delivery of it is known by, to the caller too."""

    def new_delivery(self) -> RpcRequest:
        """Each time that a call is carried out, it is another one to the cloud."""
        return replace(self, request_id=new_request_id())

    def caller_with(self, key: str) -> Caller:
        """Who made this call, which is signed with this access key."""
        return Caller(key, self.header("user-agent"), self.request_id, self.remote)

    def header(self, name: str) -> str:
        """A header's values, with commas between them; empty when absent."""
        return ",".join(self.headers.get(name, ()))

    @property
    def authorization(self) -> str:
        """The newer signature; empty where the older one is among the parameters."""
        return self.header("authorization")

    @property
    def action(self) -> str:
        """What is to be done, from where the signature covers it."""
        return self._named("x-acs-action", "Action")

    @property
    def version(self) -> str:
        """The product's version, from where the signature covers it."""
        return self._named("x-acs-version", "Version")

    @property
    def wants_xml(self) -> bool:
        """The old protocol (no Authorization header) answers XML unless asked for JSON."""
        wanted = self.params.get("Format", "").lower()
        return wanted == "xml" or (not wanted and not self.authorization)

    def _named(self, header: str, parameter: str) -> str:
        # Each signature version covers one of the two places, and only what is signed may say what to do.
        if self.authorization:
            return self.header(header) or self.params.get(parameter, "")
        return self.params.get(parameter, "") or self.header(header)


def parse_request(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes, remote: str | None = None
) -> RpcRequest:
    """`target` is the request line's, still encoded; `remote`, the address that it came from. Raises `RamError` 400 for
    parameters that are not UTF-8.
    """
    collected: dict[str, tuple[str, ...]] = {}
    for name, value in headers:
        collected[name.lower()] = (*collected.get(name.lower(), ()), value.strip())
    query = _pairs(target.partition("?")[2])
    form: list[tuple[str, str]] = []
    if ",".join(collected.get("content-type", ())).lower().startswith(FORM):
        form = _pairs(body.decode("latin-1"))
    return RpcRequest(
        method, collected, tuple(query), dict([*query, *form]), body, target.partition("?")[0], remote or ""
    )


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        raise RamError(400, "InvalidParameter", "The parameters cannot be read.") from error


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """What goes back: an HTTP status, headers, and the whole body."""

    status: int
    headers: dict[str, str]
    body: bytes


def success(request: RpcRequest, answer: dict[str, Any]) -> WireAnswer:
    """200, with the RequestId of the call."""
    return _write(request.wants_xml, 200, f"{request.action}Response", {"RequestId": request.request_id, **answer})


def refusal(request: RpcRequest | None, error: RamError, name: ApiName | None = None) -> WireAnswer:
    """`request` is None when it could not even be read. `name` is that of an API that is not served beside RAM's."""
    known_as = request.request_id if request else new_request_id()
    host, product = name or (_OTHERS.get(request.version, _RAM) if request else _RAM)
    body: dict[str, Any] = {
        "RequestId": known_as,
        "HostId": host,
        "Code": error.code,
        "Message": error.message,
        "Recommend": f"https://api.aliyun.com/troubleshoot?q={error.code}&product={product}&requestId={known_as}",
    }
    if error.denied is not None:
        body["AccessDeniedDetail"] = error.denied
    answer = _write(bool(request and request.wants_xml), error.status, "Error", body)
    if error.retry_after_ms is not None:
        answer.headers["x-acs-retry-after"] = str(error.retry_after_ms)
    return answer


def _write(as_xml: bool, status: int, root: str, body: dict[str, Any]) -> WireAnswer:
    headers = {"x-acs-request-id": body["RequestId"]}
    if as_xml:
        top = ElementTree.Element(root)
        _fill(top, body)
        written = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
        return WireAnswer(status, {"Content-Type": "text/xml; charset=utf-8", **headers}, written)
    written = json.dumps(body, ensure_ascii=False).encode()
    return WireAnswer(status, {"Content-Type": "application/json; charset=utf-8", **headers}, written)


def _fill(parent: ElementTree.Element, fields: dict[str, Any]) -> None:
    """A list becomes the same element again and again, as RAM writes lists."""
    for name, value in fields.items():
        for item in value if isinstance(value, list) else [value]:
            child = ElementTree.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(child, item)
            elif isinstance(item, bool):
                child.text = "true" if item else "false"
            else:
                child.text = str(item)
