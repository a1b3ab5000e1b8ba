"""ports/webhook_sender.py, promise by promise. What goes over the wire is tests/targets/test_webhook_sender.py's."""

import pytest

from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext
from tests.support.families import HomeUnderTest

SECRET = Plaintext(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


@pytest.mark.parametrize("url", ["ftp://1.1.1.1/", "https://user@1.1.1.1/", "https:///path", "https://1.1.1.1:99999/"])
def test_what_is_no_address_of_the_web_is_refused(home: HomeUnderTest, url: str) -> None:
    sender = home.provide("webhook_sender")
    with pytest.raises(TargetRefused):
        sender.check(url)
    with pytest.raises(TargetRefused):
        sender.send(url, SECRET, {"id": "1"})


def test_an_address_of_the_world_is_taken(home: HomeUnderTest) -> None:
    home.provide("webhook_sender").check("https://1.1.1.1/hooks?of=acme")


def test_a_name_that_nobody_knows_may_be_known_later(home: HomeUnderTest) -> None:
    with pytest.raises(Unavailable):
        home.provide("webhook_sender").send("https://nobody.invalid/", SECRET, {"id": "1"})
