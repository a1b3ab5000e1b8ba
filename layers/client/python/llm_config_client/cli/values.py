"""Values from the command line, files and stdin; secrets from places that nobody looks over."""

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from llm_config_client.cli.failures import Usage
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed
from llm_config_domain.json_text import Json

STDIN = "-"
IN_HISTORY = "warning: --value lands in the shell's history and in the list of processes: prefer '-' and stdin"


def config_value(argument: str | None, file: str | None) -> Json:
    """JSON from the argument, from `--file`, or from stdin when either is `-`."""
    if argument is not None and file is None:
        return _json(read_text(STDIN) if argument == STDIN else argument)
    if file is None or argument is not None:
        raise Usage(
            "say what to store: JSON, or --file F, or - for stdin",
            """for example: llm-config config put app/database '{"pool_size": 10}' --env production""",
        )
    return _json(read_text(file))


def schema(file: str | None) -> dict[str, Json] | None:
    """The JSON Schema in a file. Raises Usage for JSON that cannot be one."""
    return _object(file, "--schema is a file with a JSON Schema: one object")


def target(file: str | None) -> dict[str, Json] | None:
    """Where a credential is valid, as docs/rotation-targets.md writes it. Raises Usage for JSON that cannot be it."""
    return _object(file, "--target is a file with one JSON object: its `kind`, and what that kind needs")


def _object(file: str | None, otherwise: str) -> dict[str, Json] | None:
    if file is None:
        return None
    found = _json(read_text(file))
    if not isinstance(found, dict):
        raise Usage(otherwise)
    return found


def secret_value(source: str | None, *, file: str | None, value: str | None, as_json: bool) -> Json:
    """A secret from stdin (`-`), a file, the option that warns, or asked for twice on a terminal."""
    if sum(given is not None for given in (source, file, value)) > 1:
        raise Usage("one source for the value: -, or --file F")
    if value is not None:
        sys.stderr.write(IN_HISTORY + "\n")
        text = value
    elif source is not None:
        text = _piped(source)
    else:
        text = read_text(file) if file else _asked()
    return _json(text) if as_json else text


def _piped(source: str) -> str:
    if source != STDIN:
        raise Usage("a secret is not taken from the command line, where others can see it", "pipe it in, and say -")
    text = read_text(STDIN).removesuffix("\n")
    if not text:
        raise Usage("stdin was empty: nothing was stored")
    return text


def _asked() -> str:
    """Typed twice, unseen."""
    if not sys.stdin.isatty():
        raise Usage("say where the value comes from: - for stdin, or --file F")
    text = getpass.getpass("value (not shown): ")
    if text != getpass.getpass("once more: "):
        raise Usage("the two values differ: nothing was stored")
    if not text:
        raise Usage("the value is empty: nothing was stored")
    return text


def read_text(file: str) -> str:
    """The text of a file, or of stdin when it is `-`. Raises Usage, or Malformed for bytes that are not UTF-8."""
    try:
        raw = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
    except OSError as error:
        raise Usage(f"the file cannot be read: {error.strerror}") from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("the value is not UTF-8 text") from None


def _json(text: str) -> Json:
    try:
        return json_text.read(text)
    except Malformed as error:
        detail = error.detail.replace("the body", "the value")
        raise Malformed(f"""{detail}; in a shell: '{{"a": 1}}', '"text"', '10'""") from None


def tags(pairs: Sequence[str] | None) -> dict[str, str] | None:
    """{name: value} of `name=value` texts."""
    if not pairs:
        return None
    split = [pair.partition("=") for pair in pairs]
    if not all(name and equals for name, equals, _ in split):
        raise Usage("a tag is written name=value")
    return {name: text for name, _, text in split}


def entity_tag(text: str | None) -> str | None:
    """`3` is version 3; `*` and quoted tags are as HTTP knows them (RFC 9110 section 13.1.1)."""
    return f'"{text}"' if text and text.isascii() and text.isdigit() else text
