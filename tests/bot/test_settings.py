"""A missing or malformed setting ends the start with one line that names it, and exit status 2."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.loopback import is_loopback
from bot.settings import Settings, SettingsError, load_settings
from tests.harness.program import pairec_access, says_plainly

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
SIGNED = {"PAIREC_ANCHOR_SECRET": "0123456789abcdef", "PAIREC_AUDIT_EXPORT_SECRET": "0123456789abcdef"}


def test_two_tokens_are_enough_and_the_rest_has_defaults() -> None:
    settings = load_settings(GOOD)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.ram_endpoint == "ram.aliyuncs.com"
    assert settings.database_url == "sqlite:///pairec-access.db"
    assert settings.approvals_channel is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "not-a-token"),
        ("SLACK_APP_TOKEN", "xoxb-the-wrong-one"),
        ("PAIREC_APPROVALS_CHANNEL", "#approvals"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:hunter2@2@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:hunter2/2@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:hunter2?2@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:hunter2#2@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:hunter2%00@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:hunter2%zz@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:[hunter2@db/ledger"),
        ("PAIREC_DATABASE_URL", "postgresql://db/ledger?hunter2"),
        ("PAIREC_DATABASE_URL", "mysql://somewhere/else"),
        ("PAIREC_DATABASE_URL", "sqlite://relative.db"),
        ("PAIREC_DATABASE_URL", "postgresql://db.example.com"),
        ("PAIREC_DATABASE_URL", "postgresql://pairec:secret@/"),
        ("PAIREC_SLACK_API_URL", "slack.com"),
        ("PAIREC_RAM_ENDPOINT", "https://ram.aliyuncs.com/with/a/path"),
        ("PAIREC_IMS_ENDPOINT", "ftp://ims.aliyuncs.com"),
        ("PAIREC_SLACK_API_URL", "http://127.0.0.1:99999/api/"),
        ("PAIREC_RAM_ENDPOINT", "http://127.0.0.1:99999"),
        ("PAIREC_RAM_ENDPOINT", "ram.aliyuncs.com:https"),
        ("PAIREC_IMS_ENDPOINT", "ims.aliyuncs.com:0"),
        ("PAIREC_IMS_ENDPOINT", "http://[not-an-address]"),
        ("PAIREC_CLOCK_URL", "http://127.0.0.1:-1/clock"),
        ("PAIREC_REGION", "Hangzhou!"),
        ("PAIREC_LOCALE", "zh_TW"),
        ("PAIREC_LOG_LEVEL", "LOUD"),
        ("PAIREC_LOG_FORMAT", "logfmt"),
        ("PAIREC_SLACK_MODE", "HTTP"),
        ("PAIREC_SLACK_MODE", "webhook"),
        ("SLACK_SIGNING_SECRET", "short"),
        ("SLACK_SIGNING_SECRET", "two words of a secret"),
        ("PAIREC_ACTIONTRAIL_REGION", "Singapore"),
        ("PAIREC_ACTIONTRAIL_ENDPOINT", "actiontrail.aliyuncs.com:0"),
        ("PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT", "actiontrail.aliyuncs.com:0"),
        ("PAIREC_ANCHOR_URL", "http://anchors.example.com/hook"),
        ("PAIREC_ANCHOR_URL", "ftp://127.0.0.1/hook"),
        ("PAIREC_ANCHOR_URL", "https://walter:w0rd@anchors.example.com/hook"),
        ("PAIREC_ANCHOR_CHANNEL", "#anchors"),
        ("PAIREC_ANCHOR_SECRET", "not-so-long"),
        ("PAIREC_ANCHOR_SECRET", "two words of a secret"),
        ("PAIREC_ANCHOR_BUCKET", "my-bucket/pairec"),
        ("PAIREC_ANCHOR_BUCKET", "oss://Audit_Anchors"),
        ("PAIREC_ANCHOR_BUCKET", "oss://audit-anchors/two words"),
        ("PAIREC_ANCHOR_REGION", "Shanghai!"),
        ("PAIREC_OSS_ENDPOINT", "https://oss.example.com/with/a/path"),
        ("PAIREC_AUDIT_EXPORT_URL", "http://collector.example.com/trail"),
        ("PAIREC_AUDIT_EXPORT_SECRET", "not-so-long"),
        ("PAIREC_POLICY_REVIEW", "must"),
        ("PAIREC_RETENTION", "45"),
        ("PAIREC_RETENTION", "5m"),
        ("PAIREC_RETENTION", "for ever"),
        ("PAIREC_OPEN_REQUESTS", "0"),
        ("PAIREC_OPEN_REQUESTS", "many"),
        ("PAIREC_TICKET_URL", "http://tracker.example.com/{ticket}"),
        ("PAIREC_TICKET_URL", "https://issues.example.com/browse"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com/{ticket}?again={ticket}"),
        ("PAIREC_TICKET_URL", "https://{ticket}.example.com/"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com:{ticket}/"),
        ("PAIREC_TICKET_URL", "https://me:{ticket}@tracker.example.com/"),
        ("PAIREC_TICKET_URL", "issues.example.com/{ticket}"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com/{ticket}|elsewhere"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com/{ticket}>"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com/工单/{ticket}"),
        ("PAIREC_TICKET_URL", f"https://tracker.example.com/{'x' * 300}/{{ticket}}"),
        ("PAIREC_WORKING_HOURS", "18-9"),
        ("PAIREC_WORKING_HOURS", "9-25"),
        ("PAIREC_WORKING_HOURS", "9:00-18:00"),
        ("PAIREC_HTTP_LISTEN", "8080"),
        ("PAIREC_HTTP_LISTEN", ":8080"),
        ("PAIREC_HTTP_LISTEN", "127.0.0.1"),
        ("PAIREC_HTTP_LISTEN", "0.0.0.0:65536"),
        ("PAIREC_HTTP_LISTEN", "0.0.0.0:-1"),
        ("PAIREC_HTTP_LISTEN", "::1:3000"),
        ("PAIREC_HTTP_LISTEN", "http://0.0.0.0:3000"),
    ],
)
def test_a_malformed_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({**GOOD, **SIGNED, name: value})
    assert name in str(refused.value)
    assert value not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PAIREC_APPROVALS_CHANNEL", "#approvals", "such as C0123ABCD"),
        ("PAIREC_REGION", "Hangzhou!", "such as cn-hangzhou"),
        ("PAIREC_RAM_ENDPOINT", "http://127.0.0.1:99999", "a port is from 1 to 65535"),
        ("PAIREC_SLACK_API_URL", "http://127.0.0.1:99999/api/", "a port is from 1 to 65535"),
        ("PAIREC_DATABASE_URL", "sqlite:///:memory:", "such as sqlite:///pairec-access.db"),
        ("PAIREC_LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("PAIREC_LOCALE", "fr", "'en' or 'zh-CN'"),
        ("PAIREC_LOG_FORMAT", "logfmt", "'json' or 'text'"),
        ("PAIREC_SLACK_MODE", "webhook", "'socket' or 'http'"),
        ("PAIREC_WORKING_HOURS", "always", "such as 9-18"),
        ("PAIREC_HTTP_LISTEN", "3000", "such as 0.0.0.0:3000"),
        ("SLACK_SIGNING_SECRET", "short", "32 hex digits"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com", "such as https://tracker.example.com/browse/{ticket}"),
    ],
)
def test_what_is_allowed_instead_is_said_in_words(name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({**GOOD, name: value})
    assert allowed in str(refused.value)
    assert "^" not in str(refused.value), "a regular expression is for programs"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAIREC_APPROVALS_CHANNEL", "G0123ABCD"),
        ("PAIREC_REGION", "ap-southeast-1"),
        ("PAIREC_ACTIONTRAIL_REGION", "ap-southeast-1"),
        ("PAIREC_RAM_ENDPOINT", "ram.aliyuncs.com:443"),
        ("PAIREC_IMS_ENDPOINT", "http://[::1]:8080"),
        ("PAIREC_HTTP_LISTEN", "[::]:3000"),
        ("PAIREC_TICKET_URL", "https://tracker.example.com:8443/issues?id={ticket}&view=1"),
        ("PAIREC_HTTP_LISTEN", "localhost:0"),
    ],
)
def test_a_value_that_can_be_is_taken(name: str, value: str) -> None:
    assert value in load_settings({**GOOD, name: value}).model_dump().values()


@pytest.mark.parametrize("name", list(GOOD))
def test_a_missing_token_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        load_settings({key: value for key, value in GOOD.items() if key != name})


def test_what_a_collector_gets_is_signed() -> None:
    exported = {**GOOD, "PAIREC_AUDIT_EXPORT_URL": "https://collector.example.com/trail?key=1"}
    with pytest.raises(SettingsError, match=r"^PAIREC_AUDIT_EXPORT_SECRET is not set"):
        load_settings(exported)
    told = load_settings({**exported, "PAIREC_AUDIT_EXPORT_SECRET": "0123456789abcdef"})
    assert "collector.example.com" not in repr(told) and "0123456789abcdef" not in repr(told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAIREC_ANCHOR_URL", "https://anchors.example.com/hook?key=1"),
        ("PAIREC_ANCHOR_URL", "http://127.0.0.1:8080/"),
        ("PAIREC_ANCHOR_CHANNEL", "C0123ABCD"),
    ],
)
def test_anchors_are_signed_wherever_they_go(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^PAIREC_ANCHOR_SECRET is not set; it signs what {name} gets$"):
        load_settings({**GOOD, name: value})
    told = load_settings({**GOOD, **SIGNED, name: value})
    assert "anchors.example.com" not in repr(told) and SIGNED["PAIREC_ANCHOR_SECRET"] not in repr(told)


def test_each_mode_needs_a_secret_of_its_own_and_only_that() -> None:
    bot, http = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"PAIREC_SLACK_MODE": "http"}
    signing = {"SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"}
    with pytest.raises(SettingsError, match=r"^SLACK_SIGNING_SECRET is not set; .* while PAIREC_SLACK_MODE is http$"):
        load_settings({**GOOD, **http})
    with pytest.raises(SettingsError, match=r"^SLACK_APP_TOKEN is not set; .* while PAIREC_SLACK_MODE is socket$"):
        load_settings({**bot, **signing})
    assert load_settings({**bot, **http, **signing}).listen_at == ("0.0.0.0", 3000)
    assert load_settings({**bot, **http, **signing, "PAIREC_HTTP_LISTEN": "[::1]:80"}).listen_at == ("::1", 80)


def test_a_movable_clock_is_refused_next_to_anything_real() -> None:
    sandbox = {
        **GOOD,
        "PAIREC_CLOCK_URL": "http://127.0.0.1:1/clock",
        "PAIREC_SLACK_API_URL": "http://127.0.0.1:2/api/",
        "PAIREC_RAM_ENDPOINT": "http://127.0.0.1:3",
        "PAIREC_IMS_ENDPOINT": "http://127.0.0.1:3",
    }
    assert isinstance(load_settings(sandbox), Settings)
    for name in ("PAIREC_SLACK_API_URL", "PAIREC_RAM_ENDPOINT", "PAIREC_IMS_ENDPOINT"):
        without = {key: value for key, value in sandbox.items() if key != name}
        with pytest.raises(SettingsError, match=f"{name} is not on loopback"):
            load_settings(without)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("http://127.0.0.1:80", True),
        ("http://[::1]:80/", True),
        ("localhost", True),
        ("127.0.0.1.evil.example", False),
        ("http://ram.aliyuncs.com", False),
        ("http://user@ram.aliyuncs.com#127.0.0.1", False),
    ],
)
def test_what_is_loopback_is_told_by_the_host_alone(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@pytest.mark.slow
def test_the_command_line_says_one_line_and_ends_with_status_2() -> None:
    says_plainly(pairec_access("run", SLACK_APP_TOKEN="xapp-1"), "SLACK_BOT_TOKEN is not set")


@pytest.mark.slow
def test_a_broken_catalogue_ends_the_start(tmp_path: Path) -> None:
    broken = tmp_path / "catalog.toml"
    broken.write_text("[policies.X]\ntitle = 3\n", "utf-8")
    done = pairec_access("run", **GOOD, PAIREC_CATALOG=str(broken))
    says_plainly(done, f"PAIREC_CATALOG: {broken}: policies.X")


@pytest.mark.slow
def test_a_catalogue_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.toml"
    done = pairec_access("run", **GOOD, PAIREC_CATALOG=str(nowhere))
    says_plainly(done, f"PAIREC_CATALOG: {nowhere}: cannot be read: No such file or directory")


@pytest.mark.slow
def test_a_ledger_in_a_folder_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "ledger.db"
    done = pairec_access("run", **GOOD, PAIREC_DATABASE_URL=f"sqlite:///{file}")
    says_plainly(done, f"PAIREC_DATABASE_URL: the ledger {file} cannot be used: No such file or directory")


def no_credentials_but(folder: Path, **found: str) -> subprocess.CompletedProcess[str]:
    """What a start says on a machine on which nothing else of the SDK's chain is to be found."""
    return pairec_access("run", **GOOD, PAIREC_DATABASE_URL=f"sqlite:///{folder}/l.db", HOME=str(folder), **found)


