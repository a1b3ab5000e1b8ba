"""`cdk` starts here: the stacks of one stage (`-c stage=dev`), or of every stage."""

from llm_config_cdk.deployment import deployment, new_app
from llm_config_cdk.layers import layer_code
from llm_config_cdk.stages import STAGES

app = new_app()
named = app.node.try_get_context("stage")
for stage in [STAGES[named]] if named else STAGES.values():
    deployment(app, stage, layer_code)
app.synth()
