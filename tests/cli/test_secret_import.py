"""`secret import`: from a file and from AWS (moto), all that is wrong at once, and never a value on a screen."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from moto import mock_aws

from tests.cli.running import Ended, ServedHome, run

CANARY = "canary-7f3a"
AWS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
}


class Importer:
    def __init__(self, home: ServedHome, tenant: str) -> None:
        home.tenant(tenant)
        self._variables = {**home.variables(tenant), **AWS, "LLM_CONFIG_ENV": "production"}

    def run(self, *arguments: str) -> Ended:
        return run(["secret", *arguments], self._variables)

    def imported(self, *arguments: str) -> Any:
        done = self.run("import", *arguments, "-o", "json")
        assert (done.exit_code, done.stderr) == (0, ""), done.stderr
        assert CANARY not in done.stdout
        return json.loads(done.stdout)

    def refused(self, *arguments: str) -> Ended:
        done = self.run("import", *arguments)
        assert done.exit_code != 0 and done.stdout == ""
        assert CANARY not in done.stderr
        return done

    def secrets(self) -> dict[str, Any]:
        listed = json.loads(self.run("list", "-o", "json").stdout)["items"]
        return {f"{one['namespace']}/{one['key']}": one for one in listed}

    def value(self, path: str) -> Any:
        return json.loads(self.run("get", path, "-o", "json").stdout)["value"]


@pytest.fixture
def importer(served_home: ServedHome, request: pytest.FixtureRequest) -> Importer:
    return Importer(served_home, f"import-{abs(hash(request.node.name)) % 10**9}")


@pytest.fixture
def aws() -> Iterator[boto3.Session]:
    with mock.patch.dict("os.environ", AWS), mock_aws():
        yield boto3.Session(region_name="eu-west-1")


def client(session: boto3.Session, service: str) -> Any:
    return session.client(service)  # type: ignore[call-overload]


def dotenv(directory: Path, text: str) -> str:
    file = directory / "service.env"
    file.write_text(text)
    return str(file)


def test_a_dotenv_files_variables_become_secrets(importer: Importer, tmp_path: Path) -> None:
    file = dotenv(tmp_path, f"OPENAI_API_KEY=sk-{CANARY}\nDB_PASSWORD='{CANARY} $x'\n")
    told = importer.imported(file, "--namespace", "services/gateway", "--reason", "moved in")
    assert (told["dry_run"], told["created"], told["skipped"], told["environment"]) == (False, 2, [], "production")
    assert [(one["path"], one["type"], one["version"], one["from"]) for one in told["secrets"]] == [
        ("services/gateway/db_password", "generic", 1, "DB_PASSWORD"),
        ("services/gateway/openai_api_key", "api_key", 1, "OPENAI_API_KEY"),
    ]
    stored = importer.secrets()["services/gateway/openai_api_key"]
    assert (stored["tags"], stored["reason"]) == ({"env_name": "OPENAI_API_KEY"}, "moved in")
    assert importer.value("services/gateway/db_password") == f"{CANARY} $x"


def test_a_dry_run_says_the_same_and_changes_nothing(importer: Importer, tmp_path: Path) -> None:
    file = dotenv(tmp_path, f"A=sk-{CANARY}\n")
    told = importer.imported(file, "--namespace", "app", "--dry-run")
    assert (told["dry_run"], told["secrets"]) == (
        True, [{"path": "app/a", "type": "api_key", "version": None, "from": "A"}],
    )  # fmt: skip
    assert importer.secrets() == {}
    seen = importer.run("import", file, "--namespace", "app", "--dry-run")
    assert "1 to create in production" in seen.stdout and CANARY not in seen.stdout


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_sent(importer: Importer, tmp_path: Path) -> None:
    importer.imported(dotenv(tmp_path, "THERE=x\n"), "--namespace", "app")
    file = dotenv(tmp_path, f"A={CANARY}\na={CANARY}\nB=$HOME{CANARY}\nTHERE={CANARY}\nC={CANARY}\n")
    done = importer.refused(file, "--namespace", "app")
    assert done.exit_code == 7
    assert [line.split(":")[1] for line in done.stderr.splitlines() if line.startswith(file)] == ["2", "3", "4"]
    assert set(importer.secrets()) == {"app/there"}


def test_what_is_there_is_left_alone_when_that_is_said(importer: Importer, tmp_path: Path) -> None:
    importer.imported(dotenv(tmp_path, "A=1\n"), "--namespace", "app")
    told = importer.imported(dotenv(tmp_path, "A=2\nB=3\n"), "--namespace", "app", "--skip-existing")
    assert (told["created"], told["skipped"]) == (1, ["app/a"])
    assert (importer.value("app/a"), importer.value("app/b")) == ("1", "3")


def test_only_names_that_begin_so_come_and_without_their_beginning(importer: Importer, tmp_path: Path) -> None:
    told = importer.imported(dotenv(tmp_path, "GW_A=1\nB=2\n"), "--namespace", "app", "--prefix", "GW_")
    assert [one["path"] for one in told["secrets"]] == ["app/a"]


def test_secrets_manager_is_read_by_prefix(importer: Importer, aws: boto3.Session) -> None:
    manager = client(aws, "secretsmanager")
    login = {"username": "u", "password": CANARY, "host": "db", "port": 5432, "dbname": "app"}
    manager.create_secret(Name="prod/gateway/DB_Login", SecretString=json.dumps(login))
    manager.create_secret(Name="prod/gateway/token", SecretBinary=f"sk-{CANARY}".encode())
    manager.create_secret(Name="test/gateway/token", SecretString="x")
    told = importer.imported("--from", "aws-secrets-manager", "--prefix", "prod/", "--namespace", "services")
    assert [(one["path"], one["type"], one["from"]) for one in told["secrets"]] == [
        ("services/gateway/db_login", "database_credentials", "prod/gateway/DB_Login"),
        ("services/gateway/token", "api_key", "prod/gateway/token"),
    ]
    found = importer.value("services/gateway/db_login")
    assert found == {"username": "u", "password": CANARY, "host": "db", "port": 5432, "database": "app"}
    assert importer.secrets()["services/gateway/db_login"]["tags"] == {"env_name": "prod/gateway/DB_Login"}


def test_bytes_names_and_collisions_are_told_by_the_name_of_the_secret(importer: Importer, aws: boto3.Session) -> None:
    manager = client(aws, "secretsmanager")
    manager.create_secret(Name="raw", SecretBinary=b"\xff" + CANARY.encode())
    manager.create_secret(Name="under_score/key", SecretString=CANARY)
    for name in ("Key", "key"):
        manager.create_secret(Name=name, SecretString=CANARY)
    done = importer.refused("--from", "aws-secrets-manager", "--namespace", "app")
    lines = [line for line in done.stderr.splitlines() if line.startswith("aws-secrets-manager:")]
    assert len(lines) == 3
    assert any("aws-secrets-manager:raw" in line and "UTF-8" in line for line in lines)
    assert any("aws-secrets-manager:under_score/key" in line for line in lines)
    assert importer.secrets() == {}


def test_the_parameter_stores_secure_strings_come_and_nothing_else(importer: Importer, aws: boto3.Session) -> None:
    store = client(aws, "ssm")
    for number in range(12):  # more than a page
        store.put_parameter(Name=f"/prod/app/K{number}", Value=f"{CANARY}-{number}", Type="SecureString")
    store.put_parameter(Name="/prod/app/plain", Value="1", Type="String")
    store.put_parameter(Name="/test/app/K", Value="1", Type="SecureString")
    told = importer.imported("--from", "aws-ssm", "--prefix", "/prod/app", "--namespace", "services/app")
    assert {one["path"] for one in told["secrets"]} == {f"services/app/k{number}" for number in range(12)}
    assert importer.value("services/app/k7") == f"{CANARY}-7"


def test_a_value_that_the_service_takes_under_no_guess_is_stored_as_generic(importer: Importer, tmp_path: Path) -> None:
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    told = importer.imported(dotenv(tmp_path, f"TLS='{broken}'\n"), "--namespace", "app")
    assert told["secrets"][0]["type"] == "generic"
    assert importer.value("app/tls") == broken


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--namespace", "app"), id="no file"),
        pytest.param(("absent.env", "--namespace", "app"), id="an absent file"),
        pytest.param(("x.env", "--from", "aws-ssm", "--namespace", "app"), id="a file and AWS"),
        pytest.param(("--from", "vault", "--namespace", "app"), id="another source"),
        pytest.param(("x.env",), id="no namespace"),
    ],
)
def test_a_command_that_says_too_little_or_too_much_is_told_so(importer: Importer, arguments: tuple[str, ...]) -> None:
    assert importer.refused(*arguments).exit_code == 2


def test_an_empty_source_is_told(importer: Importer, aws: boto3.Session, tmp_path: Path) -> None:
    assert importer.refused(dotenv(tmp_path, "# nothing\n"), "--namespace", "app").exit_code == 2
    assert importer.refused("--from", "aws-ssm", "--namespace", "app").exit_code == 2


def test_what_aws_refuses_is_told_by_its_code(importer: Importer, aws: boto3.Session) -> None:
    manager = client(aws, "secretsmanager")
    manager.create_secret(Name="first", SecretString=CANARY)
    manager.create_secret(Name="without-a-value")
    done = importer.refused("--from", "aws-secrets-manager", "--namespace", "app")
    refused = "AWS refused GetSecretValue after aws-secrets-manager:first: ResourceNotFoundException"
    assert (done.exit_code, refused in done.stderr) == (8, True)


def test_without_boto3_it_is_said_what_to_install(importer: Importer) -> None:
    with mock.patch.dict("sys.modules", {"botocore.exceptions": None}):
        done = importer.refused("--from", "aws-ssm", "--namespace", "app")
    assert "llm-config-manager[aws]" in done.stderr
