"""No secret is in what the process says, however it is written down and whoever says it."""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Callable

import pytest

from bot.redaction import BLOT, Redaction, secrets_in
from tests.harness.program import pairec_access

SECRET = 'kZ8+s"Yq/W=c é@1'
"""With whatever is escaped somewhere."""
RAW = SECRET.encode()
WRITTEN: dict[str, Callable[[], str]] = {
    "as it is": lambda: SECRET,
    "in an address": lambda: urllib.parse.quote(SECRET, safe=""),
    "in a path": lambda: urllib.parse.quote(SECRET),
    "in small letters": lambda: re.sub("%..", lambda code: code[0].lower(), urllib.parse.quote(SECRET, safe="")),
    "in a form": lambda: urllib.parse.urlencode({"password": SECRET}),
    "in JSON": lambda: json.dumps({"password": SECRET}),
    "in JSON as it is": lambda: json.dumps({"password": SECRET}, ensure_ascii=False),
    "by repr": lambda: repr(["Bearer", SECRET]),
    "by repr of bytes": lambda: repr(RAW),
    "by ascii": lambda: ascii(SECRET),
    "in HTML": lambda: f"<p>{html.escape(SECRET)}</p>",
    "in a header": lambda: f"token {base64.b64encode(RAW).decode()}",
    "in a header for addresses": lambda: f"token {base64.urlsafe_b64encode(RAW).decode()}",
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_secret_is_blotted_out_however_it_is_written_down(way: str) -> None:
    written = WRITTEN[way]()
    cleaned = Redaction([SECRET]).clean(f"before {written} after")
    assert BLOT in cleaned and cleaned.startswith("before ") and cleaned.endswith(" after")
    for piece in ("kZ8", "Yq", "%C3%A9", "u00e9", base64.b64encode(RAW).decode()[:8]):
        assert piece not in cleaned, cleaned


@pytest.mark.parametrize("between", ["\n", "\r\n", "\u200b", "\ufeff", "“", '"', "\udc80"])
def test_a_secret_with_something_in_it_that_does_not_belong_there_is_blotted_out_on_both_sides(between: str) -> None:
    redaction = Redaction([f"xyz1-a-first-half{between}a-second-half-2zyx"])
    for text in ("a-first-half", "a-second-half"):
        assert text not in redaction.clean(f"1 xyz1-a-first-half{between}a-second-half-2zyx 2")
        assert text not in redaction.clean(repr(f"xyz1-a-first-half{between}a-second-half-2zyx"))
        assert text not in redaction.clean("xyz1-a-first-half or a-second-half-2zyx")


def test_a_short_secret_is_blotted_out_where_it_is_a_word_and_a_shorter_one_only_in_an_address() -> None:
    redaction = Redaction(["root", "abc"])
    assert redaction.clean("root: is it the root, or rooted?") == f"{BLOT}: is it the {BLOT}, or rooted?"
    assert redaction.clean("abc of it") == "abc of it"
    assert redaction.clean("at postgresql://pairec:abc@db/ledger") == f"at postgresql://pairec:{BLOT}@db/ledger"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("xoxb-12345-abcdef", BLOT),
        ("xoxe.xoxb-1-abcdef", BLOT),
        ("wss://wss-primary.slack.com/link/?ticket=ab12-cd34&app_id=7", f"ticket={BLOT}&app_id=7"),
        ("https://hooks.slack.com/commands/T0/123/abcdEFGH", f"https://hooks.slack.com/{BLOT}"),
        ("{'Proxy-Authorization': 'Basic dXNlcjpwdw=='}", f"{BLOT}'}}"),
        ('{"authorization": "Bearer abcdefgh"}', f'{BLOT}"}}'),
        ("?OIDCToken=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb2QifQ.c2lnbmF0dXJl&Format=json", f"={BLOT}&Format=json"),
        ("https://walter:pw@proxy:3128", f"https://walter:{BLOT}@proxy:3128"),
        ("postgresql://pairec@db/ledger", "postgresql://pairec@db/ledger"),
        ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_blotted_out_though_nobody_knows_it(text: str, cleaned: str) -> None:
    assert Redaction().clean(text).endswith(cleaned)


def test_the_secrets_of_a_process_are_found_in_what_it_is_told() -> None:
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-1-abc",
        "PAIREC_SOME_LATER_SECRET": "later-secret",
        "PGPASSWORD": "pg-password",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/var/run/token",
        "HTTPS_PROXY": "http://walter:p%40ss-w0rd@proxy:3128",
        "ALL_PROXY": "http://a-token-as-user@proxy:3128",
        "PAIREC_DATABASE_URL": "postgresql://pairec:un@escaped@db/ledger?sslpassword=of-the-key",
        "PAIREC_ANCHOR_URL": "https://anchors.example.com/hook/walrus?key=1",
        "PATH": "/usr/bin:/bin",
    }
    found = set(secrets_in(environment, ["copy", "--to=postgresql://x:to-password@db/x", "postgresql://x:other@db/x"]))
    assert found == {
        *("xoxb-1-abc", "later-secret", "pg-password", "p%40ss-w0rd", "p@ss-w0rd", "a-token-as-user"),
        *(base64.b64encode(each).decode() for each in (b"walter:p%40ss-w0rd", b"walter:p@ss-w0rd", b"a-token-as-user")),
        *("https://anchors.example.com/hook/walrus?key=1", "/hook/walrus?key=1"),
        *("un@escaped", "of-the-key", "to-password", "other"),
    }


