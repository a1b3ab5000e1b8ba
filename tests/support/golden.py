"""Golden triggers: an API Gateway event and the reply that the function of its operation gives, to the byte.

`events/<operation>/<case>.event.json` is sent as it stands, but for `{{token: ROLE ...}}`, which becomes a token of
the tenant `acme` (or of the platform, for `{{platform: ROLE}}`), `{{33000 letters}}`, which becomes a text that long,
and `{{made}}`, which becomes the id of what was made or listed last. `given` names cases that happen before it. Time stands still
and identifiers count up, so that `<case>.reply.json` can say everything.

A task's event is its trigger's, after what is `given` and `later` by so many seconds; `<case>.published.json` holds the
CloudEvents that it publishes. `events/schemas/` holds the JSON Schema of each type of event.
"""

import importlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.runtime import wiring
from llm_config_domain.events import cloud_event
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM
from tests.support.described import check_described, check_event
from tests.support.gateway import ListeningLines
from tests.support.homes import EmbeddedKit, embedded
from tests.support.signing import StandingAuditSigner, StandingSigner
from tests.support.webhooks import StandingSender

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
_TASKS = {task.name: task for task in TASKS}
_TOKEN = re.compile(r"\{\{(token|platform): ([a-z -]+)\}\}")
_LETTERS = re.compile(r"\{\{(\d+) letters\}\}")
_LONG = re.compile(r"x{10000,}")


class StandingClock:
    """Stands still, but for the seconds by which a task's case comes `later`."""

    def __init__(self) -> None:
        self.later = 0

    def now(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC) + timedelta(seconds=self.later)

    def monotonic(self) -> float:
        return 0.0


class CountingIdentifiers:
    def __init__(self) -> None:
        self._count = count(1)

    def ulid(self) -> str:
        return f"01HZZZZZZZZZZZZZZZZZ{next(self._count):06d}"

    def salt(self) -> str:
        return f"{next(self._count):032x}"

    def secret(self) -> str:
        return f"{next(self._count):064x}"


def cases() -> list[tuple[str, str]]:
    """(operation, case) of every golden event."""
    return [found for found in _found() if found[0] not in _TASKS]


def task_cases() -> list[tuple[str, str]]:
    """(task, case) of every golden event."""
    return [found for found in _found() if found[0] in _TASKS]


def _found() -> list[tuple[str, str]]:
    found = sorted(path.relative_to(EVENTS) for path in EVENTS.glob("*/*.event.json"))
    return [(path.parts[0], path.name.removesuffix(".event.json")) for path in found]


def reply_of(operation: str, case: str, directory: Path) -> dict[str, Any]:
    """What the function answers to a case, in a fresh home in `directory`."""
    with golden_home(directory) as kit:
        reply = _reply(kit, operation, case)
        for event in filter(None, map(cloud_event, _journal(kit))):
            check_event(event)
        return reply


def journal_of(operation: str, case: str, directory: Path) -> list[JournalEntry]:
    """What stands in the journal after a case, in the order of the commits."""
    with golden_home(directory) as kit:
        _reply(kit, operation, case)
        return _journal(kit)


def task_reply_of(task: str, case: str, directory: Path) -> tuple[dict[str, Any], list[Any]]:
    """(what the task's function answers to a case, the events that it publishes)."""
    published: list[Any] = []
    with golden_home(directory) as kit:
        kit.family.event_bus.listen(published.append)
        return _run(kit, task, case, _given(kit, _event(task, case).get("given", []))), published


def task_journal_of(task: str, case: str, directory: Path) -> list[JournalEntry]:
    """What stands in the journal after a case of a task."""
    with golden_home(directory) as kit:
        _run(kit, task, case, _given(kit, _event(task, case).get("given", [])))
        return _journal(kit)