@pytest.mark.slow
def test_credentials_that_are_nowhere_end_the_start(tmp_path: Path) -> None:
    done = no_credentials_but(tmp_path)
    says_plainly(done, "ALIBABA_CLOUD_ACCESS_KEY_ID: no credentials were found")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_ID"),
    ],
)
def test_of_two_credentials_the_one_that_is_missing_is_named(there: str, missing: str, tmp_path: Path) -> None:
    says_plainly(no_credentials_but(tmp_path, **{there: "LTAI0KEY"}), f"{missing} is not set")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(
            {"SLACK_BOT_TOKEN": "xoxb-1", "PAIREC_REGION": "Hangzhou!", "PAIREC_ROUTE": "x\ny", "PAIREC_INSTANCE": "a"}
        )
    assert str(error.value).splitlines() == [
        "4 settings have to be put right:",
        "  PAIREC_ROUTE has a character that cannot be in it, a newline, at place 2",
        "  PAIREC_INSTANCE is no setting; did you mean PAIREC_INSTANCES?",
        "  PAIREC_REGION: must be the id of a region: two small letters, a hyphen and a name, such as cn-hangzhou",
        "  SLACK_APP_TOKEN is not set; it opens the connection while PAIREC_SLACK_MODE is socket",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PAIREC_CATALOGUE", "PAIREC_CATALOG"),
        ("PAIREC_APPROVAL_CHANNEL", "PAIREC_APPROVALS_CHANNEL"),
        ("PAIREC_DB_URL", "PAIREC_DATABASE_URL"),
        ("pairec_region", "PAIREC_REGION"),
        ("PAIREC-REGION", "PAIREC_REGION"),
        ("PAIREC_CATALOG_FILE", "PAIREC_CATALOG"),
        ("PAIREC_ENVFILE", "PAIREC_ENV_FILE"),
    ],
)
def test_a_misspelt_setting_is_no_silent_default(typed: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"^{typed} is no setting; did you mean {meant}[?]$"):
        load_settings({**GOOD, typed: "value"})


@pytest.mark.parametrize(
    "name",
    [
        # What Kubernetes says of services that are called pairec-access and pairec.
        "PAIREC_ACCESS_SERVICE_HOST",
        "PAIREC_ACCESS_PORT_3000_TCP_ADDR",
        "PAIREC_SERVICE_HOST",
        "PAIREC_SERVICE_PORT",
        "PAIREC_ENVIRONMENT",
    ],
)
def test_what_is_somebody_elses_is_left_alone(name: str) -> None:
    assert load_settings({**GOOD, name: "value"}) == load_settings(GOOD)


def test_a_command_that_asks_slack_nothing_needs_no_token_of_it() -> None:
    assert load_settings({}, slack=False).bot_token is None
    with pytest.raises(SettingsError, match=r"^SLACK_BOT_TOKEN: "):
        load_settings({"SLACK_BOT_TOKEN": "not-a-token"}, slack=False)


def test_reviews_are_a_must_where_it_is_said_so() -> None:
    assert not load_settings(GOOD).policy_review_required
    assert load_settings({**GOOD, "PAIREC_POLICY_REVIEW": "required"}).policy_review_required
