"""What is counted in this process: each call as it goes out. All else is looked at when somebody asks."""

from __future__ import annotations

import platform
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, Info, ProcessCollector

from bot.far_calls import SLACK, FarCall

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of what a call may take; it is given up after 10 s at most."""


class Metrics:
    """One registry, of this program alone. Safe to share between threads."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._slack_calls = Counter(
            "pairec_access_slack_calls",
            "Calls of Slack's Web API, by what came of them; rate_limited is Slack's throttling.",
            ("method", "outcome"),
            registry=registry,
        )
        self._slack_seconds = Histogram(
            "pairec_access_slack_call_duration_seconds",
            "How long a call of Slack's Web API took.",
            buckets=SECONDS,
            registry=registry,
        )
        self._cloud_calls = Counter(
            "pairec_access_cloud_calls",
            "Calls of Alibaba Cloud, by what came of them; throttled is the cloud's throttling.",
            ("product", "action", "outcome"),
            registry=registry,
        )
        self._cloud_seconds = Histogram(
            "pairec_access_cloud_call_duration_seconds",
            "How long a call of Alibaba Cloud took.",
            ("product",),
            buckets=SECONDS,
            registry=registry,
        )
        build = Info("pairec_access_build", "Which version runs, on which Python.", registry=registry)
        build.info({"version": version("pairec-access"), "python": platform.python_version()})
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)

    def count(self, call: FarCall) -> None:
        """Take down one that came to its end."""
        if call.side == SLACK:
            self._slack_calls.labels(call.action, call.outcome).inc()
            self._slack_seconds.observe(call.seconds)
        else:
            self._cloud_calls.labels(call.side, call.action, call.outcome).inc()
            self._cloud_seconds.labels(call.side).observe(call.seconds)
