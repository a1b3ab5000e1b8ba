"""From the bytes of a file to one JSON value, whatever it is written in."""

from collections.abc import Callable, Mapping
from pathlib import Path

from llm_config_client.files import json_reader, toml_reader, yaml_reader
from llm_config_client.files.faults import Unreadable
from llm_config_domain import json_text
from llm_config_domain.configs.entries import MAX_VALUE_BYTES
from llm_config_domain.json_text import Json

MAX_FILE_BYTES = 10 * 1024 * 1024
"""Comments and indentation may be ten times the value; more is not read."""
MAX_DEPTH = json_text.MAX_DEPTH - 3
"""A batch wraps each value into three levels of its own, and the service counts them."""

READERS: Mapping[str, Callable[..., Json]] = {
    ".yaml": yaml_reader.read,
    ".yml": yaml_reader.read,
    ".json": json_reader.read,
    ".toml": toml_reader.read,
}


def read_text(file: Path) -> str:
    """Raises Unreadable. A byte order mark at the beginning is left out: Windows' editors write it."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise Unreadable(f"larger than {MAX_FILE_BYTES // 1024 // 1024} MB: split it over several entries")
        raw = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable("not UTF-8: save the file in that encoding", line) from None


def read_value(file: Path) -> Json:
    """Raises Unreadable for whatever could not be stored as it stands there."""
    value = READERS[file.suffix](read_text(file), max_depth=MAX_DEPTH)
    try:
        size = len(json_text.write(value).encode("utf-8"))
    except UnicodeEncodeError:
        raise Unreadable("a text holds half of a surrogate pair: write the character itself") from None
    except ValueError:
        raise Unreadable("a number with too many digits") from None
    if size > MAX_VALUE_BYTES:
        raise Unreadable("the value is larger than 1 MiB: split it over several entries")
    return value
