"""The program in a company's network: a proxy that wants a password, TLS by the company's own certificates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.ledger import open_ledger
from bot.egress import Egress
from bot.sandbox.process import link_the_cast
from bot.sandbox.ram import cluster
from bot.sandbox.server import Sandbox
from bot.settings import SettingsError, load_settings
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.program import pairec_access, running, says_plainly
from tests.harness.proxied import FAR, PASSWORD, WRITTEN, Company
from tests.harness.timeouts import workshop_at

pytestmark = pytest.mark.slow

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
PROXY, OTHER = "http://proxy:3128", "http://other:3128"


@pytest.mark.parametrize(
    ("no_proxy", "address", "direct"),
    [
        ("", "https://slack.com/api/", False),
        ("*", "https://slack.com/api/", True),
        ("slack.com", "https://slack.com/api/", True),
        ("slack.com", "wss://wss-primary.slack.com/link/?ticket=1", True),
        (".slack.com", "wss://wss-primary.slack.com/link/?ticket=1", True),
        ("*.slack.com", "wss://wss-primary.slack.com/link/?ticket=1", True),
        ("slack.com", "https://notslack.com", False),
        ("foo.com, ALIYUNCS.com", "ram.aliyuncs.com", True),
        ("ram.aliyuncs.com:443", "https://ram.aliyuncs.com:8443", False),
        ("ram.aliyuncs.com:8443", "https://ram.aliyuncs.com:8443", True),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3:80", True),
        ("10.0.0.0/8", "https://11.1.2.3", False),
        ("fd00::/8", "https://[fd00::1]:8443", True),
        ("", "http://127.0.0.1:3000", True),
        ("", "http://[::1]:3000", True),
        ("", "http://localhost:3000", True),
        ("", "localhost.evil.example", False),
    ],
)
def test_what_no_proxy_names_is_called_directly_and_so_is_this_machine(
    no_proxy: str, address: str, direct: bool
) -> None:
    assert Egress(PROXY, PROXY, no_proxy).proxy_for(address) == (None if direct else PROXY)


def test_each_kind_of_address_has_its_proxy() -> None:
    egress = Egress(https_proxy=PROXY, http_proxy=OTHER)
    assert egress.proxy_for("https://a") == egress.proxy_for("wss://a") == egress.proxy_for("a") == PROXY
    assert egress.proxy_for("http://a") == OTHER and Egress().proxy_for("https://a") is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_is_found_under_each_of_its_names(name: str) -> None:
    assert load_settings({**GOOD, name: "proxy:3128"}).egress.proxy_for("https://a") == PROXY


@pytest.mark.parametrize(
    "value",
    [
        "https://proxy:3128",
        "socks5://proxy:1080",
        "http://walter:pr0xy@w0rd@proxy:3128",
        "http://walter:pr0xy/w0rd@proxy:3128",
        "http://walter:pr0xy#w0rd@proxy:3128",
        "http://walter:100%@proxy:3128",
        "http://walter@proxy:3128",
        "http://proxy:3128/path",
        "http://:3128",
    ],
)
def test_a_proxy_that_not_every_client_would_take_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY: must ") as refused:
        load_settings({**GOOD, "HTTPS_PROXY": value})
    assert "w0rd" not in str(refused.value) and "proxy:3128" not in str(refused.value)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def company(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with Company(sandbox, tmp_path_factory.mktemp("company")).open() as opened:
        yield opened


@pytest.fixture
def told(sandbox: Sandbox, company: Company, tmp_path: Path) -> dict[str, str]:
    ledger = f"sqlite:///{tmp_path}/ledger.db"
    link_the_cast(open_ledger(ledger), sandbox)
    return {**company.settings(), "PAIREC_DATABASE_URL": ledger, "PAIREC_LOG_LEVEL": "DEBUG"}


def test_everything_is_reached_through_the_proxy_and_no_proxy_goes_around_it(
    sandbox: Sandbox, company: Company, told: dict[str, str], tmp_path: Path
) -> None:
    people = workshop_at(sandbox.page_url)
    carol, bob = people.person("carol"), people.person("bob")
    log = tmp_path / "bot.log"
    around = {**told, "NO_PROXY": "pai.test, .ims.test"}
    with running("run", log=log, **around) as bot:
        AppHarness.until(
            lambda: '"started"' in log.read_text("utf-8") or bot.poll() is not None, lambda: log.read_text("utf-8"), 60
        )
        assert bot.poll() is None, log.read_text("utf-8")
        assert sandbox.call(lambda: bool(sandbox.slack.sockets.open_sockets())), "started was said too early"
        assert carol.type("/pairec-access request algorithm-engineer@ranking 8h rolling out")["ok"]
        card = AppHarness.until(
            lambda: [m for m in bob.messages(APPROVALS) if "needs approval" in m.plain], "a card", 60
        )[-1]
        bob.click("Approve", card)
        AppHarness.until(
            lambda: any("active" in m.plain and "needs approval" not in m.plain for m in bob.messages(APPROVALS)),
            lambda: f"all of it to be active; bob sees:\n{bob.screen_text()}",
            60,
        )
        assert carol.type("/pairec-status")["ok"]
        AppHarness.until(lambda: {"pairec", "odps"} <= company.asked(), lambda: str(company.asked()), 60)
    assert company.asked() == set(FAR) - {"pai", "ims"}
    said = log.read_text("utf-8")
    assert all(json.loads(line) for line in said.splitlines())
    assert PASSWORD not in said and WRITTEN not in said


@pytest.fixture(scope="module")
def pod(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return sandbox.rrsa(tmp_path_factory.mktemp("pod"))


@pytest.fixture
def as_a_pod(told: dict[str, str], pod: dict[str, str]) -> dict[str, str]:
    """The same, with a pod's token in place of an access key."""
    return {name: value for name, value in told.items() if not name.startswith("ALIBABA_CLOUD_ACCESS_KEY_")} | pod


