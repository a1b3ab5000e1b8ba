"""The stacks, synthesised once for the whole session, whatever number of workers asks.

Two stages: `dev` as it is, and `whole`, a production stage with everything that a setting can switch on.
"""

import fcntl
import importlib.util
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from llm_config_cdk.stages import DEV, PRODUCTION, AuditDatabase, Domain, Edge, Network, Stage, TargetNetwork
from tests.support.templates import Templates

if TYPE_CHECKING:
    from aws_cdk.aws_lambda import Code

CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/{}"
WITNESS = "witness.example/one+13e84f77+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
AUDIT = AuditDatabase(Path(__file__).with_name("authorities.pem"), {WITNESS: "https://witness.example/one"})
WHOLE = replace(
    PRODUCTION,
    name="whole",
    issuers={"https://login.example": "https://login.example/keys"},
    public_domain=Domain("origin.config.example", CERTIFICATE.format("eu-central-1", "a"), "s3://trust/edge.pem"),
    mutual_domain=Domain("mutual.config.example", CERTIFICATE.format("eu-central-1", "b"), "s3://trust/clients.pem"),
    edge=Edge("config.example", CERTIFICATE.format("us-east-1", "c"), CERTIFICATE.format("us-east-1", "d")),
    network=Network(audit_database=AUDIT, shared_cache=True),
    target_network=TargetNetwork("vpc-1", ("subnet-1", "subnet-2"), ("sg-1",)),
    reserved_concurrency={"get_config": 100},
    shared_key_tiers=("free",),
    collector="https://collector.example",
    alarms_email="operations@config.example",
)


def what_is_missing() -> str | None:
    if importlib.util.find_spec("aws_cdk") is None:
        return "the CDK is not installed here: make test-infra installs it"
    return None if shutil.which("node") else "node is not installed here, and the CDK runs on it"


@pytest.fixture(scope="session")
def stages() -> list[Stage]:
    return [DEV, WHOLE]


@pytest.fixture(scope="session")
def cdk() -> None:
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)


@pytest.fixture(scope="session")
def assembly(cdk: None, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    with (shared / "assembly.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "assembly" / "manifest.json").exists():
            _synthesise(shared / "assembly", shared)
    return shared / "assembly"


def _synthesise(outdir: Path, scratch: Path) -> None:
    """Layers are one file here: what is in them is tests/infra/test_layers.py's, and needs wheels."""
    from aws_cdk.aws_lambda import Code

    from llm_config_cdk.deployment import deployment, new_app

    layer = scratch / "layer"
    layer.mkdir()
    (layer / "nothing").touch()

    def layer_code(name: str) -> "Code":
        return Code.from_asset(str(layer))

    app = new_app(outdir=str(outdir))
    for stage in (DEV, WHOLE):
        deployment(app, stage, layer_code)
    app.synth()


@pytest.fixture(scope="session")
def dev(assembly: Path) -> Templates:
    return Templates.read(assembly, DEV.prefix)


@pytest.fixture(scope="session")
def whole(assembly: Path) -> Templates:
    return Templates.read(assembly, WHOLE.prefix)
