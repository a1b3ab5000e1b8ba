"""A served home tells of its changes by itself, and a restart goes on where it was."""

from pathlib import Path

from tests.support.processes import Served, until


def behind(home: Served) -> int:
    """How many rows of the journal stand behind the mark of the one that publishes."""
    rows = home.dump("store")
    marks = [row["sequence"] for row in rows if row["table"] == "watermarks" and row["consumer"] == "publish_changes"]
    return sum(row["table"] == "journal" and row["sequence"] > max(marks, default=0) for row in rows)


def put(home: Served, tenant: str, number: int) -> None:
    with home.client(home.token(tenant, "operator")) as client:  # type: ignore[arg-type]
        url = f"/api/v1/configs/app/key-{number}?environment=production"
        assert client.put(url, json={"value": number}).status_code == 201


def test_every_commit_is_told_soon_and_after_a_kill_the_next_process_goes_on(tmp_path: Path) -> None:
    with Served(tmp_path / "home").start() as home:
        tenant = home.tenant("acme")
        for number in range(5):
            put(home, tenant, number)
        until(lambda: behind(home) == 0, "the follower did not come")
        put(home, tenant, 5)
        home.kill()
        home.start()
        put(home, tenant, 6)
        until(lambda: behind(home) == 0, "the follower did not go on")


def test_while_the_bus_fails_requests_are_answered_and_the_mark_stands(tmp_path: Path) -> None:
    fault = '[{"port": "event_bus", "method": "publish", "nth": "every", "kind": "error"}]'
    with Served(tmp_path / "home", environment={"LLM_CONFIG_FAULTS": fault}).start() as home:
        put(home, home.tenant("acme"), 0)
        assert behind(home) > 0
        assert home.stop() == 0
    with Served(tmp_path / "home").start() as again:
        until(lambda: behind(again) == 0, "what was held up is not told")
