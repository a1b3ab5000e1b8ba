"""Every place where bytes of ours come to rest or leave: gathered by name, to be searched."""

import io
import json
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from llm_config.adapters.dynamodb.keys import TABLES
from llm_config_domain.events import cloud_event
from llm_config_domain.journal import JournalEntry
from tests.support.aws import BUCKET, AwsKit
from tests.support.collecting import Collected, collecting
from tests.support.homes import EmbeddedKit, Kit

PRINTED = ("log", "access", "request", "metrics")
"""What is taken from the output; traces come beside it, from their collector."""


class Output:
    """All that is logged and printed while the block runs, with the root logger at DEBUG, as an operator may set it."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._collected: Collected | None = None

    def take(self) -> dict[str, str]:
        """What came since the last time, by sink: the lines of requests in their parts, and everything else as `log`."""
        lines = self._text.getvalue().splitlines()
        self._text.seek(0)
        self._text.truncate()
        parts = [(sink, text) for line in lines for sink, text in _parts(line)]
        printed = {sink: "\n".join(text for whose, text in parts if whose == sink) for sink in PRINTED}
        return {**printed, "traces": self._collected.take() if self._collected else ""}

    @contextmanager
    def listening(self) -> Iterator[None]:
        handler = logging.StreamHandler(self._text)
        handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))
        level = logging.root.level
        with pytest.MonkeyPatch.context() as patch, collecting() as self._collected:
            patch.setenv("LOG_LEVEL", "DEBUG")
            patch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
            logging.root.addHandler(handler)
            try:
                logging.root.setLevel(logging.DEBUG)
                with redirect_stdout(self._text), redirect_stderr(self._text):
                    yield
            finally:
                logging.root.removeHandler(handler)
                logging.root.setLevel(level)


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """Of a request's line: the access that it carries, what CloudWatch takes of it for metrics, and the rest."""
    told = _object(line)
    if not {"access", "duration_ms", "_aws"} & set(told):
        yield "log", line
        return
    if "access" in told:
        yield "access", json.dumps(told.pop("access"))
    yield "request", json.dumps(told)
    if "_aws" in told:
        directives = told["_aws"]["CloudWatchMetrics"]
        names = [name for each in directives for dimensions in each["Dimensions"] for name in dimensions]
        names += [metric["Name"] for each in directives for metric in each["Metrics"]]
        yield "metrics", json.dumps([told["_aws"], {name: told.get(name) for name in names}])


def _object(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


@contextmanager
def temporary_files(directory: Path) -> Iterator[None]:
    """Temporary files go to `directory`, where `elsewhere` looks."""
    directory.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(directory))
        patch.setenv("TMPDIR", str(directory))
        yield


def elsewhere(directory: Path) -> bytes:
    files = [path.read_bytes() for path in directory.rglob("*") if path.is_file()]
    return b"\n".join([repr(dict(os.environ)).encode(), repr(sys.argv).encode(), *files])


def store_of(kit: Kit) -> bytes:
    """Every byte at rest."""
    if isinstance(kit, AwsKit):
        return b"\n".join(_cloud(kit))
    assert isinstance(kit, EmbeddedKit)
    return b"\n".join(path.read_bytes() for path in sorted(kit.family.directory.rglob("*")) if path.is_file())


def _cloud(kit: AwsKit) -> Iterator[bytes]:
    for table in TABLES:
        for row in kit.account.rows(table):
            yield from _bytes_of(row)
    s3 = kit.account.client("s3")
    for listed in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        yield listed["Key"].encode()
        yield s3.get_object(Bucket=BUCKET, Key=listed["Key"])["Body"].read()


def _bytes_of(value: Any) -> Iterator[bytes]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield str(name).encode()
            yield from _bytes_of(member)
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from _bytes_of(item)
    elif hasattr(value, "value") and isinstance(value.value, bytes):
        yield value.value
    else:
        yield value if isinstance(value, bytes) else str(value).encode()


def journal_of(kit: Kit) -> list[JournalEntry]:
    if isinstance(kit, AwsKit):
        rows = [row["entry"]["S"] for row in kit.account.rows("journal") if "entry" in row]
    else:
        assert isinstance(kit, EmbeddedKit)
        with kit.family.store.snapshot() as db:
            rows = [text for (text,) in db.execute("SELECT entry FROM journal")]
    return [JournalEntry.from_record(json.loads(text)) for text in rows]


def at_rest(kit: Kit) -> dict[str, bytes]:
    """What a home holds, by sink."""
    entries = journal_of(kit)
    events = [event for entry in entries if (event := cloud_event(entry)) is not None]
    return {
        "store": store_of(kit),
        "journal": json.dumps([entry.to_record() for entry in entries], default=str).encode(),
        "event": json.dumps(events, default=str).encode(),
    }


def shown(*things: object) -> str:
    """What a careless print of `things` would show; of exceptions the whole chain, and a traceback."""
    return "\n".join(text for thing in things for text in _shown(thing))


def _shown(thing: object) -> Iterator[str]:
    yield from (repr(thing), str(thing), f"{thing}")
    if isinstance(thing, BaseException):
        yield "".join(traceback.format_exception(thing))
        for behind in (thing.__cause__, thing.__context__):
            if behind is not None:
                yield from (repr(behind), str(behind))
