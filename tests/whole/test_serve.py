"""`llm-config-local serve`: it says when it serves, and loses nothing when it is told to stop."""

import asyncio
import json
import os
import signal
import socket
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from llm_config_local.home import HomeError, bound_socket
from tests.support.processes import Served, run, served, until

CONFIG = "/api/v1/configs/app/known?environment=production"
DAY = 24 * 3600


def test_the_ready_file_appears_when_it_serves_and_says_where(tmp_path: Path) -> None:
    with Served(tmp_path / "home") as home:
        home.launch()
        until(home.ready_file.exists, "no ready file")
        told = json.loads(home.ready_file.read_text())
        ready = httpx.get(told["url"] + "/health/ready", trust_env=False)
        assert (ready.status_code, told["pid"], set(told)) == (
            200,
            home.pid,
            {"url", "pid", "platform_token", "issuer"},
        )
        assert told["url"].startswith("http://127.0.0.1:")
        whoami = httpx.get(
            told["url"] + "/api/v1/whoami",
            headers={"Authorization": f"Bearer {told['platform_token']}"},
            trust_env=False,
        )
        assert (whoami.json()["tenant"], whoami.json()["roles"]) == ("platform", ["global-admin"])


def test_what_holds_a_key_or_a_token_is_for_its_owner_alone(running: Served) -> None:
    assert stat.S_IMODE(running.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(running.ready_file.stat().st_mode) == 0o600
    for name in ("issuer.pem", "master.key", "tenant-keys.json"):
        assert stat.S_IMODE((running.directory / name).stat().st_mode) == 0o600


@pytest.mark.parametrize(("level", "told"), [("INFO", [("whoami", 200), ("get_config", 404)]), ("WARNING", [])])
def test_its_log_level_decides_whether_each_request_has_a_line(
    tmp_path: Path, level: str, told: list[tuple[str, int]]
) -> None:
    with Served(tmp_path / "home", environment={"LOG_LEVEL": level}).start() as home:
        token = home.token(home.tenant("acme"), "operator")
        before = len(home.log.read_text())
        with home.client(token) as client:
            client.get("/api/v1/whoami")
            client.get(CONFIG)
        lines = [json.loads(line) for line in home.log.read_text()[before:].splitlines() if line.startswith("{")]
    requests = [line for line in lines if "records" not in line]  # the follower of the journal tells of its batches too
    assert [(line["operation"], line["http_status"]) for line in requests] == told


def test_after_sigterm_and_a_restart_everything_is_there_and_tokens_are_still_valid(running: Served) -> None:
    token, url = running.token(running.tenant("acme"), "operator"), running.url
    with running.client(token) as client:
        assert client.put(CONFIG, json={"value": {"a": 1}}).status_code == 201
    assert running.stop() == 0
    running.start()
    with running.client(token) as client:
        assert (running.url, client.get(CONFIG).json()["value"]) == (url, {"a": 1})


def test_sigint_ends_it_as_well(running: Served) -> None:
    os.kill(running.pid, signal.SIGINT)
    assert running.stop() == 0


def test_sigterm_under_load_loses_nothing_that_was_accepted(running: Served) -> None:
    token = running.token(running.tenant("acme"), "operator")
    accepted: list[dict[str, Any]] = []

    def write() -> None:
        with running.client(token) as client:
            for count in range(10_000):
                try:
                    reply = client.put(CONFIG, json={"value": count})
                except httpx.TransportError:
                    return
                assert reply.status_code in (200, 201)
                accepted.append(reply.json())

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    until(lambda: len(accepted) > 30, "no load")
    assert running.stop() == 0
    for writer in writers:
        writer.join()
    running.start()
    with running.client(token) as client:
        for entry in accepted:
            found = client.get(f"{CONFIG}&version={entry['version']}").json()
            assert found == entry
    assert len({entry["version"] for entry in accepted}) == len(accepted)


def test_another_port_is_taken_when_the_one_of_last_time_is_in_use(running: Served) -> None:
    port, url = int(running.url.rpartition(":")[2]), running.url
    assert running.stop() == 0
    with socket.create_server(("127.0.0.1", port)):
        running.start()
        assert running.url != url
        with running.platform() as client:
            assert client.get("/api/v1/whoami").status_code == 200


def test_a_port_in_use_is_told_in_one_line(running: Served, tmp_path: Path) -> None:
    done = run("serve", "--port", running.url.rpartition(":")[2], "--data-dir", tmp_path / "other")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "in use" in done.stderr


def test_a_port_is_taken_from_the_moment_it_is_bound() -> None:
    with bound_socket(0, 0) as first, pytest.raises(HomeError):
        bound_socket(first.getsockname()[1], 0)


def test_answers_do_not_wait_for_the_acknowledgement_of_their_first_part() -> None:
    """Without TCP_NODELAY each answer with a body waits 40 ms; asyncio sets it only on some sockets."""
    delays: list[int] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        delays.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def ask() -> None:
        async with await asyncio.start_server(accept, sock=bound_socket(0, 0)) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            await reader.read()
            writer.close()
            await writer.wait_closed()

    asyncio.run(ask())
    assert delays != [] and all(delays)


def test_the_clock_offset_moves_the_home_and_the_token_command_follows(tmp_path: Path) -> None:
    with served(tmp_path / "home", "--clock-offset", str(DAY)) as home:
        home.tenant("acme")
        tomorrow = run("token", "--data-dir", home.directory, "--tenant", "acme", "--role", "operator").stdout.strip()
        with home.client(tomorrow) as client:
            written = client.put(CONFIG, json={"value": 1})
            assert written.status_code == 201
            moved = datetime.fromisoformat(written.json()["updated_at"]) - datetime.now(UTC)
            assert abs(moved - timedelta(seconds=DAY)) < timedelta(hours=1)
        with home.client(home.token(home.tenant("twin"), "operator")) as client:
            assert client.get(CONFIG).status_code == 401  # minted by today's clock: expired
        assert home.stop() == 0
    with served(tmp_path / "home") as home, home.client(tomorrow) as client:
        assert client.get(CONFIG).status_code == 401  # issued tomorrow: not valid yet


def test_the_issuer_publishes_its_key_where_discovery_says(running: Served) -> None:
    with running.client() as client:
        discovered = client.get("/.well-known/openid-configuration").json()
        assert discovered == {"issuer": running.url, "jwks_uri": f"{running.url}/.well-known/jwks.json"}
        (key,) = client.get(discovered["jwks_uri"]).json()["keys"]
    assert {name: key[name] for name in ("kty", "crv", "alg", "use")} == {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
    }
    assert "d" not in key


@pytest.mark.parametrize("method", ["HEAD", "PROPFIND", "TRACE", "DELETE"])
def test_a_method_that_a_path_has_not_is_a_problem_that_names_those_it_has(running: Served, method: str) -> None:
    with running.client() as client:
        reply = client.request(method, "/api/v1/whoami")
    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET")
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_a_client_that_goes_away_in_mid_body_is_no_error_of_ours(running: Served) -> None:
    port = int(running.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(f"PUT {CONFIG} HTTP/1.1\r\nHost: home\r\nContent-Length: 500\r\n\r\n{{".encode())
    with running.client() as client:
        assert client.get("/health/live").status_code == 200
    assert running.stop() == 0
    assert "Traceback" not in running.log.read_text()


@pytest.mark.parametrize(
    ("arguments", "environment", "status"),
    [
        pytest.param(["--port", "65536"], {}, 2, id="no such port"),
        pytest.param([], {"LOG_LEVEL": "LOUD"}, 1, id="no such log level"),
        pytest.param(["--ready-file", "/nowhere/at/all/ready"], {}, 1, id="a ready file that cannot be written"),
    ],
)
def test_a_wrong_setting_is_told_without_a_traceback(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], status: int
) -> None:
    done = run("serve", "--data-dir", tmp_path / "home", *arguments, env={**os.environ, **environment})
    assert done.returncode == status
    assert "Traceback" not in done.stderr
