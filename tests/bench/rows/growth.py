"""What a read costs when there is much of everything: the same get in a small store and in a large one.

The large stores are loaded in batches of rows, by SQL, and not through the writer: a million durable writes would take
an hour. That the rows are such as the writer makes is checked: an entry that was loaded equals one that was put.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.names import Name, TenantId
from tests.bench.load import same_disk
from tests.bench.measure import Contest, Row, Side, WrongAnswer
from tests.bench.recording import ACME
from tests.support.homes import EmbeddedKit, embedded

FEW_KEYS, MANY_KEYS, QUICK_KEYS = 100, 1_000_000, 50_000
NAMESPACES = 10_000
MANY_VERSIONS, MANY_TENANTS = 1_000, 10_000
BATCH = 25_000
ASKED_FOR = 4_096
"""Names that are read in turn, drawn from all of them."""
Fill = Callable[[EmbeddedKit, ConfigVersion, int], Sequence[Name]]
"""Loads so many things beside a sample entry; gives the names to read."""


def rows() -> list[Row]:
    keys = f"CPU time of config_reader.entry, names at random: with 10^6 keys ({QUICK_KEYS:,} when QUICK) beside 10^2; "
    return [
        Row("growth_keys_one_namespace", "get, 10^2 to 10^6 keys in one namespace", "us", keys + "all in one namespace",
            _growth(partial(_keys, _together), FEW_KEYS, _many_keys)),
        Row("growth_keys_spread", "get, 10^2 to 10^6 keys in 10^4 namespaces", "us", keys + "over 10,000 namespaces",
            _growth(partial(_keys, _spread), FEW_KEYS, _many_keys)),
        Row("growth_versions", "get, 1 to 1,000 versions", "us",
            "CPU time of config_reader.entry: of a name with 1,000 versions beside one with a single version",
            _growth(_versions, 1, lambda: MANY_VERSIONS)),
        Row("growth_tenants", "get, 1 to 10,000 tenants", "us",
            "CPU time of config_reader.entry: tenants at random among 10,000, one config each, beside one tenant",
            _growth(_tenants, 1, lambda: MANY_TENANTS)),
    ]  # fmt: skip


def _many_keys() -> int:
    return QUICK_KEYS if os.environ.get("QUICK") else MANY_KEYS


def _growth(fill: Fill, few: int, many: Callable[[], int]) -> Callable[[], AbstractContextManager[Contest]]:
    @contextmanager
    def contest() -> Iterator[Contest]:
        with ExitStack() as stack:
            small, small_calls = _store(stack, fill, few)
            large, large_calls = _store(stack, fill, many())
            if small_calls != large_calls:
                raise WrongAnswer(f"a get takes {small_calls} statements among {few}, and {large_calls} among {many()}")
            yield Contest(large, small, remark=lambda: f"{large_calls} SQL statements in either store")

    return contest


def _store(stack: ExitStack, fill: Fill, count: int) -> tuple[Side, int]:
    """A store with so many, and the statements that one get takes."""
    kit = stack.enter_context(embedded(Path(stack.enter_context(TemporaryDirectory(dir=same_disk())))))
    kit.tenant("acme", ACME)
    sample = _put(kit)
    names = fill(kit, sample, count)
    read = kit.provide("config_reader").entry
    _check_loaded(sample, [read(name) for name in names[:10]])
    drawn = Random(1).choices(names, k=ASKED_FOR)
    asked = cycle(drawn)
    side = Side(f"{count:,}", lambda: read(next(asked)), lambda entry: entry.value == sample.value)
    return side, _statements(kit, lambda: read(names[-1]))


def _put(kit: EmbeddedKit) -> ConfigVersion:
    token = kit.token(ACME, "tenant-admin")
    url = "/api/v1/configs/sample/one?environment=production"
    assert kit.call("PUT", url, {"value": {"pool": 10, "timeout": "30s"}}, token=token).status == 201
    sample: ConfigVersion = kit.provide("config_reader").entry(Name(ACME, "sample", "one", "production"))
    return sample


def _check_loaded(sample: ConfigVersion, loaded: Sequence[ConfigVersion]) -> None:
    for entry in loaded:
        if replace(entry, version=1) != replace(sample, name=entry.name):
            raise WrongAnswer("what was loaded is not what the writer would have written")


def _statements(kit: EmbeddedKit, read: Callable[[], object]) -> int:
    seen: list[str] = []
    with kit.family.store.snapshot() as db:
        pass
    db.set_trace_callback(seen.append)  # the next reader takes the connection that rests
    read()
    db.set_trace_callback(None)
    return len(seen)


def _together(count: int) -> Iterator[Name]:
    return (Name(ACME, "ns", f"key{number:07}", "production") for number in range(count))


def _spread(count: int) -> Iterator[Name]:
    each = max(1, count // NAMESPACES)
    return (Name(ACME, f"ns{number // each:05}", f"key{number:07}", "production") for number in range(count))


def _keys(
    names: Callable[[int], Iterator[Name]], kit: EmbeddedKit, sample: ConfigVersion, count: int
) -> Sequence[Name]:
    _load(kit, sample, names(count))
    drawn = set(Random(2).sample(range(count), min(count, ASKED_FOR)))
    return [name for number, name in enumerate(names(count)) if number in drawn]


def _versions(kit: EmbeddedKit, sample: ConfigVersion, count: int) -> Sequence[Name]:
    name = Name(ACME, "ns", "key", "production")
    whole = [(replace(sample, name=name, version=number + 1)) for number in range(count)]
    rows = [(*_key(name), each.version, json.dumps(each.to_record()), each.value) for each in whole]
    kit.family.store.write(lambda db: _insert(db, [(*_key(name), count)], rows))
    return [name]


def _tenants(kit: EmbeddedKit, sample: ConfigVersion, count: int) -> Sequence[Name]:
    record = kit.provide("tenant_reader").by_id(ACME).to_record()
    ids = [TenantId(f"0{number:025}") for number in range(1, count + 1)]
    tenants = [(each, f"tenant{each}", json.dumps({**record, "id": each, "name": f"tenant{each}"})) for each in ids]
    kit.family.store.write(lambda db: db.executemany("INSERT INTO tenants VALUES (?, ?, ?)", tenants) and None)
    names = [Name(each, "ns", "key", "production") for each in ids]
    _load(kit, sample, iter(names))
    return names


def _load(kit: EmbeddedKit, sample: ConfigVersion, names: Iterator[Name]) -> None:
    """One version of each name, like the sample's, in batches."""
    record, value = json.dumps(sample.to_record()), sample.value
    while batch := [_key(name) for name in islice(names, BATCH)]:
        heads = [(*key, 1) for key in batch]
        versions = [(*key, 1, record, value) for key in batch]
        kit.family.store.write(partial(_insert, heads=heads, versions=versions))


def _insert(
    db: sqlite3.Connection, heads: Iterable[tuple[object, ...]], versions: Iterable[tuple[object, ...]]
) -> None:
    db.executemany("INSERT INTO config_heads VALUES (?, ?, ?, ?, ?)", heads)
    db.executemany("INSERT INTO config_versions VALUES (?, ?, ?, ?, ?, ?, ?)", versions)


def _key(name: Name) -> tuple[str, str, str, str]:
    return name.tenant, name.namespace, name.key, name.environment
