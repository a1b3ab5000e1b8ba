"""What a directory or a dotenv file comes to: entries, and everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from llm_config_client.files.faults import Fault, Unreadable
from llm_config_domain.errors import Malformed
from llm_config_domain.json_text import Json

Key = tuple[str, str]
"""(path, environment)"""

ENV_NAME = "env_name"
"""The tag that keeps the name of a variable as it stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One config as files say it. `classification` and `tags` are None where the files leave them open, and then stay
    as they are stored; `added_tags` come on top of either."""

    namespace: str
    key: str
    environment: str
    value: Json = field(repr=False)
    file: str
    line: int = 0
    classification: str | None = None
    tags: Mapping[str, str] | None = None
    added_tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{self.namespace}/{self.key}"

    @property
    def name(self) -> Key:
        return self.path, self.environment

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(slots=True)
class Reading:
    """What was found. The entries count only when there are no faults. `skipped`: files that are no entries."""

    found: dict[Key, Entry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        return sorted(self.found.values(), key=lambda entry: (entry.namespace, entry.key, entry.environment))

    def add(self, entry: Entry) -> None:
        first = self.found.setdefault(entry.name, entry)
        if first is not entry:
            self.faults.append(Fault(entry.file, entry.line, f"the same entry as {first.place}: keep one of the two"))

    def refuse(self, file: str, error: Unreadable | Malformed) -> None:
        self.faults.append(Fault(file, error.line if isinstance(error, Unreadable) else 0, str(error)))
