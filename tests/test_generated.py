"""What is made from other files of the tree is as they have it, and what the parts of the bot's policy are is told."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from bot.ram_policy import LONGEST, joined_policy, policy_parts
from tests.harness.generated import ROOT, generated


@pytest.mark.parametrize("path", generated())
def test_every_file_that_is_made_from_others_is_as_they_have_it(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == generated()[path], "`make generated` renews it"


def test_every_part_of_the_bots_policy_is_explained() -> None:
    told = re.findall(
        r"^\| \[([\w-]+)\]\(\.\./bot/ram_policy/\1\.json\) \|", (ROOT / "docs/installing.md").read_text("utf-8"), re.M
    )
    assert sorted(told) == sorted(policy_parts())


def test_ram_takes_the_whole_policy_as_one() -> None:
    assert len(joined_policy(policy_parts().values())) <= LONGEST


def ram_policy(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["ram-policy", *args])
    return done.exit_code, done.output


def test_the_command_prints_the_whole_policy_or_the_parts_that_are_named() -> None:
    assert ram_policy() == (0, (ROOT / "deploy/ram-policy.json").read_text("utf-8"))
    code, printed = ram_policy("status", "base")
    wanted = [statement for name in ("status", "base") for statement in json.loads(policy_parts()[name])["Statement"]]
    assert (code, json.loads(printed)) == (0, {"Version": "1", "Statement": wanted})


def test_the_command_names_the_parts_also_to_whoever_asks_for_one_that_there_is_not() -> None:
    assert ram_policy("--list") == (0, "".join(f"{name}\n" for name in policy_parts()))
    code, printed = ram_policy("statsu")
    assert code == 2 and "there is no part statsu; there are base, " in printed
