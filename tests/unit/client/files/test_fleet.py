"""The sample fleet is what its README line says: large, of many shapes, real, and wrong in exactly ten files."""

import re
from collections import Counter
from typing import Any

import pytest

from llm_config_client.files.directory import read_directory
from llm_config_client.files.entries import Entry
from llm_config_client.files.json_reader import depth
from llm_config_domain import json_text
from tests.support.fleet import BROKEN, FLEET, files

WRONG = """
Prompts/Marketing/newsletter.production.yaml: a namespace is segments of a-z, 0-9 and '-' joined by single slashes, at \
most 500 characters
data/databases/conversations.production.toml: the same entry as {}/data/databases/conversations.prod.yaml: keep one of \
the two
flags/assistant/voice-input.producton.yaml: unknown environment: use one of global, development, staging, production, \
edge (or dev, stage, prod)
flags/gateway/migrated-rules.production.json:62: nested deeper than 61 levels: split the value over several entries
guardrails/toxicity.global.yaml:4: NaN and Infinity are not JSON numbers: use null, or put the text in quotes
limits/partner-api.production.json:5: the same name twice in one object
llm-gateway/routing/chat.production.json:8: not JSON: a comma, a quote or a bracket is missing or too many, here or \
before
models/anthropic/claude-sonnet.production.yaml:6: not YAML: a second colon on this line, or a wrong indentation: put \
the text in quotes
prompts/support/reply-first-de.production.yaml:4: not UTF-8: save the file in that encoding
resilience/streaming.global.yaml:5: an alias (*name): write the value out where it is used
""".strip().splitlines()


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    reading = read_directory(FLEET)
    assert (reading.faults, reading.skipped) == ([], [])
    return reading.entries


def test_it_is_two_hundred_files_of_which_ten_are_wrong() -> None:
    assert len(files(FLEET) + files(BROKEN)) == 200
    reading = read_directory(BROKEN)
    assert [str(fault).replace(f"{BROKEN}/", "", 1) for fault in sorted(reading.faults)] == [
        line.format(BROKEN) for line in WRONG
    ]
    assert len({fault.file for fault in reading.faults}) == 10


def test_no_two_files_differ_only_by_a_number() -> None:
    texts = [re.sub(rb"\d+", b"0", file.read_bytes()) for file in files(FLEET) + files(BROKEN)]
    assert len(set(texts)) == len(texts)


def test_the_formats_are_all_there(entries: list[Entry]) -> None:
    assert {entry.file.rpartition(".")[2] for entry in entries} == {"yaml", "json", "toml", "env"}
    assert sum(entry.file.endswith(".env") for entry in entries) >= 10


def test_the_shapes_are_many(entries: list[Entry]) -> None:
    """By the kind of thing that they configure, five entries or more of each, and by the names at the top."""
    kinds = Counter(entry.namespace.partition("/")[0] for entry in entries)
    assert len([kind for kind, count in kinds.items() if count >= 5]) >= 12
    assert len({frozenset(entry.value) for entry in entries if isinstance(entry.value, dict)}) >= 100


def test_it_nests_and_counts_as_real_values_do(entries: list[Entry]) -> None:
    text = "".join(json_text.write(entry.value) for entry in entries)
    assert max(depth(entry.value, 61) for entry in entries) >= 6
    assert re.search(r"\b\d{30}\b", text) and re.search(r"\.\d{25}", text)
    assert all(alphabet in text for alphabet in ("ß", "ください", "مرحب", "שלום", "ग्राहक", "Ольга", "👋🏽"))


def test_every_secret_is_a_reference(entries: list[Entry]) -> None:
    assert sum(len(list(_references(entry.value))) for entry in entries) >= 20


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$secret"]] if "$secret" in value else []
        return own + [found for member in value.values() for found in _references(member)]
    return [found for item in value for found in _references(item)] if isinstance(value, list) else []


def test_comments_are_where_the_format_has_them() -> None:
    commented = [
        file for file in files(FLEET) if file.suffix in (".yaml", ".toml", ".env") and b"#" in file.read_bytes()
    ]
    assert len(commented) >= 80
