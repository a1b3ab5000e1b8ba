"""The audit without IO: an entry becomes a leaf, and an export is verified."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from llm_config_domain.audit import tree
from llm_config_domain.audit.entries import text_of
from llm_config_domain.audit.leaves import leaf_of
from llm_config_domain.audit.tree import Frontier, leaf_hash
from llm_config_domain.names import TenantId
from tests.bench.measure import Contest, Row, Side, cpu_seconds
from tests.support.entries import numbered

ENTRIES = 1_000
TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")


def rows() -> list[Row]:
    return [
        Row("audit_append", "an entry becomes a leaf", "us",
            "CPU time to write an entry as RFC 8785 has it, hash it and grow the tree by it; beside json and SHA-256 alone",
            _append),
        Row("audit_verify", "an entry of an export, verified", "us",
            f"CPU time for one of {ENTRIES:,} parsed entries, made a leaf, and all of them made the root (10 us are 100,000 a "
            "second); beside json and SHA-256 alone", _verify),
    ]  # fmt: skip


def _append() -> AbstractContextManager[Contest]:
    @contextmanager
    def contest() -> Iterator[Contest]:
        entry, frontier = numbered(TENANT, 1), Frontier().extended(leaf_hash(bytes([n])) for n in range(200))
        record = entry.to_record()

        def append() -> bytes:
            grown, _ = frontier.appended(leaf_hash(text_of(entry).encode()))
            return grown.root

        yield Contest(Side("product", append, lambda root: len(root) == 32), _plain(record))

    return contest()


def _verify() -> AbstractContextManager[Contest]:
    @contextmanager
    def contest() -> Iterator[Contest]:
        records = [json.loads(text_of(numbered(TENANT, number))) for number in range(ENTRIES)]
        root = Frontier().extended(map(leaf_of, records)).root

        def verify() -> bytes | None:
            return tree.root_of_range(0, [leaf_of(record) for record in records], ENTRIES, [])

        yield Contest(_each("product", verify, root.__eq__), _plain(records[0]))

    return contest()


def _each(name: str, work: Callable[[], object], is_right: Callable[[object], bool]) -> Side:
    """A side that does a thousand at once, told for each."""

    def seconds(times: int) -> float:
        rounds = max(1, times // ENTRIES)
        return cpu_seconds(work, rounds) * times / (rounds * ENTRIES)

    return Side(name, work, is_right, seconds)


def _plain(record: object) -> Side:
    def plain() -> bytes:
        return hashlib.sha256(json.dumps(record, default=str).encode()).digest()

    return Side("json and SHA-256", plain, lambda digest: len(digest) == 32)
