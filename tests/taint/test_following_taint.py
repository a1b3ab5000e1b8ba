"""What the product tells of its changes, and what it writes down about that: nothing of a value, a reason or a key."""

import json
import logging
from pathlib import Path

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_local.adapters.request_log import LOGGER
from tests.support.canaries import Canary
from tests.support.following import Subscriber, follow, follower
from tests.support.homes import embedded
from tests.taint.sinks import Output

CONFIG, SECRET = (f"/api/v1/{kind}/gateway/primary?environment=production" for kind in ("configs", "secrets"))
VALUE, REASON, KEY, NAME = (Canary(f"{word}-canary-0f3d91") for word in ("value", "reason", "key", "name"))


@pytest.mark.parametrize("deaf", [False, True], ids=["taint: publish_changes", "taint: publish_changes that fails"])
def test_neither_an_event_nor_the_line_of_a_batch_holds_what_was_written(
    tmp_path: Path, deaf: bool, caplog: pytest.LogCaptureFixture
) -> None:
    subscriber, output = Subscriber(), Output()
    with output.listening(), embedded(tmp_path) as kit, caplog.at_level(logging.INFO, logger=LOGGER):
        token = kit.token(kit.tenant("acme"), "operator")
        kit.family.event_bus.listen(subscriber)
        for url, more in ((CONFIG, {}), (SECRET, {"type": "generic"})):
            body = {"value": {VALUE.text: VALUE.text}, "reason": REASON.text, **more}
            sent = kit.call("PUT", url, body, token=token, headers={"Idempotency-Key": KEY.text})
            assert sent.status == 201
        named = CONFIG.replace("primary", NAME.text)
        assert kit.call("PUT", named, {"value": 1}, token=token).status == 201
        output.take()
        subscriber.deaf = deaf
        follow(follower(kit))
        printed = "".join(output.take().values())
        with kit.family.store.snapshot() as db:
            tables = [db.execute(f"SELECT * FROM {table}").fetchall() for table in ("watermarks", "journal_marks")]
            marks = json.dumps(tables)
    told = json.dumps(subscriber.heard)
    assert "publish_changes" in printed and (deaf or NAME.found_in(told)), "nothing was listened to"
    for canary in (VALUE, REASON, KEY):
        assert not canary.found_in(told + printed + marks)
    assert not NAME.found_in(printed + marks)


def test_what_a_listener_raises_is_told_to_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    output = Output()

    def careless(event: object) -> None:
        raise Unavailable(f"{VALUE.text}: {event}")

    with output.listening(), embedded(tmp_path) as kit, caplog.at_level(logging.INFO, logger=LOGGER):
        kit.tenant("acme")
        kit.family.event_bus.listen(careless)
        follow(follower(kit))
        printed = "".join(output.take().values())
    assert "publish_changes" in printed
    assert not VALUE.found_in(printed)
