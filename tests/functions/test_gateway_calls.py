"""Watching over API Gateway's WebSockets: what it asks of AWS, to the call, and may."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from moto.apigatewaymanagementapi.models import apigatewaymanagementapi_backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from llm_config.operations.watching.close_watch import CLOSE_WATCH
from llm_config.operations.watching.open_watch import OPEN_WATCH
from llm_config.operations.watching.push_changes import PUSH_CHANGES
from llm_config.operations.watching.push_heartbeats import PUSH_HEARTBEATS
from llm_config.operations.watching.subscribe_watch import SUBSCRIBE_WATCH
from llm_config_domain.errors import Unavailable
from tests.support.aws import on_aws
from tests.support.aws_calls import BATCH_GET, GET, PUT, QUERY
from tests.support.aws_resources import REGION
from tests.support.gateway import Gateway
from tests.support.permissions import refused, watched


def test_who_watches_nothing_costs_one_look_and_each_watcher_so_many_calls(tmp_path: Path) -> None:
    with on_aws(tmp_path) as kit:
        acme = kit.tenant("acme")
        gateway, token = Gateway(kit), kit.token(acme, "viewer")
        with kit.account.counted() as calls:
            assert gateway.minute() and gateway.wake(acme) == 0
        assert calls == {QUERY: 2}
        with kit.account.counted() as calls, watched(kit.account) as asked:
            connection = gateway.opened(token)
        assert calls == {GET: 1, QUERY: 1, PUT: 3} and not refused(OPEN_WATCH, asked)
        with kit.account.counted() as calls, watched(kit.account) as asked:
            gateway.say(connection, '{"action": "subscribe"}')
        assert calls == {GET: 2, BATCH_GET: 2, QUERY: 2, PUT: 3} and not refused(SUBSCRIBE_WATCH, asked)
        with kit.account.counted() as calls, watched(kit.account) as asked:
            gateway.wake(acme)
        assert calls == {QUERY: 2, BATCH_GET: 1, PUT: 2} and not refused(PUSH_CHANGES, asked)
        with kit.account.counted() as calls, watched(kit.account) as asked:
            gateway.minute()
        assert calls == {QUERY: 3, BATCH_GET: 1, PUT: 2} and not refused(PUSH_HEARTBEATS, asked)
        with kit.account.counted() as calls, watched(kit.account) as asked:
            gateway.disconnect(connection)
        assert calls == {GET: 2, PUT: 1} and not refused(CLOSE_WATCH, asked)


def test_what_is_posted_reaches_the_connection_at_the_gateway(tmp_path: Path) -> None:
    with on_aws(tmp_path) as kit:
        acme, lines = kit.tenant("acme"), kit.provide("watcher_lines")
        gateway = Gateway(kit)
        kit.factories["watcher_lines"] = lambda: lines
        kit.forget()
        with kit.account.counted() as calls:
            connection = gateway.watch(kit.token(acme, "viewer"))
        assert calls["apigatewaymanagementapi:PostToConnection"] == 1
        held = apigatewaymanagementapi_backends[DEFAULT_ACCOUNT_ID][REGION].connections
        assert [json.loads(one.data)["event"] for one in held.values()] == ["changes"]
        kit.account.faults["apigatewaymanagementapi:PostToConnection"] = _times_out
        with pytest.raises(Unavailable):
            lines.post(connection, "{}")
        lines.close(connection)
        assert not held


def _times_out(call: Any) -> Any:
    raise ReadTimeoutError(endpoint_url="https://gateway.test")
