"""The form where something is asked for in a project: it offers those that there are, by the products' own names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import DATA, MONITOR, AppHarness
from tests.harness.refusals import is_told

JOB = "algorithm-engineer"
ROLE = "dataworks-developer"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        opened.until(
            lambda: len(opened.program.context.directory.known_places()) == 3 if opened.program else False,
            "the products to be listed",
        )
        yield opened


def chooses(office: AppHarness, what: str) -> None:
    office.carol.types("/pairec-access request")
    office.carol.modal("Request access")
    office.carol.fill({"What": what})


def offered(office: AppHarness, field: str) -> dict[str, str]:
    """The options of a select in the form, with what is said of each."""
    spot = next(spot for spot in office.carol.modal().spots() if spot.element["action_id"] == field)
    options = spot.element.get("options") or [o for g in spot.element["option_groups"] for o in g["options"]]
    return {option["value"]: option.get("description", {}).get("text", "") for option in options}


def test_a_job_is_asked_for_in_a_project_and_the_card_has_all_its_parts(office: AppHarness) -> None:
    chooses(office, JOB)
    form = office.carol.modal("In which project").plain
    assert "For how long: 8h" in form and "90d at most" in form
    assert f"It is made of `{DATA}`, `{MONITOR}`, DataWorks Developer in Ranking (workspace `10001`), " in form
    office.carol.fill({"In which project": "search"})
    assert "DataWorks Developer in Search (workspace `10002`), " in office.carol.modal("In which project").plain
    assert office.carol.submit({"In which project": "search", "For how long": "90d", "Why": "new in the team"}) == {}
    card = office.card("R-1001").plain
    assert f"`{JOB}@search`" in card
    for part in (
        f"`{DATA}`",
        f"`{MONITOR}`",
        "DataWorks Developer in Search (workspace `10002`)",
        "MaxCompute Developer in Search (project `search`)",
        "PAI Algorithm Developer in Search (workspace `20002`)",
    ):
        assert f"• {part}: " in card


def test_the_default_project_is_chosen_already(office: AppHarness) -> None:
    chooses(office, JOB)
    office.carol.modal("In which project")
    assert office.carol.submit({"Why": "new in the team"}) == {}
    assert f"`{JOB}@ranking`" in office.card("R-1001").plain


def test_projects_are_offered_with_the_names_that_the_products_have(office: AppHarness) -> None:
    chooses(office, JOB)
    office.carol.modal("In which project")
    assert offered(office, "where") == {
        "ranking": "DataWorks ranking · MaxCompute ranking_dev · PAI ranking",
        "search": "DataWorks search · MaxCompute search · PAI search",
    }


def test_a_project_whose_workspace_is_gone_is_named_and_not_offered(office: AppHarness) -> None:
    office.sandbox.membership.delete_place("dataworks", "10002")
    office.restart_bot()
    office.until(
        lambda: office.program and "dataworks" in office.program.context.directory.known_places(),
        "DataWorks to be listed",
    )
    chooses(office, JOB)
    form = office.carol.modal("In which project").plain
    assert list(offered(office, "where")) == ["ranking"]
    assert "`search` is not offered: DataWorks Developer in Search (workspace `10002`) does not exist any more." in form


def test_all_configured_projects_are_offered_while_a_product_does_not_list_them(office: AppHarness) -> None:
    office.people.order_ram({"action": "ListProjects", "fault": "error"})
    office.restart_bot()
    chooses(office, ROLE)
    office.carol.modal("In which project")
    assert offered(office, "where") == {"ranking": "DataWorks 10001", "search": "DataWorks 10002"}


def test_what_is_in_no_project_asks_for_none(office: AppHarness) -> None:
    chooses(office, JOB)
    office.carol.modal("In which project")
    office.carol.fill({"What": MONITOR})
    assert "In which project" not in office.carol.modal("Flink").plain


def test_the_chosen_project_outlives_a_change_of_the_job(office: AppHarness) -> None:
    chooses(office, JOB)
    office.carol.modal("In which project")
    office.carol.fill({"In which project": "search"})
    office.carol.fill({"What": ROLE})
    office.carol.modal("Write and debug")
    assert office.carol.submit({"Why": "new in the team"}) == {}
    assert f"`{ROLE}@search`" in office.card("R-1001").plain


def test_policies_jobs_and_roles_are_offered_once_each_whatever_the_projects(office: AppHarness) -> None:
    office.carol.types("/pairec-access request")
    office.carol.modal("Request access")
    what = list(offered(office, "what"))
    assert len(what) == len(set(what)) == 4 + 3 + 7
    assert what[4] == JOB and what[7:] == [
        "dataworks-developer",
        "dataworks-deployer",
        "dataworks-operator",
        "maxcompute-developer",
        "pai-algorithm-developer",
        "pai-algorithm-operator",
        "pai-maxcompute-developer",
    ]


def test_help_names_each_with_the_projects_that_it_can_be_asked_for_in(office: AppHarness) -> None:
    is_told(office, office.carol, "/pairec-access help", f"`{JOB}@ranking|search`, 90d at most")
    assert "`business-analyst`, 90d at most" in office.carol.sees()
