"""The served description is a promise: whatever is sent to a route, the answer is one that it describes.

schemathesis reads the OpenAPI document as the home serves it and makes requests of it, well formed and not. Two
thirds of them keep parts of the exemplary request, so that they come as far as the store.
"""

import gzip
import json
import os
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Operation
from tests.hostile.wire import Answer, Wire
from tests.support.exemplars import MADE, Exemplar, exemplar
from tests.support.golden import made_by
from tests.support.nets import IN_TURN

SEED = int(os.environ["LLM_CONFIG_TEST_SEED"])
CHECKS: list[Any] = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
]
EXAMPLES = [
    pytest.param(100, id="sampled", marks=IN_TURN),
    pytest.param(1000, id="1000 requests", marks=pytest.mark.deep),
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def description(wire: Wire) -> Any:
    served = wire.send("GET", b"/api/v1/openapi.json", [])
    return schemathesis.openapi.from_dict(json.loads(served.body))


def golden(operation: Operation, sample: Exemplar) -> dict[str, Any]:
    """The parts of the exemplary request, as the description divides it."""
    path, _, query = sample.url.partition("?")
    fixed, _, place = operation.path.partition("{")
    parts = {
        "path_parameters": {place.rstrip("+}"): path.removeprefix(fixed)} if place else {},
        "query": dict(pair.split("=", 1) for pair in query.split("&") if pair),
        "body": sample.body,
    }
    return {part: told for part, told in parts.items() if told}


def requests_of(described: Any, operation: Operation, sample: Exemplar) -> st.SearchStrategy[Any]:
    """Anything at all; anything about what is there; and the exemplary request with anything beside it."""
    whole = golden(operation, sample)
    aimed = {part: whole[part] for part in whole if part != "body"}
    fits = whole != aimed and not operation.request.whole_body  # several media types: which one is for the generator
    told = [{}, aimed, *([whole] if fits else [])]
    return st.one_of(*(described.as_strategy(generation_mode=mode, **fixed) for fixed in told for mode in MODES))


def send(wire: Wire, case: Any, credential: str) -> Response:
    """Byte by byte. A name of several segments stands in its path as it is: OpenAPI has no word for that."""
    told = case.as_transport_kwargs(base_url="http://127.0.0.1", headers={"Authorization": credential})
    prepared = requests.Request(**{**told, "url": told["url"].replace("%2F", "/")}).prepare()
    target = (prepared.url or "").removeprefix("http://127.0.0.1").encode()
    headers = [(_bytes(name).lower(), _bytes(value)) for name, value in prepared.headers.items()]
    body: Any = prepared.body or b""
    answer = wire.send(prepared.method or "", target, headers, _bytes(body))
    return response(prepared, answer)


def response(request: requests.PreparedRequest, answer: Answer) -> Response:
    headers = {name: [value] for name, value in answer.headers.items()}
    packed = answer.headers.get("content-encoding") == "gzip"
    body = gzip.decompress(answer.body) if packed else answer.body
    return Response(answer.status, headers, body, request, elapsed=0.0, verify=False)


def _is_sent(case: Any) -> bool:
    """Does each parameter of the query stand in the address? An object is sent as its members, which may be the very ones
    that are described, and what is empty is not sent: then nothing of what was wrong with it can be seen."""
    url = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1")).prepare().url or ""
    return set(case.query or ()) <= {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def put_given(wire: Wire, sample: Exemplar) -> Exemplar:
    """What the exemplary request stands on; some of it may stand there from another test. The request about that."""
    made = ""
    for given_one in sample.given:
        token = wire.credential(given_one).removeprefix("Bearer ")
        found = wire.kit.call(given_one.method, given_one.url, given_one.body, token=token)
        assert found.status in (200, 201, 202, 204, 404, 409), found.text
        made = made_by(found.headers, found.document) or made
    return sample.about(made)


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize(
    "operation", [pytest.param(row, id=f"hostile: {row.name}, as described") for row in OPERATIONS]
)
def test_every_answer_is_one_that_the_description_promises(
    wire: Wire, description: Any, operation: Operation, examples: int
) -> None:
    described, sample = description[operation.path.replace("+}", "}")][operation.method], exemplar(operation.name)
    credential = wire.credential(sample)
    sample = put_given(wire, sample)

    @seed(SEED)
    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(case=requests_of(described, operation, sample))
    def promise(case: Any) -> None:
        case.validate_response(send(wire, case, credential), checks=CHECKS if _is_sent(case) else CHECKS[:-1])

    promise()


@pytest.mark.parametrize(
    "operation", [pytest.param(row, id=f"hostile: {row.name}, as described") for row in OPERATIONS]
)
def test_the_exemplary_request_is_described_and_answered(wire: Wire, description: Any, operation: Operation) -> None:
    """So what is generated around it comes as far as it does."""
    described, sample = description[operation.path.replace("+}", "}")][operation.method], exemplar(operation.name)
    sample = put_given(wire, sample)
    media_type = sample.headers.get("content-type", "application/json") if sample.body else None
    case = described.Case(**golden(operation, sample), media_type=media_type)
    answer = send(wire, case, wire.credential(sample))
    case.validate_response(answer, checks=CHECKS)
    # other tests have left what may stand in its way, or in the way of what was to be made first, whose id it then lacks,
    # or more than one answer takes
    assert answer.status_code < 300 or answer.status_code in (404, 409, 413, 422) or MADE in sample.url


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param(Answer(418, {"content-type": "application/json"}, b"{}"), "UndefinedStatusCode", id="a status"),
        pytest.param(Answer(500, {"content-type": "application/problem+json"}, b"{}"), "ServerError", id="a 5xx"),
        pytest.param(Answer(200, {"content-type": "text/html"}, b"{}"), "UndefinedContentType", id="a media type"),
        pytest.param(Answer(200, {"content-type": "application/json"}, b"{}"), "JsonSchemaError", id="a body"),
    ],
)
def test_an_answer_that_is_not_described_would_be_seen(description: Any, answer: Answer, found: str) -> None:
    case = description["/api/v1/whoami"]["GET"].Case()
    with pytest.raises(FailureGroup) as seen:
        case.validate_response(response(requests.Request("GET", "http://127.0.0.1/").prepare(), answer), checks=CHECKS)
    assert found in [type(failure).__name__ for failure in seen.value.exceptions]
