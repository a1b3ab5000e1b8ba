"""The layers as they are uploaded: their sizes, their machine, and that nothing but them is needed to run."""

import hashlib
import importlib.util
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from llm_config_cdk.interpreters import interpreter
from llm_config_cdk.layer_contents import LAYERS, LayerName, build
from llm_config_cdk.wheels import LAMBDA

pytestmark = pytest.mark.wheels

MIB = 2**20
FUNCTIONS = Path(__file__).parents[2] / "functions"
ELF, AARCH64 = b"\x7fELF", 0xB7
LIMIT = 250 * MIB
"""Lambda's, for a function and its layers unpacked."""
RUNTIME = ["boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"]
"""What Lambda's own Python brings along, by the names it is imported by."""

IMPORT_HANDLERS = """
import importlib, pathlib, sys
sys.path[:0] = sys.argv[1:]
for handler in sorted(pathlib.Path(sys.argv[1], "functions").glob("*/*/handler.py")):
    area, name = handler.parts[-3:-1]
    assert callable(importlib.import_module(f"functions.{area}.{name}.handler").lambda_handler)
    print(name)
"""
IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
sys.path[:0] = sys.argv[1:]
import llm_config
for module in pkgutil.walk_packages(llm_config.__path__, "llm_config."):
    importlib.import_module(module.name)
    print(module.name)
"""
USE_THE_SDK = """
import sys
sys.path[:0] = sys.argv[1:]
from llm_config_client import Client
print(Client(url="http://127.0.0.1:9", token="t"))
"""


def files(layer: Path) -> list[Path]:
    return sorted(path for path in layer.rglob("*") if path.is_file())


def unpacked(layer: Path) -> int:
    return sum(path.stat().st_size for path in files(layer))


def packed(layer: Path) -> int:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files(layer):
            archive.write(path, path.relative_to(layer))
    return file.tell()


def digest(layer: Path) -> str:
    told = [(str(path.relative_to(layer)), path.stat().st_mode, path.read_bytes()) for path in files(layer)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def alone(code: str, *path: Path) -> list[str]:
    """What `code` prints in an interpreter that knows the standard library and `path`, and nothing of this machine."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *map(str, path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="session")
def task(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Lambda unpacks a function's own code."""
    root = tmp_path_factory.mktemp("task")
    (root / "functions").symlink_to(FUNCTIONS)
    return root


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lambda's own boto3, and nothing else of this machine's packages."""
    root = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        found = importlib.util.find_spec(name)
        assert found and found.origin
        place = Path(found.origin).parent if found.submodule_search_locations else Path(found.origin)
        (root / place.name).symlink_to(place)
    return root


@pytest.mark.parametrize(
    ("name", "unpacked_mib", "packed_mib"), [("deps", 68, 24), ("core", 3.5, 1.75), ("client", 16, 6)]
)
def test_a_layer_stays_within_its_size(for_lambda: Path, name: str, unpacked_mib: float, packed_mib: float) -> None:
    assert unpacked(for_lambda / name) < unpacked_mib * MIB
    assert packed(for_lambda / name) < packed_mib * MIB


def test_a_function_with_its_layers_is_far_below_lambdas_limit(for_lambda: Path) -> None:
    assert unpacked(for_lambda / "deps") + unpacked(for_lambda / "core") < 0.3 * LIMIT


def test_every_compiled_module_is_for_arm(for_lambda: Path) -> None:
    compiled = [path for path in files(for_lambda) if ".so" in path.suffixes or path.read_bytes()[:4] == ELF]
    machines = {path.name: int.from_bytes(path.read_bytes()[18:20], "little") for path in compiled}
    assert len(machines) >= 6
    assert set(machines.values()) == {AARCH64}


def test_a_layer_carries_what_runs_and_nothing_else(for_lambda: Path) -> None:
    carried = {part for path in files(for_lambda) for part in path.relative_to(for_lambda).parts}
    assert carried.isdisjoint({"boto3", "botocore", "tests", "bin", "RECORD", "typer", "rich"})
    assert not [path for path in files(for_lambda) if path.suffix == ".pyi"]


def test_every_module_comes_with_its_bytecode(for_lambda: Path) -> None:
    if interpreter("3.13") is None:
        pytest.skip("no Python 3.13 here: layers carry no bytecode")
    for source in (path for path in files(for_lambda) if path.suffix == ".py"):
        assert (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").exists(), source


def test_everybody_may_read_a_layer_whoever_built_it(for_lambda: Path) -> None:
    assert {path.stat().st_mode & 0o044 for path in files(for_lambda)} == {0o044}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_built_to_the_same_bytes_again(for_lambda: Path, tmp_path: Path, name: LayerName) -> None:
    build(name, tmp_path, LAMBDA)
    assert digest(tmp_path) == digest(for_lambda / name)


def test_every_handler_imports_from_its_layers_alone(for_here: Path, task: Path) -> None:
    imported = alone(IMPORT_HANDLERS, task, for_here / "core/python", for_here / "deps/python")
    assert imported == [handler.parent.name for handler in sorted(FUNCTIONS.glob("*/*/handler.py"))]


def test_every_adapter_imports_from_its_layers_and_lambdas_own_boto3(for_here: Path, runtime: Path) -> None:
    imported = alone(IMPORT_EVERYTHING, for_here / "core/python", for_here / "deps/python", runtime)
    assert "llm_config.adapters.envelope.sealer" in imported
    assert "llm_config.adapters.kms.token_keys" in imported


def test_a_users_function_has_the_sdk_from_its_layer_alone(for_here: Path) -> None:
    assert alone(USE_THE_SDK, for_here / "client/python")
