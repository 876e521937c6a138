"""Settings that come from files instead of the environment: all of them from one that PAIREC_ENV_FILE names, and each
secret from one that its name and `_FILE` names, as container platforms mount them.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

ENV_FILE = "PAIREC_ENV_FILE"
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "PAIREC_DATABASE_URL",
    "PAIREC_ANCHOR_URL",
    "PAIREC_ANCHOR_SECRET",
    "PAIREC_AUDIT_EXPORT_URL",
    "PAIREC_AUDIT_EXPORT_SECRET",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "HTTPS_PROXY",
    "HTTP_PROXY",
)
"""Settings that are, or may have in them, a secret. PostgreSQL's own PGPASSFILE names a file of passwords already."""
MAX_BYTES = 65_536


class UnreadableFile(Exception):
    """Why nothing can be taken from a file, in words that repeat nothing of it."""


def secret_file_name(name: str) -> str:
    """The variable that names the file which has the value of another one."""
    return f"{name}_FILE"


def read_environment_files(environment: MutableMapping[str, str]) -> list[str]:
    """Put in what the files have that are named in it, and take out the names of those that were read. What is in the
    environment itself, and not empty, comes before what PAIREC_ENV_FILE has. Returns what is wrong with the others, a
    sentence each.
    """
    faults = []
    if path := environment.get(ENV_FILE, "").strip():
        try:
            for name, value in _read_lines(path).items():
                if not environment.get(name, "").strip():
                    environment[name] = value
            del environment[ENV_FILE]
        except UnreadableFile as error:
            faults.append(f"{ENV_FILE}: {error}")
    for name in SECRETS:
        if path := environment.get(secret_file_name(name), "").strip():
            try:
                environment[name] = _read_secret(name, path, environment)
                del environment[secret_file_name(name)]
            except UnreadableFile as error:
                faults.append(f"{secret_file_name(name)}: {error}")
    return faults


def _read_secret(name: str, path: str, environment: MutableMapping[str, str]) -> str:
    if environment.get(name, "").strip():
        raise UnreadableFile(f"{name} is set too; leave one of them out")
    value = _read(path).strip()
    if not value:
        raise UnreadableFile(f"there is nothing in {path}")
    return value


def _read_lines(path: str) -> dict[str, str]:
    """NAME=value in each line, as Docker, systemd and shells have it: with quotation marks around the value or without,
    after `export` or not, and comments after #. Nothing is put in for `$NAME`.
    """
    # Only who has such a file needs it.
    import io

    from dotenv.parser import parse_stream

    found: dict[str, str] = {}
    for each in parse_stream(io.StringIO(_read(path))):
        if each.error or (each.key is not None and each.value is None):
            raise UnreadableFile(f"{path}, line {each.original.line}: must be NAME=value")
        if each.key is not None:
            if each.key in found:
                raise UnreadableFile(f"{path}, line {each.original.line}: {each.key} stands there twice")
            found[each.key] = each.value or ""
    return found


def _read(path: str) -> str:
    file = Path(path)
    try:
        if not file.is_file():
            raise UnreadableFile(f"there is no file {path}")
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'no such path'}") from None
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"{path} has more than {MAX_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        # No environment can have that in it, and UTF-16 is full of it.
        raise UnreadableFile(f"{path} is no text in UTF-8")
    return text
