"""The transcripts in `transcripts/`, each in a tenant of its own.

`REWRITE_TRANSCRIPTS=1 pytest tests/cli` writes what is seen now into them, to be read as a diff.
"""

import os
from pathlib import Path

import pytest

from tests.cli.running import Ended, ServedHome, run
from tests.cli.transcripts import Step, agree, seen, steps, wild

DIRECTORY = Path(__file__).parent / "transcripts"
REWRITE = os.environ.get("REWRITE_TRANSCRIPTS") == "1"


class Narrator:
    """Runs the steps of one transcript, as the lines before each say."""

    def __init__(self, home: ServedHome, tenant: str) -> None:
        self._home, self._tenant = home, tenant
        self._role = "tenant-admin"
        self._variables: dict[str, str] = {}

    def run(self, step: Step) -> Ended:
        for line in step.before:
            self._turn(*line.partition(" ")[::2])
        tenant = "platform" if self._role == "platform" else self._tenant
        variables = self._home.variables(tenant, self._role) | self._variables
        stdin = "".join(f"{line}\n" for line in step.stdin)
        return run(step.arguments, variables, stdin)

    def _turn(self, word: str, rest: str) -> None:
        name, _, text = rest.partition(" " if word == "file" else "=")
        if word == "as":
            self._role = rest
        elif word == "set":
            self._variables[name] = text
        elif word == "file":
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text + "\n")


@pytest.mark.parametrize("name", sorted(path.stem for path in DIRECTORY.glob("*.txt")))
def test_a_transcript_still_tells_what_happens(
    name: str, served_home: ServedHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    served_home.tenant(name)
    narrator = Narrator(served_home, name)
    transcript = DIRECTORY / f"{name}.txt"
    told = [(step, seen(narrator.run(step))) for step in steps(transcript)]
    if REWRITE:
        text = "".join(step.written([wild(line) for line in lines]) for step, lines in told)
        transcript.write_text(text.strip() + "\n", encoding="utf-8")
        return
    for step, lines in told:
        assert agree(step.expected, lines), step.written(lines)
