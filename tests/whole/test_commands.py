"""`token`, `verify-jws` and `up`, as a person types them."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.processes import COMMAND, DEADLINE_SECONDS, Served, run, served, until
from tests.unit.runtime.forge import flipped, unb64

SECRET = "/api/v1/secrets/api-keys/anthropic?environment=production"
CONFIG = "/api/v1/configs/app/known?environment=production"


def token(home: Served, *arguments: str) -> str:
    done = run("token", "--data-dir", home.directory, *arguments)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    return line


def claims(of: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(unb64(of.split(".")[1]))
    return told


def one_line_error(*arguments: str | Path) -> str:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def test_a_token_says_what_it_was_asked_to_say(running: Served) -> None:
    tenant = running.tenant("acme")
    more = ["--role", "release-captain", "--role", "viewer", "--subject", "user:eve", "--attribute", "team=a=b"]
    told = claims(token(running, "--tenant", "acme", *more, "--ttl", "60", "--attribute", "tenant_id=other"))
    assert (told["tenant_id"], told["roles"], told["sub"]) == (tenant, ["release-captain", "viewer"], "user:eve")
    assert (told["iss"], told["aud"], told["team"]) == (running.url, "llm-config", "a=b")
    assert told["exp"] - told["iat"] == 60
    assert {"jti", "iat"} <= told.keys()


def test_a_tenant_is_named_by_its_name_or_its_id(running: Served) -> None:
    tenant = running.tenant("acme")
    by_name, by_id = (token(running, "--tenant", text, "--role", "viewer") for text in ("acme", tenant))
    assert claims(by_name)["tenant_id"] == claims(by_id)["tenant_id"] == tenant
    with running.client(token(running, "--tenant", "platform", "--role", "global-admin")) as client:
        assert client.get("/api/v1/tenants/acme").json()["id"] == tenant


def test_a_role_that_nobody_knows_is_a_valid_token_that_may_do_nothing(running: Served) -> None:
    running.tenant("acme")
    with running.client(token(running, "--tenant", "acme", "--role", "release-captain")) as client:
        assert client.get(CONFIG).status_code == 403


def test_a_negative_time_to_live_gives_an_expired_token(running: Served) -> None:
    running.tenant("acme")
    with running.client(token(running, "--tenant", "acme", "--role", "operator", "--ttl", "-120")) as client:
        assert client.get(CONFIG).status_code == 401


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--tenant", "nobody", "--role", "viewer"], id="an unknown name"),
        pytest.param(["--tenant", "01HF0000000000000000000000", "--role", "viewer"], id="an unknown id"),
        pytest.param(
            ["--tenant", "platform", "--role", "viewer", "--attribute", "novalue"], id="an attribute of no value"
        ),
    ],
)
def test_no_token_is_printed_for_what_cannot_be_told(running: Served, arguments: list[str]) -> None:
    one_line_error("token", "--data-dir", running.directory, *arguments)


def test_a_directory_that_was_never_served_has_no_tokens(tmp_path: Path) -> None:
    assert "never served" in one_line_error("token", "--data-dir", tmp_path, "--tenant", "platform", "--role", "viewer")


def test_verify_jws_says_one_line_for_each_token(running: Served, tmp_path: Path) -> None:
    good = token(running, "--tenant", "platform", "--role", "viewer")
    expired = token(running, "--tenant", "platform", "--role", "viewer", "--ttl", "-9999")
    spoilt = flipped(good, 2, 0)
    jwks = tmp_path / "jwks.json"
    jwks.write_bytes(httpx.get(running.url + "/.well-known/jwks.json", trust_env=False).content)
    sent = [good, spoilt, "", "a.b.c", expired, good + " ", good.rpartition(".")[0] + ".", good]
    done = run("verify-jws", "--jwks", jwks, stdin="\n".join(sent))
    told = done.stdout.splitlines()
    assert done.returncode == 0
    assert [line == "valid" for line in told] == [True, False, False, False, True, False, False, True]
    assert all(re.fullmatch(r"valid|invalid: .+", line) for line in told)


def test_verify_jws_knows_no_key_but_the_files(running: Served, tmp_path: Path) -> None:
    good = token(running, "--tenant", "platform", "--role", "viewer")
    (tmp_path / "empty.json").write_text('{"keys": []}')
    assert run("verify-jws", "--jwks", tmp_path / "empty.json", stdin=good).stdout.startswith("invalid: ")


def test_verify_jws_reads_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text('{"keys": []}')
    command = [COMMAND, "verify-jws", "--jwks", str(tmp_path / "empty.json")]
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}  # as most people's terminals are
    done = subprocess.run(
        command, input=b"\xff\xfe\n\x00\n", capture_output=True, timeout=DEADLINE_SECONDS, check=True, env=strict
    )
    assert done.stdout.decode().count("invalid: ") == 2


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="is not there"),
        pytest.param(b"no JSON", id="is no JSON"),
        pytest.param(b"[1]", id="holds no keys"),
        pytest.param(b"\xff", id="is no text"),
    ],
)
def test_a_key_set_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "jwks.json").write_bytes(content)
    assert "jwks.json" in one_line_error("verify-jws", "--jwks", tmp_path / "jwks.json")


def test_a_new_master_key_leaves_everything_readable_and_the_store_untouched(tmp_path: Path) -> None:
    with served(tmp_path / "home") as home:
        assert "another process" in one_line_error("rotate-master-key", "--data-dir", home.directory)
        acme = home.tenant("acme")
        with home.client(home.token(acme, "operator")) as client:
            assert client.put(SECRET, json={"type": "generic", "value": "sk-kept"}).status_code == 201
        home.stop()
        store = (home.directory / "store.sqlite").read_bytes()
        done = run("rotate-master-key", "--data-dir", home.directory)
        assert (done.returncode, done.stdout) == (0, "keys wrapped anew under a new master key: 2\n")
        assert (home.directory / "store.sqlite").read_bytes() == store
        home.start()
        with home.client(home.token(acme, "operator")) as client:
            assert client.get(SECRET).json()["value"] == "sk-kept"


def test_a_directory_that_was_never_served_has_no_master_key(tmp_path: Path) -> None:
    assert "never served" in one_line_error("rotate-master-key", "--data-dir", tmp_path)


class Up:
    """`llm-config-local up` in a process of its own."""

    def __init__(self, directory: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.directory = directory
        self.command = [COMMAND, "up", "--data-dir", str(directory), "--port", str(self.port)]

    def whoami_then_stop(self) -> dict[str, Any]:
        """What the token in the file is worth, once the welcome is printed."""
        welcome = self.directory.with_name("welcome")
        with (
            welcome.open("wb") as out,
            subprocess.Popen(self.command, stdout=out, stderr=subprocess.DEVNULL) as process,
        ):
            try:
                until(lambda: "Ctrl-C" in welcome.read_text() or process.poll() is not None, "no welcome")
                headers = {"Authorization": f"Bearer {(self.directory / 'token').read_text()}"}
                url = (self.directory / "url").read_text()
                assert url == f"http://127.0.0.1:{self.port}" and url in welcome.read_text()
                told: dict[str, Any] = httpx.get(url + "/api/v1/whoami", headers=headers, trust_env=False).json()
                process.send_signal(signal.SIGINT)
                assert process.wait(DEADLINE_SECONDS) == 0
            finally:
                process.kill()
        return told


def test_up_makes_the_tenant_demo_and_a_second_run_finds_it_again(tmp_path: Path) -> None:
    up = Up(tmp_path / "home")
    first = up.whoami_then_stop()
    assert (first["tenant"], first["roles"]) == ("demo", ["tenant-admin"])
    assert up.whoami_then_stop() == first
    assert stat.S_IMODE((tmp_path / "home" / "token").stat().st_mode) == 0o600


def test_up_on_a_port_in_use_says_so_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in one_line_error("up", "--data-dir", tmp_path / "home", "--port", port)
