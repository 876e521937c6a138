"""Somebody new: which bundle is asked for next, as whoever asks and whoever approves choose it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import APPROVALS, AppHarness
from tests.harness.refusals import audit_trail, is_told
from tests.scenario.onboarding import becomes, card, heidi, mention, newest, onboard

SEARCH = "algorithm-engineer@search"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    """Bundles are asked for in a project."""
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        yield opened


def asked_for(app: AppHarness, ref: str) -> str:
    return app.record(ref).request.item


@pytest.mark.parametrize(
    ("typed", "name", "item"),
    [
        ("", "heidi", "algorithm-engineer@ranking"),
        ("engine-engineer", "heidi", "engine-engineer@ranking"),
        ("h.roth Algorithm-Engineer@Search", "h.roth", SEARCH),
        ("business-analyst h.roth", "h.roth", "business-analyst"),
    ],
)
def test_the_bundle_and_the_project_may_be_typed_beside_the_name(
    app: AppHarness, typed: str, name: str, item: str
) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new, typed)
    assert f"`{item}`" in shown.plain and f"`{name}`" in shown.plain
    app.bob.click("Approve", shown)
    done = becomes(app, new, "done")
    assert (done.item, asked_for(app, f"R-{done.request_id}")) == (item, item)
    assert app.record(f"R-{done.request_id}").pending, "the approval of the user counts for nothing else"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("PaiRecEngineAccess", "`PaiRecEngineAccess` is not a bundle"),
        ("algorithm-engineer@nowhere", "There is no project `nowhere`."),
        ("heidi algoritm-engineer", "Did you mean `algorithm-engineer`"),
        ("heidi roth", "no policy, bundle or role called `roth`"),
        ("engine-engineer algorithm-engineer", "Somebody new gets one bundle"),
        ("algoritm-engineer@ranking", "Did you mean `algorithm-engineer`"),
        ("heidi@example.com", "cannot be the name of a RAM user"),
        ("business-analyst@ranking", "is not in any project"),
    ],
)
def test_what_is_no_bundle_is_refused_and_nothing_is_asked_for(app: AppHarness, typed: str, says: str) -> None:
    new = heidi(app)
    is_told(app, app.carol, f"/pairec-access onboard {mention(new)} {typed}", says)
    assert newest(app, new) is None


def test_it_is_chosen_in_the_form_and_changed_by_whoever_approves(app: AppHarness) -> None:
    new = heidi(app)
    app.carol.type("/pairec-access onboard")
    app.carol.modal("Onboard somebody")
    assert app.carol.submit(new_person=new.name, bundle=SEARCH) == {}
    shown = card(app)
    assert f"`{SEARCH}`" in shown.plain
    app.bob.click("Approve with changes", shown)
    app.bob.modal("Approve a RAM user")
    assert app.bob.submit(bundle="engine-engineer@search") == {}
    done = becomes(app, new, "done")
    assert asked_for(app, f"R-{done.request_id}") == "engine-engineer@search"
    (approved,) = [entry for entry in audit_trail(app) if entry["event"] == "onboarding approved"]
    assert approved["item"] == "engine-engineer@search"
    app.bob.message_with("requests *Engine engineer* (`engine-engineer@search`)", APPROVALS)
