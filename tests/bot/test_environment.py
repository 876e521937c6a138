"""Settings that came along with what nobody sees: stripped where it is white space, refused by name where it is not."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from bot.cloud.credentials import ACCESS_KEY
from bot.environment import strip_values
from bot.settings import Settings, SettingsError, load_settings
from tests.harness.program import pairec_access, says_plainly

pytestmark = pytest.mark.slow

TOLD = {
    "SLACK_BOT_TOKEN": "xoxb-11112222-aaaabbbb",
    "SLACK_APP_TOKEN": "xapp-1-A0APP-33334444-ccccdddd",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tABCDEFGHIJ",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "kZ8sYqWcVtRpLm2nBx4hJg6dFa0eUi",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "CAIS+qwertyuiop/asdfghjkl==",
    "PAIREC_DATABASE_URL": "postgresql://pairec:opensesame@127.0.0.1:9/ledger",
    "PGPASSWORD": "correct-horse-battery",
    "PAIREC_ANCHOR_URL": "https://anchors.example.com/hook/walrus-and-carpenter",
    "PAIREC_ANCHOR_SECRET": "shoes-and-ships-and-sealing-wax",
    "PAIREC_AUDIT_EXPORT_URL": "https://collector.example.com/trail/why-the-sea-is-boiling",
    "PAIREC_AUDIT_EXPORT_SECRET": "whether-pigs-have-wings",
    "HTTPS_PROXY": "http://walter:pr0xy-w0rd@127.0.0.1:9",
    "http_proxy": "http://walter:an0ther-w0rd@127.0.0.1:9",
}
"""Those with a secret in them."""
SECRETS = (
    *(TOLD[name] for name in TOLD if name not in ("PAIREC_DATABASE_URL", "HTTPS_PROXY", "http_proxy")),
    *("opensesame", "pr0xy-w0rd", "an0ther-w0rd"),
)
PLAIN = {
    "PAIREC_SLACK_MODE": "socket",
    "PAIREC_HTTP_LISTEN": "0.0.0.0:3000",
    "PAIREC_ADMIN_LISTEN": "127.0.0.1:9464",
    "PAIREC_APPROVALS_CHANNEL": "C0123ABCD",
    "PAIREC_SLACK_API_URL": "https://slack.com/api/",
    "PAIREC_RAM_ENDPOINT": "ram.aliyuncs.com",
    "PAIREC_IMS_ENDPOINT": "ims.aliyuncs.com",
    "PAIREC_STS_ENDPOINT": "sts.aliyuncs.com",
    "PAIREC_REGION": "cn-hangzhou",
    "PAIREC_CATALOG": "/etc/pairec/catalog.toml",
    "PAIREC_STATUS": "/etc/pairec/status.toml",
    "PAIREC_RESOURCES": "/etc/pairec/resources.toml",
    "PAIREC_ENGINE_ROLE": "AliyunPAIRecEASRole",
    "PAIREC_INSTANCES": "pairec-cn-1,pairec-cn-2",
    "PAIREC_SERVICE_ENDPOINT": "pairecservice.cn-hangzhou.aliyuncs.com",
    "PAIREC_TRAINING_PROJECT": "ranking_dev",
    "PAIREC_TRAINING_QUOTA": "ranking",
    "PAIREC_TUNNEL_GROUP": "ranking_dts",
    "PAIREC_MAXCOMPUTE_ENDPOINT": "https://service.cn-hangzhou.maxcompute.aliyun.com/api",
    "PAIREC_CLOCK_URL": "http://127.0.0.1:1/clock",
    "HTTP_PROXY": "http://proxy.example.com:3128",
    "NO_PROXY": "10.0.0.0/8, .example.com",
    "SSL_CERT_FILE": "/etc/ssl/company.pem",
    "PAIREC_NEW_ADMINS": "confirm",
    "PAIREC_POLICY_REVIEW": "required",
    "PAIREC_ACTIONTRAIL_REGION": "ap-southeast-1",
    "PAIREC_ACTIONTRAIL_ENDPOINT": "actiontrail.ap-southeast-1.aliyuncs.com",
    "PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT": "actiontrail.cn-hangzhou.aliyuncs.com",
    "PAIREC_ANCHOR_CHANNEL": "C0123ABCD",
    "PAIREC_AUDIT_EXPORT_PATH": "/var/log/pairec-access/trail.jsonl",
    "PAIREC_ANCHOR_BUCKET": "oss://audit-anchors/pairec",
    "PAIREC_ANCHOR_REGION": "cn-shanghai",
    "PAIREC_OSS_ENDPOINT": "https://oss-cn-shanghai-internal.aliyuncs.com",
    "PAIREC_OPEN_REQUESTS": "20",
    "PAIREC_TICKET_URL": "https://tracker.example.com/browse/{ticket}",
    "PAIREC_WORKING_HOURS": "8-17",
    "PAIREC_RETENTION": "365d",
    "PAIREC_LOCALE": "zh-CN",
    "PAIREC_LOG_LEVEL": "DEBUG",
    "PAIREC_LOG_FORMAT": "text",
}


def within(value: str, what: str) -> str:
    """In the middle of it."""
    return f"{value[: len(value) // 2]}{what}{value[len(value) // 2 :]}"


STRIPPED: dict[str, Callable[[str], str]] = {
    "a newline after it": lambda value: f"{value}\n",
    "a Windows newline after it": lambda value: f"{value}\r\n",
    "blanks around it": lambda value: f"  {value}\t",
    "no-break spaces around it": lambda value: f"\u00a0{value}\u00a0",
}
BROKEN: dict[str, Callable[[str], str]] = {
    "a newline in it": lambda value: within(value, "\n"),
    "a carriage return in it": lambda value: within(value, "\r"),
    "a zero-width space in it": lambda value: within(value, "\u200b"),
    "a zero-width space after it": lambda value: f"{value}\u200b",
    "a byte order mark before it": lambda value: f"\ufeff{value}",
    "a no-break space in it": lambda value: within(value, "\u00a0"),
    "half a character in it": lambda value: within(value, "\udcff"),
    "quotation marks around it": lambda value: f'"{value}"',
    "typographic quotation marks around it": lambda value: f"“{value}”",
    "an apostrophe after it": lambda value: f"{value}’",
    "a typographic quotation mark in it": lambda value: within(value, "’"),
}

QUOTED = tuple(way for way in BROKEN if "quotation" in way or "apostrophe" in way)
PATHS = ("PAIREC_AUDIT_EXPORT_PATH", "PAIREC_CATALOG", "PAIREC_STATUS", "PAIREC_RESOURCES", "SSL_CERT_FILE")
ALLOWED = {"PGPASSWORD": QUOTED, **dict.fromkeys(PATHS, QUOTED[-1:])}
"""Where a quotation mark may be meant."""


def test_the_cases_are_all_settings_that_there_are() -> None:
    there = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert there | set(ACCESS_KEY) <= {*TOLD, *PLAIN}, "a value of each stands in TOLD or PLAIN"


@pytest.mark.parametrize("way", BROKEN)
def test_what_cannot_be_in_a_setting_is_refused_by_name(way: str) -> None:
    """The program is started with each setting broken in this way."""
    values = {**PLAIN, **TOLD}
    for name, value in values.items():
        if way not in ALLOWED.get(name, ()):
            done = pairec_access("run", **{**TOLD, name: BROKEN[way](value)})
            says_plainly(done, name)
            says_no_secret(done)


@pytest.mark.parametrize("way", STRIPPED)
def test_white_space_around_a_setting_is_none_of_it(way: str) -> None:
    told = {name: value for name, value in {**TOLD, **PLAIN}.items() if name != "PAIREC_CLOCK_URL"}
    assert load_settings({name: STRIPPED[way](value) for name, value in told.items()}) == load_settings(told)
    environment = {name: STRIPPED[way](value) for name, value in told.items()}
    strip_values(environment)
    assert environment == told, "the libraries read the environment as well"


def test_a_setting_of_nothing_but_white_space_is_none() -> None:
    with pytest.raises(SettingsError, match=r"^SLACK_BOT_TOKEN is not set$"):
        load_settings({**TOLD, "SLACK_BOT_TOKEN": " \n"})
    environment = {"HTTPS_PROXY": "\n", "PATH": "/bin\n"}
    strip_values(environment)
    assert environment == {"PATH": "/bin\n"}, "what is nobody's setting is left alone"


@pytest.mark.parametrize("way", ["a newline in it", "half a character in it", "a zero-width space in it"])
def test_no_library_that_reads_the_settings_itself_says_a_secret(way: str) -> None:
    """In a process of its own, where they are imported with all of the settings broken."""
    settings = {name: BROKEN[way](value) for name, value in {**PLAIN, **TOLD}.items()}
    done = pairec_access("run", python=(sys.executable,), **settings)
    first, *lines = done.stderr.splitlines()
    assert done.returncode == 2 and first == f"pairec-access: {len(settings)} settings have to be put right:"
    assert sorted(line.split()[0] for line in lines) == sorted(settings), "a line for each of them, and no more"
    says_no_secret(done)


def says_no_secret(done: CompletedProcess[str]) -> None:
    for secret in SECRETS:
        for piece in (secret[:9], secret[-9:]):
            assert piece not in done.stdout + done.stderr, done.stderr


def test_a_newline_after_each_secret_is_no_reason_not_to_start() -> None:
    """It comes as far as to the ledger's server, which is not there."""
    done = pairec_access("run", **{name: f"{value}\n" for name, value in TOLD.items()})
    says_plainly(done, "PAIREC_DATABASE_URL: the ledger postgresql://pairec@127.0.0.1:9/ledger cannot be used")
    assert not re.search("|".join(map(re.escape, SECRETS)), done.stderr)
