"""What a monitoring system reads at the admin address: a person's request, a run that goes wrong, and many who ask."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from approvals.queries import figures as looked
from bot.metrics import ledger_collector, page
from bot.monitor import probes
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.waiting import carol_has, comes_to, time_is_up

Sample = tuple[str, tuple[tuple[str, str], ...]]
ENTITLEMENT = f"policy/{ENGINE}"


@pytest.fixture(autouse=True)
def looked_at_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "HOLDS_SECONDS", 0.0)


def page_of(app: AppHarness, accept: str = "") -> requests.Response:
    assert app.program
    return requests.get(f"http://{app.program.admin}/metrics", headers={"Accept": accept}, timeout=10)


def samples(app: AppHarness) -> dict[Sample, float]:
    answer = page_of(app)
    assert answer.status_code == 200, answer.text
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def value(app: AppHarness, name: str, **labels: str) -> float | None:
    return samples(app).get((f"pairec_access_{name}", tuple(sorted(labels.items()))))


def test_a_request_is_told_from_asking_to_its_end(app: AppHarness) -> None:
    waits = app.asked(app.dave, f"{DATA} 8h features")
    assert value(app, "requests", state="pending") == 1
    ref = carol_has(app)
    assert value(app, "requests", state="approved") == value(app, "decisions_total", verdict="approve") == 1
    assert value(app, "grants", state="active", entitlement=ENTITLEMENT) == 1
    assert value(app, "request_decision_seconds_count") == value(app, "grant_activation_seconds_count") == 1
    app.cancels(app.dave, waits)
    app.until(lambda: value(app, "requests", state="cancelled") == 1, "dave's to be cancelled")
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert value(app, "grants", state="active", entitlement=ENTITLEMENT) is None
    assert value(app, "grants", state="ended", entitlement=ENTITLEMENT) == 1
    assert value(app, "revoke_lateness_seconds_count") == 1 and value(app, "overdue_revokes") == 0
    assert (value(app, "slack_calls_total", method="chat.postMessage", outcome="ok") or 0) >= 3
    for action in ("AttachPolicyToUser", "DetachPolicyFromUser"):
        assert value(app, "cloud_calls_total", product="ram", action=action, outcome="ok") == 1
    assert (value(app, "cloud_call_duration_seconds_count", product="ram") or 0) > 4
    with app.ledger.read() as tx:
        assert value(app, "audit_entries_total") == looked.figures(tx, 0, 0).entries  # type: ignore[arg-type]
    assert value(app, "ledger_size_bytes") and value(app, "ledger_free_bytes")


def test_no_person_reason_or_number_is_in_it(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        carol_has(app)
        app.asked(app.dave, "algorithm-engineer 8h rolling out ranker v3")
        app.dave.open_home()
        app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "error"})
        text = page_of(app).text
        labels = set(re.findall(r'="([^"]*)"', text))
        for name in ("alice", "bob", "judy", "carol", "dave", "erin", "frank", "grace"):
            assert not any(name in label or app.people.person(name).id in label for label in labels)
        assert not any("R-1" in label or "rollout" in label or "ranker" in label for label in labels)
        assert not any(re.search(r"[CDGUT]0[A-Z0-9]{5,}", label) for label in labels), labels
        assert len(text.splitlines()) < 900, "few series, whatever is asked for"


def test_what_is_overdue_and_what_it_is_refused_with_is_told(app: AppHarness) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault(
        {"action": "DetachPolicyFromUser", "fault": "error", "status": 403, "code": "NoPermission", "times": None}
    )
    time_is_up(app, HOUR + 400)
    app.until(lambda: value(app, "overdue_revokes") == 1, "the revoke to be overdue")
    refused = {"product": "ram", "action": "DetachPolicyFromUser", "outcome": "no_permission"}
    app.until(lambda: (value(app, "cloud_calls_total", **refused) or 0) >= 1, "its refusal")
    assert (value(app, "jobs_retrying", lane="ram") or 0) + (value(app, "jobs_due", lane="ram") or 0) >= 1
    app.people.clear_faults()
    comes_to(app, ref, "ended")
    assert value(app, "overdue_revokes") == 0
    assert (value(app, "revoke_lateness_seconds_bucket", le="300.0"), value(app, "revoke_lateness_seconds_count")) == (
        0,
        1,
    )


def test_conditions_and_the_connection_are_told(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "RETRY_SECONDS", 0.2)
    monkeypatch.setattr(probes, "PROBE_INTERVAL_SECONDS", 0.2)
    app.restart_bot()
    assert value(app, "ready") == value(app, "slack_connected") == 1
    assert value(app, "condition", condition="ram") == 0
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "error", "times": None})
    app.until(lambda: value(app, "condition", condition="ram") == 1, "RAM to be missed")
    assert value(app, "ready") == 0
    assert (value(app, "condition_start_timestamp_seconds", condition="ram") or 0) > 1_600_000_000
    app.people.clear_faults()
    app.until(lambda: value(app, "ready") == 1, "RAM to be there again")
    assert value(app, "condition_start_timestamp_seconds", condition="ram") is None


def test_a_ledger_that_cannot_be_read_leaves_its_figures_out_and_the_others_there(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    carol_has(app)
    assert value(app, "audit_entries_total")

    def gone(*_: object) -> None:
        raise app.ledger.engine_errors[0]("gone")

    monkeypatch.setattr(app._bots_ledger, "read", gone)
    assert value(app, "audit_entries_total") is value(app, "overdue_revokes") is None
    assert value(app, "condition", condition="ledger") == 1 and value(app, "ready") == 0
    assert value(app, "cloud_calls_total", product="ram", action="AttachPolicyToUser", outcome="ok") == 1
    monkeypatch.undo()
    app.until(lambda: value(app, "audit_entries_total") is not None, "the ledger to be read again")


def test_twenty_that_ask_at_once_get_the_answer_to_one_look(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "HOLDS_SECONDS", 60.0)
    looks: list[int] = []
    real = ledger_collector.LedgerCollector.look

    def look(self: ledger_collector.LedgerCollector) -> None:
        looks.append(1)
        real(self)

    monkeypatch.setattr(ledger_collector.LedgerCollector, "look", look)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: page_of(app), range(20)))
    assert {each.status_code for each in answers} == {200} and len({each.text for each in answers}) == 1
    assert len(looks) == 1
    text = page_of(app, "application/openmetrics-text; version=1.0.0").text
    assert text.endswith("# EOF\n") and len(looks) == 1


def test_an_entitlement_that_the_catalogue_has_no_more_is_another(app: AppHarness, tmp_path: Path) -> None:
    carol_has(app, MONITOR)
    assert value(app, "grants", state="active", entitlement=f"policy/{MONITOR}") == 1
    fewer = tmp_path / "catalog.toml"
    usual = (Path(__file__).parents[2] / "approvals/catalog/catalog.toml").read_text("utf-8")
    fewer.write_text(usual.replace(MONITOR, "PaiRecWatchAccess"), "utf-8")
    app.restart_bot({"PAIREC_CATALOG": str(fewer)})
    assert value(app, "grants", state="active", entitlement="other") == 1
    assert value(app, "grants", state="active", entitlement=f"policy/{MONITOR}") is None


def test_whoever_asks_for_a_form_that_there_is_not_gets_the_usual_one(tmp_path: Path) -> None:
    with AppHarness(tmp_path) as app:
        usual = page_of(app).headers["Content-Type"]
        for odd in ("application/openmetrics-text; version=newest", "text/html", ";=,;"):
            answer = page_of(app, odd)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, usual), odd
