"""The README's demo is run as it stands: every line of its fenced block, on a home that `up` started."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A directory that looks like a checkout in which `make up` runs (on a free port)."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for command in ("llm-config", "llm-config-local"):
        (tmp_path / ".venv" / "bin" / command).symlink_to(Path(sys.executable).parent / command)
    for shipped in ("docs", "examples"):
        (tmp_path / shipped).symlink_to(ROOT / shipped)
    up = [".venv/bin/llm-config-local", "up", "--data-dir", ".local", "--port", "0"]
    home = subprocess.Popen(up, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not (tmp_path / ".local" / "url").exists():
        assert home.poll() is None and time.monotonic() < deadline, "the home did not come up"
        time.sleep(0.05)
    yield tmp_path
    home.terminate()
    home.communicate(timeout=20)
    assert home.returncode == 0


def demo() -> list[str]:
    block = BLOCK.search((ROOT / "README.md").read_text())
    assert block is not None
    return block.group(1).splitlines()


def run(lines: list[str], checkout: Path) -> str:
    environment = {**os.environ, "LLM_CONFIG_URL": (checkout / ".local" / "url").read_text(), "COLUMNS": "200"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("more_runs", [pytest.param(0, id="once"), pytest.param(1, id="twice", marks=pytest.mark.deep)])
def test_the_demo_runs_as_it_stands_shows_what_the_readme_says_and_runs_again(checkout: Path, more_runs: int) -> None:
    lines = demo()
    assert len([line for line in lines if line.startswith(".venv/bin/llm-config")]) >= 6
    shown = run(lines, checkout)
    assert "sk-ant-demo" in shown and "sk-oai-demo" in shown
    assert "~ /requests_per_minute: 30000 -> 60000" in shown
    assert "restore to 3   " in shown and "launch is over" in shown
    explained = shown[shown.rindex("pool_size") :]
    assert "50" in explained and "30s" in shown
    for _ in range(more_runs):  # a second run is as good as the first
        run(lines, checkout)
    more = ["export LLM_CONFIG_TOKEN=$(cat .local/token)"]
    more += [".venv/bin/llm-config config resolve app/database --env production -o json"]
    answer = json.loads(run(more, checkout))
    assert answer["value"] == {"database": {"pool_size": 50, "timeout": "30s", "ssl": True}}
    more[1] = ".venv/bin/llm-config config resolve llm-gateway/routing/primary-model --env production --reveal -o json"
    answer = json.loads(run(more, checkout))
    assert answer["value"]["primary"]["api_key"] == "sk-ant-demo"
    assert answer["value"]["fallback"][1]["api_key"] == "sk-oai-demo"
