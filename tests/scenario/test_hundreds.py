"""More than Slack shows in one list: hundreds of projects, of policies, of RAM users. Each can be found and had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from approvals.catalog.resources import products
from tests.harness.app import DATA, AppHarness
from tests.harness.hundreds import PROJECTS, hundreds
from tests.harness.refusals import new_ram_user, newcomer, refused, restart
from tests.scenario.claiming import NOT_YET

JOB = "algorithm-engineer"
USERS = 130


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        opened.restart_bot(hundreds(tmp_path, Path(opened.environment()["PAIREC_RESOURCES"])))
        opened.until(
            lambda: opened.program and len(opened.program.context.directory.known_places()) == len(products()),
            "the products' lists",
        )
        yield opened


def test_a_project_among_hundreds_is_searched_for_and_had(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    assert len(app.carol.suggestions("What", "")) == 100
    assert app.carol.suggestions("What", "algorithm-eng") == [f"Algorithm engineer · {JOB}"]
    app.carol.fill({"What": JOB})
    app.carol.modal("Project")
    assert len(app.carol.suggestions("Project", "")) == 100
    assert app.carol.suggestions("Project", "-217") == ["Ranking · team-217"]
    app.carol.fill({"Project": "team-217"})
    assert "DataWorks Developer in " in app.carol.modal("Includes").plain
    assert app.carol.submit({"Duration": "90d", "Reason": "new in the team"}) == {}
    assert f"`{JOB}@team-217`" in app.card("R-1001").plain


def test_the_default_project_is_chosen_already_where_there_are_hundreds(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    app.carol.fill({"What": JOB})
    form = app.carol.modal("Project")
    chosen = form.values[f"where:{JOB}"]["where"]["selected_option"]
    assert chosen["value"] == "ranking"
    assert app.carol.submit({"Reason": "new in the team"}) == {}
    assert f"`{JOB}@ranking`" in app.card("R-1001").plain


def test_a_policy_among_hundreds_is_searched_for_and_had(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    assert app.carol.suggestions("What", "what team 143") == ["Team policy 143 · TeamPolicy143"]
    app.carol.fill({"What": DATA})
    assert app.carol.modal("Needs 1 approval.").values["what"]["what"]["selected_option"]["value"] == DATA
    assert app.carol.submit({"Reason": "feature work"}) == {}
    app.card("R-1001")


def test_a_ram_user_among_hundreds_is_searched_for_and_claimed(app: AppHarness) -> None:
    for number in range(USERS):
        new_ram_user(app, f"user-{number:03d}")
    restart(app)
    henry = newcomer(app, "henry")
    henry.type("/pairec-access request")
    henry.modal(NOT_YET)
    assert len(henry.suggestions("RAM user", "")) == 100
    henry.fill({"What": DATA, "RAM user": "user-127"})
    assert henry.submit({"Duration": "2h", "Reason": "on call"}) == {}
    assert "to RAM user `user-127`" in app.card("R-1001").plain


def test_options_are_for_whom_the_form_was_opened_for_alone(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    form = app.carol.modal("Request access")
    for field, block in (("what", "what"), ("where", f"where:{JOB}")):
        asked = {"type": "block_suggestion", "block_id": block, "action_id": field, "value": "", "view": form.body}
        assert len(_options(app.carol.forge(asked)["answer"])) == 100
        for other in (app.grace, app.dave):
            assert _options(other.forge(asked)["answer"]) == []


def _options(answer: dict[str, Any]) -> list[dict[str, Any]]:
    groups = answer.get("option_groups", [])
    return [*answer.get("options", []), *(option for group in groups for option in group["options"])]


@pytest.mark.parametrize("block", ["where", "where:", "where:nonsense", "what", ""])
def test_a_forged_question_for_projects_gets_none(app: AppHarness, block: str) -> None:
    app.carol.type("/pairec-access request")
    form = app.carol.modal("Request access")
    asked = {"type": "block_suggestion", "block_id": block, "action_id": "where", "value": "", "view": form.body}
    assert _options(app.carol.forge(asked)["answer"]) == []


def test_help_says_how_much_more_there_is_and_a_mistyped_project_gets_those_like_it(app: AppHarness) -> None:
    app.carol.type("/pairec-access help")
    app.carol.click("What you can request", app.carol.ephemeral_with("/pairec-access who"))
    told = app.carol.ephemeral_with("more in the form: `/pairec-access request`.").plain
    assert "`algorithm-engineer@" not in told or "|…`" in told
    says = "is available in `team-210`"
    with refused(app, app.carol, "unknown_project", says, act="ask"):
        app.carol.type(f"/pairec-access request {JOB}@team-210x 8h on call")
    assert f"and {PROJECTS + 2 - 10} more." in app.carol.messages()[-1].plain
