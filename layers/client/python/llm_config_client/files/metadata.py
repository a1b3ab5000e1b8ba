"""`_metadata.yaml`: what a directory's entries carry beside their values. A key cannot begin so: no entry has this name.

    database.production:
      classification: restricted
      tags:
        team: core

An entry that it does not name, or a member that it leaves out, keeps what is stored.
"""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from llm_config_client.files.entries import Entry, Key, Reading
from llm_config_client.files.faults import Fault
from llm_config_contract.configs import Classification
from llm_config_contract.wire import Tags, Wire
from llm_config_domain import environments, names
from llm_config_domain.errors import Malformed
from llm_config_domain.json_text import Json

STEM = "_metadata"
SHAPE = "write key.environment: {classification: public, internal, confidential or restricted, tags: {name: text}}"


class Metadata(Wire):
    classification: Classification | None = None
    tags: Tags | None = None


def read(namespace: str, document: Json) -> Mapping[Key, Metadata]:
    """What a file says of each entry. Raises Malformed."""
    if not isinstance(document, dict):
        raise Malformed(SHAPE)
    told = {_name(namespace, label): _metadata(label, member) for label, member in document.items()}
    if len(told) != len(document):
        raise Malformed("the same entry twice: an environment has a short and a long name")
    return told


def _name(namespace: str, label: str) -> Key:
    key, _, environment = label.rpartition(".")
    return f"{namespace}/{names.check_key(key)}", environments.canonical(environment)


def _metadata(label: str, member: Json) -> Metadata:
    try:
        return Metadata.model_validate(member)
    except ValidationError:
        raise Malformed(f"{label}: {SHAPE}") from None


def apply(reading: Reading, file: str, told: Mapping[Key, Metadata]) -> None:
    """Puts what `file` says on the entries; of an entry that is not there it must say nothing."""
    for name, metadata in told.items():
        entry = reading.found.get(name)
        if entry is None:
            reading.faults.append(Fault(file, 0, f"there is no entry {name[0]} in {name[1]} that this could be of"))
        else:
            reading.found[name] = _with(entry, metadata)


def _with(entry: Entry, metadata: Metadata) -> Entry:
    return replace(entry, classification=metadata.classification, tags=metadata.tags)
