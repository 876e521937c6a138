"""What the SDK raises, as the domain's own `CloudError`.

Decided on the error code and never on the text, nor on the HTTP status where the code is known: they are not the same
everywhere. What a code proves, codes.py has. An exception without a code is a lost answer: whether a write was done is
unknown then, and so it is after a code that nobody knows.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from alibabacloud_credentials.exceptions import CredentialException
from Tea.exceptions import TeaException

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.codes import meaning
from bot.cloud.credential_errors import ForeignAccount, NotIssued, UnknownAccount

E = TypeVar("E", bound=BaseException)

RAM = "ram"
_SDK_RAISES = (
    *(TeaException, CredentialException),
    *(OSError, ValueError, RuntimeError, AttributeError, TypeError, KeyError),
)
_SERVER_FAILS = ("InternalError", "ServiceUnavailable")
MAX_CAUSES = 20
"""How far down the causes of an exception are followed."""


@contextmanager
def translated(action: str, product: str = RAM, *, writes: bool = False) -> Iterator[None]:
    """Raise CloudError for whatever a call to `action` raises, also where the SDK stumbles over an answer of another
    shape. `writes`: what nobody knows leaves open whether it was done.
    """
    try:
        yield
    except CloudError:
        raise
    except _SDK_RAISES as error:
        raise _cloud_error(error, action, product, writes) from _without_secrets(error)


def error_kind(error: Exception, product: str) -> CloudErrorKind:
    """Of whatever a call raised, as `translated` would have it of a read."""
    return error.kind if isinstance(error, CloudError) else _cloud_error(error, "", product, writes=False).kind


def unsent_error(error: BaseException, action: str) -> CloudError | None:
    """What kept a call from being signed, if anything did."""
    unknown, refused = _found(error, UnknownAccount), _found(error, NotIssued)
    if unknown is not None:
        return _not_asked(unknown, action)
    return None if refused is None else _not_issued(refused)


def _not_asked(unknown: UnknownAccount, action: str) -> CloudError:
    """Nothing was sent. What is wrong with the key itself is wrong for whatever it would sign."""
    why = unknown.because
    kind = why.kind if why.kind.is_of_bot else CloudErrorKind.ACCOUNT_UNKNOWN
    return CloudError(kind, code=why.code, action=action, request_id=why.request_id)


def _not_issued(refused: NotIssued) -> CloudError:
    """Nothing was sent here either, but to whoever gives out keys."""
    why = refused.because
    kind = why.kind if why.kind is CloudErrorKind.TLS_FAILED else CloudErrorKind.NO_CREDENTIALS
    return CloudError(kind, code=why.code, action=why.action, request_id=why.request_id)


def _without_secrets(error: BaseException) -> BaseException | None:
    """What is said of credentials that could not be had may have parts of them in it."""
    return None if _comes_from(error, CredentialException) else error


def _nobody_answered(error: BaseException) -> CloudErrorKind:
    """The kind of error behind an exception without a code. The SDK keeps what it stumbled over as `inner_exception`,
    or as the cause of what it raises.
    """
    if _comes_from(error, ForeignAccount):
        return CloudErrorKind.WRONG_ACCOUNT
    if is_tls(error):
        return CloudErrorKind.TLS_FAILED
    return CloudErrorKind.NO_CREDENTIALS if _comes_from(error, CredentialException) else CloudErrorKind.SILENT


def _cloud_error(error: Exception, action: str, product: str, writes: bool) -> CloudError:
    unsent = unsent_error(error, action)
    if unsent is not None:
        return unsent
    code = _text(error, "code") if isinstance(error, TeaException) else None
    if not code:
        return CloudError(_nobody_answered(error), action=action, request_id=_text(error, "request_id"))
    return CloudError(
        kind_of(code, product, getattr(error, "status_code", None), writes=writes),
        code=code,
        action=action,
        request_id=_text(error, "request_id"),
        retry_after=getattr(error, "retry_after", None),
    )


def _text(error: Exception, name: str) -> str | None:
    """The SDK makes the text "None" of what is missing in an answer."""
    value = getattr(error, name, None)
    return None if value is None or value in ("None", "") else str(value)


def kind_of(code: str | None, product: str = RAM, status: int | None = None, *, writes: bool = False) -> CloudErrorKind:
    """The kind of error behind the code that a read or a write was answered with."""
    if not code:
        return CloudErrorKind.SILENT
    known = meaning(product, code)
    if known is not None:
        return known
    if writes:
        return CloudErrorKind.UNCLEAR
    if code in _SERVER_FAILS or (status is not None and status >= 500):
        return CloudErrorKind.SILENT
    # Products have codes of their own for want of permission, which are not all documented.
    if product != RAM and (status == 403 or code.startswith("Forbidden")):
        return CloudErrorKind.NO_PERMISSION
    return CloudErrorKind.REFUSED


def is_tls(error: BaseException) -> bool:
    """Whether no safe connection came about."""
    return _comes_from(error, ssl.SSLError)


def _comes_from(error: BaseException, kind: type[BaseException]) -> bool:
    return _found(error, kind) is not None


def _found(error: BaseException, kind: type[E]) -> E | None:
    """The first of this kind among what an exception came from."""
    waiting: list[object] = [error]
    for _ in range(MAX_CAUSES):
        if not waiting:
            return None
        each = waiting.pop()
        if isinstance(each, kind):
            return each
        if isinstance(each, BaseException):
            waiting += [each.__cause__, each.__context__, getattr(each, "inner_exception", None)]
    return None
