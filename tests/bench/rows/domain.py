"""The rules without IO: layers, differences, validation."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.configs.differences import diff
from llm_config_domain.configs.patches import apply_patch
from llm_config_domain.configs.resolve import rendered
from tests.bench.documents import changed, document, layers
from tests.bench.measure import Contest, Missing, Peer, Row, Side

LOCKED = ".venv/bin/pip install --require-hashes -r deps/bench.txt"


def rows() -> list[Row]:
    merging = "CPU time to merge 5 parsed layers (a base, 4 overlays of a fifth) and render; beside a plain merge"
    return [
        Row("resolve_layers_1kb", "resolve 5 layers of 1 KB", "us", merging, _layers(1_000)),
        Row("resolve_layers_100kb", "resolve 5 layers of 100 KB", "us", merging, _layers(100_000)),
        Row("resolve_texts_100kb", "the same from stored text to text", "ms",
            "the 100 KB layers read from their texts, merged, rendered and written, numbers kept to the digit; "
            "beside the standard library's json and a plain merge", _texts),
        Row("diff_100kb", "difference of two values in 100 KB", "us",
            "CPU time for the JSON Patch; beside a plain walk of both, which finds the same two changes", _diff),
        Row("validation_1kb", "validate 1 KB", "us",
            "CPU time for a valid value, its schema compiled; beside jsonschema-rs directly", _validation),
    ]  # fmt: skip


def plain_merge(below: Any, above: Any) -> Any:
    """The least that merging can be in Python: nothing copied that need not be, no special value known."""
    merged = dict(below)
    for name, value in above.items():
        other = merged.get(name)
        merged[name] = plain_merge(other, value) if type(value) is dict and type(other) is dict else value
    return merged


def _folded(values: list[Any]) -> Any:
    whole = values[0]
    for value in values[1:]:
        whole = plain_merge(whole, value)
    return whole


def _layers(size: int) -> Callable[[], AbstractContextManager[Contest]]:
    @contextmanager
    def contest() -> Iterator[Contest]:
        given = layers(size)
        right = _folded(given).__eq__
        product = Side("product", lambda: rendered(given), right)
        yield Contest(product, Side("plain merge", lambda: _folded(given), right), [_deepmerge(given, right)])

    return contest


def _deepmerge(given: list[Any], right: Callable[[Any], bool]) -> Peer:
    try:
        merger = import_module("deepmerge").always_merger
    except ImportError:
        return Missing("deepmerge", LOCKED)
    from copy import deepcopy

    def whole() -> Any:  # it changes what it merges into
        base: dict[str, Any] = {}
        for value in given:
            merger.merge(base, deepcopy(value))
        return base

    # It appends to lists, so its answer is another; that every name is there must do.
    return Side("deepmerge", whole, lambda answer: answer.keys() == given[0].keys())


@contextmanager
def _texts() -> Iterator[Contest]:
    given = layers(100_000)
    texts = [json_text.write(value) for value in given]
    whole = _folded(given)

    def right(answer: str) -> bool:
        return bool(json.loads(answer) == whole)

    def product() -> str:
        return json_text.write(rendered([json_text.read(text) for text in texts]))

    def plain() -> str:
        return json.dumps(_folded([json.loads(text) for text in texts]))

    yield Contest(Side("product", product, right), Side("json and a plain merge", plain, right))


@contextmanager
def _diff() -> Iterator[Contest]:
    old = document(100_000)
    new = json_text.read(json_text.write(changed(old)))  # as it comes from a store: nothing shared
    product = Side("product", lambda: diff(old, new), lambda patch: bool(apply_patch(old, patch) == new))
    walk = Side("plain walk", lambda: walked(old, new), lambda found: len(found) == 2)
    yield Contest(product, walk, [_jsonpatch(old, new)])


def walked(old: Any, new: Any, path: str = "", found: list[Any] | None = None) -> list[Any]:
    """The least that a difference can be: Python's own equality, no arrays, no escaping."""
    found = [] if found is None else found
    if type(old) is not dict or type(new) is not dict:
        found.append(("replace", path, new))
        return found
    for name, member in old.items():
        if name not in new:
            found.append(("remove", f"{path}/{name}"))
        elif member is not new[name] and member != new[name]:
            walked(member, new[name], f"{path}/{name}", found)
    found.extend(("add", f"{path}/{name}", new[name]) for name in new if name not in old)
    return found


def _jsonpatch(old: Any, new: Any) -> Peer:
    try:
        module = import_module("jsonpatch")
    except ImportError:
        return Missing("jsonpatch", LOCKED)
    return Side("jsonpatch", lambda: module.make_patch(old, new), lambda patch: bool(patch.apply(old) == new))


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["provider", "models"],
    "additionalProperties": False,
    "properties": {
        "provider": {"enum": ["openai", "anthropic", "aws"]},
        "timeout_ms": {"type": "integer", "minimum": 1, "maximum": 600_000},
        "models": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "max_tokens"],
                "properties": {
                    "name": {"type": "string", "pattern": "^[a-z0-9.-]+$"},
                    "max_tokens": {"type": "integer", "minimum": 1},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
MODELS = [{"name": f"model-{number}", "max_tokens": 4096, "tags": ["a", "b", "c"]} for number in range(14)]


@contextmanager
def _validation() -> Iterator[Contest]:
    import jsonschema_rs

    from llm_config.adapters.json_schema.checker import JsonSchemaChecker

    value: dict[str, Any] = {"provider": "anthropic", "timeout_ms": 3000, "models": MODELS}
    schema, checker = json.dumps(SCHEMA), JsonSchemaChecker()
    assert checker.check(schema, {**value, "timeout_ms": 0}), "the checker passes what it must refuse"
    direct = jsonschema_rs.Draft202012Validator(SCHEMA)
    yield Contest(
        Side("product", lambda: checker.check(schema, value), lambda violations: violations == []),
        Side("jsonschema-rs", lambda: direct.is_valid(value), lambda valid: valid is True),
    )
