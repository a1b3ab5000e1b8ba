"""The ends of secrets are told by the minute's function and by the embedded home's ticker, whichever comes first."""

from datetime import timedelta
from typing import Any

from llm_config.runtime.ticks import ticks
from llm_config_domain import times
from llm_config_domain.errors import Unavailable
from llm_config_domain.journal import JournalEntry
from llm_config_domain.secrets.expiry import Ending
from llm_config_local.ticker import Ticker
from tests.rotation.running import SECRET, Running, row

DAY = 86400


class Deaf:
    """Says what is due, and takes nothing."""

    def __init__(self, agenda: Any) -> None:
        self.due = agenda.due

    def look(self, ending: Ending, *, entry: JournalEntry) -> str | None:
        raise Unavailable


def told(run: Running) -> list[str]:
    url = "/api/v1/audit-entries?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&limit=1000"
    kinds = [entry["event_type"] for entry in run.ask("GET", url)["items"]]
    return [kind for kind in reversed(kinds) if kind.startswith("secret.expire")]


def test_each_end_is_told_once_whoever_looks(run: Running) -> None:
    end = times.rfc3339(run.clock.now() + timedelta(days=40))
    run.ask("PUT", SECRET, {"type": "generic", "value": "second", "expires_at": end})
    ticker, minute = Ticker(run.kit.family.engine, run.kit.provide), ticks(row("tell_expiry"), run.kit.provide)
    assert (ticker.tell(), minute({}, None)["due"]) == (0, 0)
    run.clock.step(11 * DAY)
    assert (ticker.tell(), minute({}, None)["due"]) == (1, 0)
    run.clock.step(30 * DAY)
    assert (minute({}, None), ticker.tell()) == ({"due": 1, "ran": 1}, 0)
    assert told(run) == ["secret.expires_soon", "secret.expired"]


def test_what_cannot_be_told_now_is_told_later(run: Running) -> None:
    end = times.rfc3339(run.clock.now() + timedelta(hours=1))
    run.ask("PUT", SECRET, {"type": "generic", "value": "second", "expires_at": end})
    run.clock.step(3600)
    working = run.kit.factories["secret_expiries"]
    agenda = working()
    run.kit.factories["secret_expiries"] = lambda: Deaf(agenda)
    run.kit.forget()
    ticker = Ticker(run.kit.family.engine, run.kit.provide)
    assert (ticker.tell(), told(run)) == (0, [])
    run.kit.factories["secret_expiries"] = working
    run.kit.forget()
    assert (ticker.tell(), told(run)) == (1, ["secret.expired"])
