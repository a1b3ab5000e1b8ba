"""JSON as YAML that every reader, of YAML 1.1 and of 1.2, understands as the same content."""

import re
from decimal import Decimal

import yaml

from llm_config_domain.json_text import Json

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # YAML 1.2 reads 1e3 and 0o17 as numbers, PyYAML (1.1) does not, so it would leave such text unquoted.
    quoted = '"' if _NUMBER.fullmatch(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quoted)


def _fraction(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    # YAML 1.1 wants a point in every float and a sign in every exponent.
    digits, exponent, power = str(number).partition("E")
    pointed = digits if "." in digits or not exponent else f"{digits}.0"
    return dumper.represent_scalar("tag:yaml.org,2002:float", pointed + exponent + power)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _fraction)


def write(document: Json) -> str:
    """Names in the order given; numbers to the digit."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False)
