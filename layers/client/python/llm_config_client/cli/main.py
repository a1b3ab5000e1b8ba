"""The console script `llm-config`: run a command, print what it returns or tell what went wrong."""

import io
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

import typer
from typer.main import get_command

from llm_config_client.cli import (
    audit,
    audit_reads,
    audit_subjects,
    caches,
    compliance,
    configs,
    credentials,
    doctor,
    exports,
    fleet,
    generators,
    history,
    imports,
    namespaces,
    panic,
    patches,
    rotation_schedules,
    rotations,
    run,
    search,
    secret_imports,
    secrets,
    stages,
    subscriptions,
    tenants,
    watch,
)
from llm_config_client.cli.app import app
from llm_config_client.cli.failures import INTERRUPTED, failure
from llm_config_client.cli.screen import Printed

COMMANDS = (
    *(configs, history, patches, watch, run, imports, exports, search),
    *(secrets, generators, secret_imports, stages, rotations, rotation_schedules, panic),
    *(
        namespaces,
        caches,
        credentials,
        subscriptions,
        audit_reads,
        audit_subjects,
        fleet,
        audit,
        compliance,
        tenants,
        doctor,
    ),
)
"""Imported because each hangs its commands into the app."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code; see `failures`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    try:
        done = _command()(given, prog_name="llm-config", standalone_mode=False)
        return _print(done) if isinstance(done, Printed) else int(done or 0)
    except BrokenPipeError:
        return _reader_left()
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:  # the outermost wrapper: nobody is shown a traceback
        return _tell(error, debug="--debug" in given)


@cache
def _command() -> Any:
    return get_command(app)


def _print(printed: Printed) -> int:
    sys.stdout.write(printed.text)
    sys.stdout.flush()
    return printed.exit_code


def _tell(error: Exception, *, debug: bool) -> int:
    told = failure(error, debug=debug)
    sys.stderr.write("".join(f"{line}\n" for line in told.lines))
    return told.exit_code


def _speak_utf8() -> None:
    """A pipe carries UTF-8 whatever the locale says: a value must arrive as it is stored. A terminal gets what it can."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")


def _reader_left() -> int:
    """`| head` has seen enough. What is still buffered goes nowhere, so that the interpreter's exit is quiet too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return INTERRUPTED
