"""The stacks of a stage of their own, with layers for this machine: `python -m llm_config_localstack.app <directory>`."""

import platform
import sys
from functools import partial

from llm_config_cdk.deployment import deployment, new_app
from llm_config_cdk.layers import layer_code
from llm_config_cdk.wheels import Machine
from llm_config_localstack.places import PYTHON, STAGE

ELSEWHERE = ("api", "watch-api", "functions-watching", "watch", "observability")
"""Stacks of what LocalStack has not: HTTP and WebSocket APIs, what is told the id of one, and dashboards."""


def deployed_names(names: list[str]) -> list[str]:
    """Those of the stage's stacks that LocalStack can hold."""
    return [name for name in names if name.removeprefix(f"{STAGE.prefix}-") not in ELSEWHERE]


def main(directory: str) -> None:
    app = new_app(outdir=directory)
    here = Machine(PYTHON, platform.machine())
    stacks = deployment(app, STAGE, partial(layer_code, machine=here))
    app.synth()
    sys.stdout.write("\n".join(deployed_names([stack.stack_name for stack in stacks])) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
