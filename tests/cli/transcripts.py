"""Transcripts of the command line: what is typed, what is seen, and how it ends.

    # a comment
    as viewer                       the role of the commands that follow (of the transcript's own tenant)
    as platform                     a platform administrator
    set LLM_CONFIG_ENV=production   a variable for the commands that follow
    file a.json {"a": 1}            a file in the directory of the commands

    $ llm-config config put app/x - --env edge
    < 10                            a line of stdin
    a line of stdout
    ! a line of stderr
    [3]                             the exit code, when it is not 0

`<id>`, `<time>`, `<minute>`, `<place>`, `<alias>`, `<url>`, `<digest>`, `<a key>` and `<a token>` stand for what differs.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.running import Ended

WILD = {
    "<a token>": r"\beyJ[\w-]+\.[\w-]+\.[\w-]+",
    "<a key>": r"\bllmc_0[0-9A-HJKMNP-TV-Z]{25}_[0-9a-f]{64}\b",
    "<id>": r"\b0[0-9A-HJKMNP-TV-Z]{25}\b",
    "<time>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "<minute>": r"\d{4}-\d\d-\d\d \d\d:\d\d",
    "<place>": r"(?:(?<=next: )|(?<=next_cursor: )|(?<=\"next\":\")|(?<=\"next_cursor\":\"))[\w-]{20,}",
    "<alias>": r"\bsubject:[0-9a-f]{12}\u2026",
    "<url>": r"http://127\.0\.0\.1:\d+",
    "<digest>": r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b",
}


@dataclass
class Step:
    """One command, what is expected of it, and the lines before it as they stand."""

    command: str
    before: list[str]
    stdin: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> list[str]:
        return shlex.split(self.command)[1:]

    def written(self, told: Sequence[str]) -> str:
        """The step as a transcript writes it, with `told` in the place of what was expected."""
        stdin = [f"< {line}" for line in self.stdin]
        return "\n".join([*self.before, f"$ {self.command}", *stdin, *told]) + "\n\n"


def steps(transcript: Path) -> list[Step]:
    """An empty line ends what is expected."""
    found: list[Step] = []
    before: list[str] = []
    step: Step | None = None
    for line in transcript.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            step, before = Step(line[2:], before), []
            found.append(step)
        elif not line:
            step = None
        elif step is None:
            before.append(line)
        elif line.startswith("< "):
            step.stdin.append(line[2:])
        else:
            step.expected.append(line)
    return found


def seen(ended: Ended) -> list[str]:
    """What happened, as a transcript writes it; an empty line of the output is a line with one dot."""
    told = [*(line or "." for line in ended.stdout.splitlines())]
    told += [f"! {line}".rstrip() for line in ended.stderr.splitlines()]
    return told + ([f"[{ended.exit_code}]"] if ended.exit_code else [])


def agree(expected: Sequence[str], found: Sequence[str]) -> bool:
    return len(expected) == len(found) and all(map(_agrees, expected, found))


def _agrees(expected: str, found: str) -> bool:
    parts = re.split(f"({'|'.join(map(re.escape, WILD))})", expected)
    return re.fullmatch("".join(WILD.get(part, re.escape(part)) for part in parts), found) is not None


def wild(line: str) -> str:
    """`line` with its wildcards, for a transcript that is written anew."""
    for name, pattern in WILD.items():
        line = re.sub(pattern, name, line)
    return line
