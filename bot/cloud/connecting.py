"""How each product of member roles is reached: its endpoint and options, from the file that PAIREC_RESOURCES names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from approvals.catalog.model import Catalog
from approvals.catalog.resources import ENDPOINT, Resources, products, table_of
from approvals.errors import CloudError, CloudErrorKind
from bot.cloud import members
from bot.cloud.member_roles import MemberRoles
from bot.cloud.members import ProductConnection
from bot.cloud.ram import Ram
from bot.egress import Egress
from bot.loopback import is_loopback
from bot.setting_types import endpoint
from bot.settings import Settings, SettingsError


def member_products(
    resources: Resources, catalog: Catalog, settings: Settings, credentials: Any, ram: Ram, egress: Egress
) -> dict[str, MemberRoles]:
    """Every product that the program knows: what was given in one is taken back, also when it is no longer named.

    Raises:
        SettingsError: an endpoint is none, or not on loopback while the clock is movable.
    """
    return {
        kind: MemberRoles(_connect(kind, resources, _roles(kind, catalog), settings, credentials, ram, egress), ram)
        for kind in products()
    }


def _roles(kind: str, catalog: Catalog) -> tuple[str, ...]:
    """Codes that can be asked for in a product."""
    return tuple(sorted({part.role for part in catalog.parts if part.kind.product == kind}))


def check_needs(resources: Resources, given: Iterable[str]) -> None:
    """`given` are the products in which somebody has something through this program.

    Raises:
        SettingsError: one of them could not be reached to take it back.
    """
    for kind in given:
        product = products().get(kind)
        for key in product.needs if product else ():
            if key not in resources.options_of(kind):
                raise SettingsError(
                    f"PAIREC_RESOURCES: products.{kind}.{key}: is missing; {product.title if product else kind} needs"
                    " it, to take back what is given there"
                )


def _connect(
    kind: str,
    resources: Resources,
    roles: tuple[str, ...],
    settings: Settings,
    credentials: Any,
    ram: Ram,
    egress: Egress,
) -> Callable[[], members.MemberProduct]:
    options = dict(resources.options_of(kind))
    named = options.pop(ENDPOINT, None)
    addresses = _addresses(kind, options)
    line = ProductConnection(
        credentials=credentials,
        region=settings.region,
        endpoint=_checked(kind, named) if named else products()[kind].endpoint.format(region=settings.region),
        egress=egress,
        options=options,
        users=lambda: {user.principal.name: user.principal.user_id for user in ram.users.roster()},
        roles=roles,
    )
    used = any(kind in project.places for project in resources.projects.values())
    if settings.clock_url is not None and not all(map(is_loopback, (line.endpoint, *addresses))):
        if used:
            raise SettingsError(f"PAIREC_CLOCK_URL is for the sandbox only: the endpoint of {kind} is not on loopback")
        return partial(_out_of_reach, kind)
    return partial(_connected, kind, line)


def _connected(kind: str, line: ProductConnection) -> members.MemberProduct:
    """The product's adapter, where the file says all that it needs.

    Raises:
        CloudError: NOT_INSTALLED; REFUSED where the file lacks what the product needs, since it names it no more.
    """
    missing = [key for key in products()[kind].needs if key not in line.options]
    if missing:
        raise CloudError(CloudErrorKind.REFUSED, code=f"NotConfigured.{missing[0]}", action=kind)
    return members.connect(kind, line)


def _out_of_reach(kind: str) -> members.MemberProduct:
    """A sandbox speaks to nothing outside of it."""
    raise CloudError(CloudErrorKind.REFUSED, code="NotOnLoopback", action=kind)


def _addresses(kind: str, options: Mapping[str, str]) -> list[str]:
    """Where places themselves are called, by a product whose table names such: under the place's id."""
    table = products()[table_of(kind)]
    places = [key for key in options if key not in table.needs and re.fullmatch(table.id, key)]
    return [_checked(kind, options[key], key) for key in places]


def _checked(kind: str, value: str, key: str = ENDPOINT) -> str:
    try:
        if key != ENDPOINT and "//" in value:
            raise ValueError("must be a host name, or a host name and a port")
        return endpoint(value)
    except ValueError as error:
        raise SettingsError(f"PAIREC_RESOURCES: products.{table_of(kind)}.{key}: {error}") from None
