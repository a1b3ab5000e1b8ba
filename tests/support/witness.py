"""An honest witness (https://c2sp.org/tlog-witness) on this machine: it cosigns what extends all that it saw."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import Key
from llm_config_domain.audit.checkpoints import Checkpoint, opened
from llm_config_domain.audit.witnesses import Witness

Told = tuple[int, str]


class HonestWitness:
    """`log` is the key of the log that it trusts. `seen` is the largest checkpoint of each origin that it cosigned."""

    def __init__(self, log: Key, name: str = "witness.example/w1", seed: int = 9) -> None:
        self._log, self._private = log, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.witness, self.seen = Witness(name, raw), dict[str, Checkpoint]()

    @property
    def vkey(self) -> str:
        key = base64.b64encode(b"\x04" + self.witness.raw).decode()
        return f"{self.witness.name}+{self.witness.key_id.hex()}+{key}"

    def asked(self, body: str) -> Told:
        """(status, answer)"""
        head, _, note = body.partition("\n\n")
        size, *lines = head.split("\n")
        try:
            checkpoint, _ = opened(note, self._log.raw, self._log.check)
        except ValueError:
            return 403, ""
        before = self.seen.get(checkpoint.origin, Checkpoint(checkpoint.origin, 0, tree.EMPTY_ROOT))
        if size != f"old {before.size}":
            return 409, f"{before.size}\n"
        if not self._extends(before, checkpoint, [base64.b64decode(line) for line in lines]):
            return 409 if before.size == checkpoint.size else 422, ""
        self.seen[checkpoint.origin] = checkpoint
        return 200, f"{self.line(checkpoint)}\n"

    def line(self, checkpoint: Checkpoint, at: int = 1_700_000_000) -> str:
        signature = self._private.sign(f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode())
        told = base64.b64encode(self.witness.key_id + at.to_bytes(8, "big") + signature).decode()
        return f"\u2014 {self.witness.name} {told}"

    @staticmethod
    def _extends(before: Checkpoint, after: Checkpoint, proof: list[bytes]) -> bool:
        if before.size == 0:
            return not proof
        if before.size == after.size:
            return before.root == after.root and not proof
        return before.size < after.size and tree.extends(before.size, after.size, before.root, after.root, proof)


@contextmanager
def served(witness: HonestWitness) -> Iterator[str]:
    """Its submission prefix."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = witness.asked(body) if self.path == "/w/add-checkpoint" else (404, "")
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/w"
    finally:
        server.shutdown()
        server.server_close()
