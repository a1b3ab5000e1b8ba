"""What stands in templates where a secret should be: short, and nothing that could be meant."""

import re

_WORDS = frozenset(
    {
        "changeme", "changeit", "changethis", "password", "passw0rd", "passwd", "letmein", "qwerty", "12345", "123456",
        "1234567", "12345678", "123456789", "1234567890", "replaceme", "replacethis", "insertkeyhere", "yourapikey",
        "yourkeyhere", "yourapikeyhere", "apikeyhere", "yourpassword", "yoursecret", "yourtoken", "todo", "tbd", "fixme",
        "none", "null", "undefined", "redacted", "placeholder",
    }
)  # fmt: skip
_HOLE = re.compile(r"<[^<>]*>|\$\{[^{}]*\}|\{\{[^{}]*\}\}|\*+|x{3,}|\.+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s_.-]+")
MAX_LENGTH = 100
"""Longer texts are none: they need not be looked at."""


def is_placeholder(text: str) -> bool:
    """True for an empty text, a word that nobody means, and a hole that a template left: `<key>`, `${KEY}`, `xxxx`."""
    if len(text) > MAX_LENGTH:
        return False
    stripped = text.strip()
    return not stripped or bool(_HOLE.fullmatch(stripped)) or _BETWEEN.sub("", stripped).lower() in _WORDS
