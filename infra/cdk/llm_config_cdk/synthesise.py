"""`make synth`: every stage's templates into cdk.out, and what they come to. Needs node; no account, no Docker."""

import sys
from pathlib import Path
from time import perf_counter

from llm_config_cdk.deployment import deployment, new_app
from llm_config_cdk.layers import layer_code
from llm_config_cdk.stages import STAGES

LIMIT = 500
"""CloudFormation's, for the resources of a stack."""


def main() -> None:
    began = perf_counter()
    app = new_app(outdir=str(Path(__file__).parents[1] / "cdk.out"))
    for stage in STAGES.values():
        deployment(app, stage, layer_code)
    made = app.synth().stacks
    for stack in made:
        sys.stdout.write(f"{len(stack.template['Resources']):5} of {LIMIT} resources  {stack.stack_name}\n")
    sys.stdout.write(f"{len(made)} stacks of {len(STAGES)} stages in {perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    main()
