"""What the SDK raises, as the domain's own `CloudError`.

Decided on the error code and never on the text, nor on the HTTP status where the code is known: they are not the same
everywhere. RAM's codes stand here; a product brings its own. An exception without a code is a lost answer: whether a
write was done is unknown then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from alibabacloud_credentials.exceptions import CredentialException
from Tea.exceptions import TeaException

from approvals.errors import CloudError, Trouble

_ANYWHERE = {
    "NoPermission": Trouble.NO_PERMISSION,
    "Forbidden.RAM": Trouble.NO_PERMISSION,
    "InternalError": Trouble.SILENT,
    "ServiceUnavailable": Trouble.SILENT,
}

_RAM = {
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
}


@contextmanager
def translated(action: str, codes: Mapping[str, Trouble] | None = None) -> Iterator[None]:
    """Raise CloudError for whatever a call to `action` raises. `codes` are those of a product other than RAM."""
    try:
        yield
    except CredentialException:
        raise CloudError(Trouble.REFUSED, code="InvalidCredentials", action=action) from None
    except TeaException as error:
        raise _cloud_error(error, action, codes) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise CloudError(Trouble.SILENT, action=action) from error


def _cloud_error(error: TeaException, action: str, codes: Mapping[str, Trouble] | None) -> CloudError:
    code = _code(error)
    return CloudError(
        trouble_of(code, getattr(error, "status_code", None), codes),
        code=code,
        action=action,
        request_id=getattr(error, "request_id", None),
        retry_after=getattr(error, "retry_after", None),
    )


def _code(error: TeaException) -> str | None:
    """The SDK makes the text "None" of a code that is missing."""
    code = getattr(error, "code", None)
    return None if code is None or code == "None" else str(code)


def trouble_of(code: str | None, status: int | None = None, codes: Mapping[str, Trouble] | None = None) -> Trouble:
    """The kind of trouble behind one of RAM's codes, or of those of the product that `codes` are of."""
    if not code:
        return Trouble.SILENT
    if "Throttling" in code:
        return Trouble.THROTTLED
    known = (_RAM if codes is None else codes).get(code) or _ANYWHERE.get(code)
    if known is not None:
        return known
    # Products have codes of their own for want of permission, which are not all documented.
    if codes is not None and (status == 403 or code.startswith("Forbidden")):
        return Trouble.NO_PERMISSION
    # An unknown code of a failing server says nothing about what was done before it failed.
    return Trouble.SILENT if status is not None and status >= 500 else Trouble.REFUSED
