"""Every golden event gets its golden reply. `make golden` writes the replies again, to be reviewed as a difference."""

import json
import os
from pathlib import Path

import pytest

from tests.support import golden


@pytest.mark.parametrize(("operation", "case"), golden.cases(), ids=lambda part: part)
def test_a_function_answers_its_golden_event_to_the_byte(operation: str, case: str, tmp_path: Path) -> None:
    reply = golden.reply_of(operation, case, tmp_path)
    path = golden.EVENTS / operation / f"{case}.reply.json"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(json.dumps(reply, indent=2, ensure_ascii=False) + "\n")
    assert reply == json.loads(path.read_text())


@pytest.mark.parametrize(("task", "case"), golden.task_cases(), ids=lambda part: part)
def test_a_task_answers_its_golden_batch_and_publishes_its_golden_events(task: str, case: str, tmp_path: Path) -> None:
    for kind, told in zip(("reply", "published"), golden.task_reply_of(task, case, tmp_path), strict=True):
        path = golden.EVENTS / task / f"{case}.{kind}.json"
        if os.environ.get("GOLDEN") == "write":
            path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        assert told == json.loads(path.read_text())
