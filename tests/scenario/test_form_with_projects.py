"""The form where something is asked for in a project: it offers those that there are, by the products' own names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.catalog.resources import products
from tests.harness.app import DATA, MONITOR, AppHarness

CATALOG = Path(__file__).parents[2] / "approvals" / "catalog" / "catalog.toml"
JOB = "algorithm-engineer"
ROLE = "dataworks-developer"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        opened.until(
            lambda: opened.program and len(opened.program.context.directory.known_places()) == len(products()),
            "the products to be listed",
        )
        yield opened


def chooses(app: AppHarness, what: str) -> None:
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    app.carol.fill({"What": what})


def offered(app: AppHarness, field: str) -> dict[str, str]:
    """The options of a select in the form, with what is said of each."""
    spot = next(spot for spot in app.carol.modal().spots() if spot.element["action_id"] == field)
    options = spot.element.get("options") or [o for g in spot.element["option_groups"] for o in g["options"]]
    return {option["value"]: option.get("description", {}).get("text", "") for option in options}


def test_a_job_is_asked_for_in_a_project_and_the_card_has_all_its_parts(app: AppHarness) -> None:
    chooses(app, JOB)
    form = app.carol.modal("Project").plain
    assert "Duration: 8h" in form and "90d at most" in form
    assert f"Includes `{DATA}`, `{MONITOR}`, DataWorks Developer in Ranking (workspace `10001`), " in form
    app.carol.fill({"Project": "search"})
    assert "DataWorks Developer in Search (workspace `10002`), " in app.carol.modal("Project").plain
    assert app.carol.submit({"Project": "search", "Duration": "90d", "Reason": "new in the team"}) == {}
    card = app.card("R-1001").plain
    assert f"`{JOB}@search`" in card
    for part in (
        f"`{DATA}`",
        f"`{MONITOR}`",
        "DataWorks Developer in Search (workspace `10002`)",
        "MaxCompute Developer in Search (project `search`)",
        "PAI Algorithm Developer in Search (workspace `20002`)",
    ):
        assert f"• {part}: " in card


def test_the_default_project_is_chosen_already(app: AppHarness) -> None:
    chooses(app, JOB)
    app.carol.modal("Project")
    assert app.carol.submit({"Reason": "new in the team"}) == {}
    assert f"`{JOB}@ranking`" in app.card("R-1001").plain


def test_projects_are_offered_with_the_names_that_the_products_have(app: AppHarness) -> None:
    chooses(app, JOB)
    app.carol.modal("Project")
    assert offered(app, "where") == {
        "ranking": "DataWorks ranking · MaxCompute ranking_dev · PAI ranking · Hologres…",
        "search": "DataWorks search · MaxCompute search · PAI search · Hologres search ·…",
    }


def test_a_project_whose_workspace_is_gone_is_named_and_not_offered(app: AppHarness) -> None:
    app.sandbox.membership.delete_place("dataworks", "10002")
    app.restart_bot()
    app.until(
        lambda: app.program and "dataworks" in app.program.context.directory.known_places(),
        "DataWorks to be listed",
    )
    chooses(app, JOB)
    form = app.carol.modal("Project").plain
    assert list(offered(app, "where")) == ["ranking"] and "could not be read" not in form
    assert "`search` is not available: DataWorks Developer in Search (workspace `10002`) no longer exists." in form


def test_all_configured_projects_are_offered_while_a_product_does_not_list_them(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "ListProjects", "fault": "error"})
    app.restart_bot()
    chooses(app, ROLE)
    app.carol.modal("Project")
    assert offered(app, "where") == {"ranking": "DataWorks 10001", "search": "DataWorks 10002"}
    unread = "DataWorks could not be read, so a project in this list may no longer exist: request it all the same"
    assert unread in app.carol.modal("Project").plain


def test_where_every_workspace_is_gone_the_form_says_so_before_it_is_sent_and_what_to_do(app: AppHarness) -> None:
    says = f"No project has DataWorks, which `{ROLE}` needs: an administrator puts it right in the file"
    resources = Path(app.environment()["PAIREC_RESOURCES"])
    without_default = resources.with_name("without-default.toml")
    without_default.write_text(resources.read_text("utf-8").replace('default = "ranking"', ""), "utf-8")
    for place in ("10001", "10002"):
        app.sandbox.membership.delete_place("dataworks", place)
    app.restart_bot({"PAIREC_RESOURCES": str(without_default)})
    app.until(
        lambda: app.program and "dataworks" in app.program.context.directory.known_places(),
        "DataWorks to be listed",
    )
    chooses(app, ROLE)
    form = app.carol.modal(says).plain
    assert "could not be read" not in form and "Project:" not in form
    assert says.replace("`", "") in str(app.carol.submit({"Reason": "new in the team"}))
    assert app.requests() == 0


def test_what_is_in_no_project_asks_for_none(app: AppHarness) -> None:
    chooses(app, JOB)
    app.carol.modal("Project")
    app.carol.fill({"What": MONITOR})
    assert "Project" not in app.carol.modal("Flink").plain


def test_the_chosen_project_outlives_a_change_of_the_job(app: AppHarness) -> None:
    chooses(app, JOB)
    app.carol.modal("Project")
    app.carol.fill({"Project": "search"})
    app.carol.fill({"What": ROLE})
    app.carol.modal("Write and debug")
    assert app.carol.submit({"Reason": "new in the team"}) == {}
    assert f"`{ROLE}@search`" in app.card("R-1001").plain


def test_policies_jobs_and_roles_are_offered_once_each_whatever_the_projects(app: AppHarness) -> None:
    catalog = tomllib.loads(CATALOG.read_text("utf-8"))
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    what = list(offered(app, "what"))
    assert len(what) == len(set(what))
    given = [name for name, role in catalog["roles"].items() if role.get("granted", True)]
    policies, bundles = list(catalog["policies"]), list(catalog["bundles"])
    assert what == [*policies, *bundles, *given]
    assert bundles[0] == JOB and ROLE in given


def test_help_names_each_with_the_projects_that_it_can_be_asked_for_in(app: AppHarness) -> None:
    app.carol.type("/pairec-access help")
    app.carol.click("What you can request", app.carol.ephemeral_with("/pairec-access who"))
    app.carol.ephemeral_with(f"`{JOB}@ranking|search`, 90d at most")
    assert "`business-analyst`, 90d at most" in app.carol.screen_text()


def test_what_is_asked_again_is_asked_in_the_same_project(app: AppHarness) -> None:
    app.cancels(app.carol, app.asked(app.carol, f"{JOB}@search 30d new in the team"))
    app.carol.click("Request again", app.carol.direct_message_with("was cancelled"))
    assert "DataWorks Developer in Search (workspace `10002`), " in app.carol.modal("Project").plain
    assert app.carol.submit() == {}
    assert app.record(app.card("R-1002").plain.split()[0]).request.item == f"{JOB}@search"
