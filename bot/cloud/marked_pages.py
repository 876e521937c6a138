"""Lists that RAM and IMS give a page at a time, each with the marker of the next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.cloud.reading import Reading

ITEMS_PER_PAGE = 1_000


def marked_pages(
    reading: Reading, action: str, call: Any, request: Any, items: int = ITEMS_PER_PAGE, **fields: Any
) -> Iterator[Any]:
    """The body of each page of so many `items`, read as far as they are asked for: `call` is made with
    `request(marker, ...)`.

    Raises:
        CloudError: a page could not be read.
    """
    marker = None
    while True:
        body = reading.read(action, partial(call, request(marker=marker, max_items=items, **fields))).body
        yield body
        if not body.is_truncated:
            return
        marker = body.marker
