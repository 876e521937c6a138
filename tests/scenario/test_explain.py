"""`explain`: what would become of a request, judged as a request is, and nothing comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.app import ADMIN, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import audit_trail
from tests.harness.rules import FREEZE, LONG, catalog_with


def test_it_says_how_many_approvals_it_takes_and_who_can_give_them(app: AppHarness) -> None:
    before = audit_trail(app)
    app.carol.type(f"/pairec-access explain {ENGINE}")
    said = app.carol.ephemeral_with("needs 1 approval.").plain
    assert f"*Engine* (`{ENGINE}`) for <@U0CAROL> as RAM user `carol`, 8h:" in said, "the usual time"
    assert "<@U0ALICE>, <@U0BOB>" in said and "can approve. Nothing was requested." in said
    app.carol.type(f"/pairec-access explain {ADMIN} @dave 2h")
    assert "for <@U0DAVE> as RAM user `dave`, 2h:" in app.carol.ephemeral_with("needs 2 approvals.").plain
    assert app.requests() == 0 and audit_trail(app) == before


def test_it_names_the_rule_that_wants_more_or_denies_it(tmp_path: Path) -> None:
    freeze = FREEZE.format(begin="2020-01-01T00:00:00Z", end="2090-01-01T00:00:00Z")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, LONG, freeze))}) as app:
        app.carol.type(f"/pairec-access explain {MONITOR} 3d")
        app.carol.ephemeral_with("needs 2 approvals, by the rule `long takes two`.")
        app.carol.type(f"/pairec-access explain {ENGINE} 1h")
        app.carol.ephemeral_with("The rule `release freeze` does not allow it")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Name what to explain, such as `/pairec-access explain PaiRecEngineAccess 8h`."),
        ("PaiRecEngin 8h", "Did you mean `PaiRecEngineAccess`?"),
        (f"{ENGINE} 8x", "`8x` is not a duration."),
        (f"{ENGINE} 900d", "90d"),
        (f"{ENGINE} @dave", "already"),
        (f"{ENGINE} @grace", "guest"),
    ],
)
def test_what_would_be_refused_is_said_as_it_would_be(app: AppHarness, typed: str, says: str) -> None:
    app.attach_by_hand("dave", ENGINE)
    app.carol.type(f"/pairec-access explain {typed}".rstrip())
    assert says.casefold() in app.carol.ephemeral_with("").plain.casefold()
    assert app.requests() == 0
