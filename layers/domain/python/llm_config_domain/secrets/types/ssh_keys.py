"""`ssh_key`: a private key, RSA, ECDSA or Ed25519; the public one follows from it."""

import base64
import hashlib

from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types.keys import check_strength, one_private_key
from llm_config_domain.secrets.types.members import Members, text
from llm_config_domain.secrets.types.reading import Facts, Form, Known, Reading

MEMBERS = Members({"private_key": text, "public_key": text, "comment": text}, frozenset({"private_key"}))


def fingerprint(public_key: str) -> str:
    """As `ssh-keygen -l` shows it."""
    blob = base64.b64decode(public_key.split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _read(value: Json, at: str) -> Reading:
    if isinstance(value, str):
        return one_private_key("", value)
    return (
        Reading(wrong)
        if (wrong := MEMBERS.violations(value))
        else one_private_key("/private_key", value["private_key"])
    )


def _judge(value: Json, reading: Reading, facts: Facts, at: str) -> Known:
    key = facts.held
    found = check_strength(key, _place(value))
    given = None if isinstance(value, str) else value.get("public_key")
    if given is not None and given.split()[:2] != key.public_key.split():
        found.append(Violation("/public_key", "key", "this is not the public key of the private key"))
    if found:
        return Known(tuple(found))
    computed = {"algorithm": key.algorithm, "bits": key.bits, "public_key": key.public_key}
    return Known(computed={**computed, "fingerprint": fingerprint(key.public_key)})


def _place(value: Json) -> str:
    return "" if isinstance(value, str) else "/private_key"


SSH_KEY = Form(_read, _judge)
