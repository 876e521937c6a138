"""The table of what is assumed of the cloud."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

from approvals.catalog.resources import products
from bot.cloud import members
from bot.cloud.assumptions import assumptions


def test_every_assumption_points_to_code_that_exists() -> None:
    for each in assumptions():
        module, _, name = each.where.partition(":")
        found = import_module(module)
        assert not name or hasattr(found, name), each


def test_every_assumption_says_something_and_what_speaks_for_it() -> None:
    for each in assumptions():
        assert each.says.strip().endswith("."), each
        assert each.source.strip() and each.product.strip(), each


def test_no_two_assumptions_have_one_name() -> None:
    assert [name for name, times in Counter(each.name for each in assumptions()).items() if times > 1] == []


def test_every_product_of_member_roles_has_lines_in_the_table() -> None:
    modules = {each.name for each in iter_modules(members.__path__)}
    named = {each.where.partition(":")[0].rpartition(".")[2] for each in assumptions()}
    assert products().keys() <= modules
    assert modules <= named
