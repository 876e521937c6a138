"""What a bundle was when it was given is what its holders have, whatever the catalogue says later."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from tests.harness.app import DATA, MONITOR, AppHarness
from tests.harness.waiting import comes_to, time_is_up
from tests.scenario.members.asking import BUNDLE, BUNDLED, gets, roles, states


def test_changing_a_bundle_changes_nothing_for_those_who_hold_it(app: AppHarness, tmp_path: Path) -> None:
    ref = gets(app, BUNDLE)
    before = states(app, ref)
    terms = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
    path = tmp_path / "catalog.toml"
    parts = 'roles = ["dataworks-developer", "maxcompute-developer", "pai-algorithm-developer", "flink-editor"]'
    there = 'roles_if_there = ["hologres-user", "hologres-viewer"]\n'
    changed = (
        terms.replace(there, "")
        .replace(parts, 'roles = ["pai-algorithm-operator"]')
        .replace(f'["{DATA}", "{MONITOR}"]', f'["{DATA}"]')
    )
    path.write_text(changed, "utf-8")
    app.restart_bot({"PAIREC_CATALOG": str(path)})
    later = app.asked(app.dave, f"{BUNDLE} 1h rollout")
    asked = {str(part) for part in app.record(later).request.entitlements}
    assert asked == {f"policy/{DATA}", "pai/20001/PAI.AlgoOperator"}, "it was changed"
    assert states(app, ref) == before
    assert all(roles(app, case) == {case.role} for case in BUNDLED) and app.holds("carol", MONITOR)
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not any(roles(app, case) for case in BUNDLED) and not app.holds("carol", MONITOR)
