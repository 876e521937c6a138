"""The alert rules and the dashboard: by Prometheus' own tool, Grafana's own schema, and what real runs tell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client.parser import text_string_to_metric_families

from approvals.ledger import cloud_events, cloud_reads, jobs, lanes
from approvals.ledger.back_up import back_up
from approvals.ledger.cloud_reads import CloudRead
from approvals.ledger.job_kinds import JobKind
from approvals.millis import MINUTE, DomainMillis, RealMillis
from bot.metrics import page
from bot.monitor import heartbeat
from tests.harness.app import HOUR, AppHarness
from tests.harness.builders import stolen
from tests.harness.deployed import ROOT
from tests.harness.waiting import carol_has, time_is_up

FOLDER = ROOT / "deploy" / "monitoring"
RULES, DASHBOARD = FOLDER / "alerts.yaml", FOLDER / "dashboard.json"
LASTS = 90
"""Minutes for which a run tells the same, which is longer than any alert waits."""
LITTLE = 50 * 1024 * 1024
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not on this machine")


class DiskUsage(NamedTuple):
    """As `shutil.disk_usage` has it."""

    total: int
    used: int
    free: int


def promtool(*words: str, says: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *words], input=says, capture_output=True, text=True, check=False, timeout=60)


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return found


def expressions() -> list[str]:
    """All of the dashboard's, with something in the place of Grafana's variables."""
    found = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [each.replace("$__rate_interval", "5m").replace("$job", ".*") for each in found]


def scrape(app: AppHarness) -> str:
    assert app.program
    return requests.get(f"http://{app.program.admin}/metrics", timeout=10).text


def tells(app: AppHarness, line: str) -> None:
    app.until(lambda: line in scrape(app), lambda: f"{line!r} in:\n{scrape(app)}")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What runs of a bot told: one where all is well, one where nothing is, and one without its ledger."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "HOLDS_SECONDS", 0.0)
        patch.setattr(heartbeat, "MAX_SLEEP_SECONDS", 0.1)
        with AppHarness(tmp_path_factory.mktemp("runs"), pace=10.0) as app:
            carol_has(app)
            back_up(app.ledger, app.ledger_path.with_name("backup.db"))
            tells(app, 'pairec_access_decisions_total{verdict="approve"} 1.0')
            well = scrape(app)
            yield {"well": well, "unwell": _unwell(app, patch), "without": _without_ledger(app, patch), "silent": ""}


def _unwell(app: AppHarness, patch: pytest.MonkeyPatch) -> str:
    assert app.program
    refused = {"action": "DetachPolicyFromUser", "fault": "error", "status": 403, "code": "NoPermission"}
    app.people.inject_ram_fault({**refused, "times": None})
    time_is_up(app, HOUR + 400)
    with app.ledger.write() as tx:
        now, real = app.sandbox.clock.now() * 1_000, app.ledger.real()
        jobs.enqueue(tx, "waits", JobKind.TELL, due_at=DomainMillis(now - 10 * MINUTE), lane="slack:D0NOBODY")
        lanes.hold(tx, "slack:D0NOBODY", RealMillis(real + 4 * MINUTE), real=RealMillis(real))
        tx.run("DELETE FROM identity WHERE name = 'backed_up_at'")
        # Nobody performs it here: such a bot is away for as long as the oldest entry is old.
        jobs.enqueue(tx, JobKind.EXPORT_WEBHOOK, JobKind.EXPORT_WEBHOOK, due_at=jobs.NEVER)
        cloud_reads.put(tx, CloudRead("own", "cn-hangzhou", DomainMillis(now), "read", DomainMillis(now)))
        cloud_events.add(tx, stolen(DomainMillis(now)), "stolen")
    tells(app, "pairec_access_overdue_revokes 1.0")
    app.until(lambda: 'jobs_retrying{lane="ram"} 1.0' in scrape(app), "the revoke to have failed")
    patch.setattr(shutil, "disk_usage", lambda _: DiskUsage(LITTLE, 0, LITTLE))
    app.people.inject_slack_fault(
        {"fault": "error", "method": "apps.connections.open", "error": "internal_error", "times": None}
    )
    app.people.inject_slack_fault({"fault": "disconnect", "drop": True})
    tells(app, "pairec_access_slack_connected 0.0")
    return _with_conditions(app)


def _with_conditions(app: AppHarness) -> str:
    """Those that are looked for too seldom to be waited for; how each comes about has its own tests."""
    assert app.program
    for name in ("ram", "slack", "account", "clock", "approvers", "cloud_record"):
        app.program.conditions.report(name, "as a test has it")
    return scrape(app)


def _without_ledger(app: AppHarness, patch: pytest.MonkeyPatch) -> str:
    def gone(*_: object) -> None:
        raise app.ledger.engine_errors[0]("gone")

    with patch.context() as patched:
        patched.setattr(app._bots_ledger, "read", gone)
        return _with_conditions(app)


@needs_promtool
def test_prometheus_finds_nothing_wrong_with_the_rules_the_dashboard_and_what_is_told(
    told: dict[str, str], tmp_path: Path
) -> None:
    done = promtool("check", "rules", str(RULES))
    assert done.returncode == 0, done.stdout + done.stderr
    queries = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions())]
    asked = tmp_path / "dashboard.yaml"
    asked.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": queries}]}), "utf-8")
    done = promtool("check", "rules", str(asked))
    assert done.returncode == 0, done.stdout + done.stderr
    for run in ("well", "unwell"):
        ours = "\n".join(line for line in told[run].splitlines() if "pairec_access_" in line) + "\n"
        done = promtool("check", "metrics", says=ours)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_field_of_the_dashboard_is_one_of_grafanas() -> None:
    ours = json.loads(DASHBOARD.read_text("utf-8"))
    known = json.loads(json.dumps(Dashboard.from_json(ours), cls=JSONEncoder))
    assert lacking(ours, known) == []
    assert lacking({**ours, "pannels": []}, known) == ["pannels"], "nothing would be found"
    places = [panel["gridPos"] for panel in panels()]
    assert len({(place["x"], place["y"]) for place in places}) == len(places)
    assert all(place["x"] + place["w"] <= 24 for place in places)


def lacking(ours: Any, known: Any, at: str = "") -> list[str]:
    """Where something of ours did not come back from Grafana's own model of it."""
    if isinstance(ours, dict) and isinstance(known, dict):
        inside = [lacking(ours[name], known[name], f"{at}.{name}") for name in ours if name in known]
        missing = [f"{at}.{name}".lstrip(".") for name in ours if name not in known]
        return missing + [each for some in inside for each in some]
    if isinstance(ours, list) and isinstance(known, list):
        return [each for pair in zip(ours, known, strict=True) for each in lacking(*pair, at)]
    return [] if ours == known else [at]


