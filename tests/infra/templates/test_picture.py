"""The picture in README.md is drawn from the stacks: GOLDEN=write make test-infra draws it again."""

import os
import re
from pathlib import Path

from llm_config_cdk.picture import picture, read
from llm_config_cdk.stages import DEV

README = Path(__file__).parents[3] / "README.md"
DRAWN = re.compile(r"```mermaid\n.*?\n```", re.DOTALL)


def test_the_readme_shows_what_is_deployed(assembly: Path) -> None:
    drawn = picture(read(assembly, DEV.prefix))
    text = README.read_text()
    if os.environ.get("GOLDEN") == "write":
        README.write_text(DRAWN.sub(lambda _: drawn, text))
    assert drawn in README.read_text()


def test_the_picture_follows_the_stacks(assembly: Path) -> None:
    templates = read(assembly, DEV.prefix)
    assert "secrets_area --> secrets" in picture(templates)
    roles = {
        name: told
        for name, told in templates["functions-secrets"]["Resources"].items()
        if "AWS::IAM" not in told["Type"]
    }
    changed = {**templates, "functions-secrets": {"Resources": roles}}
    assert "secrets_area --> secrets" not in picture(changed)
