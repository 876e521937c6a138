"""Wildcards: what they stand for, and that no pattern takes long."""

from __future__ import annotations

import subprocess
import sys

import pytest

from approvals.policies.matching import glob_matches

DEADLINE = 20
"""Seconds; a pattern that is tried in every possible way would take years."""


@pytest.mark.parametrize(
    ("glob", "text", "matches"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("?", "", False),
        ("a*", "a", True),
        ("a*b*c", "a--b-b--c", True),
        ("a*b*c", "a--c--b", False),
        ("*ab", "aab", True),
        ("*a?", "aaab", True),
        ("a**b", "ab", True),
        ("?*?", "a", False),
        ("?*?", "ab", True),
        ("a*a", "a", False),
        ("a.c", "abc", False),
        ("A", "a", False),
        ("*\n*", "a\nb", True),
    ],
)
def test_a_star_is_any_number_of_characters_and_a_question_mark_is_one(glob: str, text: str, matches: bool) -> None:
    assert glob_matches(glob, text) is matches


@pytest.mark.slow
@pytest.mark.parametrize("glob", ["*" * 30 + "x", "*o" * 30 + "x", "*?" * 12 + "x", "*a" * 40_000])
def test_no_pattern_takes_long(glob: str) -> None:
    """In a process of its own: what takes long within `re` cannot be interrupted."""
    program = f"from approvals.policies.matching import glob_matches; print(glob_matches({glob!r}, 'o' * 100))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=DEADLINE, check=True)
    assert ran.stdout == "False\n"
