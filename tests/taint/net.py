"""The taint net: sends an operation's requests with a canary in every place, in every way to fail, and looks."""

import base64
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from llm_config.operations.operation import Operation
from llm_config.operations.perform import perform
from llm_config.runtime.authenticate import authenticate
from llm_config.runtime.endpoint import endpoint
from llm_config.runtime.observability import Observation, tell
from llm_config.runtime.requests import request_of
from llm_config_domain.callers import NOBODY
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import PLATFORM, TenantId
from tests.support import rotations
from tests.support.canaries import FORMS, Canary
from tests.support.exemplars import Exemplar, read
from tests.support.golden import cases, made_by
from tests.support.homes import Kit
from tests.taint.allowances import allowance
from tests.taint.fields import Asked, places
from tests.taint.sinks import Output, at_rest, elsewhere, shown

STEM = "tainted0canary"
_FIRST = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_PLAIN = re.compile(b"[a-z0-9]{%d}%s" % (_FIRST, STEM.encode()))
_NUMBERS = re.compile(rb"[0-9.]{14,}")
Reply = Mapping[str, Any]


@dataclass(frozen=True)
class Strike:
    """One call of a port fails: by `Unavailable`, or by a defect whose text holds the canary; before or after its effect."""

    port: str
    method: str
    kind: str
    when: str

    def error(self, canary: Canary) -> Exception:
        defect = RuntimeError(canary.text, {canary.text: canary.number})
        if self.kind == "defect":
            return defect
        refusal = Unavailable("the port is down")
        refusal.__cause__ = defect
        return refusal


@dataclass(frozen=True)
class Case:
    place: str
    way: str
    base: int = 0
    strike: Strike | None = None


@dataclass(frozen=True)
class Ran:
    case: Case
    canary: Canary
    status: int

    @property
    def place(self) -> str:
        return self.case.place


Way = Callable[[Asked], Asked]
WAYS: dict[str, Way] = {
    "as it is": lambda asked: asked,
    "denied": lambda asked: replace(asked, roles=("nobody",)),
    "no credential": lambda asked: replace(asked, roles=()),
    "expired": lambda asked: replace(asked, claims={**asked.claims, "exp": 1}),
    "unknown tenant": lambda asked: replace(asked, claims={"tenant_id": "01ARZ3NDEKTSV4RRFFQ69G5FZZ", **asked.claims}),
    "absent": lambda asked: replace(asked, query={**asked.query, "environment": "edge"}),
    "no such version": lambda asked: replace(asked, query={**asked.query, "version": "99"}),
    "no environment": lambda asked: replace(asked, query={n: v for n, v in asked.query.items() if n != "environment"}),
    "lost precondition": lambda asked: asked.with_headers(if_match='"99"'),
    "another body": lambda asked: asked.with_headers(idempotency_key="used"),
    "not acceptable": lambda asked: asked.with_headers(accept="text/html"),
    "unreadable": lambda asked: asked.with_headers(content_type="text/plain"),
}


_BEFORE: dict[str, Callable[[Any, TenantId], None]] = {
    "start_rotation": rotations.end,
    "resume_rotation": rotations.hold,
}
"""What must have happened to what the request is about, so that it finds something to do; no request can do it."""


class Watched:
    """A port whose calls are counted, and of which one fails."""

    def __init__(self, port: str, behind: Any, net: "Net") -> None:
        self._port, self._behind, self._net = port, behind, net

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._behind, method)
        return (lambda *args, **named: self._called(method, real, args, named)) if callable(real) else real

    def _called(self, method: str, real: Any, args: Any, named: Any) -> Any:
        net = self._net
        net.called.add((self._port, method))
        strike = net.strike
        struck = strike is not None and (strike.port, strike.method) == (self._port, method)
        if struck and strike is not None and strike.when == "before":
            raise strike.error(net.canary)
        answer = real(*args, **named)
        if struck and strike is not None:
            raise strike.error(net.canary)
        return answer


