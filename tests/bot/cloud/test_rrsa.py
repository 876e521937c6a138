"""A pod's token is changed for keys in time, whatever STS does meanwhile, and what is wrong with it is said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_credentials.client import Client as Credentials

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.clients import sts_client
from bot.cloud.credential_errors import NotIssued, TranslatedCredentials
from bot.cloud.errors import translated
from bot.cloud.reading import TRIES
from bot.cloud.rrsa import RENEW_BEFORE_SECONDS, RETRY_SECONDS, RrsaProvider
from bot.cloud.tenant import Tenants
from bot.redaction import Redaction
from bot.sandbox.ram import cluster
from bot.sandbox.ram.oidc import OidcProvider
from bot.sandbox.server import Sandbox
from tests.harness.timeouts import workshop_at

pytestmark = pytest.mark.slow

HOUR = 3600.0
TOKEN, ROLE, ENDPOINT = "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_ROLE_ARN", "PAIREC_STS_ENDPOINT"


class Pod:
    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.passed = 0.0
        sandbox.account.sessions.real = self.now
        self.told = sandbox.rrsa(folder)
        self.sts = sandbox.env()["PAIREC_RAM_ENDPOINT"]
        self.people = workshop_at(sandbox.page_url)
        self.issuer = sandbox.account.sessions.providers[self.told["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"]]
        self.file = Path(self.told[TOKEN])
        self.sessions = sandbox.account.sessions
        self.provider = self.started()

    def now(self) -> float:
        return 1_800_000_000.0 + self.passed

    def started(self) -> RrsaProvider:
        return RrsaProvider(sts_client(self.sts, "cn-hangzhou"), self.told, self.now)

    def key(self) -> str:
        return str(self.provider.get_credentials().get_access_key_id())

    def writes_token(self, seconds: float = 3600, **claims: object) -> None:
        self.file.write_text(self.issuer.token(cluster.SUBJECT, self.now(), seconds, **claims) + "\n", "ascii")

    def refusal(self, provider: RrsaProvider | None = None) -> NotIssued:
        with pytest.raises(NotIssued) as caught:
            (provider or self.provider).get_credentials()
        return caught.value


@pytest.fixture
def pod(tmp_path: Path) -> Iterator[Pod]:
    with Sandbox() as sandbox:
        yield Pod(sandbox, tmp_path)


def test_keys_are_used_until_a_while_before_they_end_and_then_there_are_others_by_the_token_of_then(pod: Pod) -> None:
    first = pod.key()
    pod.passed = HOUR - RENEW_BEFORE_SECONDS - 1
    assert pod.key() == first
    # As a cluster does: another token, before the one in the file runs out.
    pod.passed = HOUR - RENEW_BEFORE_SECONDS
    pod.writes_token()
    second = pod.key()
    assert second != first and second.startswith("STS.")
    pod.passed = 2 * (HOUR - RENEW_BEFORE_SECONDS)
    assert pod.key() not in (first, second)


def test_while_sts_gives_none_keys_that_hold_are_used_and_it_is_asked_again_after_a_while(
    pod: Pod, caplog: pytest.LogCaptureFixture
) -> None:
    first = pod.key()
    _orders(pod, fault="error", status=503, code="Busy")
    pod.passed = HOUR - RENEW_BEFORE_SECONDS
    assert [pod.key() for _ in range(3)] == [first] * 3
    assert len([r for r in caplog.records if r.name == "bot.cloud.rrsa"]) == 1
    pod.passed += RETRY_SECONDS
    assert pod.key() == first
    pod.writes_token()
    pod.passed += RETRY_SECONDS
    assert pod.key() != first


def test_keys_that_ended_are_used_no_more(pod: Pod) -> None:
    pod.key()
    pod.passed = HOUR
    error = pod.refusal()
    assert error.because.code == "AuthenticationFail.OIDCToken.Expired"
    pod.writes_token()
    assert pod.refusal().because.code == error.because.code, "STS was asked again at once"
    pod.passed += RETRY_SECONDS
    assert pod.key()


def test_a_clock_that_is_put_back_holds_nothing_up(pod: Pod) -> None:
    pod.file.write_text("not.a.token", "ascii")
    pod.passed = 30 * 24 * HOUR
    assert pod.refusal()
    pod.passed = 0.0
    pod.writes_token()
    assert pod.key()


def test_what_was_wrong_reaches_whoever_calls_the_cloud_as_a_want_of_credentials_with_the_code(pod: Pod) -> None:
    pod.writes_token(exp=int(pod.now()))

    class Asking:
        get_credential = staticmethod(pod.provider.get_credentials)

    with pytest.raises(CloudError) as caught, translated("AttachPolicyToUser", writes=True):
        TranslatedCredentials(Asking()).get_credential()
    error = caught.value
    assert (error.kind, error.code) == (CloudErrorKind.NO_CREDENTIALS, "AuthenticationFail.OIDCToken.Expired")
    assert error.action == "AssumeRoleWithOIDC" and error.request_id and not error.kind.outcome_unknown


def test_maxcomputes_older_client_is_told_the_same(pod: Pod) -> None:
    pod.writes_token(exp=int(pod.now()))
    tenants = Tenants("http://127.0.0.1:9/api", Credentials(provider=pod.provider))
    with pytest.raises(CloudError) as caught:
        tenants.property("ranking_dev", "odps.tunnel")
    found = (caught.value.kind, caught.value.code)
    assert found == (CloudErrorKind.NO_CREDENTIALS, "AuthenticationFail.OIDCToken.Expired")


def _orders(pod: Pod, **order: Any) -> None:
    """For STS being asked twice, each time as often as the program asks again by itself."""
    pod.people.inject_ram_fault({"action": "AssumeRoleWithOIDC", "times": 2 * TRIES, **order})


WRONG: dict[str, tuple[Any, str]] = {
    "no file": (lambda pod: pod.file.unlink(), f"{TOKEN}: {{file}} cannot be read (No such file or directory)"),
    "a folder": (
        lambda pod: (pod.file.unlink(), pod.file.mkdir()),
        f"{TOKEN}: {{file}} cannot be read (Is a directory)",
    ),
    "nothing in it": (lambda pod: pod.file.write_text(" \n"), f"{TOKEN}: {{file}} has no OIDC token in it"),
    "a picture in it": (
        lambda pod: pod.file.write_bytes(b"\x89PNG\xff" * 9),
        f"{TOKEN}: {{file}} has no OIDC token in it",
    ),
    "more than a token": (
        lambda pod: pod.file.write_text("x" * 20_001),
        f"{TOKEN}: {{file}} has no OIDC token in it",
    ),
    "a token that ran out": (
        lambda pod: pod.writes_token(exp=int(pod.now())),
        f"{TOKEN}: the token in it has run out, and nobody writes another one (AuthenticationFail.OIDCToken.Expired)",
    ),
    "another cluster's token": (
        lambda pod: pod.file.write_text(OidcProvider("", cluster.ISSUER).token(cluster.SUBJECT, pod.now())),
        f"{TOKEN}: STS does not take the token in it (AuthenticationFail.OIDCToken.InvalidSignature)",
    ),
    "another pod's token": (
        lambda pod: pod.writes_token(sub="system:serviceaccount:pairec:default"),
        f"{ROLE}: the role does not trust this token, or its provider, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, is not"
        " registered (AuthenticationFail.NoPermission)",
    ),
    "no such role": (
        lambda pod: pod.told.update({ROLE: "acs:ram::1000000000000001:role/none"}),
        f"{ROLE}: STS gives no keys for it (EntityNotExist.Role)",
    ),
    "a page of a proxy": (lambda pod: _orders(pod, fault="html", status=200), f"{ENDPOINT}: STS does not answer"),
    "an answer without keys": (lambda pod: _orders(pod, fault="empty", status=200), f"{ENDPOINT}: STS does not answer"),
    "too many calls": (lambda pod: _orders(pod, fault="throttle"), f"{ENDPOINT}: STS does not answer"),
    "a connection that breaks": (lambda pod: _orders(pod, fault="reset"), f"{ENDPOINT}: STS does not answer"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_the_setting_to_look_at_and_without_the_token(
    pod: Pod, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    make, sentence = WRONG[what]
    sentence = sentence.format(file=pod.file)
    held = pod.key()
    pod.passed = HOUR - RENEW_BEFORE_SECONDS
    make(pod)
    assert str(pod.refusal(pod.started())).startswith(sentence)
    assert caplog.records == [] and pod.key() == held
    said = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert sentence in said
    token = pod.file.read_bytes()[:40].decode("latin-1") if pod.file.is_file() else ""
    assert "eyJ" not in said and (len(token) < 40 or token not in said)


def test_a_token_that_turns_up_in_an_address_is_blotted_out(pod: Pod) -> None:
    token = pod.file.read_text("ascii")
    said = Redaction().clean(f"GET https://sts.aliyuncs.com/?OIDCToken={token}&Format=json")
    assert not any(part in said for part in token.split(".")) and said.endswith("&Format=json")
