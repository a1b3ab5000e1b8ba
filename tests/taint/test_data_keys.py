"""Beyond the canary: what opens a secret is printed by nobody either."""

import base64
from pathlib import Path
from typing import Any

import pytest

from llm_config.runtime.aws_clients import quiet_drivers
from tests.support.aws import on_aws
from tests.taint.sinks import Output

SECRET = "/api/v1/secrets/keys/main?environment=production"


def test_no_log_at_debug_holds_the_plaintext_of_a_data_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KMS answers with it in clear, and botocore at DEBUG prints answers: `put_secret` and `get_secret`, taint."""
    answers: list[bytes] = []

    def overheard(call: Any) -> Any:
        reply = call()
        answers.append(reply.content)
        return reply

    output = Output()
    with output.listening(), on_aws(tmp_path) as kit:
        kit.account.faults = {"kms:GenerateDataKey": overheard, "kms:Decrypt": overheard}
        token = kit.token(kit.tenant("acme"), "operator")
        assert kit.call("PUT", SECRET, {"type": "generic", "value": 1}, token=token).status == 201
        assert kit.another_container().call("GET", SECRET, token=token).status == 200
        printed = "".join(output.take().values())
    keys = [text for answer in answers for text in answer.decode().split('"') if _is_data_key(text)]
    assert len(keys) == 2, "KMS answered with no data key: nothing was tried"
    assert not any(key in printed for key in keys)


def _is_data_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def test_a_driver_that_is_quieter_already_stays_so() -> None:
    import logging

    logger, before = logging.getLogger("botocore"), logging.getLogger("botocore").level
    try:
        logger.setLevel(logging.CRITICAL)
        quiet_drivers()
        assert logger.level == logging.CRITICAL
        logger.setLevel(logging.NOTSET)
        quiet_drivers()
        assert logger.level == logging.WARNING
    finally:
        logger.setLevel(before)
