"""MaxCompute's REST API, as far as PyODPS is used: a project's properties, and security queries about tenant roles.

The output of the tenant commands is not documented; it is written here the way that `show grants` is for projects.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from email.utils import formatdate
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from bot.sandbox.products.state import SandboxProducts
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.signature import SecretOf
from bot.sandbox.ram.wire import WireAnswer

QUERY, PROPERTIES, OTHER = "RunSecurityQuery", "GetProject", "GetTenant"
ACTIONS = frozenset({QUERY, PROPERTIES, OTHER})
XML = {"Content-Type": "application/xml"}
_GRANTS = re.compile(r"show\s+grants\s+for\s+tenant\s+role\s+(\S+?);?", re.IGNORECASE)


def verify(method: str, target: str, headers: Mapping[str, str], secret_of: SecretOf) -> str:
    """The access key id that signed (`ODPS id:signature`, HMAC-SHA1 over the request); raises `RamError`."""
    found = re.fullmatch(r"ODPS ([^:\s]+):(\S+)", headers.get("Authorization", ""))
    if found is None:
        raise RamError(401, "ODPS-0410051", "Invalid credentials - the Authorization header is missing.")
    try:
        secret = secret_of(found[1], headers.get("authorization-sts-token", ""))
    except RamError as error:
        raise RamError(401, "ODPS-0410051", f"Invalid credentials - {error.message}") from None
    wanted = hmac.new(secret.encode(), _signed(method, target, headers).encode(), hashlib.sha1).digest()
    if not hmac.compare_digest(base64.b64encode(wanted), found[2].encode("utf-8", "surrogateescape")):
        raise RamError(401, "ODPS-0410042", "Invalid signature value.")
    return found[1]


def _signed(method: str, target: str, headers: Mapping[str, str]) -> str:
    path, _, query = unquote(target).partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    resource = path + ("?" + "&".join(f"{name}={value}" if value else name for name, value in pairs) if pairs else "")
    own = sorted((name.lower(), value) for name, value in headers.items() if name.lower().startswith("x-odps-"))
    parts = [method, headers.get("Content-MD5", ""), headers.get("Content-Type", ""), headers.get("Date", "")]
    return "\n".join([*parts, *(f"{name}:{value}" for name, value in own), resource])


def security_query(products: SandboxProducts, project: str, body: bytes) -> WireAnswer:
    """The answer to a query about the tenant, run in a project."""
    _project(products, project)
    try:
        query = ElementTree.fromstring(body).findtext("Query") or ""
    except ElementTree.ParseError as error:
        raise RamError(400, "ODPS-0410031", "The request is not valid XML.") from error
    if re.fullmatch(r"list\s+tenant\s+roles;?", query.strip(), re.IGNORECASE):
        return _result("\n".join(sorted(products.tenant_roles)))
    asked = _GRANTS.fullmatch(query.strip())
    if asked is None:
        raise RamError(400, "ODPS-0130161", "Parse exception - invalid token.")
    role = products.tenant_roles.get(asked[1])
    if role is None:
        raise RamError(404, "ODPS-0420095", "Access Denied - the tenant role does not exist.")
    lines = [f"A       {name}: {' | '.join(actions)}" for name, actions in role.items()]
    return _result("\n".join(["Authorization Type: Policy", *lines]))


def project_properties(products: SandboxProducts, project: str) -> WireAnswer:
    """The project with its properties, in XML; raises `RamError` 404 where there is no such project."""
    properties = _project(products, project)
    top = ElementTree.Element("Project")
    ElementTree.SubElement(top, "Name").text = project
    each = ElementTree.SubElement(top, "Properties")
    for name, value in properties.items():
        one = ElementTree.SubElement(each, "Property")
        ElementTree.SubElement(one, "Name").text = name
        ElementTree.SubElement(one, "Value").text = value
    now = formatdate(usegmt=True)
    stamps = {"x-odps-owner": "ALIYUN$workshop", "x-odps-creation-time": now, "Last-Modified": now}
    return WireAnswer(200, {**XML, **stamps}, ElementTree.tostring(top))


def extended_properties(products: SandboxProducts, project: str) -> WireAnswer:
    """What PyODPS asks for besides: there are none. Raises `RamError` 404 where there is no such project."""
    _project(products, project)
    return WireAnswer(200, XML, b"<Project><ExtendedProperties/></Project>")


def refusal(error: RamError) -> WireAnswer:
    """An error in MaxCompute's own XML."""
    top = ElementTree.Element("Error")
    for name, text in (("Code", error.code), ("Message", error.message), ("RequestId", "0"), ("HostId", "localhost")):
        ElementTree.SubElement(top, name).text = text
    return WireAnswer(error.status, XML, ElementTree.tostring(top))


def _project(products: SandboxProducts, name: str) -> dict[str, str]:
    properties = products.properties.get(name)
    if properties is None:
        raise RamError(404, "ODPS-0420111", f"Project not found - '{name}'.")
    return properties


def _result(text: str) -> WireAnswer:
    top = ElementTree.Element("Authorization")
    ElementTree.SubElement(top, "Result").text = text
    return WireAnswer(200, XML, ElementTree.tostring(top))
