"""Where a stage is reached, and what of it reaches others: the API, watching, the edge, and the networks."""

import json
from pathlib import Path

from llm_config_cdk.deployed_rows import ROWS
from llm_config_cdk.reach import asks_a_target, stands_inside
from tests.support.templates import WATCH_API, Templates, resolved


def test_with_a_name_of_its_own_the_api_has_no_other(dev: Templates, whole: Templates) -> None:
    (plain,), (named,) = (
        [told for told in templates.properties("AWS::ApiGatewayV2::Api") if told["ProtocolType"] == "HTTP"]
        for templates in (dev, whole)
    )
    assert (plain["DisableExecuteApiEndpoint"], named["DisableExecuteApiEndpoint"]) == (False, True)
    domains = {told["DomainName"]: told for told in whole.properties("AWS::ApiGatewayV2::DomainName")}
    for name, trust in (("origin.config.example", "edge"), ("mutual.config.example", "clients")):
        assert domains[name]["MutualTlsAuthentication"] == {"TruststoreUri": f"s3://trust/{trust}.pem"}


def test_the_api_is_throttled_and_its_log_holds_no_names_of_tenants(whole: Templates) -> None:
    for served in whole.properties("AWS::ApiGatewayV2::Stage"):
        limits = served["DefaultRouteSettings"]
        assert (limits["ThrottlingRateLimit"], limits["ThrottlingBurstLimit"]) == (2000, 4000)
        line = json.loads(served["AccessLogSettings"]["Format"])
        assert not {"$context.path", "$context.http.path"} & set(line.values())
    assert [told["StageName"] for told in whole.properties("AWS::ApiGatewayV2::Stage")] == ["$default", "v1"]


def test_watching_has_an_address_and_only_who_tells_is_told_it(assembly: Path, whole: Templates) -> None:
    apis = {told["ProtocolType"] for told in whole.properties("AWS::ApiGatewayV2::Api")}
    assert apis == {"HTTP", "WEBSOCKET"}
    address = f"{WATCH_API}.execute-api.{whole.place.region}.amazonaws.com/v1"
    template = json.loads((assembly / "llm-config-whole-watch.template.json").read_text())
    assert resolved(template["Outputs"]["url"]["Value"]) == f"wss://{address}"
    told = {name: whole.environment(name).get("LLM_CONFIG_WATCH_ENDPOINT") for name in whole.functions()}
    telling = ("push_changes", "push_heartbeats", "subscribe_watch")
    assert {name: url for name, url in told.items() if url} == dict.fromkeys(telling, f"https://{address}")


def test_the_logs_of_websockets_are_written_by_a_role_that_stays(whole: Templates) -> None:
    ((_, account),) = whole.all("AWS::ApiGateway::Account").items()
    role = whole.stacks["watch"][account["Properties"]["CloudWatchRoleArn"].strip("<>").removesuffix(".Arn")]
    assert account["DeletionPolicy"] == role["DeletionPolicy"] == "Retain"
    ((_, served),) = [one for one in whole.all("AWS::ApiGatewayV2::Stage").items() if one[0].startswith("watch/")]
    assert "account" in served["DependsOn"]


def test_the_edge_stands_where_firewalls_of_cloudfront_are_and_shows_its_certificate(
    assembly: Path, whole: Templates
) -> None:
    manifest = json.loads((assembly / "manifest.json").read_text())
    assert manifest["artifacts"]["llm-config-whole-edge"]["environment"].endswith("/us-east-1")
    (distribution,) = whole.properties("AWS::CloudFront::Distribution")
    (origin,) = distribution["DistributionConfig"]["Origins"]
    assert origin["DomainName"] == "origin.config.example"
    assert origin["CustomOriginConfig"]["OriginMtlsConfig"]["ClientCertificateArn"].endswith("/d")


def test_what_stands_in_the_network_has_no_way_out_but_who_asks_witnesses(whole: Templates) -> None:
    assert len(whole.properties("AWS::EC2::NatGateway")) == 1
    outward = {name: told for name, told in whole.functions().items() if "outward" in str(told.get("VpcConfig"))}
    assert set(outward) == {row.name for row in ROWS if "witnesses" in row.ports} == {"get_audit_checkpoint"}
    assert all("inside" not in str(told["VpcConfig"]["SubnetIds"]) for told in outward.values())
    asked = {
        name for name, told in whole.functions().items() if "LLM_CONFIG_WITNESSES" in told["Environment"]["Variables"]
    }
    assert asked == set(outward)
    endpoints = {told["ServiceName"].rpartition(".")[2] for told in whole.properties("AWS::EC2::VPCEndpoint")}
    assert endpoints == {"dynamodb", "s3", "kms", "events", "logs", "secretsmanager", "sqs"}
    egress = [
        rule for told in whole.properties("AWS::EC2::SecurityGroup") for rule in told.get("SecurityGroupEgress", [])
    ]
    (to_gateways,) = [rule for rule in egress if rule["CidrIp"] == "0.0.0.0/0"]
    assert (to_gateways["FromPort"], to_gateways["ToPort"]) == (443, 443)
    placed = {name: told["VpcConfig"] for name, told in whole.functions().items() if "VpcConfig" in told}
    inside = {name for name, told in placed.items() if told["SecurityGroupIds"] != ["sg-1"]}
    assert inside == {row.name for row in ROWS if stands_inside(row, shared_cache=True)}
    assert "resolve_config" in inside


def test_who_speaks_to_targets_stands_where_they_are_and_nobody_else_does(dev: Templates, whole: Templates) -> None:
    placed = {name: told.get("VpcConfig") for name, told in whole.functions().items()}
    there = {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    asking = {row.name for row in ROWS if asks_a_target(row)}
    assert {name for name, told in placed.items() if told and told["SecurityGroupIds"] == ["sg-1"]} == asking
    assert {"create_successor", "prove_successor", "retire_predecessor"} <= asking
    assert all({**(placed[name] or {}), **there} == placed[name] for name in asking)
    assert not [name for name, told in dev.functions().items() if "VpcConfig" in told]


def test_a_function_is_told_of_the_cache_that_it_shares(dev: Templates, whole: Templates) -> None:
    told = whole.environment("resolve_config")
    assert told["LLM_CONFIG_SHARED_CACHE_NAME"] == "llm-config-whole-cache" and told["LLM_CONFIG_SHARED_CACHE"]
    assert "LLM_CONFIG_SHARED_CACHE" not in dev.environment("resolve_config")
    assert "LLM_CONFIG_SHARED_CACHE" not in whole.environment("put_config")
    (user,) = whole.properties("AWS::ElastiCache::User")
    assert user["AccessString"] == "on ~llm-config-whole-* -@all +hmget +hset +expire +eval"


def test_a_stage_without_them_has_no_network_no_edge_and_no_names(dev: Templates) -> None:
    assert not {"network-and-data", "edge"} & dev.stacks.keys()
