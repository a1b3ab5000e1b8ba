"""A walk over the journal's lines: what stands behind a consumer's mark is handed to it once more, in the order of its line.

A stream forgets after a day and promises no order of its own, so what it brought is marked, and what it did not bring is
found here. Rows of the last minute are left out: the stream has them still. Each may come twice, and is the same then.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import cast

from pydantic import ValidationError

from llm_config.operations.operation import Answer
from llm_config.ports.clock import Clock
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config_contract.journal import JournalBatch, JournalRow, Swept, Undelivered
from llm_config_domain import times
from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.lines import Done, Line, LineRow, Mark, Place
from llm_config_domain.names import TenantId

AT_ONCE = 100
"""Rows handed over together."""
MAX_BATCHES = 200
SECONDS = 20.0
"""Of one walk. Where it stops, the next one goes on."""
TENANTS = 1000
FAILING = 3
"""Lines in a row of which the consumer takes nothing: then it takes nothing at all now."""
LEFT_TO_THE_STREAM = timedelta(minutes=1)
Deliver = Callable[[JournalBatch], Answer]
"""What the consumer itself does with a batch of the stream: its answer is Undelivered."""
Followed = Callable[[TenantId, str], None]
"""Told of a tenant, and of a time before which it has no change that was not handed over."""
_EVER = "~"
"""After every time, as text."""


class Over(Exception):
    """The walk has done as much as one may."""


@dataclass
class Walk:
    """One walk of the sweep of `consumer`. Raises Unavailable, and Broken when there was a row that nobody can read."""

    consumer: str
    deliver: Deliver
    clock: Clock
    lines: JournalLines
    marks: JournalMarks
    followed: Followed | None = None
    brought: int = 0
    batches: int = 0
    failing: int = 0
    missed: int = 0
    unread: bool = False

    def run(self) -> Swept:
        self._ends = self.clock.monotonic() + SECONDS
        self._until = self._a_minute_ago()
        ended = self._walked(self.marks.stopped_at(self.consumer))
        if self.unread:
            raise Broken
        return Swept(brought=self.brought, ended=ended)

    def run_for(self, tenants: Iterable[str]) -> list[str]:
        """The lines of these tenants alone, to their ends; those of them that could not be followed. What there is no time
        for is the sweep's, and so is a row that nobody can read."""
        self._ends, self._until = self.clock.monotonic() + SECONDS, _EVER
        left: list[str] = []
        for tenant in tenants:
            try:
                left += [] if self._follow(TenantId(tenant)) else [tenant]
            except Over:
                break
            except Unavailable:
                left.append(tenant)
        return left

    def _a_minute_ago(self) -> str:
        return times.rfc3339(self.clock.now() - LEFT_TO_THE_STREAM)

    def _walked(self, after: str) -> bool:
        """Whether the walk came to the last tenant. A tenant whose rows are a defect is not begun with again."""
        tenants = self.lines.tenants(after, TENANTS)
        before = stop = after
        try:
            for tenant in tenants:
                before, stop = stop, tenant
                self._follow(tenant)
            stop = stop if len(tenants) == TENANTS else ""
        except Over:
            stop = before
            return False
        except Unavailable:
            stop = after
            raise
        finally:
            self.marks.stop_at(self.consumer, stop)
        return not stop

    def _follow(self, tenant: TenantId) -> bool:
        """Whether every line of a tenant could be followed. Of one that has no line, and so is none, nobody is told."""
        at, missed = self._a_minute_ago(), self.missed
        marks = self.marks.of(self.consumer, tenant)
        taken = [self._take(line, marks.get(line, Mark()), newest) for line, newest in self.lines.lines(tenant)]
        if self.followed is not None and taken and all(taken) and self.missed == missed:
            self.followed(tenant, at)
        return all(taken)

    def _take(self, line: Line, mark: Mark, newest: int) -> bool:
        try:
            self._bring_again(line, mark)
            self._bring_behind(line, mark, newest)
        except Unavailable:
            self.failing += 1
            if self.failing == FAILING:
                raise
            return False
        self.failing = 0
        return True

    def _bring_again(self, line: Line, mark: Mark) -> None:
        """What was put aside once may be taken now."""
        rows = [row for place in mark.aside for row in self.lines.rows(line, place, 1)]
        if rows:
            self._bring(line, rows)

    def _bring_behind(self, line: Line, mark: Mark, newest: int) -> None:
        reached = mark.next
        while reached.revision <= newest:
            rows = list(takewhile(self._is_old, self.lines.rows(line, reached, AT_ONCE)))
            if not rows:
                return
            self._bring(line, rows)
            reached = rows[-1].next

    def _bring(self, line: Line, rows: Sequence[LineRow]) -> None:
        if self.batches == MAX_BATCHES or self.clock.monotonic() > self._ends:
            raise Over
        self.batches += 1
        read = {row.place: told for row in rows if (told := _read(row))}
        self.unread = self.unread or len(read) < len(rows)
        refused = self._refused(JournalBatch(entries=tuple(read.values()))) if read else ()
        taken = {place for place, told in read.items() if told.id not in refused}
        failed = frozenset[Place](row.place for row in rows) - taken
        self.brought, self.missed = self.brought + len(taken), self.missed + len(failed)
        self.marks.move(self.consumer, {line: Done(rows, failed)})

    def _refused(self, batch: JournalBatch) -> tuple[str, ...]:
        return cast(Undelivered, self.deliver(batch).body).ids

    def _is_old(self, row: LineRow) -> bool:
        """What tells no time is as old as can be: it is a defect, and must not hide what is behind it."""
        try:
            at = json.loads(row.entry)["at"]
        except (KeyError, TypeError, ValueError):
            return True
        return not isinstance(at, str) or at <= self._until


def _read(row: LineRow) -> JournalRow | None:
    try:
        return JournalRow.model_validate_json(row.entry)
    except ValidationError:
        return None
