"""Two users of a real PostgreSQL take turns."""

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from llm_config.adapters.targets.postgres import PostgresTarget
from llm_config.adapters.targets.postgres_sessions import Sessions
from llm_config_domain.errors import TargetRefused, Unavailable
from tests.support.guarded_postgres import connected, served_postgres
from tests.support.turns import AskedTurn, opened, sealed

TURN = AskedTurn()
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def admin() -> Iterator[dict[str, Any]]:
    with served_postgres() as login:
        yield login


@pytest.fixture
def target(admin: dict[str, Any]) -> PostgresTarget:
    return PostgresTarget(lambda turn: sealed(admin), Sessions(local=True))


@pytest.fixture
def current(admin: dict[str, Any]) -> dict[str, Any]:
    """A user with its rights in a role, and a table that the role may read."""
    name = f'app "{next(NUMBERS)}'  # a name that must be quoted
    group = f"{name} rights"
    with connected(admin) as session:
        made = {"name": sql.Identifier(name), "role": sql.Identifier(group), "table": sql.Identifier(f"{name} table")}
        for statement in (
            "CREATE ROLE {role}",
            "CREATE ROLE {name} LOGIN PASSWORD 'first' IN ROLE {role}",
            "CREATE TABLE {table} AS SELECT 1 AS one",
            "GRANT SELECT ON {table} TO {role}",
        ):
            session.execute(sql.SQL(statement).format(**made))
    return {**admin, "username": name, "password": "first"}


def lets_in(login: dict[str, Any]) -> bool:
    try:
        with connected(login) as session:
            return session.execute("SELECT current_user").fetchone() == (login["username"],)
    except psycopg.OperationalError:
        return False


def rotated(target: PostgresTarget, login: dict[str, Any], turn: AskedTurn = TURN) -> dict[str, Any]:
    pending = target.create(turn, sealed(login))
    target.install(turn, pending)
    target.test(turn, pending)
    told: dict[str, Any] = opened(pending)
    return told


def test_both_users_work_until_the_old_one_is_retired(target: PostgresTarget, current: dict[str, Any]) -> None:
    new = rotated(target, current)
    assert (new["username"], new["host"]) == (f"{current['username']}_b", current["host"])
    assert lets_in(current) and lets_in(new)
    target.retire(TURN, sealed(current))
    assert lets_in(new) and not lets_in(current)


def test_the_new_user_may_do_what_the_old_one_may(target: PostgresTarget, current: dict[str, Any]) -> None:
    with connected(rotated(target, current)) as session:
        asked = sql.SQL("SELECT one FROM {}").format(sql.Identifier(f"{current['username']} table"))
        assert session.execute(asked).fetchone() == (1,)


def test_the_users_take_turns_and_never_three_are_let_in(target: PostgresTarget, current: dict[str, Any]) -> None:
    logins = [current]
    for _ in range(4):
        logins.append(rotated(target, logins[-1]))
        assert sum(map(lets_in, logins)) == 2
        target.retire(TURN, sealed(logins[-2]))
        assert sum(map(lets_in, logins)) == 1
    base = current["username"]
    assert [login["username"] for login in logins] == [base, *(f"{base}_{which}" for which in "baba")]


def test_every_step_may_come_twice(target: PostgresTarget, current: dict[str, Any]) -> None:
    pending = target.create(TURN, sealed(current))
    for _ in range(2):
        target.install(TURN, pending)
        target.test(TURN, pending)
    for _ in range(2):
        target.retire(TURN, sealed(current))
    assert lets_in(opened(pending)) and not lets_in(current)


def test_a_retirement_that_comes_late_leaves_the_next_password_alone(
    target: PostgresTarget, current: dict[str, Any]
) -> None:
    second = rotated(target, current)
    third = rotated(target, second)
    fourth = rotated(target, third)
    assert fourth["username"] == second["username"]
    target.retire(TURN, sealed(second))
    assert lets_in(fourth)


