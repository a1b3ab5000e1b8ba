"""The positive control: a home that leaks on purpose is caught, in each sink, by the same net."""

import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Answer, Context
from llm_config.operations.secrets.put_secret import PUT_SECRET
from llm_config_contract.secrets import PutSecretRequest
from llm_config_domain.errors import Malformed, ValueRefused
from tests.taint.allowances import allowance
from tests.taint.net import Case, Net
from tests.taint.test_taint import net_of

Leak = Callable[["Leaking"], None]


class Leaking:
    """`put_secret`, but for what it lets slip of the value before it stores it."""

    def __init__(self, leak: Leak, provide: Callable[[str], Any]) -> None:
        self.leak, self.provide = leak, provide
        self.request: Any = None
        self.context: Any = None

    def __call__(
        self,
        request: PutSecretRequest,
        context: Context,
        *,
        sealer: Any,
        secret_writer: Any,
        identifiers: Any,
        key_inspector: Any,
        clock: Any,
    ) -> Answer:
        self.request, self.context, self.writer, self.identifiers = request, context, secret_writer, identifiers
        self.leak(self)
        return PUT_SECRET.run(
            self.request,
            self.context,
            sealer=sealer,
            secret_writer=secret_writer,
            identifiers=identifiers,
            key_inspector=key_inspector,
            clock=clock,
        )


def into_the_reason(leaking: Leaking) -> None:
    """A reason goes into the store, the journal's metadata and the answer."""
    leaking.request = leaking.request.model_copy(update={"reason": str(leaking.request.value)})


def into_the_resource(leaking: Leaking) -> None:
    entry = leaking.context.entry
    leaky = replace(entry, resource=replace(entry.resource, id=f"{entry.resource.id}{leaking.request.value}"))
    leaking.context = replace(leaking.context, entry=leaky)


def into_an_error(leaking: Leaking) -> None:
    raise ValueRefused(f"not a good value: {leaking.request.value}")


def into_a_context(leaking: Leaking) -> None:
    try:
        raise ValueError(leaking.request.value)
    except ValueError:
        raise Malformed("something is wrong") from None


def into_the_log(leaking: Leaking) -> None:
    logging.getLogger("some.driver").debug("storing %r", leaking.request)
    logging.getLogger("some.driver").debug("storing %s", leaking.request.value)


def into_stdout(leaking: Leaking) -> None:
    sys.stdout.write(f"{leaking.request.value!s:.40}\n")


def into_stderr_in_hex(leaking: Leaking) -> None:
    sys.stderr.write(str(leaking.request.value).encode().hex())


def into_a_temporary_file(leaking: Leaking) -> None:
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(str(leaking.request.value))


def into_the_environment(leaking: Leaking) -> None:
    os.environ["LEAKED"] = str(leaking.request.value)


def into_the_access_log(leaking: Leaking) -> None:
    sys.stdout.write('{"access": "' + str(leaking.request.value) + '"}\n')


def into_a_request_line(leaking: Leaking) -> None:
    sys.stdout.write(json.dumps({"operation": "put_secret", "duration_ms": 1, "key": leaking.request.value}) + "\n")


def into_a_dimension(leaking: Leaking) -> None:
    directive = {"Namespace": "llm_config", "Dimensions": [["key"]], "Metrics": [{"Name": "duration_ms"}]}
    line = {"duration_ms": 1, "key": leaking.request.value, "_aws": {"CloudWatchMetrics": [directive]}}
    sys.stdout.write(json.dumps(line) + "\n")


