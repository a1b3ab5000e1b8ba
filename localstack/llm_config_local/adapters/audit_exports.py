"""Large exports of a home: orders and bundles are files of its data directory, and whoever has a signed address may
fetch one from the home's own front."""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.audit.exports import URL_SECONDS, ExportOrder, ExportPlace
from llm_config_domain.errors import Unavailable
from llm_config_local.adapters.key_file import write_durably

PATH = "/audit-exports"
"""Beside the API, as a bucket would be."""
KEPT_SECONDS, KEPT = 24 * 3600, 20
"""Exports of a tenant: an auditor fetches one, and who asks all day must not fill the disk."""


class FileAuditExports:
    """Implements `audit_exports`. `base_url` is the home's."""

    def __init__(self, directory: Path, base_url: str, clock: Clock) -> None:
        self._directory, self._base_url, self._clock = directory / "exports", base_url, clock

    def ask(self, order: ExportOrder) -> ExportPlace:
        path = self._path(order)
        made = path.exists()
        if not made:
            self._write(path.with_suffix(".order"), json.dumps(order.to_record()).encode())
        until = times.later(self._clock.now(), URL_SECONDS)
        name = f"{order.tenant}/{path.name}"
        told = {"expires": str(int(until.timestamp())), "signature": self._signature(name, int(until.timestamp()))}
        return ExportPlace(f"{self._base_url}{PATH}/{name}?{urlencode(told)}", times.rfc3339(until), made)

    def put(self, order: ExportOrder, content: bytes) -> None:
        path = self._path(order)
        self._write(path, content)
        path.with_suffix(".order").unlink(missing_ok=True)

    def orders(self) -> Iterator[dict[str, Any]]:
        """Those of which nothing is made yet."""
        for path in sorted(self._directory.glob("*/*.order")):
            with suppress(OSError, ValueError):
                yield json.loads(path.read_bytes())

    def forget(self) -> None:
        """What is older than a day goes, orders that never could be made too; and of a tenant all but the newest few."""
        for place in self._directory.glob("*/"):
            with suppress(OSError):
                found = [path for path in place.iterdir() if path.suffix in (".json", ".order")]
                found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
                for number, path in enumerate(found):
                    if number >= KEPT or time.time() - path.stat().st_mtime > KEPT_SECONDS:
                        path.unlink()

    def fetched(self, name: str, query: Mapping[str, str]) -> Path | None:
        """The file that an address names, if it is one that was given, is still good, and is made by now."""
        expires = query.get("expires", "")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 12):
            return None
        right = hmac.compare_digest(query.get("signature", "").encode(), self._signature(name, int(expires)).encode())
        path = self._directory / name
        return path if right and int(expires) > self._clock.now().timestamp() and path.is_file() else None

    def _path(self, order: ExportOrder) -> Path:
        return self._directory / order.tenant / f"{order.export_id}.json"

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, content)
        except OSError as error:
            raise Unavailable("the data directory cannot take this now: it is full or read-only") from error

    def _signature(self, name: str, expires: int) -> str:
        return hmac.new(self._key(), f"{name} {expires}".encode(), hashlib.sha256).hexdigest()

    def _key(self) -> bytes:
        """Made at the first export; the first of two wins."""
        path = self._directory / "key"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                made = path.with_suffix(f".{secrets.token_hex(4)}")
                write_durably(made, secrets.token_bytes(32))
                try:
                    os.link(made, path)
                finally:
                    made.unlink()
            return path.read_bytes()
        except OSError as error:
            raise Unavailable("the key of exports cannot be read") from error
