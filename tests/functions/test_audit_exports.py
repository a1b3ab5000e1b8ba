"""Exports that are too large for an answer: told where they will be, made behind it, and proved as any other."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from botocore.exceptions import EndpointConnectionError

from llm_config.operations.audit import export_audit
from llm_config.operations.audit.export_audit import EXPORT_AUDIT
from llm_config.operations.audit.make_audit_export import MAKE_AUDIT_EXPORT
from llm_config.runtime.consumer import queue
from llm_config_client.audit import key_of
from llm_config_client.cli import fetching
from llm_config_domain.audit.bundles import verified
from llm_config_domain.audit.exports import ExportOrder
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_local.adapters.audit_exports import KEPT, KEPT_SECONDS, PATH, FileAuditExports
from llm_config_local.exporter import Exporter
from tests.functions.test_front import Front
from tests.support.aws import AwsKit, on_aws
from tests.support.entries import numbered
from tests.support.homes import EmbeddedKit, embedded
from tests.support.permissions import refused, watched

NOVEMBER = "/api/v1/audit-exports?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_audit, "AT_ONCE", 10)


def filled(kit: Any) -> tuple[TenantId, str]:
    acme = kit.tenant("acme")
    kit.provide("audit_appender").append([numbered(acme, number) for number in range(25)])
    return acme, kit.token(acme, "tenant-admin")


def proven(content: bytes) -> int:
    bundle = json.loads(content)
    return len(verified(bundle, key_of(bundle["checkpoint"]["public_key"])).leaves)


def test_a_home_makes_what_was_asked_for_also_after_a_restart(tmp_path: Path) -> None:
    with embedded(tmp_path) as kit:
        _, token = filled(kit)
        reply = kit.call("GET", NOVEMBER, token=token)
        assert (reply.status, reply.json["status"], reply.json["entries"]) == (202, "pending", 25)
        assert reply.headers["Location"] == reply.json["url"]
        front = Front(kit)
        assert front("GET", reply.json["url"]).status_code == 404
        began_again = FileAuditExports(kit.family.directory, kit.family.issuer, kit.family.clock)
        assert Exporter(began_again, kit.provide).step() and not list(began_again.orders())
        found = front("GET", reply.json["url"])
        assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
        assert found.headers["cache-control"] == "no-store" and proven(found.content) == 25
        again = kit.call("GET", NOVEMBER, token=token)
        assert again.json["status"] == "made"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[EmbeddedKit, Front, str]]:
    with embedded(tmp_path) as kit:
        _, token = filled(kit)
        url = kit.call("GET", NOVEMBER, token=token).json["url"]
        Exporter(kit.family.audit_exports, kit.provide).step()
        yield kit, Front(kit), url


def test_an_address_that_was_changed_or_made_up_gives_nothing(made: tuple[EmbeddedKit, Front, str]) -> None:
    _, front, url = made
    parts = urlsplit(url)
    told = dict(parse_qsl(parts.query))
    key = f"{PATH}/key?expires={told['expires']}&signature={told['signature']}"
    later = url.replace(told["expires"], str(int(told["expires"]) + 1))
    for wrong in (
        parts.path,
        key,
        later,
        url[:-1],
        url.replace("expires", "expired"),
        f"{PATH}/../store.sqlite?{parts.query}",
    ):
        assert front("GET", wrong).status_code == 404, wrong
    assert front("GET", url).status_code == 200


def test_an_address_ends_and_a_bundle_goes_after_a_day(
    made: tuple[EmbeddedKit, Front, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    import time

    kit, front, url = made
    told = dict(parse_qsl(urlsplit(url).query))
    assert front("GET", url.replace(told["expires"], "0")).status_code == 404
    (bundle,) = (kit.family.directory / "exports").glob("*/*.json")
    old = time.time() - KEPT_SECONDS - 60
    os.utime(bundle, (old, old))
    kit.family.audit_exports.forget()
    assert front("GET", url).status_code == 404


def test_who_asks_all_day_does_not_fill_the_disk(tmp_path: Path) -> None:
    with embedded(tmp_path) as kit:
        acme, exports = kit.tenant("acme"), kit.family.audit_exports
        orders = [
            ExportOrder(acme, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", 0, last, last, "2026-11-02T00:00:00Z")
            for last in range(KEPT + 5)
        ]
        for order in orders:
            exports.put(order, b"{}")
        exports.forget()
        assert len(list((kit.family.directory / "exports" / acme).iterdir())) == KEPT


def test_an_order_that_fails_is_tried_again_and_stops_no_other(tmp_path: Path) -> None:
    with embedded(tmp_path) as kit:
        acme, token = filled(kit)
        kit.call("GET", NOVEMBER, token=token)
        (good,) = kit.family.audit_exports.orders()
        exports = kit.family.directory / "exports" / acme
        (exports / "0.order").write_text(json.dumps({**good, "last": 10**6, "size": 10**6}))
        (exports / "1.order").write_text("{")
        assert not Exporter(kit.family.audit_exports, kit.provide).step()
        assert len(list(kit.family.audit_exports.orders())) == 1 and len(list(exports.glob("*.json"))) == 1


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        yield kit


def test_on_aws_a_queue_brings_the_order_and_the_roles_allow_it(aws: AwsKit) -> None:
    _, token = filled(aws)
    with watched(aws.account) as asked:
        reply = aws.call("GET", NOVEMBER, token=token)
    assert reply.status == 202 and not refused(EXPORT_AUDIT, asked)
    messages = aws.account.client("sqs").receive_message(QueueUrl=aws.account.exports_queue)["Messages"]
    records = [{"messageId": one["MessageId"], "body": one["Body"]} for one in messages]
    with watched(aws.account) as asked:
        assert queue(MAKE_AUDIT_EXPORT, aws.provide)({"Records": records}, None) == {"batchItemFailures": []}
    assert not refused(MAKE_AUDIT_EXPORT, asked)
    s3 = aws.account.client("s3")
    (key,) = [one["Key"] for one in s3.list_objects_v2(Bucket="llm-config-test-audit", Prefix="exports/")["Contents"]]
    assert proven(s3.get_object(Bucket="llm-config-test-audit", Key=key)["Body"].read()) == 25
    assert aws.call("GET", NOVEMBER, token=token).json["status"] == "made"
    assert "Messages" not in aws.account.client("sqs").receive_message(QueueUrl=aws.account.exports_queue)


def test_a_queue_or_bucket_that_does_not_answer_is_unavailable(aws: AwsKit) -> None:
    _, token = filled(aws)

    def fail(call: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://aws.test")

    for operation in ("sqs:SendMessage", "s3:HeadObject"):
        aws.account.faults[operation] = fail
        assert aws.call("GET", NOVEMBER, token=token).status == 503, operation
        aws.account.faults.clear()


def answering(*statuses: int) -> httpx.MockTransport:
    left = iter(statuses)

    def answer(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        return httpx.Response(next(left), text="{}")

    return httpx.MockTransport(answer)


def test_the_command_asks_until_it_is_made_and_shows_no_credential() -> None:
    assert fetching.fetched("https://s3.test/x", answering(404, 404, 200), pause=0) == "{}"


def test_the_command_gives_up_on_any_other_answer_and_on_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable):
        fetching.fetched("https://s3.test/x", answering(404, 403), pause=0)
    monkeypatch.setattr(fetching, "MAX_BYTES", 1)
    with pytest.raises(Unavailable):
        fetching.fetched("https://s3.test/x", answering(200), pause=0)
    monkeypatch.setattr(fetching, "PATIENCE_SECONDS", 0)
    with pytest.raises(Unavailable, match="in time"):
        fetching.fetched("https://s3.test/x", answering(), pause=0)
