"""The deployment's witnesses over HTTP (https://c2sp.org/tlog-witness): never inside a private network, and bounded."""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import urllib3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from llm_config.adapters.targets.posts import Posts
from llm_config.ports.witnesses import Consistency
from llm_config_domain.audit.checkpoints import Check, Signed
from llm_config_domain.audit.witnesses import MOST_WITNESSES, Witness, cosignature_in, submission
from llm_config_domain.errors import TargetRefused, Unavailable

OK, CONFLICT = 200, 409
_PLAIN = {"Content-Type": "text/plain"}
_LARGEST = 20
_TIMEOUT = urllib3.Timeout(connect=2, read=4)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """A witness and the prefix of its address."""

    witness: Witness
    address: str


def witnesses_in(setting: str) -> tuple[Known, ...]:
    """`{"<vkey>": "<submission prefix>", ...}`; empty: none. Raises ValueError."""
    told = json.loads(setting) if setting else {}
    if len(told) > MOST_WITNESSES:
        raise ValueError(f"a deployment has at most {MOST_WITNESSES} witnesses")
    return tuple(Known(Witness.read(vkey), str(address).rstrip("/")) for vkey, address in told.items())


class HttpWitnesses:
    """Implements `witnesses`: all are asked at once."""

    def __init__(self, posts: Posts, known: Sequence[Known]) -> None:
        self._posts, self._known = posts, known

    def cosign(self, signed: Signed, consistency: Consistency) -> Signed:
        if not self._known:
            return signed
        with ThreadPoolExecutor(len(self._known)) as pool:
            found = pool.map(lambda one: self._asked(one, signed, consistency), self._known)
            return replace(signed, cosignatures=tuple(line for line in found if line))

    def _asked(self, known: Known, signed: Signed, consistency: Consistency) -> str | None:
        """It says which size it knows when it is asked about another: nothing of it has to be kept here."""
        try:
            status, answer = self._post(known, submission(0, (), signed.note))
            if status == CONFLICT and 0 < (old := _size(answer)) <= signed.checkpoint.size:
                status, answer = self._post(known, submission(old, consistency(old), signed.note))
        except (Unavailable, TargetRefused):
            status, answer = 0, ""
        line = (
            cosignature_in(answer, signed.checkpoint.text, known.witness, _check(known.witness))
            if status == OK
            else None
        )
        if line is None:
            _log.warning("a witness did not cosign", extra={"witness": known.witness.name, "status": status})
        return line

    def _post(self, known: Known, body: bytes) -> tuple[int, str]:
        status, answer = self._posts.exchange(f"{known.address}/add-checkpoint", body, _PLAIN)
        return status, answer.decode("utf-8", "replace")


def made_of(setting: str, *, local: bool = False) -> HttpWitnesses:
    """Raises ValueError, as `witnesses_in`."""
    return HttpWitnesses(Posts(local=local, timeout=_TIMEOUT), witnesses_in(setting))


def _size(answer: str) -> int:
    text = answer.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LARGEST else 0


def _check(witness: Witness) -> Check:
    public = Ed25519PublicKey.from_public_bytes(witness.raw)

    def check(message: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return check
