"""`secret generate`: what is stored is what was made, and only who asks sees it."""

import re

import pytest

from tests.cli.running import ServedHome, run


@pytest.fixture(scope="module")
def variables(served_home: ServedHome) -> dict[str, str]:
    served_home.tenant("generating")
    return served_home.variables("generating") | {"LLM_CONFIG_ENV": "production"}


@pytest.mark.parametrize(
    ("options", "pattern"),
    [
        ((), r"[A-Za-z0-9_-]{43}"),
        (("--form", "hex", "--prefix", "sk-"), r"sk-[0-9a-f]{64}"),
        (("--form", "password", "--exclude", "abc"), r"[A-Zd-z0-9]{32}"),
        (("--form", "password", "--symbols"), r"[!-~]{32}"),
    ],
)
def test_what_is_revealed_is_what_is_stored(variables: dict[str, str], options: tuple[str, ...], pattern: str) -> None:
    made = run(["secret", "generate", "keys/one", "--reveal", *options], variables)
    assert (made.exit_code, made.stderr) == (0, "")
    assert re.fullmatch(pattern + "\n", made.stdout)
    assert run(["secret", "get", "keys/one"], variables).stdout == made.stdout
    assert made.stdout.strip() not in run(["secret", "generate", "keys/one", *options], variables).stdout
