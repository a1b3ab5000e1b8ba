"""`llm-config doctor`: is everything in place, and if not, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from llm_config_client import calls
from llm_config_client.cli.app import app
from llm_config_client.cli.commands import Session, command
from llm_config_client.cli.failures import NOT_ALLOWED, OK, OTHER, failure
from llm_config_client.cli.screen import Printed
from llm_config_client.core import Answer, Call, T
from llm_config_client.errors import ClientFault
from llm_config_domain.errors import Refusal

ADVICE = {
    "live": "start the server, or correct LLM_CONFIG_URL, --url or the profile",
    "ready": "the server runs but cannot serve yet: try again, then tell whoever runs it",
    "credential": "get a new token and put it into LLM_CONFIG_TOKEN, or token_file in a profile",
    "clock": "set this machine's clock (NTP)",
}
LEEWAY_SECONDS = 60
"""How far a clock may be off before tokens are refused (the service's leeway)."""


@dataclass(frozen=True, slots=True)
class Check:
    """`exit_code` is not 0 when something is wrong; then `advice` says what to do."""

    name: str
    detail: str
    advice: str = ""
    exit_code: int = OK


@command((app, "doctor"), examples=["llm-config doctor", "llm-config doctor --profile work -o json"])
def doctor(session: Session) -> Printed:
    """Check the address, the server, the credential and the clock."""
    from llm_config_client.cli import tables

    checks = list(_checks(session))
    document = [
        {"check": check.name, "ok": check.exit_code == OK, "detail": check.detail, "advice": check.advice}
        for check in checks
    ]
    rows = [(check.exit_code == OK, check.name, check.detail, check.advice) for check in checks]
    worst = next((check.exit_code for check in checks if check.exit_code != OK), OK)
    return session.show_document(document, lambda: tables.checks(rows), exit_code=worst)


def _checks(session: Session) -> Iterator[Check]:
    """What needs the server is not asked when it does not answer."""
    yield Check("url", f"{session.settings.server.url} ({session.settings.url_from})")
    live, answer = _asked(session, "live", calls.live())
    yield live
    if answer is None:
        return
    yield _asked(session, "ready", calls.ready())[0]
    yield _credential(session)
    yield _clock(answer.headers.get("date", ""), datetime.now(UTC))


def _asked(session: Session, name: str, call: Call[T]) -> tuple[Check, Answer[T] | None]:
    try:
        answer = session.send(call)
    except (Refusal, ClientFault) as error:
        return Check(name, error.detail, ADVICE[name], failure(error).exit_code), None
    return Check(name, "yes"), answer


def _credential(session: Session) -> Check:
    source = session.settings.token_from
    if source is None:
        return Check("credential", "none", ADVICE["credential"], NOT_ALLOWED)
    check, answer = _asked(session, "credential", calls.whoami())
    if answer is None:
        return check
    who = answer.body
    return Check("credential", f"{who.subject} of {who.tenant}, {', '.join(who.roles) or 'no roles'} ({source})")


def _clock(date: str, now: datetime) -> Check:
    """`date` is the answer's Date header (RFC 9110 section 6.6.1), to the second."""
    try:
        off = round((now - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return Check("clock", "the server does not say its time")
    if abs(off) > LEEWAY_SECONDS:
        way = "ahead of" if off > 0 else "behind"
        return Check("clock", f"{abs(off)} s {way} the server's", ADVICE["clock"], OTHER)
    return Check("clock", "agrees with the server's")
