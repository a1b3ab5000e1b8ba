"""From method and path to the operation, by the catalog: what API Gateway does, for fronts that have none before them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from llm_config.operations.operation import Operation
from llm_config_domain.errors import MethodNotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Match:
    operation: Operation
    path_parameters: dict[str, str]

    @property
    def route_key(self) -> str:
        return f"{self.operation.method} {self.operation.path}"


class Routes:
    def __init__(self, operations: Iterable[Operation]) -> None:
        self._routes = [(_pattern(operation.path), operation) for operation in operations]

    def match(self, method: str, path: str) -> Match:
        """Raises NotFound for a path of no operation, MethodNotAllowed (with the methods that it has) otherwise."""
        found = [(matched, operation) for pattern, operation in self._routes if (matched := pattern.fullmatch(path))]
        for matched, operation in found:
            if operation.method == method:
                return Match(operation, matched.groupdict())
        if found:
            raise MethodNotAllowed(allowed=sorted({operation.method for _, operation in found}))
        raise NotFound("no route has this path")


def _pattern(path: str) -> re.Pattern[str]:
    """`{name+}` takes the rest of the path, `{name}` one segment, as in API Gateway."""
    parts = re.split(r"\{(\w+)(\+?)\}", path)
    pattern = re.escape(parts[0])
    for name, greedy, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pattern += f"(?P<{name}>{'.+' if greedy else '[^/]+'})" + re.escape(text)
    return re.compile(pattern, re.DOTALL)