PROGRAM = """
import logging, sys, threading, asyncio, warnings, gc, time
from bot.__main__ import Redaction, clean_stream
from bot.log import everything_logged

SECRET = "a-secret-that-nobody-should-see"
chatty = logging.getLogger("credentials")
chatty.setLevel(logging.INFO)
chatty.addHandler(logging.StreamHandler())
redaction = Redaction([SECRET])
sys.stderr = clean_stream(sys.stderr, redaction)

class Odd:
    def __del__(self):
        raise ValueError(SECRET)
    def __str__(self):
        raise ValueError(SECRET)

async def lost():
    asyncio.get_running_loop().create_future().set_exception(ValueError(SECRET))

def fails():
    raise ValueError(SECRET)

with everything_logged("INFO", redaction):
    chatty.error("plain %s", SECRET)
    logging.getLogger("later").addHandler(logging.StreamHandler())
    logging.getLogger("later").error("later %s", SECRET)
    print("printed", SECRET)
    sys.stderr.write("half a line with " + SECRET)
    warnings.warn("warned " + SECRET)
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    odd = Odd()
    logging.getLogger("bot").error(odd)
    del odd
    gc.collect()
    asyncio.run(lost())
    gc.collect()
    logging.getLogger("bot").error("an event", extra={"key": {"inner": [SECRET, 7]}, "number": 3})
    fails()
"""


@pytest.mark.slow
def test_whoever_says_something_says_it_in_json_and_without_a_secret() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and done.stdout == ""
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert "nobody-should" not in done.stderr
    events = [(line["logger"], line["event"]) for line in lines]
    assert ("credentials", f"plain {BLOT}") in events
    assert ("later", f"later {BLOT}") in events and ("stderr", f"later {BLOT}") in events
    assert ("stdout", f"printed {BLOT}") in events and ("stderr", f"half a line with {BLOT}") in events
    assert ("bot", "a line of the log was lost") in events
    unforeseen = [line for line in lines if "nobody foresaw" in line["event"]]
    assert len(unforeseen) == 3 and all(f"ValueError: {BLOT}" in line["error"] for line in unforeseen)
    assert any(logger == "py.warnings" for logger, _ in events) and any(logger == "asyncio" for logger, _ in events)
    assert next(line for line in lines if "key" in line)["key"] == {"inner": [BLOT, 7]}


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "copy", "--to", "postgresql://pairec:open-sesame@db/ledger", "postgresql://pairec:open-sesame@db"),
        ("xoxb-1-abcdef",),
        ("revoke", "--xoxb-1-abcdef"),
        ("audit", "--request", "open-sesame"),
    ],
)
def test_a_command_line_that_is_refused_is_not_repeated_with_its_secrets(words: tuple[str, ...]) -> None:
    done = pairec_access(*words, PGPASSWORD="open-sesame")
    assert done.returncode == 2 and BLOT in done.stderr
    assert "open-sesame" not in done.stderr and "xoxb-1" not in done.stderr
