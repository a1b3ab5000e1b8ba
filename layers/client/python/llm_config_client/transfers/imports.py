"""Entries from files into the service: compare each with what is stored, then send what differs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from llm_config_client import calls
from llm_config_client.client import Client
from llm_config_client.errors import UnreadableAnswer
from llm_config_client.files.entries import Entry
from llm_config_client.transfers.plan import Batch, Change, change
from llm_config_contract.configs import ConfigEntry
from llm_config_domain.errors import NotFound, Refusal, Violation


@dataclass(frozen=True, slots=True)
class Imported:
    """One change that is done. `version`: the one that it made, None for an entry that stays as it is."""

    change: Change
    version: int | None = None


def compare(client: Client, entries: Sequence[Entry]) -> Iterator[Change]:
    """A change for each entry, in the order of the namespaces. Raises what listing and reading raise."""
    ordered = sorted(entries, key=lambda entry: entry.namespace)
    for namespace, own in groupby(ordered, key=lambda entry: entry.namespace):
        listed = client.every(calls.list_configs, namespace=namespace, limit=1000)
        there = {(f"{each.namespace}/{each.key}", each.environment) for each in listed}
        for entry in own:
            yield change(entry, _stored(client, entry) if entry.name in there else None)


def _stored(client: Client, entry: Entry) -> ConfigEntry | None:
    """None when it was deleted since it was listed."""
    try:
        return client.get_config(entry.path, environment=entry.environment)
    except NotFound:
        return None


def send(client: Client, batch: Batch, *, reason: str | None = None, dry_run: bool = False) -> list[Imported]:
    """All changes of the batch or none. Raises the service's refusal, whose violations then name files."""
    try:
        answer = client.batch_configs(batch.operations, reason=reason, dry_run=dry_run)
    except Refusal as refusal:
        refusal.violations = tuple(_at_home(violation, batch) for violation in refusal.violations)
        raise
    results = {result.operation_index: result for result in answer.results}
    if set(results) != set(range(len(batch.changes))):
        raise UnreadableAnswer("the server did not say what became of each change of the batch")
    return [Imported(each, results[index].version) for index, each in enumerate(batch.changes)]


_PLACE = re.compile(r"/operations/(\d{1,3})(?:/value)?(|/.*)", re.DOTALL)


def _at_home(violation: Violation, batch: Batch) -> Violation:
    """`/operations/3/value/a` is `/a` in the file of the fourth change."""
    found = _PLACE.fullmatch(violation.path)
    if found is None or int(found[1]) >= len(batch.changes):
        return violation
    place = batch.changes[int(found[1])].entry.place
    return replace(violation, path=f"{place}: {found[2]}" if found[2] else place)
