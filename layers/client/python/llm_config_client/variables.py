"""A namespace as environment variables, without IO: what each key is called there, and its value as text."""

import re
from collections.abc import Iterable, Mapping

from llm_config_client.files.entries import ENV_NAME
from llm_config_contract.configs import ConfigMetadataView
from llm_config_domain import environments, json_text
from llm_config_domain.configs.special_values import reference_pointers
from llm_config_domain.errors import ValueRefused, Violation
from llm_config_domain.json_text import Json

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SEPARATORS = str.maketrans(".-", "__")


def names(listed: Iterable[ConfigMetadataView], environment: str) -> dict[str, str]:
    """Key -> name, of the keys whose tag gives one: that of the layer next to `environment` stands."""
    chain = environments.chain_to(environments.canonical(environment))
    tagged = [one for one in listed if ENV_NAME in one.tags and one.environment in chain]
    return {one.key: one.tags[ENV_NAME] for one in sorted(tagged, key=lambda one: chain.index(one.environment))}


def refers_to_secrets(value: Json) -> bool:
    return bool(reference_pointers(value))


def variables(values: Mapping[str, Json], named: Mapping[str, str]) -> dict[str, str | None]:
    """Name -> text, of every key; None where the value is null: the variable is then not there.

    Raises ValueRefused, naming every key that has no place in an environment, and no value.
    """
    found: dict[str, str | None] = {}
    violations: list[Violation] = []
    for key, value in values.items():
        name, text = named.get(key) or key.upper().translate(_SEPARATORS), _text(value)
        if problem := _problem(name, text, key in named, found):
            violations.append(Violation(f"/{key}", *problem))
        found[name] = text
    if violations:
        raise ValueRefused("some keys cannot be environment variables: nothing was started", violations=violations)
    return found


def _problem(name: str, text: str | None, is_tagged: bool, found: Mapping[str, object]) -> tuple[str, str] | None:  # noqa: FBT001
    if name in found:
        return "twice", f"another key has the same variable: give one of them another by the tag {ENV_NAME}"
    if is_tagged and not _NAME.fullmatch(name):
        return "name", f"its tag {ENV_NAME} is no name of a variable"
    if text is not None and "\0" in text:
        return "text", "a variable cannot hold the character NUL"
    return None


def _text(value: Json) -> str | None:
    """Text as it is; anything else as JSON."""
    return value if value is None or isinstance(value, str) else json_text.write(value)
