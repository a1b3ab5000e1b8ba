"""Configs out of the service into files: the same configs are the same bytes, so that git shows what changed."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from llm_config_client import calls
from llm_config_client.client import Client
from llm_config_client.files import json_writer, metadata, toml_writer, yaml_writer
from llm_config_client.transfers.plan import DEFAULT_CLASSIFICATION
from llm_config_contract.configs import ConfigEntry, ConfigMetadataView
from llm_config_domain import environments, names
from llm_config_domain.json_text import Json

Format = Literal["yaml", "json", "toml"]
WRITERS: Mapping[str, Callable[..., str]] = {
    "yaml": yaml_writer.write,
    "json": json_writer.write,
    "toml": toml_writer.write,
}


@dataclass(slots=True)
class Exported:
    """Files below one directory. `not_toml`: those that TOML could not hold, and are YAML."""

    directory: Path
    format: Format
    files: list[Path] = field(default_factory=list)
    not_toml: list[Path] = field(default_factory=list)
    _carried: dict[str, dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, entry: ConfigEntry) -> None:
        """Raises Malformed for a name that would lie elsewhere, OSError for a file that cannot be written."""
        label = f"{names.check_key(entry.key)}.{environments.canonical(entry.environment)}"
        namespace = names.check_namespace(entry.namespace)
        self._write(Path(namespace), label, entry.value)
        if carried := _carried(entry):
            self._carried[namespace][label] = carried

    def finish(self) -> None:
        """What the entries carry beside their values, in a file of each namespace."""
        for namespace, carried in sorted(self._carried.items()):
            self._write(Path(namespace), metadata.STEM, dict(sorted(carried.items())))

    def _write(self, namespace: Path, label: str, value: Json) -> None:
        held = self.format != "toml" or toml_writer.holds(value)
        file = namespace / f"{label}.{self.format if held else 'yaml'}"
        (self.directory / namespace).mkdir(parents=True, exist_ok=True)
        text = WRITERS[file.suffix[1:]](value)
        (self.directory / file).write_text(text, encoding="utf-8", newline="\n")
        self.files.append(file)
        if not held:
            self.not_toml.append(file)


def _carried(entry: ConfigEntry) -> dict[str, Json]:
    told: dict[str, Json] = {}
    if entry.classification != DEFAULT_CLASSIFICATION:
        told["classification"] = entry.classification
    if entry.tags:
        told["tags"] = dict(sorted(entry.tags.items()))
    return told


@contextmanager
def into(directory: Path, format: Format) -> Iterator[Exported]:  # noqa: A002 (the option's word)
    """Files are made aside and put into `directory` at the end of the block: what breaks off leaves nothing there.

    `directory` is new or empty. Raises OSError.
    """
    aside = directory if directory.exists() else directory.parent
    aside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".llm-config-export-", dir=aside) as staging:
        exported = Exported(Path(staging), format)
        yield exported
        exported.finish()
        for file in exported.files:
            (directory / file).parent.mkdir(parents=True, exist_ok=True)
            (Path(staging) / file).replace(directory / file)


def is_free(directory: Path) -> bool:
    """Nothing is in `directory` but hidden names (such as .git): what is there would look like a part of the export."""
    return not directory.exists() or all(each.name.startswith(".") for each in directory.iterdir())


def fetch(client: Client, *, namespace: str | None = None, environment: str | None = None) -> list[ConfigMetadataView]:
    """The whole listing, or what its last page raises."""
    return list(client.every(calls.list_configs, namespace=namespace, environment=environment, limit=1000))


def read(client: Client, listed: ConfigMetadataView) -> ConfigEntry:
    """The very version that was listed, whatever is written meanwhile."""
    path = f"{listed.namespace}/{listed.key}"
    return client.get_config(path, environment=listed.environment, version=listed.version)
