"""The log is one JSON object a line, and no secret is ever in it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.log import JsonLines
from bot.redaction import BLOT, Redaction
from bot.sandbox.server import Sandbox
from tests.harness.program import pairec_access


def logged(message: str, *secrets: str, **extra: Any) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(Redaction(secrets)))
    logger = logging.Logger("bot.test")
    logger.addHandler(handler)
    try:
        raise ValueError(f"it happened with {secrets}")
    except ValueError:
        logger.exception(message, extra=extra)
    return stream.getvalue()


def test_an_event_is_one_line_of_json_with_what_it_carries_and_its_error() -> None:
    text = logged("a job failed", job="settle:1", attempt=3)
    assert text.count("\n") == 1
    line = json.loads(text)
    assert (line["event"], line["job"], line["attempt"], line["level"]) == ("a job failed", "settle:1", 3, "error")
    assert "ValueError" in line["error"]


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-12345-abcdef",
        "xapp-1-A0-1-abcdef",
        "Authorization: ACS3-HMAC-SHA256 Credential=LTAI0KEY,Signature=87cb",
        "Signature=Pyl0mDbTaGtaRJ2mqIxyc3GwzIA%3D",
    ],
)
def test_what_has_the_shape_of_a_secret_is_blotted_out(text: str) -> None:
    assert text not in logged(f"calling with {text}", header=text)


def test_a_known_secret_is_blotted_out_of_tracebacks_too() -> None:
    assert "a-very-secret-key" not in logged("calling", "a-very-secret-key", value="x a-very-secret-key y")


@pytest.mark.slow
@pytest.mark.parametrize("debug", ["other,sdk", "other,SDK"])
def test_the_sdk_cannot_be_made_to_print_its_headers(debug: str) -> None:
    program = (
        "import os, logging\n"
        "from bot.cloud.clients import quiet_sdk\n"
        "quiet_sdk()\n"
        "import darabonba.core\n"
        "print(os.environ.get('DEBUG'), logging.getLogger('darabonba-core').isEnabledFor(logging.DEBUG))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DEBUG": debug},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "other False\n"
    assert done.stderr == ""


def test_a_short_secret_that_looks_like_a_part_of_the_line_leaves_it_a_line() -> None:
    line = json.loads(logged("calling with level", "level", 'er", "', value="the level"))
    assert (line["level"], line["event"], line["value"]) == ("error", f"calling with {BLOT}", f"the {BLOT}")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"])
def test_the_secrets_of_the_cloud_that_the_program_is_told_are_blotted_out(name: str, tmp_path: Path) -> None:
    # A warning names the channel that cannot be seen, so a secret that reads like one turns up in the log.
    secret = "C0NOTTOBEREAD"
    settings = {
        "PAIREC_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db",
        "PAIREC_APPROVALS_CHANNEL": secret,
        "SLACK_APP_TOKEN": "xapp-that-ends-the-start",
        name: secret,
    }
    with Sandbox() as sandbox:
        done = pairec_access("run", **{**sandbox.env(), **settings})
    assert "the approvals channel cannot be seen" in done.stderr and BLOT in done.stderr
    assert secret not in done.stderr
