"""What a Dockerfile says, and its steps run on this machine in folders of a test instead of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

WITHIN = 480
"""Seconds that a step may take: pip fetches and installs everything."""


@dataclass(frozen=True)
class Stage:
    """The instructions of one stage, in their order: what to do, and the rest of the line."""

    instructions: tuple[tuple[str, str], ...]

    def of(self, name: str) -> list[str]:
        return [rest for each, rest in self.instructions if each == name]

    def words(self, name: str) -> list[str]:
        """Of the one instruction of this name, which is a list in JSON."""
        (rest,) = self.of(name)
        found: list[str] = json.loads(rest[rest.index("[") :])
        return found

    def environment(self) -> dict[str, str]:
        pairs = [pair for rest in self.of("ENV") for pair in rest.split()]
        return dict(pair.split("=", 1) for pair in pairs)


def stages(dockerfile: Path) -> list[Stage]:
    """Without what stands before the first."""
    found: list[list[tuple[str, str]]] = []
    for name, rest in _instructions(dockerfile.read_text("utf-8")):
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest))
    return [Stage(tuple(each)) for each in found]


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest


def built(stage: Stage, context: Path, moved: Mapping[str, Path], surroundings: Mapping[str, str]) -> None:
    """Do what a stage does. `moved`: where this machine has the folders that it names."""
    environment = dict(surroundings)
    workdir = Path("/")
    for name, rest in stage.instructions:
        here = in_place(rest, moved)
        if name in ("ARG", "ENV"):
            environment |= dict(pair.split("=", 1) for pair in here.split())
        elif name == "WORKDIR":
            workdir = Path(here)
            workdir.mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(context / source, workdir / target)
        elif name == "RUN":
            shell = ["sh", "-e", "-c", here]
            done = subprocess.run(
                shell, cwd=workdir, env=environment, capture_output=True, text=True, check=False, timeout=WITHIN
            )
            assert done.returncode == 0, done.stdout + done.stderr


def in_place(text: str, moved: Mapping[str, Path]) -> str:
    for there, here in moved.items():
        text = re.sub(rf"(?<![\w.-]){re.escape(there)}(?![\w-])", str(here), text)
    return text


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)


def outside() -> dict[str, str]:
    """The environment of this machine, without what a bot would read."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PAIREC_", "SLACK_", "ALIBABA_"))}