def _run(kit: EmbeddedKit, task: str, case: str, made: str) -> dict[str, Any]:
    handler = importlib.import_module(f"functions.{_TASKS[task].area}.{task}.handler").lambda_handler
    event = _event(task, case)
    event.pop("given", None)
    kit.provide("clock").later += event.pop("later", 0)
    text = filled(made, _TOKEN.sub(lambda found: _token(kit, *found.groups()), json.dumps(event)))
    answer: dict[str, Any] = handler(json.loads(text), None)
    return _shown(answer) if "body" in answer else answer


def _journal(kit: EmbeddedKit) -> list[JournalEntry]:
    with kit.family.store.snapshot() as db:
        rows = db.execute("SELECT entry FROM journal ORDER BY sequence").fetchall()
    return [JournalEntry.from_record(json.loads(text)) for (text,) in rows]


def prepared(kit: EmbeddedKit, operation: str, case: str, **headers: str) -> dict[str, Any]:
    """The event of a case, with these headers too, after what is given for it."""
    made = _given(kit, _event(operation, case).get("given", []))
    event = _event(operation, case)
    event.pop("given", None)
    event["headers"] |= headers
    told: dict[str, Any] = json.loads(
        filled(made, _TOKEN.sub(lambda found: _token(kit, *found.groups()), json.dumps(event)))
    )
    return told


def _reply(kit: EmbeddedKit, operation: str, case: str) -> dict[str, Any]:
    return _send(kit, operation, case, made=_given(kit, _event(operation, case).get("given", [])))


def _given(kit: EmbeddedKit, cases: Sequence[str]) -> str:
    """The id of what was made last by what happens before a case."""
    made = ""
    for given in cases:
        row, _, case = given.partition("/")
        if row in _TASKS:
            _run(kit, row, case, made)
            continue
        reply = _send(kit, row, case, made=made)
        made = made_by(reply["headers"], reply["body"]) or made
    return made


def made_by(headers: Mapping[str, str], body: Any) -> str:
    """The id of what an answer says it has made, or of the first thing that it lists, or nothing."""
    listed = body.get("items") if isinstance(body, dict) else None
    return headers.get("Location", "").rpartition("/")[2] or (str(listed[0].get("id", "")) if listed else "")


@contextmanager
def golden_home(directory: Path) -> Iterator[EmbeddedKit]:
    identifiers = CountingIdentifiers()
    with embedded(
        directory,
        clock=StandingClock(),
        identifiers=identifiers,
        subject_key=CountingIdentifiers().secret,
        token_signer=StandingSigner(),
        audit_signer=StandingAuditSigner(),
        webhook_sender=StandingSender(),
        watcher_lines=ListeningLines(),
    ) as kit:
        kit.tenant("acme")
        wiring.use({port: lambda port=port: kit.provide(port) for port in kit.factories})  # type: ignore[misc]
        yield kit


def _event(operation: str, case: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / operation / f"{case}.event.json").read_text())
    return event


def _send(kit: EmbeddedKit, operation: str, case: str, *, made: str) -> dict[str, Any]:
    event = _event(operation, case)
    event.pop("given", None)
    text = filled(made, _TOKEN.sub(lambda found: _token(kit, *found.groups()), json.dumps(event)))
    row = next(row for row in OPERATIONS if row.name == operation)
    handler = importlib.import_module(f"functions.{row.area}.{operation}.handler").lambda_handler
    reply = handler(json.loads(text), None)
    check_described(row, reply["statusCode"], reply["headers"], reply["body"])
    return _shown(reply)


def filled(made: str, text: str) -> str:
    """`text` about what was `made`, its long texts at their full length: nobody wants to review those."""
    return _LETTERS.sub(lambda found: "x" * int(found[1]), text).replace("{{made}}", made)


def _token(kit: EmbeddedKit, whose: str, roles: str) -> str:
    tenant = PLATFORM if whose == "platform" else kit.provide("tenant_reader").by_name("acme").id
    return kit.token(tenant, *roles.split())


def _shown(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The reply with its JSON body as JSON, for people who review a difference."""
    body = _LONG.sub(lambda found: f"{{{{{len(found[0])} letters}}}}", reply["body"])
    return {**reply, "body": json.loads(body) if body else ""}
