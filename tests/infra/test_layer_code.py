"""A layer in a stack: the same asset as long as its content is the same."""

from pathlib import Path

import pytest

pytest.importorskip("aws_cdk", reason="the CDK is not installed here")
pytestmark = pytest.mark.wheels


def assets(outdir: Path) -> dict[str, list[str]]:
    from aws_cdk import App, Stack
    from aws_cdk.aws_lambda import LayerVersion

    from llm_config_cdk.layers import layer_code

    app = App(outdir=str(outdir))
    LayerVersion(Stack(app, "stack"), "core", code=layer_code("core"))
    app.synth()
    return {asset.name: sorted(path.name for path in (asset / "python").iterdir()) for asset in outdir.glob("asset.*")}


def test_a_layer_is_one_asset_however_often_it_is_synthesised(tmp_path: Path) -> None:
    first = assets(tmp_path / "first")
    assert list(first.values()) == [["llm_config", "llm_config_contract", "llm_config_domain"]]
    assert assets(tmp_path / "second") == first
