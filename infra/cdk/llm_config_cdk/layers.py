"""The layers as CDK code: built on this machine, without Docker, and only when what is in them has changed."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import AssetCode, Code

from llm_config_cdk.layer_contents import REPOSITORY, LayerName, build, fingerprint
from llm_config_cdk.wheels import LAMBDA, Machine


def layer_code(name: LayerName, machine: Machine = LAMBDA) -> AssetCode:
    """The layer's content. Its hash comes from sources and lock, so a synthesis that bundles nothing knows it too."""
    return Code.from_asset(
        str(REPOSITORY / "layers"),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=_fingerprint(name, machine),
        bundling=BundlingOptions(image=DockerImage.from_registry("not-used"), local=_BuiltHere(name, machine)),
    )


_fingerprint = cache(fingerprint)
"""Each stack has its layers, of the same sources."""
AUTHORITIES = "/opt/authorities.pem"
"""Where a function finds what `authorities_code` brings."""


def authorities_code(file: Path) -> AssetCode:
    """A layer that holds this PEM file and nothing else."""
    directory = Path(tempfile.mkdtemp(prefix="llm-config-authorities-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    shutil.copyfile(file, directory / Path(AUTHORITIES).name)
    return Code.from_asset(str(directory))


@jsii.implements(ILocalBundling)
class _BuiltHere:
    """Builds the layer or fails: it never leaves it to an image."""

    def __init__(self, name: LayerName, machine: Machine) -> None:
        self._name, self._machine = name, machine

    def try_bundle(self, output_dir: str, options: BundlingOptions | None = None, **more: Any) -> bool:
        build(self._name, Path(output_dir), self._machine)
        return True
