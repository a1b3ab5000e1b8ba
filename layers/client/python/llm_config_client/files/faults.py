"""What is wrong with files, all of it at once: whoever corrects forty files wants to do it in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from llm_config_client.errors import ClientFault


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong. `message` quotes nothing of the file; `line` counts from 1, 0 is the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """As compilers write it, for editors to jump to."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class Unreadable(Exception):
    """The content of one file breaks a rule. Raised by the readers, which do not know the file's name."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message, self.line = message, line

    def of(self, file: str) -> Fault:
        return Fault(file, self.line, self.message)


class FilesRefused(ClientFault):
    """Files that are not entries. Nothing was sent."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        count = len(faults)
        super().__init__(f"{count} {'fault is' if count == 1 else 'faults are'} in the way: nothing was sent")
        self.faults = tuple(sorted(faults))


def too_deep(levels: int) -> str:
    """What every reader says."""
    return f"nested deeper than {levels} levels: split the value over several entries"


def line_within(text: str, line: int) -> int:
    """Parsers tell of a missing end behind the last line: an editor has nothing to show there."""
    return min(line, text.rstrip().count("\n") + 1)
