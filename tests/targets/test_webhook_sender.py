"""What a subscriber is sent, as the receiver of the examples takes it (Standard Webhooks 1.0)."""

import base64
import json

import pytest

from examples.receiver.receiver import TOLERANCE_SECONDS, verified
from llm_config.adapters.targets.posts import Posts
from llm_config.adapters.targets.webhook_sender import HttpWebhookSender
from llm_config_domain import times
from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext
from tests.support.clocks import StillClock
from tests.targets.test_webhook import KEY, NOW, SECRET, Receiver, receiver

__all__ = ["receiver"]
EVENT = {"id": "01M7XB2CPDX901Z538HPJ3CH8B", "type": "com.llm.config.created", "data": {"key": "Grüße"}}
AT = times.parse(NOW).timestamp()


def send(url: str, posts: Posts | None = None) -> int:
    sender = HttpWebhookSender(posts or Posts(local=True), StillClock(times.parse(NOW)))
    return sender.send(url, Plaintext(SECRET.encode()), EVENT)


def test_a_receiver_takes_what_is_signed_with_its_secret(receiver: Receiver) -> None:
    assert send(receiver.url) == 204
    ((headers, body),) = receiver.received
    assert headers["webhook-id"] == EVENT["id"] and headers["content-type"] == "application/json"
    assert verified(headers, body, SECRET, AT) == EVENT == json.loads(body)


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "body", "secret", "time", "signature"])
def test_a_receiver_refuses_what_was_changed(receiver: Receiver, part: str) -> None:
    send(receiver.url)
    ((headers, body),) = receiver.received
    other = "whsec_" + base64.b64encode(KEY[::-1] + b"x").decode()
    late = AT + TOLERANCE_SECONDS + 1 if part == "time" else AT
    changed = {**headers, "webhook-signature": "v1,AAAA"} if part == "signature" else headers
    if part.startswith("webhook-"):
        changed = {**headers, part: headers[part][:-1] + "0" if headers[part][-1] != "0" else headers[part][:-1] + "1"}
    with pytest.raises(ValueError, match=r"too old|not signed"):
        verified(changed, body + b" " * (part == "body"), other if part == "secret" else SECRET, late)


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 307
    assert send(receiver.url) == 307
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "localhost"]
)
def test_nothing_is_sent_into_a_network_that_is_not_public(host: str) -> None:
    for call in (
        lambda: send(f"https://{host}/", Posts()),
        lambda: HttpWebhookSender(Posts(), StillClock(times.parse(NOW))).check(f"https://{host}/"),
    ):
        with pytest.raises(TargetRefused):
            call()


def test_a_receiver_that_is_not_there_is_told_apart() -> None:
    with pytest.raises(Unavailable):
        send("http://127.0.0.1:1/")
