"""The workspaces and projects of PAIREC_RESOURCES: that each is there, and that the bot sees who is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from approvals.catalog.resources import Product, products
from approvals.errors import CloudError
from bot.check.context import CheckContext
from bot.check.refused import cloud_cause, cloud_remedy
from bot.check.row import CheckRow, failed, ok


def check_product(kind: str, context: CheckContext) -> Iterator[CheckRow]:
    """A row for each place of one product."""
    named = context.resources().places(kind)
    if not named:
        return
    product, members = products()[kind], context.members()[kind]
    try:
        there = members.places()
        own = members.own_roles(list(named)) if product.bot_role else {}
    except CloudError as error:
        yield failed(product.title, cloud_cause(error), _remedy(error, product))
        return
    for place in named:
        yield _place(context, kind, place, there, own)


def _place(context: CheckContext, kind: str, place: str, there: Mapping[str, str], own: Mapping[str, str]) -> CheckRow:
    product = products()[kind]
    name = f"{product.title} {place}"
    if place not in there:
        remedy = f"Put its id right in PAIREC_RESOURCES, or make the bot a member of the {product.place}."
        return failed(name, f"not among the {len(there)} that the bot is shown", remedy)
    if product.bot_role and own.get(place) != product.bot_role:
        remedy = f"Make the bot's RAM user {product.bot_role} there: without it, it can add nobody."
        return failed(name, f"the bot is {own.get(place) or 'no member'}, not {product.bot_role}", remedy)
    try:
        people = context.place_members(kind, place)
    except CloudError as error:
        return failed(name, cloud_cause(error), _remedy(error, product))
    return ok(name, f"there; members: {len(people)}")


def _remedy(error: CloudError, product: Product) -> str:
    return cloud_remedy(error) or f"See that the endpoint of {product.title} is that of its region: PAIREC_RESOURCES."
