"""What is secret, blotted out of whatever leaves the process by its log, a traceback or its standard streams.

There is one of these to a process, made before anything else and told of each secret that turns up later. A secret of
eight characters or more is blotted out wherever it stands, one of four to seven where it stands as a word: fewer say
nothing of their own, and would blot out what everybody may read. In an address a password is blotted out whatever its
length.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote, quote_plus, unquote

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

BLOT = "[secret]"
ANYWHERE, SHORTEST = 8, 4
"""Characters."""
_SECRET_NAMES = re.compile(
    r"(?:SLACK|PAIREC|ALIBABA_CLOUD|SANDBOX)_\w*(?:TOKEN|SECRET|PASSWORD|KEY(?:_ID)?)|PAIREC_(?:ANCHOR|AUDIT_EXPORT)_URL|PGPASSWORD",
    re.IGNORECASE,
)
_USER_IN_ADDRESS = re.compile(r"^\s*[\w+.-]+://(.*)@", re.DOTALL)
_PASSWORD_IN_QUERY = re.compile(r"[?&](?:ssl)?password=([^&#]*)", re.IGNORECASE)
_SHAPES = re.compile(
    # Slack's tokens; what Slack calls back to, and where a socket is opened once.
    r"x(?:ox[a-z]|app)(?:-|\.xox[a-z]-)[A-Za-z0-9-]+|(?<=hooks\.slack\.com/)[\w/-]+|(?<=ticket=)[^&\s\"'\\]+"
    # Headers that say who is asking, however they are written down.
    r"|(?i:authorization[\"']?\s*[:=]\s*b?[\"']?)[^\r\n\"']+|(?i:\b(?:basic|bearer) )[A-Za-z0-9+/=._~-]{8,}"
    r"|(?i:signature=)[0-9A-Za-z%+/=]+"
    # A token that somebody signed (JWT), such as a pod's.
    r"|eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*"
    # The password in an address.
    r"|(?<=://)([^\s/@:\"']*):[^\s/@\"']+(?=@)"
)


class Redaction:
    """Safe to share between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._forms: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str | None) -> None:
        """These are secret from now on."""
        found = {form for secret in secrets if secret for form in _forms(secret.strip())}
        with self._lock:
            if not found <= self._forms:
                self._forms |= found
                self._known = re.compile("|".join(map(_pattern, sorted(self._forms, key=len, reverse=True))))

    def clean(self, text: str) -> str:
        """The same text without a secret in it."""
        known = self._known
        return _SHAPES.sub(_blot, known.sub(BLOT, text) if known else text)


def clean_stream(stream: TextIO, redaction: Redaction) -> io.TextIOWrapper:
    """Writes to another stream whatever has no secret in it, line by line, since a secret may come in pieces."""
    cleaned = _Cleaned(stream, redaction)
    return io.TextIOWrapper(cleaned, stream.encoding, stream.errors or "backslashreplace", "\n", line_buffering=True)


class _Cleaned(io.BufferedIOBase):
    def __init__(self, stream: TextIO, redaction: Redaction) -> None:
        self.name = stream.name
        self._stream = stream
        self._redaction = redaction
        self._begun = b""

    def write(self, data: Buffer) -> int:
        whole, newline, self._begun = (self._begun + bytes(data)).rpartition(b"\n")
        self._pass_on(whole + newline)
        return memoryview(data).nbytes

    def flush(self) -> None:
        begun, self._begun = self._begun, b""
        self._pass_on(begun)
        self._stream.flush()

    def _pass_on(self, data: bytes) -> None:
        if data:
            text = data.decode(self._stream.encoding, "surrogateescape")
            self._stream.write(self._redaction.clean(text))

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True


def secrets_in(environment: Mapping[str, str], words: Iterable[str] = ()) -> Iterator[str]:
    """Those that a process is given: by the names of its variables, and in addresses, also in the words of a command
    line.
    """
    for name, value in environment.items():
        if _SECRET_NAMES.fullmatch(name):
            yield value
        yield from secrets_of_address(value)
        if name == "PAIREC_ANCHOR_URL":
            # A client's log has what is behind the host by itself.
            yield re.sub(r"^\w+://[^/?]*", "", value)
        if name.upper().endswith("_PROXY"):
            yield from _proxy_credentials(value)
    for word in words:
        yield from secrets_of_address(word.partition("=")[2] if word.startswith("-") else word)


def secrets_of_address(address: str) -> Iterator[str]:
    """The passwords in it as they stand there, and as they are meant; a badly written one may have an @ in it."""
    found = _PASSWORD_IN_QUERY.findall(address)
    user = _USER_IN_ADDRESS.match(address)
    if user:
        found.append(user[1].partition(":")[2])
    for password in filter(None, found):
        yield password
        yield unquote(password)


def _proxy_credentials(proxy: str) -> Iterator[str]:
    """What a proxy is told in a header; a name without a password is a token."""
    found = _USER_IN_ADDRESS.match(proxy)
    if found:
        for user in {found[1], unquote(found[1])}:
            yield base64.b64encode(user.encode(errors="surrogatepass")).decode()
            if ":" not in user:
                yield user


def _forms(secret: str) -> Iterator[str]:
    """As it may be written down: escaped in one way or another, and cut where it has what does not belong in it."""
    pieces = "".join(" " if _cuts(letter) else letter for letter in secret).split()
    for each in (secret, *(piece for piece in pieces if len(piece) >= ANYWHERE)):
        if len(each) < SHORTEST:
            continue
        raw = each.encode("utf-8", "surrogateescape")
        yield each
        yield from (quote(raw, safe=""), quote(raw), quote_plus(raw))
        yield from (re.sub(r"%[0-9A-F]{2}", _lower, quote(raw, safe="")), html.escape(each))
        yield from (repr(each)[1:-1], ascii(each)[1:-1], repr(raw)[2:-1])
        yield from (json.dumps(each)[1:-1], json.dumps(each, ensure_ascii=False)[1:-1])
        yield base64.b64encode(raw).decode().rstrip("=")
        yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _lower(code: re.Match[str]) -> str:
    return code[0].lower()


def _cuts(letter: str) -> bool:
    return letter in "\"'`" or unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Pi", "Pf", "Ps", "Zl", "Zp", "Zs")


def _pattern(form: str) -> str:
    anywhere = re.escape(form)
    return anywhere if len(form) >= ANYWHERE else rf"(?<![A-Za-z0-9]){anywhere}(?![A-Za-z0-9])"


def _blot(found: re.Match[str]) -> str:
    """Of an address, whose it is may be read."""
    return BLOT if found[1] is None else f"{found[1]}:{BLOT}"
