"""PostgreSQL: two users take turns, so that the one in use keeps working while the other gets a new password.

The rights are a role's, and both users are its members: the new one is given the memberships of the current one, or the
role that the target's options name. What a user owns itself would be lost to the other, so that is refused. The server is
told SCRAM verifiers and no password: its log may hold every statement.
"""

import secrets
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from llm_config.adapters.targets.postgres_sessions import Sessions
from llm_config.adapters.targets.turns import Credential, Turn, members, plain
from llm_config_domain import times
from llm_config_domain.errors import TargetRefused
from llm_config_domain.secrets.values import Plaintext

_LONGEST = 63
"""Bytes of a name (NAMEDATALEN): the server would cut off what is longer."""


class PostgresTarget:
    """Implements `rotation_target` for `database_credentials`. `admin` is the login of a role that may make roles."""

    def __init__(self, admin: Credential, sessions: Sessions | None = None) -> None:
        self._admin, self._sessions = admin, sessions or Sessions()

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        """Nothing is at the server before `install`."""
        told = members(current, "host", "username", "password")
        return plain({**told, "username": _other(told["username"]), "password": secrets.token_urlsafe(32)})

    def install(self, turn: Turn, pending: Plaintext) -> None:
        new = members(pending, "username", "password")
        with self._sessions.open(self._admin(turn)) as admin:
            roles = _roles_to_give(admin, turn, new["username"])
            verifier = admin.pgconn.encrypt_password(
                new["password"].encode(), new["username"].encode(), b"scram-sha-256"
            ).decode()
            verb = "ALTER" if _exists(admin, new["username"]) else "CREATE"
            admin.execute(_login(verb, new["username"], verifier))
            for role in roles:
                admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(new["username"])))

    def test(self, turn: Turn, pending: Plaintext) -> None:
        """It logs in, as itself, and a wrong password does not: a server that trusts everybody proves nothing."""
        new = members(pending, "username", "password")
        if not self._logs_in(turn, pending):
            raise TargetRefused("the server does not let the new user in")
        if self._logs_in(turn, plain({**new, "password": secrets.token_urlsafe(32)})):
            raise TargetRefused("the server lets the new user in with any password: no rotation would mean anything")

    def retire(self, turn: Turn, old: Plaintext) -> None:
        """A late second call finds the user with another password, and leaves that alone."""
        if not self._logs_in(turn, old):
            return
        name = members(old, "username")["username"]
        with self._sessions.open(self._admin(turn)) as admin:
            admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(name)))
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (name,))
        if self._logs_in(turn, old):
            raise TargetRefused("the server said yes, and still lets the old user in")

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        """The user stays, without a password and out: it is the other one's partner."""
        self.retire(turn, pending)

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        """Of sessions that are open now; of those that ended the server knows nothing."""
        name = members(old, "username")["username"]
        seen = "SELECT max(greatest(backend_start, state_change)) FROM pg_stat_activity WHERE usename = %s"
        with self._sessions.open(self._admin(turn)) as admin:
            found = admin.execute(seen, (name,)).fetchone()
        return times.rfc3339(found[0]) if found and found[0] else None

    def _logs_in(self, turn: Turn, login: Plaintext) -> bool:
        return self._sessions.logs_in(login, self._admin(turn))


def _other(username: str) -> str:
    """`app` and `app_a` are followed by `app_b`, `app_b` by `app_a`."""
    base = username.removesuffix("_a").removesuffix("_b") if username[-2:] in ("_a", "_b") else username
    other = f"{base}_a" if username.endswith("_b") else f"{base}_b"
    if len(other.encode()) > _LONGEST:
        raise TargetRefused(f"the user's name and the suffix of its partner are at most {_LONGEST} bytes")
    return other


def _partner(username: str, turn: Turn, admin: psycopg.Connection[Any]) -> str:
    """Who is in use while `username` is made ready: at the first rotation it has no suffix."""
    partner = _other(username)
    return partner if _exists(admin, partner) else username.removesuffix("_b")


class _Standing(NamedTuple):
    roles: list[str]
    owns: int


def _roles_to_give(admin: psycopg.Connection[Any], turn: Turn, username: str) -> list[str]:
    said = turn.target.get("role")
    if isinstance(said, str):
        if not _exists(admin, said):
            raise TargetRefused("the server has no role as the target's option `role` names it")
        return [said]
    standing = _standing(admin, _partner(username, turn, admin))
    if standing.owns:
        raise TargetRefused(
            "the current user has rights of its own: give them to a role, make the user its member, or name it in the "
            "option `role` of the rotation's target"
        )
    return standing.roles


def _standing(admin: psycopg.Connection[Any], username: str) -> _Standing:
    roles = admin.execute(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member"
        " WHERE u.rolname = %s ORDER BY 1",
        (username,),
    ).fetchall()
    owns = admin.execute(
        "SELECT count(*) FROM pg_shdepend d JOIN pg_roles u ON u.oid = d.refobjid"
        " WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype IN ('o', 'a') AND u.rolname = %s",
        (username,),
    ).fetchone()
    return _Standing([name for (name,) in roles], owns[0] if owns else 0)


def _exists(admin: psycopg.Connection[Any], role: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is not None


def _login(verb: str, username: str, verifier: str) -> sql.Composed:
    told = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
    return told.format(sql.SQL(verb), sql.Identifier(username), sql.Literal(verifier))
