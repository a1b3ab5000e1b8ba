"""What went wrong, as an exit code and a few plain lines: what happened, what to do, the request's id."""

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import typer

from llm_config_client.cli.screen import shown
from llm_config_client.errors import (
    ClientFault,
    DamagedListing,
    Misconfigured,
    NotConverged,
    Unreachable,
    UnreadableAnswer,
    request_id,
)
from llm_config_client.files.faults import FilesRefused
from llm_config_client.sources.originals import SourceFailed
from llm_config_domain import errors
from llm_config_domain.errors import Refusal

OK, USAGE, ABSENT, NOT_ALLOWED, UNREACHABLE, CONFLICT, REFUSED, OTHER = 0, 2, 3, 4, 5, 6, 7, 8
UNFINISHED, HELD = 9, 10
"""Of a rotation that was followed: it failed, was aborted or rolled back; or it waits for a person."""
INTERRUPTED = 130

FAILURES: Mapping[type[Exception], tuple[int, str]] = {
    errors.NotFound: (ABSENT, "check the name, and of a config or a secret the environment"),
    errors.Unauthenticated: (NOT_ALLOWED, "put a valid token into LLM_CONFIG_TOKEN; 'llm-config doctor' checks it"),
    errors.PermissionDenied: (NOT_ALLOWED, "ask for a role that allows it; 'llm-config whoami' shows yours"),
    errors.Unavailable: (UNREACHABLE, "try again in a moment"),
    Unreachable: (UNREACHABLE, "is it running, and is the address right? 'llm-config doctor' checks both"),
    errors.Conflict: (CONFLICT, "read what is there, or choose another name"),
    errors.InProgress: (CONFLICT, "wait until it is done, then try again"),
    errors.PreconditionFailed: (CONFLICT, "read it again, then write with --if-match and the version that you saw"),
    errors.Malformed: (REFUSED, "correct the request; --help shows examples"),
    errors.TooLarge: (REFUSED, "send less, or split it over several names"),
    errors.ValueRefused: (REFUSED, "correct the value; nothing was stored"),
    errors.MethodNotAllowed: (OTHER, "is the server older than this command?"),
    errors.NotAcceptable: (OTHER, "is the server older than this command?"),
    Refusal: (OTHER, "tell whoever runs the server, with the request id"),
    NotConverged: (CONFLICT, "'llm-config fleet status' shows who is behind, and who does not report any more"),
    Misconfigured: (USAGE, "correct the address, the token or the profile"),
    FilesRefused: (REFUSED, "correct the files, then run the same command again"),
    DamagedListing: (OTHER, "run it again; when it stays so, something on the way to the server alters its answers"),
    UnreadableAnswer: (OTHER, "is this the address of LLM-Config-Manager? 'llm-config doctor' says which is used"),
    SourceFailed: (OTHER, "check the source's credentials, region and permissions; nothing was sent"),
    ClientFault: (OTHER, ""),
}


class Usage(ClientFault):
    """The command was not used as it must be. `hint` says how."""

    def __init__(self, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Failure:
    exit_code: int
    lines: tuple[str, ...]


def failure(error: Exception, *, debug: bool = False) -> Failure:
    """How `error` is told. What nobody foresaw is told by its type, with `debug` also by place, never by its text."""
    if isinstance(error, Usage):
        return Failure(USAGE, _lines(error.detail, error.hint))
    if isinstance(error, Refusal | ClientFault):
        return _known(error)
    if isinstance(error, typer.TyperException):
        return _misused(error)
    places = _places(error) if debug else ("hint: this is a defect of llm-config; --debug says where it happened",)
    return Failure(OTHER, (f"error: unexpected {type(error).__name__}", *places))


def _known(error: Refusal | ClientFault) -> Failure:
    exit_code, hint = next(FAILURES[kind] for kind in type(error).__mro__ if kind in FAILURES)
    number = request_id(error)
    told = [f"request id: {shown(number)}"] if number else []
    violations = _violations(error) if isinstance(error, Refusal) else _faults(error)
    first, *rest = _lines(error.detail, hint)
    return Failure(exit_code, (first, *violations, *rest, *told))


def _violations(refusal: Refusal) -> Iterator[str]:
    for violation in sorted(refusal.violations, key=lambda violation: violation.path):
        yield f"  {shown(violation.path) or '(the whole value)'}: {shown(violation.message)} [{shown(violation.rule)}]"
    if refusal.limit is not None:
        current = "" if refusal.current is None else f", this is {refusal.current}"
        yield f"  the limit is {refusal.limit}{current}"


def _faults(error: ClientFault) -> Iterator[str]:
    """As compilers write them: an editor jumps to what begins its line."""
    yield from (shown(str(fault)) for fault in (error.faults if isinstance(error, FilesRefused) else ()))


def _lines(detail: str, hint: str) -> tuple[str, ...]:
    return (f"error: {shown(detail)}", *([f"hint: {hint}"] if hint else []))


def _places(error: Exception) -> tuple[str, ...]:
    return tuple(f"  at {at.filename}:{at.lineno} in {at.name}" for at in traceback.extract_tb(error.__traceback__))


def _misused(error: typer.TyperException) -> Failure:
    """Typer's own refusals. Their texts quote what was typed, and that can be a secret in the wrong place, so only
    words that are surely option names and the program's own words are passed on."""
    message = error.format_message()
    if message.startswith("Usage:"):
        return Failure(USAGE, (message,))
    context: Any = getattr(error, "ctx", None)
    program = context.command_path if context else "llm-config"
    return Failure(error.exit_code, _lines(_misuse(error, message), f"'{program} --help' says how it is used"))


def _misuse(error: typer.TyperException, message: str) -> str:
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    if option is not None:
        return _wrong_option(str(option), getattr(error, "possibilities", None) or (), message)
    if hasattr(error, "param_type") and parameter is not None:
        return f"{parameter.get_error_hint()} is missing"
    if parameter is not None:
        choices = parameter.type_descriptor.choices
        return f"{parameter.get_error_hint()} takes {_one_of(choices) if choices else 'a whole number'}"
    if message.startswith("No such command"):
        return "there is no such command"
    return "too many arguments: put JSON, and text with spaces, in single quotes"


def _wrong_option(name: str, possibilities: Any, message: str) -> str:
    if "requires an argument" in message or "does not take a value" in message:
        return f"{name} {'needs a' if 'requires' in message else 'takes no'} value"
    plausible = len(name) < 20 and name.strip("-").replace("-", "").isalpha() and name.islower()
    maybe = f" (did you mean {', '.join(sorted(possibilities))}?)" if possibilities else ""
    return f"there is no option {name}{maybe}" if plausible else "there is no such option"


def _one_of(choices: Any) -> str:
    return "one of " + ", ".join(str(choice) for choice in choices)
