"""A working request for every operation, taken from its golden events: what the nets send, and vary.

A new operation has a golden event, or the completeness test names it; so the nets cover it the moment its row exists.
"""

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tests.support.golden import EVENTS, cases, filled

MADE = "00MADE0BEF0RE0TH1S00000000"
"""Stands for the id of what was made last, until somebody who knows it says it (`Exemplar.about`)."""
_CREDENTIAL = re.compile(r"Bearer \{\{(token|platform): ([a-z -]+)\}\}")


@dataclass(frozen=True)
class Exemplar:
    """One golden request. `roles` are the caller's; `platform`: of the platform's tenant, else of the test's own."""

    operation: str
    case: str
    method: str
    url: str
    body: Any
    headers: dict[str, str]
    roles: tuple[str, ...]
    platform: bool
    status: int
    given: tuple["Exemplar", ...] = field(default=(), repr=False)

    def about(self, made: str) -> "Exemplar":
        return replace(self, url=self.url.replace(MADE, made or MADE))


@cache
def exemplar(operation: str) -> Exemplar:
    """The first golden case of `operation`, by name, that succeeds; else its first case (a description has no other)."""
    known = [read(operation, case) for name, case in cases() if name == operation]
    return next((one for one in known if 200 <= one.status < 300), known[0])


@cache
def read(operation: str, case: str) -> Exemplar:
    event = json.loads(filled(MADE, (EVENTS / operation / f"{case}.event.json").read_text()))
    reply = json.loads((EVENTS / operation / f"{case}.reply.json").read_text())
    headers = dict(event["headers"])
    credential = _CREDENTIAL.fullmatch(headers.pop("authorization", ""))
    query = "&".join(f"{name}={value}" for name, value in event.get("queryStringParameters", {}).items())
    return Exemplar(
        operation,
        case,
        event["requestContext"]["http"]["method"],
        f"{event['rawPath']}?{query}" if query else event["rawPath"],
        json.loads(event["body"]) if "body" in event else None,
        headers,
        tuple(credential.group(2).split()) if credential else (),
        credential is not None and credential.group(1) == "platform",
        reply["statusCode"],
        tuple(read(*given.split("/")) for given in event.get("given", []) if given != f"{operation}/{case}"),
    )
