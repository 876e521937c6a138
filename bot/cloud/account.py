"""The cloud account that the program's keys belong to. Nothing is signed with a key of another account than the
ledger's: no write goes there, and nothing is concluded from what is there, or is not.

An access key belongs to one account for as long as it exists, so that each is asked about once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from approvals.errors import CloudError
from bot.cloud.credential_errors import ForeignAccount, UnknownAccount

log = logging.getLogger(__name__)

ASK_RETRY_SECONDS = 5.0
"""Seconds after which a key is asked about again of which nothing was said."""


class OwnAccount:
    """Credentials as the SDK asks for them; safe to share between threads."""

    def __init__(
        self,
        inner: Any,
        ask: Callable[[Any], str],
        ours: str | None,
        settle: Callable[[str], str] = str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is asked yet.

        Args:
            inner: the credentials themselves, which may change at any time.
            ask: the account that one credential belongs to; may raise CloudError.
            ours: the account that is meant, where that is known.
            settle: where it is not, says which one is, given the first that a key belongs to; may raise CloudError,
                and ForeignAccount.
            monotonic: seconds that pass.
        """
        self._inner = inner
        self._ask = ask
        self._ours = ours
        self._settle = settle
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._accounts: dict[str, str] = {}
        self._silent: tuple[str, UnknownAccount, float] | None = None
        self._foreign: ForeignAccount | None = None
        self.changed: Callable[[ForeignAccount | None], None] = lambda _: None
        """Called when the keys become another account's, and with None when they are ours again."""

    def get_credential(self) -> Any:
        """The key to sign with, once it is known to belong to the ledger's account. STS is asked about each key once.

        Raises:
            ForeignAccount: the key belongs to another account.
            UnknownAccount: nobody says which account it belongs to, or which one is meant.
            Exception: whatever the credentials themselves raise.
        """
        found = self._inner.get_credential()
        with self._lock:
            foreign = self._whose(found)
            news = (foreign is None) is not (self._foreign is None)
            self._foreign = foreign
        if news:
            self.changed(foreign)
        if foreign is not None:
            raise foreign
        return found

    def _whose(self, credential: Any) -> ForeignAccount | None:
        key = str(credential.access_key_id)
        if self._silent is not None:
            asked, unknown, at = self._silent
            if asked == key and self._monotonic() - at < ASK_RETRY_SECONDS:
                raise UnknownAccount(unknown.because)
        try:
            if key not in self._accounts:
                self._accounts[key] = self._ask(credential)
            account = self._accounts[key]
            self._ours = self._ours or self._settle(account)
        except ForeignAccount as foreign:
            return foreign
        except CloudError as error:
            unknown = UnknownAccount(error)
            self._silent = key, unknown, self._monotonic()
            log.warning(
                "nobody says which account the access key belongs to",
                extra={"action": error.action, "code": error.code, "trouble": error.kind.value},
            )
            raise unknown from error
        return None if account == self._ours else ForeignAccount(self._ours, account)
