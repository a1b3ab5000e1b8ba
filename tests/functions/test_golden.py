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
