"""Settings that come from files: one of all of them, and one for each secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.environment_files import MAX_BYTES, SECRETS, read_environment_files
from bot.settings import SettingsError, load_settings
from tests.harness.program import pairec_access, says_plainly

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def written(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def refused(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as error:
        load_settings(environment)
    return str(error.value)


def test_settings_stand_in_a_file_as_shells_docker_and_systemd_have_them(tmp_path: Path) -> None:
    lines = """
        # who we are
        export SLACK_BOT_TOKEN=xoxb-1
        SLACK_APP_TOKEN='xapp-1'
        PAIREC_REGION = "cn-beijing"   # where
        PAIREC_TRAINING_PROJECT=ranking_dev # $HOME
    """
    settings = load_settings({"PAIREC_ENV_FILE": written(tmp_path / "env", lines)})
    assert settings.bot_token is not None and settings.bot_token.get_secret_value() == "xoxb-1"
    assert (settings.region, settings.training_project) == ("cn-beijing", "ranking_dev")


def test_nothing_is_put_in_for_a_dollar_sign(tmp_path: Path) -> None:
    environment = {"PAIREC_ENV_FILE": written(tmp_path / "env", "PGPASSWORD=four$HOME${PATH}teen\n")}
    assert read_environment_files(environment) == []
    assert environment == {"PGPASSWORD": "four$HOME${PATH}teen"}


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path / "env", "PAIREC_REGION=cn-beijing\nPAIREC_LOG_LEVEL=ERROR\n")
    settings = load_settings({**TOKENS, "PAIREC_ENV_FILE": file, "PAIREC_REGION": "cn-shanghai"})
    assert (settings.region, settings.log_level) == ("cn-shanghai", "ERROR")


def test_what_is_empty_in_the_environment_hides_nothing_of_the_file(tmp_path: Path) -> None:
    """Compose files say `PAIREC_RETENTION: ${PAIREC_RETENTION:-}`."""
    file = written(tmp_path / "env", "PAIREC_RETENTION=30d\n")
    environment = {"PAIREC_ENV_FILE": file, "PAIREC_RETENTION": " "}
    assert read_environment_files(environment) == []
    assert environment == {"PAIREC_RETENTION": "30d"}


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_may_be_in_a_file_of_its_own(name: str, tmp_path: Path) -> None:
    environment = {f"{name}_FILE": written(tmp_path / "secret", "a secret\n")}
    assert read_environment_files(environment) == []
    assert environment == {name: "a secret"}


def test_the_file_of_settings_may_name_the_files_of_secrets(tmp_path: Path) -> None:
    token = written(tmp_path / "token", "xoxb-1\n")
    file = written(tmp_path / "env", f"SLACK_BOT_TOKEN_FILE={token}\nSLACK_APP_TOKEN=xapp-1\n")
    assert load_settings({"PAIREC_ENV_FILE": file}).bot_token is not None


BAD = {
    "that is not there": (None, "there is no file {path}"),
    "that is a folder": ("folder", "there is no file {path}"),
    "that is no text": (b"\xff\xfe\x00x", "{path} is no text in UTF-8"),
    "in UTF-16": ("xoxb-1".encode("utf-16-le"), "{path} is no text in UTF-8"),
    "that is too large": (b"#" * (MAX_BYTES + 1), "{path} has more than 65,536 bytes"),
}


@pytest.mark.parametrize("variable", ["PAIREC_ENV_FILE", "SLACK_BOT_TOKEN_FILE"])
@pytest.mark.parametrize("case", BAD)
def test_a_file(case: str, variable: str, tmp_path: Path) -> None:
    content, said = BAD[case]
    path = tmp_path / "given"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        written(path, content)
    told = {**TOKENS, variable: str(path)}
    if variable != "PAIREC_ENV_FILE":
        del told["SLACK_BOT_TOKEN"]
    assert refused(told) == f"{variable}: {said.format(path=path)}"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("PAIREC_REGION=cn-beijing\nhunter2\n", "line 2: must be NAME=value"),
        ("PAIREC_REGION='hunter2\n", "line 1: must be NAME=value"),
        ("PAIREC_REGION=cn-beijing\nPAIREC_REGION=hunter2\n", "line 2: PAIREC_REGION stands there twice"),
    ],
)
def test_a_line_that_is_none_is_refused_by_its_number_alone(lines: str, said: str, tmp_path: Path) -> None:
    file = written(tmp_path / "env", lines)
    assert refused({**TOKENS, "PAIREC_ENV_FILE": file}) == f"PAIREC_ENV_FILE: {file}, {said}"


def test_a_secret_that_is_there_twice_or_not_at_all(tmp_path: Path) -> None:
    file = written(tmp_path / "token", "xoxb-2")
    assert refused({**TOKENS, "SLACK_BOT_TOKEN_FILE": file}) == (
        "SLACK_BOT_TOKEN_FILE: SLACK_BOT_TOKEN is set too; leave one of them out"
    )
    empty = written(tmp_path / "empty", " \n")
    assert refused({"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN_FILE": empty}) == (
        f"SLACK_BOT_TOKEN_FILE: there is nothing in {empty}"
    )


@pytest.mark.slow
def test_the_program_and_the_libraries_in_it_take_their_settings_from_files(tmp_path: Path) -> None:
    """It comes as far as to its ledger's server, which is not there; the password is in no line."""
    address = written(tmp_path / "address", "postgresql://pairec:hunter2222@127.0.0.1:9/ledger\n")
    file = written(
        tmp_path / "env",
        f"SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nPAIREC_DATABASE_URL_FILE={address}\n"
        "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tABCDEFGHIJ\nALIBABA_CLOUD_ACCESS_KEY_SECRET=kZ8sYqWcVtRpLm2nBx4hJg6d\n",
    )
    done = pairec_access("run", PAIREC_ENV_FILE=file)
    says_plainly(done, "PAIREC_DATABASE_URL: the ledger postgresql://pairec@127.0.0.1:9/ledger cannot be used")
    assert "hunter2222" not in done.stderr


@pytest.mark.slow
def test_help_is_there_although_the_file_is_not(tmp_path: Path) -> None:
    done = pairec_access("--help", PAIREC_ENV_FILE=str(tmp_path / "nowhere"))
    assert done.returncode == 0 and "Commands:" in done.stdout
