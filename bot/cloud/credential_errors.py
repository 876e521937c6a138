"""The bot's credentials as the SDK asks for them: what goes wrong with having them is told from what goes wrong
with using them.
"""

from __future__ import annotations

from typing import Any

from alibabacloud_credentials.exceptions import CredentialException

from approvals.errors import CloudError


class ForeignAccount(RuntimeError):
    """The key belongs to another account than the ledger; or, where `ours` is None, to one in which nobody is whom the
    ledger knows.
    """

    def __init__(self, ours: str | None, theirs: str) -> None:
        super().__init__(f"the access key belongs to account {theirs}, the ledger to {ours or 'another one'}")
        self.ours, self.theirs = ours, theirs


class UnknownAccount(RuntimeError):
    """Nobody says which account the key belongs to. `because`: what whoever was asked said instead."""

    def __init__(self, because: CloudError) -> None:
        super().__init__(str(because))
        self.because = because


class NotIssued(RuntimeError):
    """Whoever gives out temporary keys gives none. `message` says which setting to look at, `because` what was
    answered.
    """

    def __init__(self, message: str, because: CloudError) -> None:
        super().__init__(message)
        self.message, self.because = message, because


class TranslatedCredentials:
    """Credentials of the SDK's, which fail with all sorts of exceptions: of files, of the network, of whoever issues
    them. Here it is always the one that says what it is about.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def get_credential(self) -> Any:
        """The credentials' own key; what goes wrong with having it is one of four exceptions.

        Raises:
            CredentialException, NotIssued: there are none, or not now.
            ForeignAccount, UnknownAccount: they are not to be used.
        """
        try:
            return self._inner.get_credential()
        except (CredentialException, NotIssued, ForeignAccount, UnknownAccount):
            raise
        except Exception as error:
            raise CredentialException(f"no credentials: {type(error).__name__}") from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
