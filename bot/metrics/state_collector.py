"""How this process is, as `/readyz` says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.conditions import BLOCKING, Conditions


class StateCollector(Collector):
    """Conditions that keep nobody from deciding are there while they hold alone; the others are 0 or 1."""

    def __init__(self, conditions: Conditions, connected: Callable[[], bool]) -> None:
        """`connected`: whether what people click comes in."""
        self._conditions = conditions
        self._connected = connected

    def describe(self) -> list[Metric]:
        """Nothing is looked at before somebody asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """As it is now."""
        now = self._conditions.current()
        yield GaugeMetricFamily(
            "pairec_access_ready",
            "Whether it can decide, and take back: what /readyz answers.",
            int(not BLOCKING & now.keys()),
        )
        yield GaugeMetricFamily(
            "pairec_access_slack_connected", "Whether what people do in Slack comes in.", int(self._connected())
        )
        holds = GaugeMetricFamily(
            "pairec_access_condition", "What keeps it from doing its work right now.", labels=("condition",)
        )
        since = GaugeMetricFamily(
            "pairec_access_condition_start_timestamp_seconds",
            "Since when a condition holds.",
            labels=("condition",),
        )
        for name in sorted(BLOCKING | now.keys()):
            holds.add_metric((name,), int(name in now))
            if name in now:
                since.add_metric((name,), now[name].since / 1_000)
        yield holds
        yield since
