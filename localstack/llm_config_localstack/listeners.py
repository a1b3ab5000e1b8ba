"""Who listens on a port, by the kernel's own tables (proc(5)): LocalStack must be ours, and reachable from here alone."""

import socket
from pathlib import Path

from llm_config_localstack.places import NotHere

LISTENING = "0A"
LOOPBACK = "0100007F"
"""127.0.0.1, as a little-endian machine's kernel writes it."""


def check_free(port: int) -> None:
    """Raises NotHere when somebody listens there: what answered would not be ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise NotHere(f"port {port} is in use: stop what listens there, or name another") from error


def check_own(port: int, pid: int) -> None:
    """Raises NotHere unless process `pid` listens on `port`, on loopback, and nobody beside it."""
    found = listeners(port)
    if not found or not {inode for _, inode in found} <= _sockets(pid):
        raise NotHere(f"another process than ours listens on port {port}")
    if any(address != LOOPBACK for address, _ in found):
        raise NotHere(f"port {port} is open to the network, and LocalStack asks nobody for a credential")


def listeners(port: int) -> list[tuple[str, str]]:
    """(address, inode) of each listening socket."""
    rows = [line.split() for table in ("tcp", "tcp6") for line in _table(table)]
    return [
        (row[1].partition(":")[0], row[9])
        for row in rows
        if row[3] == LISTENING and int(row[1].partition(":")[2], 16) == port
    ]


def _table(name: str) -> list[str]:
    try:
        return Path("/proc/net", name).read_text().splitlines()[1:]
    except FileNotFoundError as error:
        if name == "tcp6":
            return []
        raise NotHere("only Linux says who listens where: elsewhere run localstack/compose.yaml") from error


def _sockets(pid: int) -> set[str]:
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:
            continue  # closed meanwhile
        if target.startswith("socket:["):
            inodes.add(target[len("socket:[") : -1])
    return inodes
