"""Files of the tree that are made from others: `make generated` writes them, and a test compares."""

from __future__ import annotations

import re
from pathlib import Path

from bot.ram_policy import BASE, joined_policy, policy_parts, watchdog_policy
from handlers.commands.registry import ACCESS
from handlers.commands.status.registry import STATUS

ROOT = Path(__file__).parents[2]


def generated() -> dict[str, str]:
    """By their paths, what stands in them once they are made anew."""
    return {
        "deploy/ram-policy.json": joined_policy(policy_parts().values()),
        "deploy/ram-policy-watchdog.json": watchdog_policy(),
        "manifest.yml": _hinted(),
        "docs/installing.md": _quoted("docs/installing.md", f"bot/ram_policy/{BASE}.json"),
    }


def _hinted() -> str:
    """The app's manifest, in which each slash command has the hints of its subcommands."""
    text = (ROOT / "manifest.yml").read_text("utf-8")
    for name, command in (("/pairec-access", ACCESS), ("/pairec-status", STATUS)):
        hint = re.compile(rf"(    - command: {name}\n(?:      .*\n)*?      usage_hint: ).*")
        if len(hint.findall(text)) != 1:
            raise ValueError(f"manifest.yml has no usage_hint of {name}")
        text = hint.sub(rf"\g<1>{command.usage_hint()}", text)
    return text


def _quoted(page: str, source: str) -> str:
    """The page, in which the block under a comment that names the source quotes it."""
    block = re.compile(rf"(<!-- {re.escape(source)} -->\n```\w+\n).*?(```\n)", re.DOTALL)
    text, source_text = (ROOT / page).read_text("utf-8"), (ROOT / source).read_text("utf-8")
    if len(block.findall(text)) != 1:
        raise ValueError(f"{page} does not quote {source} once")
    return block.sub(lambda found: found[1] + source_text + found[2], text)


if __name__ == "__main__":
    for path, text in generated().items():
        (ROOT / path).write_text(text, "utf-8")
