"""Who listens where: LocalStack must be ours, and open to this machine alone."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from llm_config_localstack.listeners import check_free, check_own
from llm_config_localstack.places import NotHere

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who listens where")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def port(listening: socket.socket) -> int:
    number: int = listening.getsockname()[1]
    return number


def test_a_used_port_is_refused_before_anything_is_started(listener: socket.socket) -> None:
    with pytest.raises(NotHere, match="in use"):
        check_free(port(listener))


def test_a_port_that_nobody_has_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = port(listening)
    check_free(free)


def test_our_own_process_on_loopback_is_what_we_want(listener: socket.socket) -> None:
    check_own(port(listener), os.getpid())


def test_a_port_of_another_process_is_not_ours(listener: socket.socket) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        with pytest.raises(NotHere, match="another process"):
            check_own(port(listener), other.pid)
        other.kill()


def test_a_port_that_is_open_to_the_network_is_refused() -> None:
    with socket.create_server(("0.0.0.0", 0)) as listening, pytest.raises(NotHere, match="network"):
        check_own(port(listening), os.getpid())


def test_a_port_where_nobody_listens_is_nobodys() -> None:
    with pytest.raises(NotHere):
        check_own(1, os.getpid())
