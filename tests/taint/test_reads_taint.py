"""Lines of logs on their way to the audit: what anybody wrote into one is in its leaf, or nowhere."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.audit.append_reads import APPEND_READS
from llm_config.runtime.logs import logs
from llm_config.runtime.task import Defect
from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.journal import Actor
from llm_config_domain.policy import Resource
from llm_config_local.adapters.request_log import LOGGER
from tests.support.canaries import Canary
from tests.support.entries import numbered
from tests.support.homes import EmbeddedKit, embedded
from tests.support.log_batches import packed, sent
from tests.taint.sinks import Output

OURS, FOREIGN = Canary("line-canary-7c1f02"), Canary("foreign-canary-7c1f02")
CONTAINER = "01M7XB2CPDX901Z538HPJ3CH8C"


class Failing:
    """A database that quotes what it was given."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def append(self, entries: Any) -> None:
        raise self._error(str(entries)) from RuntimeError(str(entries))


def lines(kit: EmbeddedKit) -> list[str]:
    """One whose access has the canary wherever a caller writes, and some that have another and are no accesses."""
    entry = numbered(
        kit.tenant("acme"),
        1,
        actor=Actor(f"user:{OURS.text}", "user", (OURS.text,)),
        resource=Resource("configs", f"gateway/{OURS.text}", "production"),
        metadata={"reason": OURS.text},
    )
    access = entry.to_record()
    carried = {"access": access, "container": CONTAINER, "sequence": 3}
    foreign: list[Any] = [FOREIGN.text, {FOREIGN.text: FOREIGN.text}, {**carried, "container": FOREIGN.text}]
    foreign += [{**carried, "access": {**access, what: FOREIGN.text}} for what in ("id", "at", "more")]
    return [json.dumps(one) for one in (carried, *foreign)]


@pytest.mark.parametrize("fails", [None, Unavailable, RuntimeError], ids=["taint: append_reads",
    "taint: append_reads that fails", "taint: append_reads with a defect"])  # fmt: skip
def test_what_a_line_holds_is_told_in_its_leaf_alone(
    tmp_path: Path, fails: type[Exception] | None, caplog: pytest.LogCaptureFixture
) -> None:
    output = Output()
    with output.listening(), embedded(tmp_path) as kit, caplog.at_level(logging.INFO, logger=LOGGER):
        event = sent(lines(kit))
        if fails:
            kit.factories["audit_appender"] = lambda: Failing(fails)
            kit.forget()
        output.take()
        raised = ""
        try:
            logs(APPEND_READS, kit.provide)(event, None)
        except (Unavailable, Defect) as error:
            raised = repr(error.__cause__) + (str(error) if isinstance(error, Defect) else "")
        printed = "".join(output.take().values())
        with kit.family.store.snapshot() as db:
            kept = [db.execute(f"SELECT * FROM {table}").fetchall() for table in ("audit_containers", "audit_gaps")]
            leaves = str(db.execute("SELECT * FROM audit_leaves").fetchall())
    assert "append_reads" in printed and (fails is not None or OURS.found_in(leaves)), "nothing was listened to"
    for canary in (OURS, FOREIGN):
        assert not canary.found_in(printed + raised + json.dumps(kept))
    assert not FOREIGN.found_in(leaves)


@pytest.mark.parametrize("event", [{FOREIGN.text: 1}, {"awslogs": {"data": FOREIGN.text}}, packed(FOREIGN.text.encode()),
    {"Records": [{"body": FOREIGN.text}]}], ids=[f"taint: append_reads of {what}" for what in ("nothing", "no base64",
    "no JSON", "no message")])  # fmt: skip
def test_what_nobody_can_read_is_told_by_nobody(
    tmp_path: Path, event: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    output = Output()
    with output.listening(), embedded(tmp_path) as kit, caplog.at_level(logging.INFO, logger=LOGGER):
        with pytest.raises(Broken) as raised:
            logs(APPEND_READS, kit.provide)(event, None)
        printed = "".join(output.take().values())
    assert "append_reads" in printed
    assert not FOREIGN.found_in(printed + str(raised.value) + repr(raised.value.__cause__))