def test_what_is_withdrawn_is_let_in_no_more_and_the_current_one_is(
    target: PostgresTarget, current: dict[str, Any]
) -> None:
    pending = target.create(TURN, sealed(current))
    target.withdraw(TURN, pending)  # nothing was installed
    target.install(TURN, pending)
    for _ in range(2):
        target.withdraw(TURN, pending)
    assert lets_in(current) and not lets_in(opened(pending))
    assert lets_in(rotated(target, current))


def test_sessions_of_the_old_user_end_with_it(target: PostgresTarget, current: dict[str, Any]) -> None:
    rotated(target, current)
    with connected(current) as session:
        assert target.last_used(TURN, sealed(current)) is not None
        target.retire(TURN, sealed(current))
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    assert target.last_used(TURN, sealed(current)) is None


def test_rights_that_the_user_has_itself_are_not_lost_in_silence(
    target: PostgresTarget, current: dict[str, Any], admin: dict[str, Any]
) -> None:
    with connected(admin) as session:
        told = {"name": sql.Identifier(current["username"]), "table": sql.Identifier(f"{current['username']} table")}
        session.execute(sql.SQL("GRANT DELETE ON {table} TO {name}").format(**told))
    pending = target.create(TURN, sealed(current))
    with pytest.raises(TargetRefused, match="rights of its own"):
        target.install(TURN, pending)
    named = AskedTurn(target={"role": f"{current['username']} rights"})
    assert lets_in(rotated(target, current, named))
    with pytest.raises(TargetRefused, match="no role"):
        target.install(AskedTurn(target={"role": "nobody's"}), pending)


def test_the_server_is_told_no_password(target: PostgresTarget, current: dict[str, Any], admin: dict[str, Any]) -> None:
    new = rotated(target, current)
    with connected(admin) as session:
        asked = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
        [stored] = session.execute(asked, (new["username"],)).fetchall()
    assert stored[0].startswith("SCRAM-SHA-256$") and new["password"] not in stored[0]


def test_a_user_that_is_not_let_in_fails_its_test(target: PostgresTarget, current: dict[str, Any]) -> None:
    with pytest.raises(TargetRefused, match="does not let the new user in"):
        target.test(TURN, target.create(TURN, sealed(current)))


def test_a_server_that_does_not_answer_is_unavailable_and_no_value_is_told(
    target: PostgresTarget, current: dict[str, Any], admin: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = {**admin, "host": "127.0.0.1", "port": 1, "password": "canary-7f3a"}
    lost = PostgresTarget(lambda turn: sealed(nowhere), Sessions(local=True))
    for call in (lost.install, lost.test, lost.retire, lost.withdraw):
        with pytest.raises(Unavailable) as refused:
            call(TURN, sealed({**nowhere, "username": "canary"}))
        assert "canary" not in repr((refused.value.detail, refused.value.__cause__))


@pytest.mark.parametrize("host", ["/run/postgresql", "@x", "a,b", "localhost", "127.0.0.1", "::1", "169.254.169.254"])
def test_where_many_share_a_home_its_own_machine_is_no_target(admin: dict[str, Any], host: str) -> None:
    shared = PostgresTarget(lambda turn: sealed(admin))
    with pytest.raises(TargetRefused, match="another machine"):
        shared.test(TURN, sealed({"host": host, "username": "u", "password": "p"}))


@pytest.mark.parametrize(
    "value", [b"{", b'"text"', b'{"username":"u"}'], ids=["no JSON", "a text", "a login without its host"]
)
def test_what_is_no_login_is_refused(target: PostgresTarget, value: bytes) -> None:
    from llm_config_domain.secrets.values import Plaintext

    with pytest.raises(TargetRefused):
        target.create(TURN, Plaintext(value))


def test_a_name_that_the_server_would_cut_off_is_refused(target: PostgresTarget) -> None:
    with pytest.raises(TargetRefused, match="63"):
        target.create(TURN, sealed({"host": "h", "username": "u" * 62, "password": "p"}))
