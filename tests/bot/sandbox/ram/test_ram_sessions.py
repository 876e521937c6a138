"""A role is assumed with a cluster's token as STS would have it, and its keys hold for as long as they should."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config as KeptKey
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_sts20150401.models import AssumeRoleWithOIDCRequest
from alibabacloud_tea_openapi.utils_models import Config

from bot.sandbox.ram import cluster
from bot.sandbox.ram.oidc import OidcProvider
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.bot.sandbox.ram.ram_calls import attach, refused
from tests.bot.sandbox.ram.ram_signing import acs3, v1
from tests.bot.sandbox.ram.ram_world import SECRET, World


class Pod:
    def __init__(self, world: World) -> None:
        self.world = world
        self.later = 0.0
        world.account.sessions.real = self.now
        self.provider = cluster.add_cluster(world.account)
        self.role_arn = cluster.role_arn(world.account)

    def now(self) -> float:
        return 1_800_000_000.0 + self.later

    def token(self, subject: str = cluster.SUBJECT, seconds: float = 3600, **claims: object) -> str:
        return self.provider.token(subject, self.now(), seconds, **claims)

    def assume(self, token: str | None = None, **other: Any) -> Any:
        named = {
            "role_arn": self.role_arn,
            "oidcprovider_arn": self.provider.arn,
            "oidctoken": token or self.token(),
            "role_session_name": "pairec-access",
        }
        answer = StsClient(self._config()).assume_role_with_oidc(AssumeRoleWithOIDCRequest(**{**named, **other}))
        return answer.body

    def who(self, keys: Any) -> Any:
        return StsClient(self._config(self.credentials(keys))).get_caller_identity().body

    def ram(self, keys: Any, **mode: Any) -> Any:
        return RamClient(self._config(self.credentials(keys), **mode))

    def credentials(self, keys: Any) -> Credentials:
        return Credentials(
            KeptKey(
                type="sts",
                access_key_id=keys.access_key_id,
                access_key_secret=keys.access_key_secret,
                security_token=keys.security_token,
            )
        )

    def _config(self, credential: Any = None, **mode: Any) -> Config:
        return Config(
            credential=credential, endpoint=self.world.address, protocol="http", region_id="cn-hangzhou", **mode
        )


@pytest.fixture
def pod(world: World) -> Pod:
    return Pod(world)


def test_a_pods_token_is_changed_for_keys_of_the_role(pod: Pod) -> None:
    body = pod.assume(duration_seconds=900)
    keys = body.credentials
    assert keys.access_key_id.startswith("STS.") and keys.expiration == "2027-01-15T08:15:00Z"
    assert body.assumed_role_user.arn == f"{pod.role_arn}/pairec-access"
    assert body.oidctoken_info.subject == cluster.SUBJECT
    who = pod.who(keys)
    assert (who.identity_type, who.account_id) == ("AssumedRoleUser", pod.world.account.account_id)
    assert who.arn.endswith(":assumed-role/pairec-access/pairec-access") and who.user_id is None


@pytest.mark.parametrize("mode", [{}, {"signature_algorithm": "v2"}], ids=["acs3", "v1"])
def test_the_roles_keys_do_what_the_bot_is_for_and_nothing_else(pod: Pod, mode: dict[str, str]) -> None:
    ram = pod.ram(pod.assume().credentials, **mode)
    attach(ram, "carol")
    error: Any = refused(lambda: ram.delete_user(models.DeleteUserRequest(user_name="dave")))
    assert error.code == "NoPermission"
    detail = error.access_denied_detail
    assert detail["AuthPrincipalType"] == "AssumedRoleUser"
    assert detail["AuthPrincipalDisplayName"].endswith(":pairec-access")


def test_a_role_without_policies_may_do_nothing(pod: Pod) -> None:
    keys = pod.assume().credentials
    del pod.world.account.identities[pod.role_arn]
    assert refused(lambda: attach(pod.ram(keys), "carol")).code == "NoPermission"


def test_keys_hold_only_with_their_security_token_and_only_until_they_end(pod: Pod) -> None:
    keys, others = pod.assume(duration_seconds=900).credentials, pod.assume().credentials
    key, secret, token = keys.access_key_id, keys.access_key_secret, keys.security_token

    def code(security_token: str | None) -> tuple[int, str]:
        request = v1(key, secret, "GetUser", {"UserName": "carol", "SecurityToken": security_token})
        return request.code(pod.world.address)

    assert code(token) == (200, "ok")
    assert code(None) == (400, "MissingSecurityToken")
    assert code(others.security_token) == (400, "InvalidSecurityToken.MismatchWithAccessKey")
    unsigned = acs3(
        pod.world.address,
        key,
        secret,
        "GetUser",
        {"UserName": "carol"},
        extra={"x-acs-security-token": token},
        unsigned=("x-acs-security-token",),
    )
    assert unsigned.code(pod.world.address) == (400, "IncompleteSignature")
    pod.later = 899.0
    assert code(token) == (200, "ok")
    pod.later = 900.0
    assert code(token) == (400, "InvalidSecurityToken.Expired")


def test_a_lasting_key_has_no_security_token(pod: Pod) -> None:
    request = v1(ACCESS_KEY_ID, SECRET, "GetUser", {"UserName": "carol", "SecurityToken": "CAISx"})
    assert request.code(pod.world.address) == (400, "InvalidSecurityToken.Malformed")


REFUSED: dict[str, tuple[Any, str, int]] = {
    "a token that ran out": (lambda pod: {"token": pod.token(exp=int(pod.now()))}, "OIDCToken.Expired", 401),
    "no token at all": (lambda pod: {"token": "not.a.token"}, "OIDCToken.Invalid", 401),
    "a token that never ends": (lambda pod: {"token": pod.token(exp="never")}, "OIDCToken.Invalid", 401),
    "another audience": (lambda pod: {"token": pod.token(aud=["vault"])}, "OIDCToken.AudienceNotMatch", 401),
    "another issuer": (lambda pod: {"token": pod.token(iss="https://else")}, "OIDCToken.IssuerNotMatch", 401),
    "another signer": (
        lambda pod: {"token": OidcProvider("", cluster.ISSUER).token(cluster.SUBJECT, pod.now())},
        "OIDCToken.InvalidSignature",
        401,
    ),
    "another pod": (lambda pod: {"token": pod.token("system:serviceaccount:pairec:default")}, "NoPermission", 401),
    "a provider that is not registered": (
        lambda pod: {"oidcprovider_arn": "acs:ram::1000000000000001:oidc-provider/other"},
        "NoPermission",
        401,
    ),
    "a role that trusts a service": (
        lambda pod: {"role_arn": "acs:ram::1000000000000001:role/aliyunpairecEASrole"},
        "NoPermission",
        401,
    ),
    "no such role": (lambda pod: {"role_arn": "acs:ram::1000000000000001:role/none"}, "EntityNotExist.Role", 404),
    "another account's role": (lambda pod: {"role_arn": "acs:ram::7:role/x"}, "InvalidParameter.RoleArn", 400),
    "no ARN": (lambda pod: {"role_arn": "pairec-access"}, "InvalidParameter.RoleArn", 400),
    "a session without a proper name": (
        lambda pod: {"role_session_name": "a pod"},
        "InvalidParameter.RoleSessionName",
        400,
    ),
    "too short": (lambda pod: {"duration_seconds": 899}, "InvalidParameter.DurationSeconds", 400),
    "longer than the role allows": (lambda pod: {"duration_seconds": 3601}, "InvalidParameter.DurationSeconds", 400),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_sts_would_not_take_is_refused_with_its_code(pod: Pod, what: str) -> None:
    make, code, status = REFUSED[what]
    error: Any = refused(lambda: pod.assume(**make(pod)))
    wanted = f"AuthenticationFail.{code}" if status == 401 else code
    assert (error.code, error.status_code) == (wanted, status)
