from typing import Protocol

from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json


class SchemaChecker(Protocol):
    def check(self, schema: str, value: Json) -> list[Violation]:
        """What in `value` breaks the JSON Schema `schema`, which is JSON text; nothing when it follows it.

        Draft-07, and 2020-12 for a schema whose `$schema` says so; a `format` that is named is checked. Numbers are
        compared to the digit. A reference leads to a place in the same schema, and nothing is ever fetched. Patterns
        run in time linear in the text. The answer has at most 100 violations, in no promised order: each names its
        place in the value by a JSON Pointer (a required member that is missing, by where it would stand) and the
        keyword that it breaks, and quotes neither value nor schema. A value too large to be told in detail has one
        violation, of the whole.

        Not promised: the words of a message, and that two releases of the library find the same number of violations.

        Raises Malformed for a text that is no JSON object; TooLarge for one of more than 256 KiB; ValueRefused, with
        violations whose paths point into the schema, for one that cannot be used (another draft, a reference that
        leads out or nowhere or round in a circle, a pattern that needs look-around or a back reference), and without
        any for a schema and a value that would take too long together.
        """
        ...
