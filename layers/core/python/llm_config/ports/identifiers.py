from typing import Protocol


class Identifiers(Protocol):
    def ulid(self) -> str:
        """A new ULID: 26 characters, sortable by time, unique."""
        ...

    def salt(self) -> str:
        """32 hex digits from the system's random source."""
        ...

    def secret(self) -> str:
        """64 hex digits from the system's random source: 256 bits that nobody guesses."""
        ...
