"""A webhook that is told something, signed in the manner of Stripe's: a header has the moment and HMAC-SHA256 of that
moment, a full stop and the body, so that whoever receives it can refuse what is old or forged (docs.stripe.com, "Verify
webhook signatures manually").
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

import requests

from bot.egress import Egress

HEADER = "X-Pairec-Signature"
TIMEOUT_SECONDS = 10.0
"""Seconds that each step of a call may take."""


JSON = "application/json"
JSON_LINES = "application/x-ndjson"


class NotTaken(Exception):
    """What is told elsewhere is not known to be there; the text says why, without the address."""


class SignedWebhook:
    """Safe to share between threads."""

    def __init__(self, url: str, secret: str, egress: Egress) -> None:
        self._url = url
        self._secret = secret
        self._egress = egress

    def send(self, body: bytes, seconds: int, media_type: str = JSON) -> None:
        """Have it take a body; `seconds` since 1970 are the moment that is signed.

        Raises:
            NotTaken: it did not answer with a status of 2xx. It may have it all the same.
        """
        digest = hmac.new(self._secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        status = self._ask("POST", body, {"Content-Type": media_type, HEADER: f"t={seconds},v1={digest}"})
        if not 200 <= status < 300:
            raise NotTaken(f"it answers {status}")

    def reach(self) -> None:
        """See that it answers, whatever it says: nothing is sent.

        Raises:
            NotTaken: it does not.
        """
        self._ask("HEAD", None, {})

    def _ask(self, method: str, body: bytes | None, headers: dict[str, str]) -> int:
        """The status of its answer."""
        proxy = self._egress.proxy_for(self._url)
        try:
            with requests.Session() as session:
                # It would go by variables and by a file of passwords of its own.
                session.trust_env = False
                session.mount("https://", self._egress.adapter())
                answer = session.request(
                    method,
                    self._url,
                    data=body,
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                    stream=True,
                    proxies={urlsplit(self._url).scheme: proxy} if proxy else None,
                    verify=self._egress.ca_path,
                )
        except (requests.RequestException, OSError) as error:
            # Its text would repeat the address.
            raise NotTaken(f"it cannot be reached ({type(error).__name__})") from None
        return answer.status_code
