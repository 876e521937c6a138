"""The environment variables that the program goes by, as they may be: its own, and those of the libraries it uses.

What comes from a file, a form or a word processor brings along what nobody sees: a newline at the end, a zero-width
space, quotation marks. White space around a value is none of it; anything else that cannot be in it is refused.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, MutableMapping

_READ = re.compile(
    r"(?:SLACK|PAIREC|ALIBABA_CLOUD)_\w+|PG[A-Z]+|(?i:(?:https?|all|no)_proxy)|(?:SSL_CERT|REQUESTS_CA|CURL_CA)_\w+|DEBUG"
)
_ASCII = re.compile(r"SLACK_\w+|ALIBABA_CLOUD_ACCESS_KEY_\w+|ALIBABA_CLOUD_SECURITY_TOKEN|(?i:(?:https?|all)_proxy)")
_PREFIX = "PAIREC_"
_NEAR = 0.8
"""Of 1, which is the same: see `difflib.SequenceMatcher.ratio`."""
_SERVICE = re.compile(r"_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)?$")
"""What Kubernetes says in a pod of each service, named after it: of one called pairec-access, too.
https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""
_ANYTHING = re.compile(r"PGPASSWORD")
"""Where quotation marks are as good as any other character."""
_QUOTES = "\"'`´‘’‚‛“”„‟′″«»‹›＂＇"
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
"""What Unicode calls control, format, half a character, none, and the ends of lines and paragraphs."""


def strip_values(environment: MutableMapping[str, str]) -> None:
    """Take white space from around the values; one that is nothing else is none. To be called before the libraries are
    imported, some of which read theirs at once.
    """
    for name, value in list(environment.items()):
        if not _READ.fullmatch(name) or value == value.strip():
            continue
        if value.strip():
            environment[name] = value.strip()
        else:
            del environment[name]


def nonempty_values(environment: Mapping[str, str]) -> dict[str, str]:
    """The values that are not empty, without white space around them."""
    return {name: value.strip() for name, value in environment.items() if value.strip()}


def character_faults(environment: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the characters of each value that cannot be, in words that do not repeat it."""
    read = {name: value for name, value in environment.items() if _READ.fullmatch(name)}
    found = {name: character_fault(value, _kind(name)) for name, value in read.items()}
    return {name: fault for name, fault in found.items() if fault}


def misspelt_names(environment: Mapping[str, str], known: Iterable[str]) -> list[str]:
    """The names that are no settings but much like one of them, a sentence each."""
    settings = [name for name in known if name.startswith(_PREFIX)]
    near = {name: _nearest(name, settings) for name in unknown_names(environment, settings)}
    return [f"{name} is no setting; did you mean {found}?" for name, found in near.items() if found]


def unknown_names(environment: Mapping[str, str], known: Iterable[str]) -> list[str]:
    """Names that look like settings and are none: misspelt ones, and what may be somebody else's."""
    others = sorted(set(environment) - set(known))
    return [name for name in others if _typed(name).startswith(_PREFIX) and not _SERVICE.search(_typed(name))]


def _nearest(name: str, settings: list[str]) -> str | None:
    found = difflib.get_close_matches(_typed(name).removesuffix("_FILE"), settings, 1, _NEAR)
    return found[0] if found else None


def _typed(name: str) -> str:
    return name.upper().replace("-", "_")


def _kind(name: str) -> str:
    if _ANYTHING.fullmatch(name):
        return "anything"
    return "ascii" if _ASCII.fullmatch(name) else "text"


def character_fault(value: str, kind: str = "text") -> str | None:
    """What is wrong with it; `ascii` is for what has no blanks and no letters but those of English, `anything` for what
    may be quoted.
    """
    for place, letter in enumerate(value, 1):
        if unicodedata.category(letter) in _UNSEEN or (letter.isspace() and letter != " "):
            return f"has a character that cannot be in it, {_named(letter)}, at place {place}"
    if kind != "anything" and (value[:1] in _QUOTES or value[-1:] in _QUOTES):
        return "has a quotation mark around it, which is not part of it"
    if kind == "ascii":
        for place, letter in enumerate(value, 1):
            if not "!" <= letter <= "~" or letter in _QUOTES:
                return f"has a character that cannot be in it, {_named(letter)}, at place {place}"
    return None


def _named(letter: str) -> str:
    name = {"\n": "a newline", "\r": "a carriage return", "\t": "a tab", " ": "a blank"}.get(letter)
    return name or f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".rstrip()
