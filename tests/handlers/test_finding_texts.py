"""Every kind of check names its source and has a sentence for each result; what a newer version found can be read."""

from __future__ import annotations

import pytest

from approvals.findings import Finding
from approvals.status.checks import unseen
from approvals.status.checks.kind import CheckKind
from approvals.status.checks.registry import KINDS, result_named
from bot.check.samples.boards import FACTS
from handlers.translations import load_translations
from handlers.views.finding_texts import TEXTS
from handlers.views.findings import advice, source_name, summary

WORDS = load_translations()
NEWER = Finding("oss/latency", result_named("too_slow"), {"milliseconds": 900})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.ask.__module__.rpartition(".")[2])
def test_every_kind_has_its_texts(kind: CheckKind) -> None:
    assert kind in TEXTS
    for result in (*kind.results, *unseen.RESULTS):
        said = summary(Finding(f"oss/{kind.source}", result, FACTS), WORDS)
        assert said and "newer version" not in said


def test_what_a_newer_version_found_can_be_shown() -> None:
    assert summary(NEWER, WORDS) == "unknown, checked by a newer version of this app"
    assert advice(NEWER, WORDS) and source_name("latency", WORDS) == "`latency`"
