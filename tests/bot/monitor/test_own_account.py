"""Nothing is signed with a key of another account than the ledger's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.account import ASK_RETRY_SECONDS, OwnAccount
from bot.cloud.clients import asking_sts
from bot.cloud.credential_errors import ForeignAccount, TranslatedCredentials, UnknownAccount
from bot.cloud.errors import translated

OURS, THEIRS = "1000000000000001", "1000000000000002"


class Credential(NamedTuple):
    access_key_id: str


class World:
    """Keys that may change, and whoever says whose they are."""

    def __init__(self, ours: str | None = OURS) -> None:
        self.key = "ours"
        self.silent: CloudErrorKind | None = None
        self.asked: list[str] = []
        self.passed = 0.0
        self.heard: list[str | None] = []
        self.account = OwnAccount(self, self.ask, ours, self.settle, monotonic=lambda: self.passed)
        self.account.changed = lambda foreign: self.heard.append(foreign.theirs if foreign else None)
        self.meant = OURS

    def get_credential(self) -> Credential:
        return Credential(self.key)

    def ask(self, credential: Credential) -> str:
        self.asked.append(credential.access_key_id)
        if self.silent:
            raise CloudError(self.silent, code="SomeCode", action="GetCallerIdentity")
        return OURS if credential.access_key_id.startswith("ours") else THEIRS

    def settle(self, account: str) -> str:
        if account != self.meant:
            raise ForeignAccount(None, account)
        return account

    def error(self) -> CloudError:
        """As whoever calls the cloud meets it."""
        with pytest.raises(CloudError) as raised, translated("AttachPolicyToUser", writes=True):
            TranslatedCredentials(self.account).get_credential()
        return raised.value

    def trouble(self) -> CloudErrorKind:
        return self.error().kind


def test_a_key_is_asked_about_once_and_used_for_as_long_as_it_lasts() -> None:
    world = World()
    for _ in range(3):
        assert world.account.get_credential() == Credential("ours")
    assert world.asked == ["ours"]


def test_a_key_that_comes_later_is_asked_about_before_it_is_used() -> None:
    world = World()
    world.account.get_credential()
    world.key = "ours too"
    assert world.account.get_credential() == Credential("ours too")
    world.key = "theirs"
    assert world.trouble() is CloudErrorKind.WRONG_ACCOUNT
    world.key = "ours"
    assert world.account.get_credential() == Credential("ours")
    assert world.asked == ["ours", "ours too", "theirs"]


def test_a_write_for_which_there_is_no_key_was_not_sent() -> None:
    world = World()
    world.key = "theirs"
    assert not world.trouble().outcome_unknown and world.trouble().is_of_bot


def test_a_key_of_which_nobody_says_whose_it_is_is_not_used_and_asked_about_again() -> None:
    world = World()
    world.silent = CloudErrorKind.SILENT
    for _ in range(3):
        assert world.trouble() is CloudErrorKind.ACCOUNT_UNKNOWN
    assert world.asked == ["ours"]
    world.silent = None
    world.passed += ASK_RETRY_SECONDS
    assert world.account.get_credential() == Credential("ours")


@pytest.mark.parametrize(
    "trouble", [CloudErrorKind.KEY_REJECTED, CloudErrorKind.TOKEN_EXPIRED, CloudErrorKind.CLOCK_WRONG]
)
def test_what_is_wrong_with_the_key_itself_is_said_of_whatever_it_would_sign(trouble: CloudErrorKind) -> None:
    world = World()
    world.silent = trouble
    for _ in range(2):
        error = world.error()
        assert (error.kind, error.code, error.action) == (trouble, "SomeCode", "AttachPolicyToUser")
    assert world.asked == ["ours"]


def test_it_is_told_once_that_the_account_is_another_and_once_that_it_is_ours_again() -> None:
    world = World()
    for key in ("ours", "theirs", "theirs", "ours", "ours"):
        world.key = key
        try:
            world.account.get_credential()
        except ForeignAccount as foreign:
            assert (foreign.ours, foreign.theirs) == (OURS, THEIRS)
    assert world.heard == [THEIRS, None]


def test_where_no_account_is_known_the_first_one_that_may_be_it_is() -> None:
    world = World(ours=None)
    world.key = "theirs"
    with pytest.raises(ForeignAccount):
        world.account.get_credential()
    world.key = "ours"
    world.account.get_credential()
    world.meant = THEIRS
    world.key = "theirs"
    with pytest.raises(ForeignAccount):
        world.account.get_credential()


def test_that_nobody_says_whose_it_is_is_told_from_that_there_is_no_key() -> None:
    world = World()
    world.silent = CloudErrorKind.SILENT
    with pytest.raises(UnknownAccount):
        world.account.get_credential()


class Answering(ThreadingHTTPServer):
    """In the place of STS: says the same to everybody."""

    says = b""


class Says(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        assert isinstance(self.server, Answering)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.says)))
        self.end_headers()
        self.wfile.write(self.server.says)

    def log_message(self, format: str, *args: object) -> None:
        """To nobody."""


@pytest.fixture
def sts() -> Iterator[Answering]:
    with Answering(("127.0.0.1", 0), Says) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


KEY = SimpleNamespace(access_key_id="LTAI5tABCDEFGHIJ", access_key_secret="secret", security_token=None)
NO_ACCOUNT = (
    b"{}",
    b"[]",
    b'{"AccountId": "1000000000000001"}',
    b'{"RequestId": "R"}',
    b'{"RequestId": "R", "AccountId": null}',
    b'{"RequestId": "R", "AccountId": ""}',
    b'{"RequestId": "R", "AccountId": "you"}',
    b'{"RequestId": "R", "AccountId": ["1000000000000001"]}',
)


@pytest.mark.parametrize("says", NO_ACCOUNT)
def test_an_answer_that_names_no_account_is_none(sts: Answering, says: bytes) -> None:
    """A ledger that took one for its account would refuse its own from then on."""
    sts.says = says
    with pytest.raises(CloudError) as raised:
        asking_sts(f"http://127.0.0.1:{sts.server_port}", "cn-hangzhou")(KEY)
    assert raised.value.kind is CloudErrorKind.SILENT


def test_the_account_that_sts_names_is_taken(sts: Answering) -> None:
    sts.says = b'{"RequestId": "R", "AccountId": "1000000000000001"}'
    assert asking_sts(f"http://127.0.0.1:{sts.server_port}", "cn-hangzhou")(KEY) == OURS
