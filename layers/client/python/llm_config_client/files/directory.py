"""From a directory, or a dotenv file, to entries: which files count, and what each is called."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from llm_config_client.files import documents, dotenv, metadata
from llm_config_client.files.entries import ENV_NAME, Entry, Key, Reading
from llm_config_client.files.faults import Fault, Unreadable
from llm_config_client.files.metadata import Metadata
from llm_config_domain import environments, names
from llm_config_domain.errors import Malformed

DOTENV = ".env"
"""The tag that keeps a dotenv name as it was written."""


def read_directory(directory: Path) -> Reading:
    """Every entry under `directory`. Names that begin with a dot are passed over; nothing outside is read."""
    reading = Reading()
    told: dict[str, dict[Key, Metadata]] = {}
    for file in _walk(directory, reading):
        try:
            _read(file, file.relative_to(directory), reading, told)
        except (Unreadable, Malformed) as error:
            reading.refuse(str(file), error)
    for name, of_entries in told.items():
        metadata.apply(reading, name, of_entries)
    return reading


def read_dotenv(file: Path, namespace: str, environment: str) -> Reading:
    """The entries of one dotenv file. Raises Malformed for a namespace or an environment that is none."""
    reading = Reading()
    place = names.check_namespace(namespace), environments.canonical(environment)
    try:
        _add_variables(file, *place, reading)
    except Unreadable as error:
        reading.refuse(str(file), error)
    return reading


def _walk(directory: Path, reading: Reading) -> Iterator[Path]:
    """The regular files, in the order of their names. What may not be followed or read becomes a fault."""
    root = Path(os.path.realpath(directory))
    for parent, directories, files in os.walk(directory, onerror=lambda error: _unopened(error, reading)):
        directories[:] = sorted(name for name in directories if not name.startswith("."))
        links = [name for name in directories if (Path(parent) / name).is_symlink()]
        for name in sorted([*files, *links]):
            file = Path(parent) / name
            if name.startswith("."):
                continue
            if wrong := _why_not(file, root):
                reading.faults.append(Fault(str(file), 0, wrong))
            else:
                yield file


def _unopened(error: OSError, reading: Reading) -> None:
    reading.faults.append(Fault(str(error.filename), 0, f"cannot be read: {error.strerror}"))


def _why_not(file: Path, root: Path) -> str | None:
    """Why `file` must not be read: a link could bring any file of this machine into the store."""
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(root):
        return "a link that leads out of the directory: put the file itself here"
    try:
        mode = file.stat().st_mode
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if stat.S_ISDIR(mode):
        return "a link to a directory: its entries would be here twice"
    return None if stat.S_ISREG(mode) else "not a regular file"


def _read(file: Path, relative: Path, reading: Reading, told: dict[str, dict[Key, Metadata]]) -> None:
    """Raises Unreadable or Malformed."""
    if file.suffix not in documents.READERS and file.suffix != DOTENV:
        reading.skipped.append(str(file))
        return
    namespace = _namespace(relative)
    if file.suffix == DOTENV:
        _add_variables(file, namespace, environments.canonical(file.stem), reading)
    elif file.stem == metadata.STEM:
        told[str(file)] = dict(metadata.read(namespace, documents.read_value(file)))
    else:
        key, environment = _key(file)
        value = documents.read_value(file)
        reading.add(Entry(namespace=namespace, key=key, environment=environment, value=value, file=str(file)))


def _namespace(relative: Path) -> str:
    if len(relative.parts) == 1:
        raise Unreadable("a file needs a namespace, the directory that it lies in: DIR/namespace/key.environment.yaml")
    return names.check_namespace("/".join(relative.parts[:-1]))


def _key(file: Path) -> Key:
    key, dot, environment = file.stem.rpartition(".")
    if not dot:
        raise Unreadable(f"the name lacks its environment: {file.suffix} files are called key.environment{file.suffix}")
    return names.check_key(key), environments.canonical(environment)


def _add_variables(file: Path, namespace: str, environment: str, reading: Reading) -> None:
    variables, wrong = dotenv.read(documents.read_text(file))
    for error in wrong:
        reading.refuse(str(file), error)
    for variable in variables:
        entry = Entry(
            namespace=namespace,
            key=variable.key,
            environment=environment,
            value=variable.text,
            file=str(file),
            line=variable.line,
            added_tags={ENV_NAME: variable.name},
        )
        reading.add(entry)
