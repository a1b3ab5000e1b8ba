"""How a function knows that it speaks with its own audit database: by a certificate that it checks, before its password goes."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from llm_config.adapters.postgres.address import IamAddress
from llm_config.adapters.postgres.connection import Database
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import PLATFORM
from tests.support.loopback import loopback_certificate

SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
"""PostgreSQL 18, 54.7, SSLRequest: what a client sends first."""


class Rds:
    """Who signs logins."""

    def generate_db_auth_token(self, **told: object) -> str:
        return "a-token-for-a-quarter-of-an-hour"


class TlsDatabase:
    """It takes TLS up as PostgreSQL does, and remembers what then came from a client that trusts it."""

    def __init__(self, identity: Path) -> None:
        self.heard: list[bytes] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(identity)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            client, _ = self._listening.accept()
            with client:
                if client.recv(8) != SSL_REQUEST:
                    return
                client.sendall(b"S")
                try:
                    with self._context.wrap_socket(client, server_side=True) as trusted:
                        self.heard.append(trusted.recv(1000))
                except (ssl.SSLError, ConnectionError):
                    self.heard.append(b"")

    def close(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listening.close()


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    return loopback_certificate(tmp_path / "database.pem")


@pytest.fixture
def database(identity: Path) -> Iterator[TlsDatabase]:
    serving = TlsDatabase(identity)
    yield serving
    serving.close()


def address(database: TlsDatabase, authorities: str) -> IamAddress:
    return IamAddress(Rds(), "127.0.0.1", database.port, authorities)


def ask(told: IamAddress) -> None:
    Database(told).run(PLATFORM, lambda connection: connection.execute("SELECT 1"))


def test_a_database_that_an_authority_of_the_file_vouches_for_is_spoken_to(
    database: TlsDatabase, identity: Path
) -> None:
    with pytest.raises(Unavailable):  # it hangs up, being no database
        ask(address(database, str(identity)))
    assert b"llm_config_audit" in database.heard[0]


@pytest.mark.parametrize("authorities", ["another", "system", "absent"])
def test_any_other_hears_nothing(database: TlsDatabase, tmp_path: Path, authorities: str) -> None:
    files = {"another": str(loopback_certificate(tmp_path / "another.pem")), "absent": str(tmp_path / "absent.pem")}
    with pytest.raises(Unavailable):
        ask(address(database, files.get(authorities, authorities)))
    assert not any(database.heard)


def test_who_knows_no_authorities_asks_nobody(database: TlsDatabase) -> None:
    with pytest.raises(Unavailable, match="authorities"):
        ask(address(database, ""))
    assert not database.heard


def test_a_login_is_made_anew_for_each_connection(database: TlsDatabase, identity: Path) -> None:
    told = psycopg.conninfo.conninfo_to_dict(address(database, str(identity))())
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", str(identity))
    assert (told["user"], told["password"]) == ("llm_config_audit", "a-token-for-a-quarter-of-an-hour")
