"""Where receipts of answers are kept: a file each, called after the entry that it promises."""

import sys
from pathlib import Path

from llm_config_domain.audit.receipts import read


def keep(note: str | None, directory: str) -> None:
    """What was asked for is done by now: that a receipt cannot be kept is told, and nothing fails by it."""
    if note is None:
        return
    try:
        path = Path(directory) / f"{read(note.partition(chr(10) * 2)[0]).entry_id}.note"
        path.write_text(note, encoding="utf-8")
    except (OSError, ValueError):
        sys.stderr.write("note: the receipt of this answer could not be kept\n")
