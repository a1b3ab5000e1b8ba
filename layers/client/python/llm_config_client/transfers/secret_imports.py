"""Secrets of another system into the service: name each, find everything that is wrong, then create one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from llm_config_client import calls
from llm_config_client.client import Client
from llm_config_client.files.entries import ENV_NAME
from llm_config_client.files.faults import Fault
from llm_config_client.sources.originals import Original
from llm_config_client.transfers.secret_shapes import shaped
from llm_config_contract.secrets import SecretMetadata
from llm_config_domain.errors import Malformed, ValueRefused
from llm_config_domain.json_text import Json
from llm_config_domain.names import split_path

MAX_TAG = 256


@dataclass(frozen=True, slots=True)
class Planned:
    """One secret that will be created. The value never prints."""

    path: str
    type: str
    value: Json = field(repr=False)
    tags: Mapping[str, str]
    original: Original


@dataclass(slots=True)
class Plan:
    secrets: dict[str, Planned] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)


def plan(originals: Iterable[Original], namespace: str, prefix: str, at: str) -> Plan:
    """What becomes of each; `prefix` is cut off its name, and `at` (RFC 3339) is now."""
    made = Plan()
    for original in originals:
        try:
            one = _planned(original, namespace, prefix, at)
        except Malformed as error:
            made.faults.append(_fault(original, error.detail))
            continue
        first = made.secrets.setdefault(one.path, one)
        if first is not one:
            told = f"{first.original.place}:{first.original.line}" if first.original.line else first.original.place
            made.faults.append(_fault(original, f"the same name as {told}, when both are in lower case"))
    return made


def _planned(original: Original, namespace: str, prefix: str, at: str) -> Planned:
    """Raises Malformed for a name or bytes that cannot be stored."""
    text = _decoded(original.text) if isinstance(original.text, bytes) else original.text
    path = f"{namespace}/{original.name.removeprefix(prefix).strip('/').lower()}"
    split_path(path)
    if len(original.name) > MAX_TAG:
        raise Malformed(f"a name has at most {MAX_TAG} characters: it is kept as a tag")
    found = shaped(text, at)
    return Planned(path, found.type, found.value, {**found.tags, ENV_NAME: original.name}, original)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"the value is not UTF-8 text (byte {error.start}): store it as base64") from None


def _fault(original: Original, message: str) -> Fault:
    return Fault(original.place, original.line, message)


def check(client: Client, made: Plan, environment: str, *, skip_existing: bool) -> None:
    """Finds what is there already. Raises what listing raises."""
    for namespace in sorted({path.rpartition("/")[0] for path in made.secrets}):
        listed = client.every(calls.list_secrets, namespace=namespace, environment=environment, limit=1000)
        made.existing += [path for one in listed if (path := f"{one.namespace}/{one.key}") in made.secrets]
    for path in made.existing:
        found = made.secrets.pop(path) if skip_existing else made.secrets[path]
        if not skip_existing:
            made.faults.append(_fault(found.original, "a secret of this name exists: nothing is written over it"))


def send(client: Client, secrets: Sequence[Planned], environment: str, reason: str | None) -> Iterator[SecretMetadata]:
    """What became of each, once it is stored. Raises the service's refusal."""
    for one in secrets:
        try:
            yield _created(client, one, one.type, environment, reason)
        except ValueRefused:  # the type was only guessed by the look of the value: it must not be in the way
            yield _created(client, one, "generic", environment, reason)


def _created(client: Client, one: Planned, kind: str, environment: str, reason: str | None) -> SecretMetadata:
    return client.create_secret(one.path, one.value, environment=environment, type=kind, tags=one.tags, reason=reason)
