"""What somebody gets who types a bare, a mistyped or an unknown subcommand."""

from __future__ import annotations

import pytest

from handlers.commands.registry import ACCESS
from tests.harness.app import ADMIN, DATA, ENGINE, MONITOR, AppHarness

SUBCOMMANDS = tuple(each.name for each in ACCESS.subcommands)


def test_a_bare_command_opens_the_form(app: AppHarness) -> None:
    app.carol.type("/pairec-access")
    assert "What:" in app.carol.modal("Request access").plain


@pytest.mark.parametrize("typed", [" help", " HELP"])
def test_help_shows_everything_that_can_be_typed_and_asked_for(app: AppHarness, typed: str) -> None:
    app.carol.type(f"/pairec-access{typed}")
    shown = app.carol.ephemeral_with("/pairec-access request").plain
    assert f"`{ENGINE}`" not in shown and "Did you mean" not in shown, "it is short"
    app.carol.click("What you can request", app.carol.ephemeral_with("/pairec-access request"))
    shown = app.carol.ephemeral_with(f"`{ENGINE}`").plain
    for subcommand in SUBCOMMANDS:
        assert f"`/pairec-access {subcommand}" in shown
    for item in (ENGINE, DATA, MONITOR, ADMIN, "algorithm-engineer", "engine-engineer", "business-analyst"):
        assert f"`{item}`" in shown


def test_the_example_in_the_help_works_as_it_stands(app: AppHarness) -> None:
    app.carol.type("/pairec-access help")
    shown = app.carol.ephemeral_with("In one line").plain
    example = shown.partition("In one line: `")[2].partition("`")[0]
    app.carol.type(example)
    assert "rolling out ranker v3" in app.card("R-1001").plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reqest", "request"),
        ("lists", "list"),
        ("cancle R-1001", "cancel"),
        ("revok R-1001", "revoke"),
        ("lnik", "link"),
        ("hlep", "help"),
    ],
)
def test_a_mistyped_subcommand_gets_help_that_names_the_nearest(app: AppHarness, typed: str, meant: str) -> None:
    app.carol.type(f"/pairec-access {typed}")
    shown = app.carol.ephemeral_with("Did you mean").plain
    assert f"There is no `/pairec-access {typed.split()[0]}`. Did you mean `/pairec-access {meant}`?" in shown
    assert "`/pairec-access request` opens the form" in shown


def test_a_subcommand_that_is_near_to_none_gets_help_without_a_guess(app: AppHarness) -> None:
    app.carol.type("/pairec-access xyzzy")
    assert "Did you mean" not in app.carol.ephemeral_with("There is no `/pairec-access xyzzy`").plain


def test_a_subcommand_of_markup_is_shown_as_text_and_mentions_nobody(app: AppHarness) -> None:
    app.carol.type("/pairec-access <!channel>*bold*<https://evil.example|Approve>")
    shown = app.carol.ephemeral_with("There is no")
    assert shown.mentions == []
    assert "`/pairec-access &lt;!channel&gt;*bold*&lt;https://evil.example|approve&gt;`" in shown.plain


def test_nobody_but_the_one_who_asked_sees_the_help(app: AppHarness) -> None:
    app.carol.type("/pairec-access help")
    app.carol.ephemeral_with("opens the form")
    assert not [message for message in app.dave.messages() if "opens the form" in message.plain]


def test_the_status_is_said_to_have_a_command_of_its_own(app: AppHarness) -> None:
    app.carol.type("/pairec-access status")
    assert "Did you mean `/pairec-status`?" in app.carol.ephemeral_with("There is no").plain


@pytest.mark.parametrize("typed", ["8 hours", "8小时", "8h"])
def test_a_duration_is_read_as_people_write_it(app: AppHarness, typed: str) -> None:
    card = app.card(app.asked(app.carol, f"{ENGINE} {typed} rolling out ranker v3")).plain
    assert "8h" in card and "rolling out ranker v3" in card and "hours" not in card
