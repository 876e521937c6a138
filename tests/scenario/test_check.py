"""`pairec-access check` says of each thing that the bot needs how it is, and what to do."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.harness.checked import Installation, says
from tests.harness.program import held_to_permissions
from tests.scenario.test_escalation import escalating

pytestmark = pytest.mark.slow


def test_of_a_sound_installation_every_row_is_well_and_nothing_is_left_behind(installed: Installation) -> None:
    installed.sandbox.start_databases()
    before = {path.name for path in installed.folder.iterdir()}
    report = installed.report(**installed.everything)
    assert [row for row in report["rows"] if row["state"] != "ok"] == []
    assert all(row["seen"] and not row["remedy"] for row in report["rows"])
    assert {path.name for path in installed.folder.iterdir()} == before
    with closing(sqlite3.connect(installed.ledger_path)) as ledger:
        assert ledger.execute("SELECT COUNT(*) FROM identity WHERE name = 'checked'").fetchone() == (0,)


def test_the_table_names_what_was_looked_at_how_it_is_and_what_to_do(installed: Installation) -> None:
    installed.change_channel(is_private=False)
    done = installed.check()
    assert done.returncode == 0, "a warning is no failure"
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("approvals channel"))
    assert "warning" in lines[at] and "public" in lines[at]
    assert lines[at + 1].strip().startswith("→ Make a private channel")
    assert " ok, 1 warning; assumed: " in lines[-1]


def test_what_was_put_right_is_looked_at_alone(installed: Installation) -> None:
    report = installed.report("--only", "Approvals channel", "--only", "RAM clock")
    assert [row["what"] for row in report["rows"]] == ["RAM clock", "approvals channel"]
    assert report["assumptions"] == []


@pytest.mark.parametrize("words", [("--only", "chanel"), ("--only", "ledger", "--record", "seen.json")])
def test_what_is_no_check_and_what_looks_at_everything_is_no_way_to_look_at_some(
    installed: Installation, words: tuple[str, ...]
) -> None:
    done = installed.check(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "approvals channel" in done.stderr or "leave --only out" in done.stderr


def test_every_setting_that_is_wrong_has_a_row_and_what_does_not_need_it_is_looked_at(installed: Installation) -> None:
    rows = {row["what"]: row for row in installed.report(SLACK_BOT_TOKEN="", PAIREC_REGION="no where")["rows"]}
    says(rows["SLACK_BOT_TOKEN"], "failed", "is not set", "docs/settings.md")
    says(rows["PAIREC_REGION"], "failed", "", "docs/settings.md")
    assert rows["Slack token"] == {
        "what": "Slack token",
        "state": "not tried",
        "seen": "SLACK_BOT_TOKEN comes first",
        "remedy": "",
    }
    says(rows["cloud account"], "ok", "RAM user pairec-access")
    says(rows["ledger"], "ok", "SQLite")


def test_a_token_is_never_printed(installed: Installation) -> None:
    done = installed.check(SLACK_BOT_TOKEN="xoxb-not-this-one-either")
    assert "not-this-one" not in done.stdout + done.stderr


def test_a_ledger_that_is_not_there_is_not_made(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    rows = {row["what"]: row for row in installed.report(PAIREC_DATABASE_URL=f"sqlite:///{path}")["rows"]}
    says(rows["ledger"], "ok", "is made at the first start")
    assert rows["audit trail"]["seen"] == "there is no ledger yet"
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_whose_folder_is_not_there(installed: Installation, tmp_path: Path) -> None:
    row = installed.row("ledger", PAIREC_DATABASE_URL=f"sqlite:///{tmp_path}/none/ledger.db")
    says(row, "failed", "nothing can be written to", "Make the folder")


def test_a_ledger_of_an_older_version_is_left_as_it_is(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    path.write_bytes(installed.ledger_path.read_bytes())
    with closing(sqlite3.connect(path)) as older:
        older.execute("DELETE FROM schema_steps WHERE number = (SELECT MAX(number) FROM schema_steps)")
        older.commit()
    before = path.read_bytes()
    row = installed.row("ledger", PAIREC_DATABASE_URL=f"sqlite:///{path}")
    says(row, "warning", "is of an older version", "Back it up")
    assert path.read_bytes() == before


def test_a_file_that_is_no_ledger(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("minutes of the meeting\n" * 100, "utf-8")
    says(installed.row("ledger", PAIREC_DATABASE_URL=f"sqlite:///{path}"), "failed", "file is not a database", "Put")


def test_a_trail_that_somebody_changed(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "changed.db"
    path.write_bytes(installed.ledger_path.read_bytes())
    with closing(sqlite3.connect(path)) as ledger:
        for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            ledger.execute(f"DROP TRIGGER {name}")
        changed = ledger.execute(
            "UPDATE audit SET beside = replace(beside, 'carol', 'mallory') WHERE beside LIKE '%carol%'"
        )
        assert changed.rowcount
        ledger.commit()
    row = installed.row("audit trail", PAIREC_DATABASE_URL=f"sqlite:///{path}")
    says(row, "failed", "the chain breaks at entry", "pairec-access audit")


@pytest.mark.parametrize(
    ("flags", "state", "seen"),
    [
        ({"is_private": False}, "warning", "public"),
        ({"is_archived": True}, "failed", "archived"),
        ({"is_ext_shared": True}, "failed", "shared with another organisation"),
    ],
    ids=["public", "archived", "shared"],
)
def test_an_approvals_channel_that_is_not_fit(
    installed: Installation, flags: dict[str, bool], state: str, seen: str
) -> None:
    installed.change_channel(**flags)
    says(installed.row("approvals channel"), state, seen, "private channel")


def test_an_approvals_channel_that_the_bot_is_not_in(installed: Installation) -> None:
    says(installed.row("approvals channel", PAIREC_APPROVALS_CHANNEL="C0NONE"), "failed", "not there", "/invite")


def test_no_approvals_channel(installed: Installation) -> None:
    says(installed.row("approvals channel", PAIREC_APPROVALS_CHANNEL=""), "ok", "by direct message")


def test_a_token_that_slack_does_not_take(installed: Installation) -> None:
    rows = installed.rows(SLACK_BOT_TOKEN="xoxb-1-2-3")
    says(rows["Slack token"], "failed", "invalid_auth", "Bot User OAuth Token")
    for others in ("approvals channel", "messages"):
        says(rows[others], "not tried", "Slack token comes first")


def test_an_app_token_that_slack_does_not_take_or_that_is_of_another_app(installed: Installation) -> None:
    rows = {row["what"]: row for row in installed.report(SLACK_APP_TOKEN="xapp-1-A0OTHER-1-ab")["rows"]}
    says(rows["Slack connection"], "failed", "invalid_auth", "connections:write")
    says(rows["Slack app"], "failed", "the app token of A0OTHER", "one app's page")


def test_a_key_that_the_cloud_does_not_take(installed: Installation) -> None:
    row = installed.row("cloud account", ALIBABA_CLOUD_ACCESS_KEY_SECRET="wrong")
    says(row, "failed", "does not accept the access key (SignatureDoesNotMatch)", "activates it in RAM")


def test_a_slack_that_hangs_holds_up_nothing_else_and_is_said_in_a_line(installed: Installation) -> None:
    installed.people.inject_slack_fault({"method": "auth.test", "fault": "hang", "seconds": 60, "times": 9})
    begun = time.monotonic()
    rows = {row["what"]: row for row in installed.report()["rows"]}
    assert time.monotonic() - begun < 40
    says(rows["Slack token"], "failed", "", "reaches Slack")
    says(rows["Slack connection"], "ok", "")
    says(rows["cloud account"], "ok", "")


def test_the_line_of_a_folder_that_cannot_be_written(installed: Installation, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    settings = {**installed.settings, "PAIREC_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"}
    done = held_to_permissions("check", **settings)
    assert done.returncode == 1 and "nothing can be written to" in done.stdout


def test_wrong_use_is_status_two(installed: Installation) -> None:
    done = installed.check("--format", "xml")
    assert done.returncode == 2 and "xml" in done.stderr


def test_a_ledger_of_another_workspace_and_another_account(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(installed.ledger_path.read_bytes())
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("INSERT INTO identity VALUES ('team', 'T0OTHER'), ('account', '1000000000000002')")
        ledger.commit()
    rows = {row["what"]: row for row in installed.report(PAIREC_DATABASE_URL=f"sqlite:///{path}")["rows"]}
    says(
        rows["Slack workspace"], "failed", "the token is of T0PAIREC, the ledger of T0OTHER", "Take a token of T0OTHER"
    )
    says(rows["cloud account"], "failed", "the ledger of 1000000000000002", "a key of 1000000000000002")


def test_a_clock_that_is_an_hour_behind(installed: Installation) -> None:
    installed.people.advance(3600)
    says(installed.row("RAM clock", PAIREC_CLOCK_URL=""), "failed", "min behind", "NTP")


def test_a_clock_of_slack_that_is_an_hour_ahead(installed: Installation) -> None:
    """Whoever answers in Slack's place says nothing but what time it is there."""

    class Ahead(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", formatdate(time.time() + 3600, usegmt=True))
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Ahead) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        row = installed.row("Slack clock", PAIREC_SLACK_API_URL=f"http://127.0.0.1:{server.server_port}/api/")
        server.shutdown()
    says(row, "failed", "min behind", "NTP")