def test_a_pod_of_the_company_gets_its_keys_through_the_proxy_and_gives_with_them(
    sandbox: Sandbox, as_a_pod: dict[str, str], tmp_path: Path
) -> None:
    people = workshop_at(sandbox.page_url)
    frank, bob = people.person("frank"), people.person("bob")
    log, token = tmp_path / "bot.log", Path(as_a_pod["ALIBABA_CLOUD_OIDC_TOKEN_FILE"]).read_text("ascii")
    with running("run", log=log, **as_a_pod) as bot:
        AppHarness.until(
            lambda: '"started"' in log.read_text("utf-8") or bot.poll() is not None, lambda: log.read_text("utf-8"), 60
        )
        assert frank.type("/pairec-access request PaiRecEngineAccess 1h to be rolled out")["ok"]
        cards = AppHarness.until(lambda: [m for m in bob.messages(APPROVALS) if "rolled out" in m.plain], "a card", 60)
        bob.click("Approve", cards[-1])
        AppHarness.until(
            lambda: [entry for entry in sandbox.account.log() if entry.user == "frank"],
            lambda: f"something to be done in RAM; bob sees:\n{bob.screen_text()}",
            60,
        )
    given = [entry for entry in sandbox.account.log() if entry.user == "frank"]
    assert [(entry.action, entry.result) for entry in given] == [("AttachPolicyToUser", "ok")]
    assert given[0].key.startswith("STS.")
    said = log.read_text("utf-8")
    session = sandbox.account.sessions.find(given[0].key)
    assert session is not None
    assert not [each for each in (token, session.secret, session.security_token, given[0].key) if each in said]


def test_a_pods_token_that_sts_refuses_is_named(
    sandbox: Sandbox, as_a_pod: dict[str, str], pod: dict[str, str], tmp_path: Path
) -> None:
    issuer = sandbox.account.sessions.providers[pod["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"]]
    old = tmp_path / "old-token"
    old.write_text(issuer.token(cluster.SUBJECT, 0), "ascii")
    done = pairec_access("run", **{**as_a_pod, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(old)})
    says_plainly(
        done,
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE: the token in it has run out, and nobody writes another one"
        " (AuthenticationFail.OIDCToken.Expired)",
    )
    assert old.read_text("ascii") not in done.stderr


def test_a_pods_proxy_or_authority_that_is_wrong_is_named_where_sts_is_reached_by_it(as_a_pod: dict[str, str]) -> None:
    wrong = as_a_pod["HTTPS_PROXY"].replace(WRITTEN, "an0ther-w0rd")
    done = pairec_access("run", **{**as_a_pod, "HTTPS_PROXY": wrong})
    says_plainly(done, "HTTPS_PROXY: the proxy does not let the program through to STS (status 407")
    del as_a_pod["SSL_CERT_FILE"]
    done = pairec_access("run", **as_a_pod)
    says_plainly(done, "PAIREC_STS_ENDPOINT: the certificate of what answers there is not trusted;")


def test_a_proxy_that_refuses_is_named_and_its_password_is_not(told: dict[str, str]) -> None:
    wrong = told["HTTPS_PROXY"].replace(WRITTEN, "an0ther-w0rd")
    done = pairec_access("run", **{**told, "HTTPS_PROXY": wrong})
    says_plainly(done, "HTTPS_PROXY: the proxy does not let the program through to Slack (status 407, a wrong name or")
    assert "an0ther" not in done.stderr


def test_a_company_that_is_not_trusted_is_said_to_be_that(told: dict[str, str]) -> None:
    del told["SSL_CERT_FILE"]
    done = pairec_access("run", **told)
    says_plainly(done, "PAIREC_SLACK_API_URL: the certificate of what answers there is not trusted (")
    assert "SSL_CERT_FILE" in done.stderr


@pytest.mark.parametrize(("text", "why"), [("no certificate", "there is no certificate in it"), (None, "No such file")])
def test_certificate_authorities_that_cannot_be_read_end_the_start(
    told: dict[str, str], tmp_path: Path, text: str | None, why: str
) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text, "utf-8")
    says_plainly(pairec_access("run", **{**told, "SSL_CERT_FILE": str(file)}), f"SSL_CERT_FILE: {file} cannot be read")
