"""The webhook is reached by TLS with a certificate that is trusted, by the proxy that leads there, or not at all."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from bot.egress import Egress
from bot.signed_webhook import NotTaken, SignedWebhook
from tests.harness.received import SECRET, Receiver, fits

LINE = '{"seq":1}'


def test_a_certificate_of_the_companys_own_is_trusted_where_it_is_named_and_not_elsewhere(tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path / "company.pem"
    authority.cert_pem.write_to_path(str(file))
    with Receiver(context) as receiver:
        with pytest.raises(NotTaken, match=r"^it cannot be reached \(SSLError\)$"):
            SignedWebhook(receiver.url, SECRET, Egress()).send(LINE.encode(), 1_796_000_000)
        assert receiver.lines == []
        SignedWebhook(receiver.url, SECRET, Egress(ca_file=file)).send(LINE.encode(), 1_796_000_000)
        assert receiver.lines == [LINE] and receiver.signatures[0].startswith("t=1796000000,v1=")
        assert fits(receiver.signatures[0], LINE)


@pytest.mark.parametrize(("proxy", "error"), [(None, "ConnectionError"), ("http://127.0.0.1:1", "ProxyError")])
def test_what_cannot_be_reached_is_said_without_its_address(proxy: str | None, error: str) -> None:
    url = "https://anchors.invalid/hook/jabberwocky" if proxy else "https://127.0.0.1:1/hook/jabberwocky"
    with pytest.raises(NotTaken, match=rf"^it cannot be reached \({error}\)$"):
        SignedWebhook(url, SECRET, Egress(https_proxy=proxy)).send(LINE.encode(), 1)
