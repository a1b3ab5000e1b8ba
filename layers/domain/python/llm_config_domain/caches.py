"""What is said of a purge. Why it is needed at all: a store that was put back to an earlier state counts its revisions
again, so that what caches hold of the same numbers may be another thing."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Purge:
    """`generation` counts from 1; `at` is RFC 3339."""

    generation: int
    at: str

    def to_record(self) -> dict[str, Any]:
        return asdict(self)