def test_all_that_the_rules_and_the_dashboard_ask_for_is_told(told: dict[str, str]) -> None:
    there = {sample.name for family in text_string_to_metric_families(told["unwell"]) for sample in family.samples}
    asked = {name for text in [*expressions(), *(rule["expr"] for rule in rules())] for name in names_in(text)}
    assert asked <= there, asked - there
    assert len(asked) > 20


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:pairec_access|process)_\w+", expression))


ALL = {
    *("OverdueRevoke", "NotConnected", "CannotReadRam", "SlackRefuses", "WrongAccount", "ClockWrong"),
    *("KeyStolen", "CloudRecordUnreadable"),
    *("LedgerDiskFull", "QueueStuck", "WorkFails", "BackupTooOld", "NoApprover"),
    "AuditExportBehind",
}
FIRES = {"well": set(), "unwell": ALL, "without": {"LedgerUnreadable"} | ALL, "silent": {"Down"}}
OF_THE_LEDGER = {
    *("KeyStolen", "OverdueRevoke", "LedgerDiskFull", "QueueStuck", "WorkFails", "BackupTooOld"),
    "AuditExportBehind",
}
"""They are not known of one that cannot be read."""


@needs_promtool
@pytest.mark.parametrize("run", FIRES)
def test_an_alert_fires_where_it_should_and_nowhere_else(run: str, told: dict[str, str], tmp_path: Path) -> None:
    expected = FIRES[run] - (OF_THE_LEDGER if run == "without" else set())
    assert_firing(tmp_path, list(series_of(told[run])), expected)


@needs_promtool
def test_throttling_is_told_while_it_lasts(tmp_path: Path) -> None:
    name = 'pairec_access_cloud_calls_total{product="ram",action="ListUsers",outcome="throttled"}'
    ready = {"series": "pairec_access_ready", "values": f"1+0x{LASTS}"}
    assert_firing(tmp_path, [ready, {"series": name, "values": f"0+60x{LASTS}"}], {"Throttled"})
    assert_firing(tmp_path, [ready, {"series": name, "values": f"0+1x{LASTS}"}], set())


def series_of(text: str) -> Iterator[dict[str, str]]:
    """Every sample for as long as a test lasts, which begins at second 0 of all time."""
    began = time.time()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={json.dumps(value)}" for name, value in sample.labels.items())
            value = sample.value - (began if sample.name.endswith("_timestamp_seconds") else 0.0)
            yield {"series": f"{sample.name}{{{labels}}}", "values": f"{value:.3f}+0x{LASTS}"}


def assert_firing(folder: Path, series: list[dict[str, str]], expected: Iterable[str]) -> None:
    firing = [{"labels": f'{{alertname="PairecAccess{name}"}}', "value": 1} for name in sorted(expected)]
    query = {
        "expr": 'group by (alertname) (ALERTS{alertstate="firing"})',
        "eval_time": f"{LASTS - 5}m",
        "exp_samples": firing,
    }
    case = {"interval": "1m", "input_series": series, "promql_expr_test": [query]}
    file = folder / "case.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [case]}), "utf-8")
    done = promtool("test", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_section_that_says_what_to_do_and_nothing_else_has_its_name() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    sections = dict(re.findall(r"^### (PairecAccess\w+)\n(.*?)(?=^#)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == [rule["alert"] for rule in rules()]
    for rule in rules():
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"
        assert rule["annotations"]["summary"].endswith(".")
        assert "\n1. " in sections[rule["alert"]], "what to do"
