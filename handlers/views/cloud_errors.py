"""Why a grant is not as it should be: what the cloud said, what follows from it, and what a person can do by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals.catalog.resources import products
from approvals.errors import CloudErrorKind
from approvals.grant import Grant, GrantState
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, context_block
from handlers.views.own_codes import own_sentence
from handlers.views.parts import product_title
from handlers.views.text import literal, side_by_side
from handlers.views.unwell import bot_error_text

RAM_ERRORS: Mapping[CloudErrorKind, str] = {
    CloudErrorKind.THROTTLED: N_("RAM is throttling; it is retried automatically."),
    CloudErrorKind.NO_PERMISSION: N_("RAM says that the app lacks the permission (NoPermission)."),
    CloudErrorKind.NO_USER: N_("The RAM user no longer exists."),
    CloudErrorKind.NO_ROLE: N_("The RAM role no longer exists."),
    CloudErrorKind.NO_POLICY: N_("The policy is not initialized in this account."),
    CloudErrorKind.LIMIT: N_("The RAM user has as many policies as RAM allows (LimitExceeded). Remove one first."),
    CloudErrorKind.SILENT: N_("RAM does not answer; it is retried automatically."),
    CloudErrorKind.AMBIGUOUS_TYPE: N_("There is both a custom and a system policy of that name."),
}
RAM_REFUSED = N_("RAM refused it.")
MEMBER_ERRORS: Mapping[CloudErrorKind, str] = {
    CloudErrorKind.THROTTLED: N_("{product} is throttling; it is retried automatically."),
    CloudErrorKind.NO_PERMISSION: N_("{product} says that the app lacks the permission {permission}."),
    CloudErrorKind.NO_USER: N_("The RAM user no longer exists."),
    CloudErrorKind.NO_SUCH_ROLE: N_("{product} has no role {role}; correct the catalog."),
    CloudErrorKind.NOT_INSTALLED: N_("The SDK of {product} is not installed; {install} adds it, then restart the app."),
    CloudErrorKind.LIMIT: N_("{product} takes no more members or roles there. Remove one first."),
    CloudErrorKind.SILENT: N_("{product} does not answer; it is retried automatically."),
    CloudErrorKind.IN_USE: N_(
        "{product} keeps a user who owns something or has permissions there. Approvers were told what is in the way."
    ),
}
MEMBER_REFUSED = N_("{product} refused it.")
NO_PLACE = {
    "workspace": N_("{product} no longer has workspace {place}."),
    "project": N_("{product} no longer has project {place}."),
    "namespace": N_("{product} no longer has namespace {place}."),
    "instance": N_("{product} no longer has instance {place} in this region."),
    "database": N_("{product} has no database {place}."),
}
"""By what a product calls its places."""
CALLS = (
    N_("{source} answered {action} with {code}"),
    N_("{source} answered {action} with {code}, request id {request_id}"),
)
CALL_SENTENCES = (
    N_("{source} answered {action} with {code}."),
    N_("{source} answered {action} with {code}, request id {request_id}."),
)
"""Without and with the cloud's own id of the call."""


def error_text(kind: CloudErrorKind, translations: Translations, grant: Grant | None = None) -> str:
    """What the cloud said, and what follows from it. `grant`: which one met it, if that is known."""
    own = bot_error_text(kind, translations)
    if own is not None:
        return (
            own
            if grant is not None and grant.state is GrantState.FAILED
            else side_by_side(own, retry_sentence(translations))
        )
    if kind is CloudErrorKind.UNCLEAR:
        return _unclear(grant, translations)
    if grant is not None and grant.entitlement.is_member_role:
        return _member_error_text(kind, grant, translations)
    own = own_sentence(grant.error_code, "RAM", grant.error_action, translations) if grant is not None else None
    return own or translations.gettext(RAM_ERRORS.get(kind, RAM_REFUSED))


def _member_error_text(kind: CloudErrorKind, grant: Grant, translations: Translations) -> str:
    product = products().get(grant.entitlement.kind.name)
    title = product_title(grant.entitlement.kind.product)
    own = own_sentence(grant.error_code, title, grant.error_action, translations)
    if own is not None:
        return own
    template = MEMBER_ERRORS.get(kind, MEMBER_REFUSED)
    if kind is CloudErrorKind.NO_PLACE:
        template = NO_PLACE[product.place if product else "workspace"]
    return translations.gettext(template).format(
        product=title,
        place=literal(grant.entitlement.place),
        role=literal(grant.entitlement.role),
        permission=literal(f"{product.ram_code if product else '?'}:{grant.error_action or '*'}"),
        install="`pip install 'pairec-access[members]'`",
    )


def retry_sentence(translations: Translations) -> str:
    """That nobody needs to do anything about it."""
    return translations.gettext("It is retried automatically.")


def _unclear(grant: Grant | None, translations: Translations) -> str:
    source = product_title(grant.entitlement.kind.product if grant else None)
    if grant is not None and grant.state is GrantState.FAILED:
        return translations.gettext("{source} answers with a code that is not known here, and does not do it.").format(
            source=source
        )
    return translations.gettext(
        "{source}'s answer leaves open whether it was done; it is checked, and retried automatically."
    ).format(source=source)


def call_lines(grants: Sequence[Grant], translations: Translations) -> list[str]:
    """What the cloud itself calls each error, and its id of the call: what its support asks for."""
    lines = []
    for grant in grants:
        if not error_matters(grant) or not grant.error_code:
            continue
        if not grant.error_request_id and grant.error_kind is not CloudErrorKind.UNCLEAR:
            # It was not the cloud that said so.
            continue
        source = product_title(grant.entitlement.kind.product)
        lines.append(call_text(source, grant.error_action, grant.error_code, grant.error_request_id, translations))
    return list(dict.fromkeys(lines))


def call_text(
    source: str,
    action: str | None,
    code: str | None,
    request_id: str | None,
    translations: Translations,
    *,
    sentence: bool = False,
) -> str:
    """What somebody in the cloud answered to a call, as its support asks for it. `sentence`: it stands behind another
    one, and ends as that does.
    """
    text, with_request_id = CALL_SENTENCES if sentence else CALLS
    return translations.gettext(with_request_id if request_id else text).format(
        source=source, action=literal(action or "?"), code=literal(code or "?"), request_id=literal(request_id or "")
    )


def call_context(grants: Sequence[Grant], translations: Translations) -> list[Block]:
    """The same, in small."""
    lines = call_lines(grants, translations)
    return [context_block("\n".join(lines))] if lines else []


def error_matters(grant: Grant) -> bool:
    """Whether its last error still matters."""
    states = (GrantState.PLANNED, GrantState.GRANTING, GrantState.ENDING, GrantState.FAILED)
    return grant.error_kind is not None and grant.state in states


def manual_steps(grant: Grant, translations: Translations) -> str:
    """The way to a member role in the product's console, for whoever has to do it there."""
    product = products().get(grant.entitlement.kind.name)
    if product is None:
        return ""
    way = product.console.format(place=grant.entitlement.place, role=grant.entitlement.role)
    return translations.gettext("*By hand:* {way}, RAM user {ram_user}, role {role}.").format(
        way=way,
        ram_user=literal(grant.principal.name),
        role=literal(grant.entitlement.role),
    )
