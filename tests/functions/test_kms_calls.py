"""What a thousand reads ask of the tenant's key: once for each version and container in five minutes, whoever reads it."""

from pathlib import Path

import pytest

from tests.support.asks import ACME, SECRET
from tests.support.aws import on_aws
from tests.support.aws_calls import BATCH_GET, DECRYPT, GENERATE, PUT

SECRETS, CONTAINERS = 5, 2


@pytest.mark.parametrize("reads", [100, pytest.param(1000, marks=pytest.mark.deep)])
def test_any_number_of_reads_ask_the_key_once_a_version_and_container(tmp_path: Path, reads: int) -> None:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        token = kit.token(ACME, "operator")
        urls = [SECRET.replace("?", f"-{number}?") for number in range(SECRETS)]
        with kit.account.counted() as written:
            for url in urls:
                kit.call("PUT", url, {"type": "generic", "value": "sk"}, token=token)
        assert written[GENERATE] == SECRETS and DECRYPT not in written
        containers = [kit.another_container() for _ in range(CONTAINERS)]
        with kit.account.counted() as calls:
            each = range(reads // SECRETS // CONTAINERS)
            statuses = {one.call("GET", url, token=token).status for _ in each for url in urls for one in containers}
        assert statuses == {200}
        assert dict(calls) == {BATCH_GET: reads, PUT: reads, DECRYPT: SECRETS * CONTAINERS}
