"""A data directory that cannot be served: one line that says why, exit status 1, and nothing is made worse."""

import ctypes
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.nets import EVERY_OTHER
from tests.support.processes import run, served

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


def like_everybody() -> None:
    """Root passes over the permissions of files; what it starts after this does not."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            assert libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0


def assert_not_served(directory: Path) -> str:
    """The one line that says why."""
    done = run("serve", "--data-dir", directory, seconds=20, preexec_fn=like_everybody)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def _read_only_store(directory: Path) -> None:
    (directory / "store.sqlite").chmod(0o400)


def _no_store_but_a_directory(directory: Path) -> None:
    (directory / "store.sqlite").unlink()
    (directory / "store.sqlite").mkdir()


def _no_sqlite(directory: Path) -> None:
    (directory / "store.sqlite").write_bytes(b"this is no database" * 1000)


def _cut(name: str, size: int) -> Callable[[Path], None]:
    return lambda directory: os.truncate(directory / name, size)


def _gone(name: str) -> Callable[[Path], None]:
    return lambda directory: (directory / name).unlink()


def _unreadable(name: str) -> Callable[[Path], None]:
    return lambda directory: (directory / name).chmod(0)


@EVERY_OTHER
@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        pytest.param(_read_only_store, "store", id="the store is read-only"),
        pytest.param(_no_store_but_a_directory, "store", id="a directory lies where the store should"),
        pytest.param(_no_sqlite, "store", id="the store is no database"),
        pytest.param(_unreadable("lock"), "", id="the lock file may not be opened"),
        pytest.param(_cut("home.json", 5), "home.json", id="home.json is cut"),
        pytest.param(_cut("issuer.pem", 50), "key file", id="the issuer's key is cut"),
        pytest.param(_cut("issuer.pem", 0), "key file", id="the issuer's key is empty"),
        pytest.param(_unreadable("issuer.pem"), "", id="the issuer's key may not be read"),
        pytest.param(_cut("master.key", 0), "master.key", id="the master key is empty"),
        pytest.param(_cut("master.key", 31), "master.key", id="the master key is cut"),
        pytest.param(_gone("master.key"), "master.key", id="the master key is gone while tenants' keys are there"),
    ],
)
def test_a_spoilt_directory_is_told_in_one_line(directory: Path, spoil: Callable[[Path], None], named: str) -> None:
    spoil(directory)
    before = _content(directory)
    assert named in assert_not_served(directory)
    assert _content(directory) == before


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that was served once."""
    with served(tmp_path_factory.mktemp("whole") / "home") as home:
        assert home.stop() == 0
    return home.directory


@pytest.fixture
def directory(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(whole, tmp_path / "home")


def _content(directory: Path) -> dict[str, bytes]:
    """What is there, but for what SQLite keeps beside an open store."""
    return {
        path.name: path.read_bytes()
        for path in directory.iterdir()
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_a_directory_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert str(tmp_path) in assert_not_served(tmp_path / "home")
    tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_directory_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    assert str(tmp_path) in assert_not_served(tmp_path / "home")


def test_a_second_process_on_one_directory_is_told_so_and_the_first_goes_on(tmp_path: Path) -> None:
    with served(tmp_path / "home") as home:
        assert "another process serves" in assert_not_served(home.directory)
        with home.client() as client:
            assert client.get("/health/ready").status_code == 200
        assert home.ready_file.exists()


@EVERY_OTHER
@pytest.mark.parametrize("name", ["lock", "issuer.pem.new", "master.key.new", "tenant-keys.json.new", "home.json.new"])
def test_what_a_killed_first_start_left_behind_does_no_harm(tmp_path: Path, name: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / name).write_bytes(b"")
    with served(tmp_path / "home") as home:
        assert home.tenant("acme")


def test_a_store_of_another_version_of_this_program_is_left_as_it_is(directory: Path) -> None:
    with closing(sqlite3.connect(directory / "store.sqlite")) as db:
        db.execute("PRAGMA user_version=1")
    before = _content(directory)
    assert "another version" in assert_not_served(directory)
    assert _content(directory) == before
