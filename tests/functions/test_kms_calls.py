"""What a thousand reads ask of the tenant's key: once for each version and container in five minutes, whoever reads it."""

from pathlib import Path

from tests.support.asks import ACME, SECRET
from tests.support.aws import on_aws
from tests.support.aws_calls import BATCH_GET, DECRYPT, GENERATE, PUT

SECRETS, READS, CONTAINERS = 5, 100, 2


def test_a_thousand_reads_ask_the_key_once_a_version_and_container(tmp_path: Path) -> None:
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
            statuses = {
                one.call("GET", url, token=token).status for _ in range(READS) for url in urls for one in containers
            }
        reads = SECRETS * READS * CONTAINERS
        assert (statuses, reads) == ({200}, 1000)
        assert dict(calls) == {BATCH_GET: reads, PUT: reads, DECRYPT: SECRETS * CONTAINERS}
