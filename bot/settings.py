"""What the program is told from outside: environment variables, checked whole before anything starts.

Each has a name, a default, a unit and a sentence in docs/settings.md. Missing or malformed ones end the start with a
line for each that names it; its value is never repeated, since it may be a secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from approvals.working_hours import WorkingHours
from bot.egress import VARIABLES, Egress
from bot.environment import character_faults, misspelt_names, nonempty_values
from bot.environment_files import ENV_FILE, SECRETS, read_environment_files, secret_file_name
from bot.loopback import is_loopback
from bot.setting_types import (
    AppToken,
    BotToken,
    Channel,
    DatabaseAddress,
    Endpoint,
    Hours,
    Instances,
    Listen,
    Nickname,
    NoProxy,
    OpenRequests,
    OssAddress,
    Project,
    Proxy,
    Region,
    Retention,
    Role,
    SignerSecret,
    SigningSecret,
    TicketUrl,
    Url,
    WebhookUrl,
)
from bot.settings_together import elsewhere, missing_signers, missing_tokens

SLACK_API = "https://slack.com/api/"


class SettingsError(Exception):
    """The program cannot start with these settings; the text is a line, or a line for each below the first."""


def _host_and_port(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


class Settings(BaseModel):
    """Every setting, each under the name of its environment variable; docs/settings.md says what it means."""

    model_config = ConfigDict(extra="ignore", frozen=True, validate_default=True)

    bot_token: BotToken | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_mode: Literal["socket", "http"] = Field("socket", validation_alias="PAIREC_SLACK_MODE")
    app_token: AppToken | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SigningSecret | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    http_listen: Listen = Field("0.0.0.0:3000", validation_alias="PAIREC_HTTP_LISTEN")
    admin_listen: Listen = Field("127.0.0.1:9464", validation_alias="PAIREC_ADMIN_LISTEN")
    approvals_channel: Channel | None = Field(None, validation_alias="PAIREC_APPROVALS_CHANNEL")
    database_url: DatabaseAddress = Field("sqlite:///pairec-access.db", validation_alias="PAIREC_DATABASE_URL")
    slack_api_url: Url = Field(SLACK_API, validation_alias="PAIREC_SLACK_API_URL")
    ram_endpoint: Endpoint = Field("ram.aliyuncs.com", validation_alias="PAIREC_RAM_ENDPOINT")
    ims_endpoint: Endpoint = Field("ims.aliyuncs.com", validation_alias="PAIREC_IMS_ENDPOINT")
    sts_endpoint: Endpoint | None = Field(None, validation_alias="PAIREC_STS_ENDPOINT")
    region: Region = Field("cn-hangzhou", validation_alias="PAIREC_REGION")
    catalog: Path | None = Field(None, validation_alias="PAIREC_CATALOG")
    status: Path | None = Field(None, validation_alias="PAIREC_STATUS")
    resources: Path | None = Field(None, validation_alias="PAIREC_RESOURCES")
    engine_role: Role | None = Field(None, validation_alias="PAIREC_ENGINE_ROLE")
    instances: Instances | None = Field(None, validation_alias="PAIREC_INSTANCES")
    service_endpoint: Endpoint | None = Field(None, validation_alias="PAIREC_SERVICE_ENDPOINT")
    training_project: Project | None = Field(None, validation_alias="PAIREC_TRAINING_PROJECT")
    training_quota: Nickname | None = Field(None, validation_alias="PAIREC_TRAINING_QUOTA")
    tunnel_group: Nickname | None = Field(None, validation_alias="PAIREC_TUNNEL_GROUP")
    maxcompute_endpoint: Url | None = Field(None, validation_alias="PAIREC_MAXCOMPUTE_ENDPOINT")
    clock_url: Url | None = Field(None, validation_alias="PAIREC_CLOCK_URL")
    new_admins: Literal["confirm", "trust"] = Field("confirm", validation_alias="PAIREC_NEW_ADMINS")
    policy_review: Literal["warn", "required"] = Field("warn", validation_alias="PAIREC_POLICY_REVIEW")
    retention: Retention | None = Field(None, validation_alias="PAIREC_RETENTION")
    open_requests: OpenRequests = Field(20, validation_alias="PAIREC_OPEN_REQUESTS")
    ticket_url: TicketUrl | None = Field(None, validation_alias="PAIREC_TICKET_URL")
    working_hours: Hours = Field(WorkingHours(), validation_alias="PAIREC_WORKING_HOURS")
    anchor_url: WebhookUrl | None = Field(None, validation_alias="PAIREC_ANCHOR_URL")
    anchor_channel: Channel | None = Field(None, validation_alias="PAIREC_ANCHOR_CHANNEL")
    anchor_secret: SignerSecret | None = Field(None, validation_alias="PAIREC_ANCHOR_SECRET")
    anchor_bucket: OssAddress | None = Field(None, validation_alias="PAIREC_ANCHOR_BUCKET")
    anchor_region: Region | None = Field(None, validation_alias="PAIREC_ANCHOR_REGION")
    oss_endpoint: Endpoint | None = Field(None, validation_alias="PAIREC_OSS_ENDPOINT")
    export_path: Path | None = Field(None, validation_alias="PAIREC_AUDIT_EXPORT_PATH")
    export_url: WebhookUrl | None = Field(None, validation_alias="PAIREC_AUDIT_EXPORT_URL")
    export_secret: SignerSecret | None = Field(None, validation_alias="PAIREC_AUDIT_EXPORT_SECRET")
    actiontrail_region: Region | None = Field(None, validation_alias="PAIREC_ACTIONTRAIL_REGION")
    actiontrail_endpoint: Endpoint | None = Field(None, validation_alias="PAIREC_ACTIONTRAIL_ENDPOINT")
    actiontrail_products_endpoint: Endpoint | None = Field(
        None, validation_alias="PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT"
    )
    https_proxy: Proxy | None = Field(None, validation_alias="HTTPS_PROXY")
    http_proxy: Proxy | None = Field(None, validation_alias="HTTP_PROXY")
    no_proxy: NoProxy | None = Field(None, validation_alias="NO_PROXY")
    ca_file: Path | None = Field(None, validation_alias="SSL_CERT_FILE")
    locale: Literal["en", "zh-CN"] = Field("en", validation_alias="PAIREC_LOCALE")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="PAIREC_LOG_LEVEL")
    log_format: Literal["json", "text"] = Field("json", validation_alias="PAIREC_LOG_FORMAT")

    @property
    def listen_at(self) -> tuple[str, int]:
        """Host and port."""
        return _host_and_port(self.http_listen)

    @property
    def admin_at(self) -> tuple[str, int]:
        """Host and port."""
        return _host_and_port(self.admin_listen)

    @property
    def instance_ids(self) -> tuple[str, ...]:
        """Ids of the PAI-Rec instances whose connections the status asks about; none where it is not set."""
        return tuple(self.instances.split(",")) if self.instances else ()

    @property
    def sts_address(self) -> str:
        """What stands in for RAM on this machine stands in for STS too, unless another address is named."""
        usual = self.ram_endpoint if is_loopback(self.ram_endpoint) else "sts.aliyuncs.com"
        return self.sts_endpoint or usual

    @property
    def pairec_address(self) -> str:
        """PAI-Rec's endpoint: the region's, unless one is named."""
        return self.service_endpoint or f"pairecservice.{self.region}.aliyuncs.com"

    @property
    def maxcompute_address(self) -> str:
        """MaxCompute's endpoint, with its path, for PyODPS: the region's, unless one is named."""
        return self.maxcompute_endpoint or f"https://service.{self.region}.maxcompute.aliyun.com/api"

    @property
    def actiontrail_address(self) -> str:
        """ActionTrail's endpoint: that of the region in which it keeps RAM's events, unless one is named."""
        return self.actiontrail_endpoint or f"actiontrail.{self.actiontrail_region}.aliyuncs.com"

    @property
    def products_elsewhere(self) -> bool:
        """Whether ActionTrail has the products' events in another region than RAM's."""
        return self.actiontrail_region not in (None, self.region)

    @property
    def actiontrail_products_address(self) -> str:
        """ActionTrail's endpoint in the region of the products, unless one is named; where that is RAM's as well, the
        same.
        """
        if not self.products_elsewhere:
            return self.actiontrail_address
        return self.actiontrail_products_endpoint or f"actiontrail.{self.region}.aliyuncs.com"

    @property
    def policy_review_required(self) -> bool:
        """Whether nothing is given that was not reviewed."""
        return self.policy_review == "required"

    @property
    def egress(self) -> Egress:
        """The way out, as the usual variables name it; its files are not looked at yet."""
        return Egress(self.https_proxy, self.http_proxy, self.no_proxy or "", self.ca_file)

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """Each setting and the address that is called by it; empty where none is."""
        return (
            ("PAIREC_SLACK_API_URL", self.slack_api_url),
            ("PAIREC_RAM_ENDPOINT", self.ram_endpoint),
            ("PAIREC_IMS_ENDPOINT", self.ims_endpoint),
            ("PAIREC_STS_ENDPOINT", self.sts_address),
            ("PAIREC_CLOCK_URL", self.clock_url or ""),
            ("PAIREC_ANCHOR_URL", self.anchor_url.get_secret_value() if self.anchor_url else ""),
            ("PAIREC_OSS_ENDPOINT", (self.oss_endpoint or "oss.aliyuncs.com") if self.anchor_bucket else ""),
            ("PAIREC_AUDIT_EXPORT_URL", self.export_url.get_secret_value() if self.export_url else ""),
            # Without an address of its own, nothing is asked there unless these are set.
            ("PAIREC_SERVICE_ENDPOINT", self.pairec_address if self.instances else ""),
            ("PAIREC_ACTIONTRAIL_ENDPOINT", self.actiontrail_address if self.actiontrail_region else ""),
            (
                "PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT",
                self.actiontrail_products_address if self.products_elsewhere else "",
            ),
            ("PAIREC_MAXCOMPUTE_ENDPOINT", self.maxcompute_address if self.training_project else ""),
        )

    @property
    def uses_database_server(self) -> bool:
        """Whether the ledger is in a database, and not in a file."""
        return self.database_url.startswith("postgres")


def load_settings(environment: Mapping[str, str] | None = None, *, slack: bool = True) -> Settings:
    """Settings from the process's environment, or from the given names and values instead; `slack`: for whoever has to
    do with Slack, and needs its tokens.

    Raises:
        SettingsError: some are missing or malformed, and what is wrong with each.
    """
    # An empty value is none, wherever it comes from.
    values = nonempty_values(os.environ if environment is None else environment)
    faults = read_environment_files(values)
    unfit = character_faults(values)
    faults += [f"{name} {fault}" for name, fault in unfit.items()]
    faults += misspelt_names(values, known_names())
    fit = {name: value for name, value in values.items() if name not in unfit}
    for name, others in VARIABLES.items():
        if found := [fit[each] for each in (name, *others) if each in fit]:
            fit[name] = found[0]
    settings, malformed = _validated(fit)
    faults += malformed
    faults += missing_signers(values)
    if slack:
        faults += missing_tokens(values)
    if settings is not None and settings.clock_url is not None:
        faults += elsewhere(settings.addresses)
    if settings is None or faults:
        raise SettingsError(_told(faults))
    return settings


def known_names() -> tuple[str, ...]:
    """The variables that are settings, and those that name the files of some."""
    aliases = [str(field.validation_alias) for field in Settings.model_fields.values()]
    return (*aliases, ENV_FILE, *map(secret_file_name, SECRETS))


def _validated(values: Mapping[str, str]) -> tuple[Settings | None, list[str]]:
    try:
        return Settings.model_validate(values), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, [f"{each['loc'][0]}: {str(each['msg']).removeprefix('Value error, ')}" for each in found]


def _told(faults: Sequence[str]) -> str:
    if len(faults) == 1:
        return faults[0]
    return f"{len(faults)} settings have to be put right:\n" + "\n".join(f"  {fault}" for fault in faults)
