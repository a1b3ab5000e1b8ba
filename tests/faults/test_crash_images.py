"""What a `kill -9` at each statement of the embedded store's writer would leave on the disk, and what a new home makes of it.

A killed process loses nothing that it handed to the kernel, so a copy of the files, made while the statement is about
to run, is the very thing that the next process finds.
"""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from llm_config_local.adapters.faulty import Faults
from llm_config_local.family import EmbeddedFamily
from tests.faults.points import Sampled, at, calls_of, requests
from tests.faults.stages import CHANGING, SqliteStage
from tests.faults.test_crash_points import check_restarted
from tests.support.exemplars import read
from tests.support.homes import ISSUER, Kit
from tests.support.nets import EVERY_OTHER

CHANGES = [one for one in requests("crash") if CHANGING[one.values[0]]]


@EVERY_OTHER
@pytest.mark.parametrize(("operation", "case", "thorough"), CHANGES)
def test_a_kill_at_any_statement_of_the_writer_leaves_all_or_nothing(
    tmp_path: Path, operation: str, case: str, some: Sampled[Any]
) -> None:
    stage = SqliteStage(tmp_path / "home", read(operation, case))
    calls_of(stage)
    images = images_of(stage, tmp_path)
    assert len(images) > (3 if stage.changes else 0), "BEGIN, SAVEPOINT, at least one row, RELEASE, COMMIT"
    restarted = some(images)
    for each in images:
        statement, image = each
        stage.forget()
        shutil.rmtree(stage.directory)
        shutil.copytree(image, stage.directory)
        with at(f"{operation} killed before {statement}"):
            assert stage.made() in ((0, 1) if stage.changes else (0,))
            stage.check()
            if each in restarted:
                check_restarted(stage)


def images_of(stage: SqliteStage, beside: Path) -> list[tuple[str, Path]]:
    """(statement, the directory as it was before it ran): one for each statement of the writer, and one of the end."""
    images: list[tuple[str, Path]] = []

    def keep(statement: str) -> None:
        image = beside / f"image-{len(images)}"
        shutil.copytree(stage.directory, image, ignore=shutil.ignore_patterns("*-shm"))
        images.append((f"statement {len(images) + 1}: {statement.split('(')[0]}", image))

    family = EmbeddedFamily(stage.directory, ISSUER)
    writer: sqlite3.Connection = vars(family.store)["_writer"]
    writer.set_trace_callback(keep)
    try:
        stage.send(Kit(family.tokens, Faults().around(family.factories())))
        writer.set_trace_callback(None)
        keep("the end")
    finally:
        family.close()
    return images
