"""How the audit's database is kept: migrated by the deployment, every day, by its owner's one function; its archive."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from llm_config_cdk import migrations
from llm_config_cdk.stages import DEV, PRODUCTION, AuditDatabase, Network, check
from tests.infra.templates.conftest import AUDIT, WITNESS
from tests.support.templates import Templates, listed

DAYS_OF_SEVEN_YEARS = 7 * 365


def test_a_deployment_waits_for_the_migrations_and_another_one_brings_them_anew(whole: Templates) -> None:
    (shape,) = whole.properties("Custom::AuditDatabase")
    assert "migrateaudit" in json.dumps(shape["ServiceToken"])
    assert shape["Migrations"] == migrations.migrations_fingerprint()
    assert int(shape["ServiceTimeout"]) == 600


def test_another_migration_is_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", tmp_path)
    empty = migrations.migrations_fingerprint()
    (tmp_path / "0001_a.sql").write_text("SELECT 1")
    one = migrations.migrations_fingerprint()
    (tmp_path / "0001_a.sql").rename(tmp_path / "0002_a.sql")
    assert len({empty, one, migrations.migrations_fingerprint()}) == 3


def test_one_function_alone_reads_the_owners_login(whole: Templates) -> None:
    secret = whole.place.arn("audit-owner")
    readers = [name for name, one in whole.identity_statements() if secret in listed(one["Resource"])]
    assert len(readers) == 1 and "migrateaudit" in readers[0].replace("_", "").lower()
    (made,) = whole.properties("AWS::SecretsManager::Secret")
    assert made["Name"] == "llm-config-whole/audit-owner"


def test_a_stage_without_the_database_keeps_none_and_searches_nothing(dev: Templates) -> None:
    assert not dev.all("Custom::AuditDatabase")
    queues = {told["QueueName"].removeprefix("llm-config-dev-") for told in dev.properties("AWS::SQS::Queue")}
    assert not {"days", "named", "sweep_names", "sweep_names-failed"} & queues
    assert not {"search_names", "project_names", "sweep_names"} & set(dev.functions())
    assert {"list_namespaces", "push_changes"} <= set(dev.functions())


def test_who_searches_and_who_keeps_the_names_stand_where_the_database_is(whole: Templates) -> None:
    for name in ("search_names", "project_names", "sweep_names"):
        told = whole.functions()[name]
        assert told["VpcConfig"]["SubnetIds"], name
        assert told["Environment"]["Variables"]["LLM_CONFIG_AUDIT_HOST"], name
        assert "LLM_CONFIG_AUDIT_OWNER" not in told["Environment"]["Variables"], name


def test_the_archive_gets_colder_and_ends_after_seven_years(whole: Templates) -> None:
    (bucket,) = [
        told for told in whole.properties("AWS::S3::Bucket") if told.get("BucketName") == whole.place.bucket("audit")
    ]
    rules = {rule.get("Prefix", ""): rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    told = {one["StorageClass"]: one["TransitionInDays"] for one in rules["archive/"]["Transitions"]}
    assert told == {"STANDARD_IA": 30, "GLACIER": 365 - 90}
    assert rules["archive/"]["ExpirationInDays"] == DAYS_OF_SEVEN_YEARS - 90
    assert rules["exports/"]["ExpirationInDays"] == 1
    assert PRODUCTION.checkpoint_years == 7


def test_who_asks_the_database_has_the_file_of_its_authorities_and_nobody_else(whole: Templates) -> None:
    brought = {
        logical.rpartition("/")[2]
        for logical, layer in whole.all("AWS::Lambda::LayerVersion").items()
        if layer["Properties"]["Description"].endswith(": authorities")
    }
    for name, told in whole.functions().items():
        stands_on = {layer.strip("<>") for layer in told["Layers"]}
        place = told["Environment"]["Variables"].get("LLM_CONFIG_AUDIT_AUTHORITIES")
        assert (place == "/opt/authorities.pem") == bool(stands_on & brought), name
    assert brought


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----"])
def test_a_database_that_nobody_could_recognise_is_not_deployed(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match="PEM file of its authorities"):
        check(replace(DEV, network=Network(audit_database=AuditDatabase(file))), [])


@pytest.mark.parametrize(
    ("key", "address", "why"),
    [(WITNESS, "http://witness.example", "https"), ("witness.example/one", "https://witness.example", "NAME")],
)
def test_a_witness_that_the_function_could_not_ask_is_refused(key: str, address: str, why: str) -> None:
    database = replace(AUDIT, witnesses={key: address})
    with pytest.raises(ValueError, match=why):
        check(replace(DEV, network=Network(audit_database=database)), [])