@dataclass
class Net:
    """One home, one operation, one seed."""

    kit: Kit
    operation: Operation
    seed: int
    output: Output
    directory: Path
    called: set[tuple[str, str]] = field(default_factory=set)
    strike: Strike | None = None
    made: str = ""
    canary: Canary = field(default_factory=lambda: Canary("0" * 12))
    ran: list[Ran] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    once: set[str] = field(default_factory=set)
    """The cases that succeed once: what they find is not there a second time."""

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.seed} {self.operation.name}")
        factories = self.kit.factories
        self.kit.factories = {port: self._watching(port, make) for port, make in factories.items()}
        self.kit.forget()
        self.tenant = self.kit.tenant("acme")
        successes = [read(*case) for case in cases() if case[0] == self.operation.name]
        self.bases = [one for one in successes if 200 <= one.status < 300] or successes[:1]
        self._give_all()
        self._reserve()
        self.once = {base.case for base in self.bases if self._answer(self._asked(base))["statusCode"] >= 300}

    def cases(self) -> Iterator[Case]:
        """All of them: every place in every way, and with every call of a port failing, by a request that makes it."""
        struck: set[tuple[str, str]] = set()
        for base in range(len(self.bases)):
            strikes = self.strikes(base, struck)
            for place in places(self.operation):
                yield from (Case(place, way, base) for way in WAYS)
                yield from (Case(place, "struck", base, strike) for strike in strikes)

    def strikes(self, base: int, struck: set[tuple[str, str]]) -> list[Strike]:
        """Of the calls that this request makes and no earlier one has `struck`."""
        self.called.clear()
        self._answer(self._asked(self.bases[base]))
        calls = sorted(self.called - struck)
        struck.update(calls)
        return [
            Strike(*call, kind, when) for call in calls for kind in ("down", "defect") for when in ("before", "after")
        ]

    def sample(self, size: int) -> list[Case]:
        """Every place once as it is, and `size` others by chance."""
        every = list(self.cases())
        plain = [case for case in every if case.way == "as it is"]
        others = [case for case in every if case.way != "as it is" and case.place != "body value too large"]
        return plain + self.random.sample(others, min(size, len(others)))

    def run_all(self, cases: Sequence[Case]) -> None:
        for case in cases:
            self.run(case)
        self.search_what_rests()

    def run(self, case: Case) -> None:
        self.canary = Canary("".join(self.random.choices(_LETTERS, k=_FIRST)) + STEM)
        self._renew(self.bases[case.base])
        asked = places(self.operation)[case.place](self._asked(self.bases[case.base]), self.canary)
        asked = WAYS[case.way](asked) if case.strike is None else asked
        for given in asked.given if asked.stored else ():
            if given.operation == "put_secret":
                self._give(given, asked.stored)
        reply = self._answer(asked, case.strike)
        if case.place == "stored secret" and asked.query.get("secrets") == "reveal":
            case = replace(case, place="stored secret revealed")
        self.ran.append(Ran(case, self.canary, reply["statusCode"]))
        self.statuses[reply["statusCode"]] += 1
        self._look(reply, asked)

    def _renew(self, base: Exemplar) -> None:
        """What the request finds once only is there again."""
        for given in base.given if base.case in self.once else ():
            self._give(given, None)
        self.strike = None
        if self.operation.name in _BEFORE:
            _BEFORE[self.operation.name](self.kit.provide, self.tenant)

    def _look(self, reply: Reply, asked: Asked) -> None:
        printed = self.output.take()
        refused = reply["statusCode"] >= 400
        whole = json.dumps(reply) + str(reply["body"])
        self._search("error" if refused else "answer", whole if refused else str(reply["body"]))
        self._search("header", "" if refused else json.dumps(reply["headers"]))
        for sink, text in printed.items():
            self._search(sink, text)
        if self.ran[-1].case.strike is None and reply["statusCode"] != 406:  # that one is refused by the handler alone
            self._search("shown", self._shown(asked))
            for sink, text in self.output.take().items():
                self._search(sink, text)

    def _search(self, sink: str, content: str | bytes) -> None:
        self._hits(self.ran[-1], sink, content, tuple(FORMS))

    def _hits(self, ran: Ran, sink: str, content: str | bytes, forms: tuple[str, ...]) -> None:
        if sink not in allowance(self.operation.name, ran.place).of(ran.status):
            self.found += [
                f"{self.operation.name}: {ran.place} ({ran.case.way}, {ran.case.strike}) answered {ran.status}: "
                f"{form} in {sink}"
                for form in ran.canary.found_in(content, forms)
            ]

    def search_what_rests(self) -> None:
        """The stores once for all cases: a form in which no canary stands is not searched for each."""
        for sink, content in {**at_rest(self.kit), "elsewhere": elsewhere(self.directory)}.items():
            plain = set(_PLAIN.findall(content))
            rest = content.replace(STEM.encode(), b"")
            others = tuple(Canary(STEM).found_in(rest))
            numbers = b" ".join(_NUMBERS.findall(content))
            for ran in self.ran:
                text = ran.canary.text.encode()
                self._hits(ran, sink, text if text in plain else b"", ("raw",))
                self._hits(ran, sink, rest if others else b"", others)
                self._hits(ran, sink, numbers, ("int",))

    def _asked(self, base: Exemplar) -> Asked:
        path, _, query = base.about(self.made).url.partition("?")
        prefix = self.operation.path.partition("{")[0]
        names = [name.rstrip("+}") for name in self.operation.path.split("{")[1:]]
        name = path.removeprefix(prefix)
        if base.case in self.once and not base.given and names:  # it is for a name that is new
            name += "-" + "".join(self.random.choices(_LETTERS, k=_FIRST))
        body = base.body
        if isinstance(body, dict) and "name" in body:
            body = {**body, "name": "made-" + "".join(self.random.choices(_LETTERS, k=_FIRST))}
        return Asked(
            self.operation,
            dict.fromkeys(names, name),
            dict(pair.split("=", 1) for pair in query.split("&") if pair),
            {name: text for name, text in base.headers.items() if name not in ("idempotency-key", "accept")},
            body,
            base.roles,
            base.platform,
            base.given,
        )

    def _answer(self, asked: Asked, strike: Strike | None = None) -> Reply:
        event = self._event(asked)
        self.strike = strike
        answer: Reply = endpoint(self.operation, self.kit.provide)(event, None)
        self.strike = None
        if answer["statusCode"] == 204 and self.made:
            self._give_all()  # what was made is gone: the next case finds another
        return answer

    def _shown(self, asked: Asked) -> str:
        """What the request, what was raised and what was returned print, one layer below the handler."""
        event, met, provide = self._event(asked), list[object](), self.kit.provide
        try:
            caller = NOBODY if self.operation.public else authenticate(event["headers"], provide)
            met.append(caller)
            request = request_of(self.operation.request, event, event["headers"])
            met.append(request)
            met.append(replace(perform(self.operation, request, caller, "test-request", provide), etag=None))
        except Exception as error:  # refusals and planted defects alike: what they print is looked at
            met.append(error)
        seen = Observation(self.operation, "test-request")
        tell(seen.line(200), seen, provide)  # with what was noted meanwhile
        return shown(*met)

    def _event(self, asked: Asked) -> dict[str, Any]:
        path = self.operation.path.partition("{")[0] + "".join(asked.path.values())
        raw = asked.body if isinstance(asked.body, bytes) else json.dumps(asked.body).encode() if asked.body else b""
        headers = {"content-type": "application/json", **self._credential(asked), **asked.headers}
        http = {"method": self.operation.method, "path": path, "sourceIp": "127.0.0.1"}
        return {
            "version": "2.0",
            "rawPath": path,
            "headers": headers,
            "pathParameters": dict(asked.path),
            "queryStringParameters": dict(asked.query),
            "requestContext": {"requestId": "test-request", "http": http},
            "body": base64.b64encode(raw).decode(),
            "isBase64Encoded": True,
        }

    def _credential(self, asked: Asked) -> dict[str, str]:
        if not asked.roles:
            return {}
        tenant = PLATFORM if asked.platform else self.tenant
        now = self.kit.provide("clock").now().timestamp()
        claims = {
            "sub": "user:ana",
            "aud": "llm-config",
            "tenant_id": tenant,
            "roles": list(asked.roles),
            "iat": int(now),
            "exp": int(now) + 3600,
            **asked.claims,
        }
        return {"authorization": f"Bearer {self.kit.tokens.sign(claims)}"}

    def _give_all(self) -> None:
        for given in (given for base in self.bases for given in base.given):
            self.made = self._give(given, None) or self.made

    def _give(self, given: Exemplar, secret: str | None) -> str:
        """The id of what it made, if it made something."""
        tenant = PLATFORM if given.platform else self.tenant
        body = given.body if secret is None else {**given.body, "value": secret}
        token = self.kit.token(TenantId(tenant), *given.roles)
        headers = given.headers if secret is None else {}
        reply = self.kit.call(given.method, given.about(self.made).url, body, token=token, headers=headers)
        assert reply.status < 500 and (secret is None or reply.status in (200, 201)), reply.text
        return made_by(reply.headers, reply.document)

    def _reserve(self) -> None:
        """The key `used` belongs to another body from now on."""
        for base in self.bases:
            self._answer(self._asked(base).with_headers(idempotency_key="used"))

    def _watching(self, port: str, make: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: Watched(port, make(), self)
