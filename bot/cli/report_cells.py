"""How the report looks, and how what is in the ledger is shown on it: as text, whatever it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from handlers.views.text import visible

STYLE = """
:root { color-scheme: light; --line: #d8dee4; --quiet: #57606a; --bad: #cf222e; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1f2328; }
body { background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 0 0 .3rem; }
p { margin: .3rem 0 .6rem; } .quiet { color: var(--quiet); } .bad { color: var(--bad); font-weight: 600; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; }
.figures { margin: 1.2rem 0 2rem; }
.figures div { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .9rem; }
.figures b { display: block; font-size: 1.7rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
section { border-top: 1px solid var(--line); padding: 1.1rem 0 1.4rem; }
section h2:not(:first-child) { margin-top: 1.4rem; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; margin: .4rem 0 .6rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--quiet); font-weight: 600; white-space: nowrap; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 5.5rem; } .n { text-align: right; min-width: 0; width: 6rem; }
td.t { white-space: nowrap; font-variant-numeric: tabular-nums; }
@media print {
  @page { margin: 1.5cm; } body { margin: 0; padding: 0; max-width: none; font-size: 10pt; }
  .wide { overflow: visible; } svg { min-width: 0; } h2 { break-after: avoid; }
  h2, svg, tr, .figures { break-inside: avoid; }
  thead { display: table-header-group; } * { print-color-adjust: exact; }
}
"""


class BadText(str):
    """A text that should worry somebody."""


class MomentText(str):
    """A moment, which stays on one line."""


def cell(value: object) -> str:
    """A cell of a table, with its tags."""
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    kind = ' class="bad"' if isinstance(value, BadText) else ' class="t"' if isinstance(value, MomentText) else ""
    return f"<td{kind}>{shown(str(value))}</td>"


def shown(text: str) -> str:
    """As text, with whatever would not show itself, or turn what follows around, written out."""
    return escape(visible(text))


def moment_text(milliseconds: int) -> str:
    """In UTC, to the minute."""
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).strftime("%Y-%m-%d %H:%M")


def table(
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    words: Mapping[str, str],
    numbers: Collection[str] = ("number",),
) -> Iterator[str]:
    """A table a piece at a time, with a column for each of the names; `numbers` are those of columns of numbers."""
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f"<th{' class=n' if name in numbers else ''}>{words[name]}</th>" for name in names)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(map(cell, row))}</tr>"
    yield "</tbody></table></div>"
