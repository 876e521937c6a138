"""The webhook that is told of anchors of the audit trail, signed in the manner of Stripe's: a header has the moment and
HMAC-SHA256 of that moment, a full stop and the body, so that whoever receives it can refuse what is old or forged
(docs.stripe.com, "Verify webhook signatures manually").
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


class NotTaken(Exception):
    """The webhook did not say that it has it; the text says why, without its address."""


class AnchorWebhook:
    """Safe to share between threads."""

    def __init__(self, url: str, secret: str, egress: Egress) -> None:
        self._url = url
        self._secret = secret
        self._egress = egress

    def send(self, line: str, seconds: int) -> None:
        """Have it take a line; `seconds` since 1970 are the moment that is signed.

        Raises:
            NotTaken: it did not answer with a status of 2xx. It may have it all the same.
        """
        body = line.encode()
        digest = hmac.new(self._secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", HEADER: f"t={seconds},v1={digest}"}
        proxy = self._egress.proxy_for(self._url)
        try:
            with requests.Session() as session:
                # It would go by variables and by a file of passwords of its own.
                session.trust_env = False
                session.mount("https://", self._egress.adapter())
                answer = session.post(
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
        if not 200 <= answer.status_code < 300:
            raise NotTaken(f"it answers {answer.status_code}")