LEAKS: list[Any] = [
    pytest.param(into_the_reason, {"answer", "journal", "store"}, id="taint-in-the-reason"),
    pytest.param(into_the_resource, {"journal", "event", "store"}, id="taint-in-the-resource"),
    pytest.param(into_an_error, {"error", "shown"}, id="taint-in-an-error"),
    pytest.param(into_a_context, {"shown"}, id="taint-in-the-context-of-an-error"),
    pytest.param(into_the_log, {"log"}, id="taint-in-a-log-at-DEBUG"),
    pytest.param(into_stdout, {"log"}, id="taint-on-stdout"),
    pytest.param(into_stderr_in_hex, {"log"}, id="taint-on-stderr-in-hex"),
    pytest.param(into_a_temporary_file, {"elsewhere"}, id="taint-in-a-temporary-file"),
    pytest.param(into_the_environment, {"elsewhere"}, id="taint-in-the-environment"),
    pytest.param(into_the_access_log, {"access"}, id="taint-in-the-access-log"),
    pytest.param(into_a_request_line, {"request"}, id="taint-in-a-request-line"),
    pytest.param(into_a_dimension, {"request", "metrics"}, id="taint-in-a-dimension-of-a-metric"),
]


def leaked(leak: Leak | None, family: str, directory: Path) -> Net:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEAKED", "")
        with net_of(PUT_SECRET, family, directory) as net:
            if leak is not None:
                net.operation = replace(PUT_SECRET, run=Leaking(leak, net.kit.provide))
            net.run(Case("body value text", "as it is"))
            net.search_what_rests()
    return net


@pytest.mark.parametrize("family", ["sqlite", "dynamodb"])
@pytest.mark.parametrize(("leak", "sinks"), LEAKS)
def test_a_leak_is_found_in_its_sink(leak: Leak, sinks: set[str], family: str, tmp_path: Path) -> None:
    net = leaked(leak, family, tmp_path)
    found = {line.rpartition(" in ")[2] for line in net.found}
    assert sinks <= found, net.found


@pytest.mark.parametrize("family", ["sqlite", "dynamodb"])
def test_the_same_request_without_a_leak_is_clean(family: str, tmp_path: Path) -> None:
    assert leaked(None, family, tmp_path).found == []


def test_a_leak_into_a_header_is_found_too(tmp_path: Path) -> None:
    def located(*asked: Any, **ports: Any) -> Answer:
        return replace(PUT_SECRET.run(*asked, **ports), etag=f'"{asked[0].value}"')

    with net_of(PUT_SECRET, "sqlite", tmp_path) as net:
        net.operation = replace(
            PUT_SECRET,
            run=lambda request, context, *, sealer, secret_writer, identifiers, key_inspector, clock: located(
                request,
                context,
                sealer=sealer,
                secret_writer=secret_writer,
                identifiers=identifiers,
                key_inspector=key_inspector,
                clock=clock,
            ),
        )
        net.run(Case("body value text", "as it is"))
    assert any(line.endswith(" in header") for line in net.found)


@pytest.mark.parametrize(
    ("family", "sinks"), [("sqlite", {"request", "traces"}), ("dynamodb", {"request", "metrics", "traces"})]
)
def test_a_leak_into_the_line_that_the_service_itself_writes_is_found(
    family: str, sinks: set[str], tmp_path: Path
) -> None:
    def labelled(
        request: Any,
        context: Context,
        *,
        sealer: Any,
        secret_writer: Any,
        identifiers: Any,
        key_inspector: Any,
        clock: Any,
    ) -> Answer:
        answer = PUT_SECRET.run(
            request,
            context,
            sealer=sealer,
            secret_writer=secret_writer,
            identifiers=identifiers,
            key_inspector=key_inspector,
            clock=clock,
        )
        return replace(answer, cache_level=request.value)

    with net_of(PUT_SECRET, family, tmp_path) as net:
        net.operation = replace(PUT_SECRET, run=labelled)
        net.run(Case("body value text", "as it is"))
    assert sinks <= {line.rpartition(" in ")[2] for line in net.found}


def test_an_operation_without_a_row_fails_by_its_name(tmp_path: Path) -> None:
    unheard = replace(OPERATIONS[0], name="surprise_everybody")
    with pytest.raises(AssertionError, match="surprise_everybody has no row"):
        allowance(unheard.name, "path path")
