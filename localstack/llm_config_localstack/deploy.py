"""`cdk bootstrap` and `cdk deploy` into LocalStack: the same stacks and the same command that deploy to an account."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from llm_config_localstack.places import ACCOUNT, CDK, LOCAL, REGION, STAGE, NotHere


def credentials(url: str) -> dict[str, str]:
    """How AWS's tools find LocalStack: what they call secret is no secret, and opens nothing else."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def deploy(url: str) -> None:
    """Raises NotHere, with what the failing command said."""
    cdk = _command()
    with TemporaryDirectory(dir=LOCAL, prefix="cdk-") as own:
        environment = {"PATH": os.environ["PATH"], "HOME": own, **credentials(url)}
        assembly = str(Path(own, "cdk.out"))
        names = _run([sys.executable, "-m", "llm_config_localstack.app", assembly], environment).split()
        quietly = ["--app", assembly, "--no-notices", "--ci"]
        _run([cdk, "bootstrap", f"aws://{ACCOUNT}/{REGION}", *quietly], environment)
        _run([cdk, "deploy", *names, "--require-approval", "never", "--concurrency", "4", *quietly], environment)


def first_token(url: str) -> str:
    """The platform's administrator, as docs/deploy.md makes one for an account."""
    environment = {"PATH": os.environ["PATH"], **credentials(url)}
    return _run(
        [sys.executable, "-m", "llm_config.runtime.first_steps", STAGE.prefix, "user:local"], environment
    ).strip()


def _command() -> str:
    """The cdk of infra/cdk/package.json, installed from its lock if it is not there."""
    command = CDK / "node_modules" / ".bin" / "cdk"
    if not command.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise NotHere("the cdk command needs node and npm: install node 20 or later")
        _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], dict(os.environ), CDK)
    return str(command)


def _run(command: list[str], environment: dict[str, str], directory: Path = CDK) -> str:
    done = subprocess.run(  # noqa: S603 - this repository's own commands
        command, env=environment, cwd=directory, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotHere(f"{' '.join(command[:3])} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
