"""What the program is told from outside: environment variables, checked whole before anything starts.

Each has a name, a default, a unit and a sentence in the README. A missing or malformed one ends the start with one
line that names it; its value is never repeated, since it may be a secret.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.egress import VARIABLES, Egress
from bot.environment import faults, given

SLACK_API = "https://slack.com/api/"


class SettingsError(Exception):
    """The program cannot start with these settings; the text is one line."""


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


def _proxy(value: str) -> str:
    address = value if "//" in value else f"http://{value}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme == "http" and parts.hostname and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable or parts.query or parts.fragment or parts.netloc.count("@") > 1 or _has_half_a_code(address):
        raise ValueError(
            "must be http://, the proxy's host and its port; in a name and a password before an @, anything but letters"
            " and digits is written as its code, such as %40 for @"
        )
    if parts.username is not None and not parts.password:
        raise ValueError("must have a password behind the name and a colon, since not every client sends a name alone")
    return address


def _has_half_a_code(address: str) -> bool:
    return bool(re.search(r"%(?![0-9A-Fa-f]{2})|%00", address))


def _listen(value: str) -> str:
    found = re.fullmatch(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", value)
    if found is None or int(found[2]) > 65_535:
        raise ValueError(
            "must be an address of this machine and a port from 0 to 65535, such as 0.0.0.0:3000 or [::]:3000;"
            " port 0 is any free one"
        )
    return value


def _place(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def _instances(value: str) -> str:
    names = [name.strip() for name in value.split(",")]
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in names) or len(set(names)) != len(names):
        raise ValueError("must be ids of PAI-Rec instances, a comma between them, such as pairec-cn-1,pairec-cn-2")
    if len(names) > MAX_INSTANCES:
        raise ValueError(f"must be at most {MAX_INSTANCES} instances")
    return ",".join(names)


def database_address(value: str) -> str:
    """A ledger's address as it may be.

    Raises:
        ValueError: it may not, and what is allowed.
    """
    if value.startswith(("postgresql://", "postgres://")):
        if _is_miswritten(value):
            raise ValueError(
                "must have anything but letters and digits in a password written as its code, such as %40 for @"
            )
        if not value.isascii() or '"' in value:
            raise ValueError("must have anything but the letters of English, digits and signs written as its code")
        if not re.fullmatch(r"[a-z]+://[^/?#\s]*/[^/?#\s]+(\?\S*)?", value):
            raise ValueError("must name a database, such as postgresql://pairec@db.example.com/pairec_access")
        return value
    # What SQLite keeps in memory, each thread would have one of its own.
    if not value.startswith("sqlite:///") or value.removeprefix("sqlite:///") in ("", ":memory:"):
        raise ValueError(
            "must be sqlite:/// and the path of a file, such as sqlite:///pairec-access.db,"
            " or postgresql://, a server and a database"
        )
    return value


def _is_miswritten(address: str) -> bool:
    """Whoever takes such an address apart says what is wrong by repeating some of it, which may be of a password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    behind = f"{parts.path}{parts.fragment}"
    return (
        parts.netloc.count("@") > 1
        or "@" in behind
        or _has_half_a_code(address)
        or any("=" not in part or "@" in part for part in parts.query.split("&") if part)
    )


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


