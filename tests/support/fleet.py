"""The sample fleet of `examples/`, for whoever tests or measures with it."""

from pathlib import Path

_EXAMPLES = Path(__file__).parents[2] / "examples"
FLEET = _EXAMPLES / "fleet"
BROKEN = _EXAMPLES / "fleet-broken"


def files(directory: Path) -> list[Path]:
    return sorted(file for file in directory.rglob("*") if file.is_file())
