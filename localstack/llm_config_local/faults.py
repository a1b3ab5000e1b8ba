"""`LLM_CONFIG_FAULTS`: the faults of an embedded home, as its environment names them. Never on AWS."""

import inspect
import json
import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from llm_config import ports
from llm_config_local.adapters.faulty import EVERY, Fault, Kind
from llm_config_local.home import HomeError

SETTING = "LLM_CONFIG_FAULTS"
AWS = "AWS_EXECUTION_ENV"
_FIELDS = frozenset({"port", "method", "nth", "kind"})


def faults_of(environment: Mapping[str, str]) -> list[Fault]:
    """Raises HomeError, saying what is wrong with the setting, or that this is no place for it."""
    text = environment.get(SETTING)
    if not text:
        return []
    if environment.get(AWS):
        raise HomeError(f"{SETTING} is for the embedded home alone: unset it, {AWS} is set")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise HomeError(f"{SETTING} is not JSON") from None
    if not isinstance(told, list):
        raise HomeError(f"{SETTING} is a list of faults")
    return [_fault(number, each) for number, each in enumerate(told, 1)]


def methods_of(port: str) -> frozenset[str]:
    """What a port's contract offers; nothing for a name that no port has."""
    if port not in {module.name for module in pkgutil.iter_modules(ports.__path__)}:
        return frozenset()
    module = import_module(f"{ports.__name__}.{port}")
    contract = getattr(module, "".join(word.title() for word in port.split("_")))
    return frozenset(name for name, _ in inspect.getmembers(contract, inspect.isfunction) if not name.startswith("_"))


def _fault(number: int, told: Any) -> Fault:
    where = f"{SETTING}, fault {number}"
    if not isinstance(told, dict) or set(told) != _FIELDS:
        raise HomeError(f"{where}: a fault has exactly port, method, nth and kind")
    port, method, nth, kind = told["port"], told["method"], told["nth"], told["kind"]
    methods = methods_of(port) if isinstance(port, str) else frozenset()
    if not methods:
        raise HomeError(f"{where}: there is no such port")
    if not isinstance(method, str) or method not in methods | {"*"}:
        raise HomeError(f"{where}: {port} has no such method; it has {', '.join(sorted(methods))} (or *)")
    if kind not in list(Kind):
        raise HomeError(f"{where}: a kind is one of {', '.join(Kind)}")
    if nth != "every" and (not isinstance(nth, int) or isinstance(nth, bool) or nth < 1):
        raise HomeError(f'{where}: nth is a number from 1, or "every"')
    return Fault(port, method, EVERY if nth == "every" else nth, Kind(kind))