MAX_INSTANCES = 20
Endpoint = Annotated[str, AfterValidator(endpoint)]
Url = Annotated[str, AfterValidator(_url)]
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
Nickname = Annotated[
    str, _matching(r"[A-Za-z0-9_-]{1,64}", "a nickname of MaxCompute's: letters, digits, _ and -, such as ranking_dts")
]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    bot_token: Annotated[SecretStr, _token("xoxb-")] = Field(validation_alias="SLACK_BOT_TOKEN")
    slack_mode: Literal["socket", "http"] = Field("socket", validation_alias="PAIREC_SLACK_MODE")
    app_token: Annotated[SecretStr, _token("xapp-")] | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SigningSecret | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    http_listen: Listen = Field("0.0.0.0:3000", validation_alias="PAIREC_HTTP_LISTEN")
    admin_listen: Listen = Field("127.0.0.1:9464", validation_alias="PAIREC_ADMIN_LISTEN")
    approvals_channel: Channel | None = Field(None, validation_alias="PAIREC_APPROVALS_CHANNEL")
    database_url: Annotated[str, AfterValidator(database_address)] = Field(
        "sqlite:///pairec-access.db", validation_alias="PAIREC_DATABASE_URL"
    )
    slack_api_url: Url = Field(SLACK_API, validation_alias="PAIREC_SLACK_API_URL")
    ram_endpoint: Endpoint = Field("ram.aliyuncs.com", validation_alias="PAIREC_RAM_ENDPOINT")
    ims_endpoint: Endpoint = Field("ims.aliyuncs.com", validation_alias="PAIREC_IMS_ENDPOINT")
    sts_endpoint: Endpoint | None = Field(None, validation_alias="PAIREC_STS_ENDPOINT")
    region: Region = Field("cn-hangzhou", validation_alias="PAIREC_REGION")
    catalog: Path | None = Field(None, validation_alias="PAIREC_CATALOG")
    status: Path | None = Field(None, validation_alias="PAIREC_STATUS")
    resources: Path | None = Field(None, validation_alias="PAIREC_RESOURCES")
    engine_role: Role | None = Field(None, validation_alias="PAIREC_ENGINE_ROLE")
    instances: Annotated[str, AfterValidator(_instances)] | None = Field(None, validation_alias="PAIREC_INSTANCES")
    service_endpoint: Endpoint | None = Field(None, validation_alias="PAIREC_SERVICE_ENDPOINT")
    training_project: Project | None = Field(None, validation_alias="PAIREC_TRAINING_PROJECT")
    training_quota: Nickname | None = Field(None, validation_alias="PAIREC_TRAINING_QUOTA")
    tunnel_group: Nickname | None = Field(None, validation_alias="PAIREC_TUNNEL_GROUP")
    maxcompute_endpoint: Url | None = Field(None, validation_alias="PAIREC_MAXCOMPUTE_ENDPOINT")
    clock_url: Url | None = Field(None, validation_alias="PAIREC_CLOCK_URL")
    new_admins: Literal["confirm", "trust"] = Field("confirm", validation_alias="PAIREC_NEW_ADMINS")
    https_proxy: Proxy | None = Field(None, validation_alias="HTTPS_PROXY")
    http_proxy: Proxy | None = Field(None, validation_alias="HTTP_PROXY")
    no_proxy: NoProxy | None = Field(None, validation_alias="NO_PROXY")
    ca_file: Path | None = Field(None, validation_alias="SSL_CERT_FILE")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="PAIREC_LOG_LEVEL")

    @property
    def listen_at(self) -> tuple[str, int]:
        """Host and port."""
        return _place(self.http_listen)

    @property
    def admin_at(self) -> tuple[str, int]:
        """Host and port."""
        return _place(self.admin_listen)

    @property
    def instance_ids(self) -> tuple[str, ...]:
        return tuple(self.instances.split(",")) if self.instances else ()

    @property
    def sts_address(self) -> str:
        """What stands in for RAM on this machine stands in for STS too, unless another address is named."""
        usual = self.ram_endpoint if is_loopback(self.ram_endpoint) else "sts.aliyuncs.com"
        return self.sts_endpoint or usual

    @property
    def pairec_address(self) -> str:
        return self.service_endpoint or f"pairecservice.{self.region}.aliyuncs.com"

    @property
    def maxcompute_address(self) -> str:
        return self.maxcompute_endpoint or f"https://service.{self.region}.maxcompute.aliyun.com/api"

    @property
    def egress(self) -> Egress:
        return Egress(self.https_proxy, self.http_proxy, self.no_proxy or "", self.ca_file)

    @property
    def on_a_server(self) -> bool:
        """Whether the ledger is in a database, and not in a file."""
        return self.database_url.startswith("postgres")


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the process's environment, or from the given names and values instead.

    Raises:
        SettingsError: one is missing or malformed.
    """
    # An empty value is none, wherever it comes from.
    told = given(os.environ if environment is None else environment)
    for name, fault in faults(told).items():
        raise SettingsError(f"{name} {fault}")
    for name, others in VARIABLES.items():
        if found := [told[each] for each in (name, *others) if each in told]:
            told[name] = found[0]
    try:
        settings = Settings.model_validate(told)
    except ValidationError as error:
        raise SettingsError(_line(error)) from None
    _has_what_its_mode_needs(settings)
    if settings.clock_url is not None:
        _only_on_loopback(settings)
    return settings


def _line(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    name = str(found["loc"][0])
    if found["type"] == "missing":
        return f"{name} is not set"
    return f"{name}: {found['msg'].removeprefix('Value error, ')}"


def _has_what_its_mode_needs(settings: Settings) -> None:
    if settings.slack_mode == "socket" and settings.app_token is None:
        raise SettingsError("SLACK_APP_TOKEN is not set; it opens the connection while PAIREC_SLACK_MODE is socket")
    if settings.slack_mode == "http" and settings.signing_secret is None:
        raise SettingsError(
            "SLACK_SIGNING_SECRET is not set; it proves that a request is Slack's while PAIREC_SLACK_MODE is http"
        )


def _only_on_loopback(settings: Settings) -> None:
    """A movable clock could end or prolong real access, so it is refused next to anything real."""
    for name, address in (
        ("PAIREC_SLACK_API_URL", settings.slack_api_url),
        ("PAIREC_RAM_ENDPOINT", settings.ram_endpoint),
        ("PAIREC_IMS_ENDPOINT", settings.ims_endpoint),
        ("PAIREC_STS_ENDPOINT", settings.sts_address),
        ("PAIREC_CLOCK_URL", settings.clock_url or ""),
        # Without an address of its own, nothing is asked there unless these are set.
        ("PAIREC_SERVICE_ENDPOINT", settings.pairec_address if settings.instances else ""),
        ("PAIREC_MAXCOMPUTE_ENDPOINT", settings.maxcompute_address if settings.training_project else ""),
    ):
        if address and not is_loopback(address):
            raise SettingsError(f"PAIREC_CLOCK_URL is for the sandbox only: {name} is not on loopback")


def is_loopback(address: str) -> bool:
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
