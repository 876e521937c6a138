"""What a setting may be, and what is said of one that is not. A value is never repeated: it may be a secret."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from approvals.durations import parse_duration
from approvals.millis import DAY
from approvals.working_hours import WorkingHours
from bot.database_address import database_address, has_half_a_code
from bot.loopback import is_loopback

HOURS_A_DAY = 24
_OSS = r"oss://[a-z0-9][a-z0-9-]{1,61}[a-z0-9](/[A-Za-z0-9._-]{1,100}){0,5}/?"
MAX_INSTANCES = 20
MAX_TICKET_URL_CHARACTERS = 300
"""Characters; a ticket's name in it and all of that encoded still fit on a card."""


def is_oss_address(value: str) -> bool:
    """Whether it is `oss://bucket/prefix`."""
    return re.fullmatch(_OSS, value) is not None


def _token(prefix: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if not token.startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        if not re.fullmatch(r"[A-Za-z0-9-]+", token):
            raise ValueError(f"must be {prefix} and then letters, digits and hyphens")
        return value

    return AfterValidator(check)


def _parts(address: str) -> SplitResult | None:
    """The parts of an address that a client can connect to; None when there is no such one."""
    try:
        parts = urlsplit(address)
        host = re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", parts.hostname or "")
        # A name and a password in it would be taken for a part of the host, and repeated where that is not found.
        written = re.fullmatch(r"[^\s\"'<>`#]+", address, re.ASCII) and address.isascii() and "@" not in parts.netloc
        usable = parts.scheme in ("http", "https") and host and written and parts.port != 0
    except ValueError:
        # Its text would repeat the value.
        return None
    return parts if usable else None


def endpoint(value: str) -> str:
    """An endpoint as it may be.

    Raises:
        ValueError: it may not, and what is allowed.
    """
    parts = _parts(value if "//" in value else f"https://{value}")
    if parts is None or parts.path not in ("", "/") or parts.query:
        raise ValueError(
            "must be a host name, or http:// or https:// and a host name, without a path; a port is from 1 to 65535"
        )
    return value.rstrip("/")


def _url(value: str) -> str:
    if _parts(value) is None:
        raise ValueError("must be an http:// or https:// address; a port is from 1 to 65535")
    return value


def _ticket_url(value: str) -> str:
    parts = _parts(value)
    # Braces in the host have no parts; a bar would end the address where Slack reads it.
    if parts is None or parts.scheme != "https" or value.count("{ticket}") != 1 or "|" in value:
        raise ValueError(
            "must be an https:// address with {ticket} once in it, behind the host, such as"
            " https://tracker.example.com/browse/{ticket}"
        )
    if len(value) > MAX_TICKET_URL_CHARACTERS:
        raise ValueError(f"must be at most {MAX_TICKET_URL_CHARACTERS} characters")
    return value


def _webhook_url(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    parts = _parts(address)
    if parts is None or (parts.scheme != "https" and not is_loopback(address)):
        raise ValueError("must be an https:// address, or an http:// one of this machine")
    return value


def _proxy(value: str) -> str:
    address = value if "//" in value else f"http://{value}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme == "http" and parts.hostname and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable or parts.query or parts.fragment or parts.netloc.count("@") > 1 or has_half_a_code(address):
        raise ValueError(
            "must be http://, the proxy's host and its port; in a name and a password before an @, anything but letters"
            " and digits is written as its code, such as %40 for @"
        )
    if parts.username is not None and not parts.password:
        raise ValueError("must have a password behind the name and a colon, since not every client sends a name alone")
    return address


def _listen(value: str) -> str:
    found = re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", value)
    if found is None or int(found[2]) > 65_535:
        raise ValueError(
            "must be an address of this machine and a port from 0 to 65535, such as 0.0.0.0:3000 or [::]:3000;"
            " port 0 is any free one"
        )
    return value


def _instances(value: str) -> str:
    names = [name.strip() for name in value.split(",")]
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in names) or len(set(names)) != len(names):
        raise ValueError("must be ids of PAI-Rec instances, a comma between them, such as pairec-cn-1,pairec-cn-2")
    if len(names) > MAX_INSTANCES:
        raise ValueError(f"must be at most {MAX_INSTANCES} instances")
    return ",".join(names)


def _matching(pattern: str, allowed: str) -> AfterValidator:
    """A text that is made of what is allowed; `allowed` says so in words, with an example."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {allowed}")
        return value

    return AfterValidator(check)


def _secret_matching(pattern: str, allowed: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError(f"must be {allowed}")
        return value

    return AfterValidator(check)


def _retention(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        milliseconds = parse_duration(value)
    except ValueError:
        milliseconds = 0
    if milliseconds < DAY:
        raise ValueError("must be a duration of a day or more, such as 365d")
    return milliseconds


def _open_requests(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[1-9][0-9]{0,3}", value, re.ASCII):
        raise ValueError("must be a number from 1 to 9999")
    return int(value)


def _hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", value, re.ASCII)
    begin, end = map(int, found.groups()) if found else (0, 0)
    if not begin < end <= HOURS_A_DAY:
        raise ValueError("must be two hours of a day from 0 to 24, the earlier one first, such as 9-18")
    return WorkingHours(begin, end)


Retention = Annotated[int, BeforeValidator(_retention)]
"""Milliseconds."""
OpenRequests = Annotated[int, BeforeValidator(_open_requests)]
Hours = Annotated[WorkingHours, BeforeValidator(_hours)]
Endpoint = Annotated[str, AfterValidator(endpoint)]
Url = Annotated[str, AfterValidator(_url)]
TicketUrl = Annotated[str, AfterValidator(_ticket_url)]
Listen = Annotated[str, AfterValidator(_listen)]
Proxy = Annotated[str, AfterValidator(_proxy)]
NoProxy = Annotated[
    str,
    _matching(
        r"[A-Za-z0-9.*:\[\]/_, -]*",
        "hosts, domains, addresses and networks, a comma between them, such as .example.com",
    ),
]
Channel = Annotated[
    str,
    _matching(r"[CG][A-Z0-9]{2,}", "the id of a channel: C or G, then capital letters and digits, such as C0123ABCD"),
]
Region = Annotated[
    str,
    _matching(
        r"[a-z]{2}-[a-z0-9-]+", "the id of a region: two small letters, a hyphen and a name, such as cn-hangzhou"
    ),
]
Role = Annotated[
    str, _matching(r"[A-Za-z0-9.-]{1,64}", "a role's name: letters, digits, . and -, such as AliyunPAIRecEASRole")
]
Project = Annotated[
    str,
    _matching(
        r"[A-Za-z][A-Za-z0-9_]{0,127}", "a MaxCompute project's name: letters, digits and _, such as ranking_dev"
    ),
]
SigningSecret = Annotated[
    SecretStr,
    _secret_matching(
        r"[A-Za-z0-9_-]{8,}", "the signing secret of the app's Basic Information, as Slack shows it: 32 hex digits"
    ),
]
WebhookUrl = Annotated[SecretStr, AfterValidator(_webhook_url)]
"""Who has the address of a webhook may often send there."""
SignerSecret = Annotated[
    SecretStr,
    _secret_matching(r"[!-~]{16,}", "16 or more letters, digits and signs, such as openssl rand -hex 32 makes"),
]
OssAddress = Annotated[
    str,
    _matching(
        _OSS,
        "oss://, a bucket's name and perhaps folders in it, such as oss://audit-anchors/pairec",
    ),
]
Nickname = Annotated[
    str, _matching(r"[A-Za-z0-9_-]{1,64}", "a nickname of MaxCompute's: letters, digits, _ and -, such as ranking_dts")
]
BotToken = Annotated[SecretStr, _token("xoxb-")]
AppToken = Annotated[SecretStr, _token("xapp-")]
Instances = Annotated[str, AfterValidator(_instances)]
DatabaseAddress = Annotated[str, AfterValidator(database_address)]