def test_the_backup_is_as_old_as_it_is(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "backed-up.db"
    path.write_bytes(installed.ledger_path.read_bytes())
    with closing(sqlite3.connect(path)) as ledger:
        at = int(time.time() - 3 * 86400) * 1000
        ledger.execute("INSERT INTO identity VALUES ('backed_up_at', ?)", (str(at),))
        ledger.commit()
    says(installed.row("last backup"), "ok", "the ledger is new")
    says(installed.row("last backup", PAIREC_DATABASE_URL=f"sqlite:///{path}"), "warning", "72 h old", "on a schedule")


def test_a_message_that_slack_does_not_take_is_named_with_the_place_in_it(installed: Installation) -> None:
    says(installed.row("messages"), "ok", "Slack takes all ")
    order = {"method": "blocks.validate", "fault": "error", "error": "invalid_message", "times": 1}
    installed.people.inject_slack_fault(order)
    rows = [row for row in installed.report()["rows"] if row["what"].startswith("message ")]
    assert len(rows) == 1
    says(rows[0], "failed", "", "Report it")


def test_what_was_seen_is_handed_on_without_names_ids_and_secrets(installed: Installation, tmp_path: Path) -> None:
    record, ledger, resources = tmp_path / "seen.json", tmp_path / "other.db", tmp_path / "resources.toml"
    ledger.write_bytes(installed.ledger_path.read_bytes())
    with closing(sqlite3.connect(ledger)) as changed:
        changed.execute("INSERT INTO identity VALUES ('team', 'T0OTHERTEAM'), ('account', '1000000000000002')")
        changed.commit()
    usual = Path(installed.everything["PAIREC_RESOURCES"]).read_text("utf-8")
    resources.write_text(usual.replace('"10001"', '"4711"').replace("hgprecn-cn-0ju1a2b3c4d", "hgprecn-cn-nowhere"))
    done = installed.check(
        *("--record", str(record)),
        PAIREC_DATABASE_URL=f"sqlite:///{ledger}",
        PAIREC_RESOURCES=str(resources),
        PAIREC_APPROVALS_CHANNEL="C0NOBODYS",
    )
    assert done.returncode == 1 and record.stat().st_mode & 0o777 == 0o600
    written = record.read_text("utf-8")
    said = "not there, or the bot is not in it (channel_not_found)"
    assert {"check": "approvals channel", "state": "failed", "seen": said} in json.loads(written)["rows"]
    users = installed.people.account()["users"]
    names = {user["name"] for user in users} | {user["user_id"] for user in users}
    others = {"T0PAIREC", "T0OTHERTEAM", "C0NOBODYS", "1000000000000001", "1000000000000002", "4711", "ranking"}
    secrets = {value for name, value in installed.settings.items() if "SECRET" in name or "TOKEN" in name}
    assert [each for each in names | others | secrets if each in written] == []


def test_a_record_that_cannot_be_written_is_said_before_anything_is_looked_at(installed: Installation) -> None:
    done = installed.check("--record", "/nowhere/seen.json")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "--record: the folder /nowhere is not there" in done.stderr


def test_a_file_that_is_not_there_and_keys_that_are_not_are_said_once(installed: Installation) -> None:
    keys = dict.fromkeys(("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"), "")
    rows = installed.rows(PAIREC_RESOURCES="/nowhere/resources.toml", **keys)
    bad = {name: row for name, row in rows.items() if row["state"] == "failed"}
    assert set(bad) == {"settings", "cloud account"}
    says(bad["settings"], "failed", "PAIREC_RESOURCES: /nowhere/resources.toml: cannot be read", "Set it right")
    says(bad["cloud account"], "failed", "no credentials were found", "Set it right")
    assert rows["permissions"]["seen"] == "cloud account comes first"
    assert rows["messages"]["seen"] == "PAIREC_RESOURCES comes first"


def test_the_places_that_requests_are_escalated_to(installed: Installation, tmp_path: Path) -> None:
    says(installed.row("escalation"), "ok", "nothing is escalated")
    seen = {"C0GENERAL": ("ok", "the bot is in it"), "S0ONCALL": ("ok", "a user group")}
    for place in (*seen, "C0RANKING", "C0NONE"):
        row = installed.row("escalation", PAIREC_CATALOG=str(escalating(tmp_path, place)))
        state, words = seen.get(place, ("failed", "the bot is not in it"))
        says(row, state, words)
