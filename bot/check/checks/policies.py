"""The policies that can be asked for, as the account has them."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.errors import CloudError, CloudErrorKind
from approvals.policies.document import UnreadableDocument, read_document
from bot.check.context import CheckContext
from bot.check.row import CheckRow, failed, ok, warning

NAME = "policies"


def check_policies(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each: that it is there, of which type, and that its text can be read."""
    for name in context.policies():
        yield _policy(context, name)


def _policy(context: CheckContext, name: str) -> CheckRow:
    try:
        kind = context.ram().types.of(name)
        text = context.texts().text(name, kind)
    except CloudError as error:
        if error.kind is CloudErrorKind.NO_POLICY:
            remedy = "Create it in PAI-Rec's console (Permission initialization), or take it out of the catalogue."
            return failed(name, "is not in this account", remedy)
        if error.kind is CloudErrorKind.AMBIGUOUS_TYPE:
            return failed(name, "is there as a custom and as a system policy", "Say its type in the catalogue.")
        raise
    try:
        read_document(text.document)
    except UnreadableDocument as error:
        return warning(name, f"{kind}, {text.version}; its text cannot be judged: {error}", "Look at its text in RAM.")
    return ok(name, f"{kind}, {text.version}, its text can be read")
