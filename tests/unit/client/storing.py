"""A server made of a dictionary: configs are listed, read and changed in batches, as the contract says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from llm_config_client import Client
from llm_config_contract.configs import BatchConfigsRequest, BatchOperation
from llm_config_domain import json_text
from llm_config_domain.errors import Conflict, NotFound, PreconditionFailed, Refusal, Violation
from tests.unit.client.answering import CONFIG, TOKEN, URL, answered, refused, still

Name = tuple[str, str]
"""(path, environment)"""


@dataclass
class Storing:
    """`refusing`: raises what the service says to one operation. `page`: items of a page of a listing."""

    stored: dict[Name, dict[str, Any]] = field(default_factory=dict)
    batches: list[BatchConfigsRequest] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    refusing: Callable[[BatchOperation], None] = lambda one: None
    page: int = 1000

    def client(self) -> Client:
        return Client(URL, TOKEN, transport=httpx.MockTransport(self), retries=still(attempts=1))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        try:
            return answered(json_text.write(self._answer(request)))
        except Refusal as refusal:
            return refused(refusal)

    def _answer(self, request: httpx.Request) -> Any:
        if request.method == "POST":
            return self._batch(BatchConfigsRequest.model_validate(json_text.read(request.content.decode())))
        if request.url.path == "/api/v1/configs":
            return self._list(request.url.params)
        path = request.url.path.removeprefix("/api/v1/configs/")
        if (path, request.url.params["environment"]) not in self.stored:
            raise NotFound
        return self.stored[path, request.url.params["environment"]]

    def _list(self, query: httpx.QueryParams) -> Any:
        glob, begin = query.get("namespace", "*"), int(query.get("cursor", "0"))
        found = [
            {name: member for name, member in entry.items() if name != "value"}
            for _, entry in sorted(self.stored.items())
            if _within(entry["namespace"], glob) and query.get("environment") in (None, entry["environment"])
        ]
        end = begin + min(self.page, int(query.get("limit", "100")))
        return {"items": found[begin:end], "next_cursor": str(end) if end < len(found) else None}

    def _batch(self, batch: BatchConfigsRequest) -> Any:
        self.batches.append(batch)
        for index, one in enumerate(batch.operations):
            try:
                self.refusing(one)
                self._check(one)
            except Refusal as refusal:
                place = f"/operations/{index}"
                inner = [Violation(place + v.path, v.rule, v.message) for v in refusal.violations]
                refusal.violations = tuple(inner) or (Violation(place, refusal.kind, refusal.detail),)
                raise
        results = [self._put(one, index, dry_run=batch.dry_run) for index, one in enumerate(batch.operations)]
        return {"results": results, "dry_run": batch.dry_run}

    def _check(self, one: BatchOperation) -> None:
        there = self.stored.get((one.path, one.environment))
        if one.operation == "create" and there:
            raise Conflict
        if one.if_match and (not there or there["etag"] != one.if_match):
            raise PreconditionFailed

    def _put(self, one: BatchOperation, index: int, *, dry_run: bool = False) -> Any:
        there = self.stored.get((one.path, one.environment))
        version = there["version"] + 1 if there else 1
        if not dry_run:
            self.put(one.path, one.environment, one.value, one.classification, one.tags, version)
        return {"operation_index": index, "status": 200 if there else 201, "version": version}

    def put(
        self,
        path: str,
        environment: str,
        value: Any,
        classification: str = "internal",
        tags: Any = None,
        version: int = 1,
    ) -> None:
        namespace, _, key = path.rpartition("/")
        named = {"namespace": namespace, "key": key, "environment": environment, "value": value}
        carried = {"classification": classification, "tags": dict(tags or {}), "version": version}
        self.stored[path, environment] = {**CONFIG, **named, **carried, "etag": json.dumps(str(version))}


def _within(namespace: str, glob: str) -> bool:
    return glob == "*" or namespace == glob or (glob.endswith("/*") and namespace.startswith(glob[:-1]))
