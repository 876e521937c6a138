"""What the SDK raises, as the domain's own `CloudError`.

Decided on RAM's error code, which is documented, and never on the text or the HTTP status, which are not the same
everywhere. An exception without a code is a lost answer: whether a write was done is unknown then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alibabacloud_credentials.exceptions import CredentialException
from Tea.exceptions import TeaException

from approvals.errors import CloudError, Trouble

_CODES = {
    "NoPermission": Trouble.NO_PERMISSION,
    "Forbidden.RAM": Trouble.NO_PERMISSION,
    "EntityNotExist.User": Trouble.NO_USER,
    "EntityNotExist.Policy": Trouble.NO_POLICY,
    "EntityNotExist.Role": Trouble.NO_ROLE,
    "EntityNotExist.User.Policy": Trouble.NOT_ATTACHED,
    # By analogy with a user's; not documented for roles.
    "EntityNotExist.Role.Policy": Trouble.NOT_ATTACHED,
    "EntityAlreadyExists.User.Policy": Trouble.ALREADY_ATTACHED,
    "EntityAlreadyExists.Role.Policy": Trouble.ALREADY_ATTACHED,
    "EntityAlreadyExists.Role": Trouble.ALREADY_ATTACHED,
    "LimitExceeded.User.Policy": Trouble.LIMIT,
    "LimitExceeded.Role.Policy": Trouble.LIMIT,
    "InternalError": Trouble.SILENT,
    "ServiceUnavailable": Trouble.SILENT,
}


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise CloudError for whatever a call to `action` raises."""
    try:
        yield
    except CredentialException:
        raise CloudError(Trouble.REFUSED, code="InvalidCredentials", action=action) from None
    except TeaException as error:
        raise _cloud_error(error, action) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise CloudError(Trouble.SILENT, action=action) from error


def _cloud_error(error: TeaException, action: str) -> CloudError:
    code = getattr(error, "code", None)
    return CloudError(
        trouble_of(code, getattr(error, "status_code", None)),
        code=code,
        action=action,
        request_id=getattr(error, "request_id", None),
        retry_after=getattr(error, "retry_after", None),
    )


def trouble_of(code: str | None, status: int | None = None) -> Trouble:
    """The kind of trouble behind one of RAM's codes."""
    if not code:
        return Trouble.SILENT
    if "Throttling" in code:
        return Trouble.THROTTLED
    known = _CODES.get(code)
    if known is not None:
        return known
    # An unknown code of a failing server says nothing about what was done before it failed.
    return Trouble.SILENT if status is not None and status >= 500 else Trouble.REFUSED
