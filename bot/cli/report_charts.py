"""The charts of the report, as SVG that needs nothing else: drawn by leather, and sized to the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

import leather
from leather import theme

COLOURS = ("#0b6bcb", "#c2410c")
WIDTH, HEIGHT = 720, 240
FONT = "system-ui, sans-serif"
MAX_TICKS = 7


def _dress() -> None:
    """The library keeps its looks in one module."""
    for name in ("title", "legend", "axis_title", "tick"):
        setattr(theme, f"{name}_font_family", FONT)
    theme.background_color, theme.tick_color, theme.tick_font_size = "none", "#e4e8ec", 12
    theme.label_color = theme.legend_color = "#57606a"
    theme.margin, theme.legend_font_size = 0.02, 13


def lines(dates: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> str:
    """One line for each series, over these dates."""
    _dress()
    chart = leather.Chart()
    for (name, values), colour in zip(series, COLOURS, strict=False):
        chart.add_line([*enumerate(values)], name=name, stroke_color=colour, width=2)
    steps = [*range(0, len(dates), max(-(-len(dates) // MAX_TICKS), 1))]
    chart.add_x_scale(0, max(len(dates) - 1, 1))
    chart.add_x_axis(ticks=steps, tick_formatter=lambda value, *_: dates[int(value)])
    _count_from_nothing(chart, max((max(values, default=0) for _, values in series), default=0))
    return _fitted(chart, HEIGHT)


def columns(named: Sequence[tuple[str, int]], *, thinned: bool = False) -> str:
    """One column for each; where there are many, some of the names are left out."""
    _dress()
    chart = leather.Chart()
    keys = [*range(len(named))]
    step = max(-(-len(named) // MAX_TICKS), 1) if thinned else 1
    chart.add_columns([(str(key), named[key][1]) for key in keys], fill_color=COLOURS[0])
    chart.add_x_axis(tick_formatter=lambda key, *_: named[int(key)][0] if int(key) % step == 0 else "")
    _count_from_nothing(chart, max((number for _, number in named), default=0))
    return _fitted(chart, HEIGHT)


def _count_from_nothing(chart: leather.Chart, most: int) -> None:
    """In whole numbers."""
    step = next(each for each in _steps() if each * 4 >= most)
    top = max(-(-most // step), 1) * step
    chart.add_y_scale(0, top)
    chart.add_y_axis(ticks=[*range(0, top + 1, step)], tick_formatter=lambda value, *_: f"{int(value):,}")


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20 ..."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)


def _fitted(chart: leather.Chart, height: int) -> str:
    """As wide as there is room for."""
    drawn: str = chart.to_svg(width=WIDTH, height=height)
    box = f"-14 0 {WIDTH + 28} {height}"
    sized = re.sub(r'^<svg width="\d+" height="\d+"', f'<svg role="img" viewBox="{box}"', drawn, count=1)
    return f'<div class="wide">{sized}</div>'
