"""ports/schema_checker.py, promise by promise."""

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, Refusal, TooLarge, ValueRefused
from tests.support.families import HomeUnderTest

DRAFT_2020_12 = '"$schema":"https://json-schema.org/draft/2020-12/schema"'


def found(home: HomeUnderTest, schema: str, value: str) -> list[tuple[str, str]]:
    """(place, keyword) of each violation, in order of their places."""
    violations = home.provide("schema_checker").check(schema, json_text.read(value))
    assert "canary" not in "".join(broken.message for broken in violations)
    return sorted((broken.path, broken.rule) for broken in violations)


def refusal(home: HomeUnderTest, schema: str, value: Any = None) -> Refusal:
    with pytest.raises(Refusal) as refused:
        home.provide("schema_checker").check(schema, value)
    return refused.value


@pytest.mark.parametrize(
    ("schema", "value", "violations"),
    [
        pytest.param("{}", '{"any":["thing",1e400]}', [], id="the empty schema takes everything"),
        pytest.param('{"type":"object","required":["a"]}', '{"a":1}', [], id="a value that follows it"),
        pytest.param('{"required":["a","b~/c"]}', '{"a":1}', [("/b~0~1c", "required")], id="a member that is missing"),
        pytest.param('{"properties":{"a":{}},"additionalProperties":false}', '{"canary":1,"a":2,"canary/2":3}',
                     [("/canary", "additionalProperties"), ("/canary~12", "additionalProperties")],
                     id="members that must not be there, one by one"),
        pytest.param('{"additionalProperties":false}', '{"canary":1}', [("", "additionalProperties")],
                     id="no member at all"),
        pytest.param('{"properties":{"a":false}}', '{"a":"canary"}', [("/a", "properties")], id="a forbidden member"),
        pytest.param('{"properties":{"a":{"items":{"type":"string"}}}}', '{"a":["x",1,null]}',
                     [("/a/1", "type"), ("/a/2", "type")], id="several, each by its place"),
        pytest.param('{"enum":["a","b"]}', '"canary"', [("", "enum")], id="enum"),
        pytest.param('{"const":"a"}', '"canary"', [("", "const")], id="const"),
        pytest.param('{"pattern":"^[a-z0-9.-]+$"}', '"Canary canary"', [("", "pattern")], id="pattern"),
        pytest.param('{"pattern":"b"}', '"abc"', [], id="a pattern is not anchored"),
        pytest.param('{"oneOf":[{"type":"string"},{"maximum":5}]}', '"canary"', [("", "oneOf")], id="oneOf, by both"),
        pytest.param('{"anyOf":[{"type":"null"},{"maxLength":2}]}', '"canary"', [("", "anyOf")], id="anyOf"),
        pytest.param('{"not":{"type":"string"}}', '"canary"', [("", "not")], id="not"),
        pytest.param('{"propertyNames":{"maxLength":3}}', '{"canary":1}', [("", "propertyNames")], id="propertyNames"),
        pytest.param('{"if":{"required":["a"]},"then":{"required":["b"]}}', '{"a":1}', [("/b", "required")], id="if"),
        pytest.param('{"format":"email"}', '"canary"', [("", "format")], id="a format is checked in draft-07"),
        pytest.param(f'{{{DRAFT_2020_12},"format":"email"}}', '"canary"', [("", "format")], id="and in 2020-12"),
        pytest.param('{"format":"of-our-own"}', '"canary"', [], id="an unknown format says nothing"),
        pytest.param('{"items":[{},false]}', "[1,2]", [("/1", "items")], id="draft-07 reads items as a list"),
        pytest.param(f'{{{DRAFT_2020_12},"prefixItems":[{{}}],"items":false}}', "[1,2]", [("/1", "items")],
                     id="2020-12 reads prefixItems"),
        pytest.param('{"prefixItems":[false]}', "[1]", [], id="which draft-07 does not know"),
        pytest.param(f'{{{DRAFT_2020_12},"properties":{{"a":{{}}}},"unevaluatedProperties":false}}', '{"a":1,"b":2}',
                     [("/b", "unevaluatedProperties")], id="unevaluatedProperties"),
        pytest.param('{"$ref":"#/definitions/a~1b%20c","definitions":{"a/b c":{"type":"string"}}}', "1",
                     [("", "type")], id="a reference with escapes"),
        pytest.param('{"properties":{"child":{"$ref":"#"}},"type":"object"}', '{"child":{"child":1}}',
                     [("/child/child", "type")], id="a schema that refers to itself, for a tree"),
        pytest.param('{"properties":{"$ref":{"type":"string"},"$id":{}}}', '{"$ref":1}', [("/$ref", "type")],
                     id="members that are called like keywords"),
        pytest.param('{"const":{"$ref":"http://example.com/"}}', '{"$ref":"http://example.com/"}', [],
                     id="a reference in a constant is a text"),
        pytest.param('{"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://example.com/a","type":"null"}',
                     "1", [("", "type")], id="a draft and an id at the root"),
    ],
)  # fmt: skip
def test_each_violation_names_its_place_and_its_keyword(
    home: HomeUnderTest, schema: str, value: str, violations: list[tuple[str, str]]
) -> None:
    assert found(home, schema, value) == violations


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ('{"maximum":9007199254740992}', "9007199254740993", False),
        ('{"minimum":9007199254740993}', "9007199254740992", False),
        ('{"const":9007199254740993}', "9007199254740992", False),
        ('{"maximum":0.1}', "0.1000000000000000055511151231257827", False),
        ('{"enum":[0.1]}', "0.1000000000000000055511151231257827", False),
        ('{"multipleOf":0.1}', "0.3", True),
        ('{"multipleOf":0.01}', "1.15", True),
        ('{"multipleOf":3}', "1000000000000000000000000000000", False),
        ('{"type":"integer"}', "1.0", True),
        ('{"type":"integer"}', "1e400", True),
        ('{"type":"integer"}', "1.5", False),
        ('{"type":"integer"}', "true", False),
        ('{"maximum":5}', "1e400", False),
        ('{"exclusiveMinimum":0}', "1e-400", True),
        ('{"const":1}', "1.0", True),
        ('{"const":true}', "1", False),
        ('{"const":10e399}', "1e400", True),
        ('{"uniqueItems":true}', "[1,1.0]", False),
        ('{"uniqueItems":true}', "[1,true]", True),
        ('{"uniqueItems":true}', "[0.1,0.1000000000000000055511151231257827]", True),
        ('{"uniqueItems":true}', "[9007199254740992,9007199254740993]", True),
        ('{"uniqueItems":true}', '[{"a":1,"b":2},{"b":2,"a":1.0}]', False),
    ],
)
def test_numbers_are_compared_to_the_digit(home: HomeUnderTest, schema: str, value: str, valid: bool) -> None:
    assert (found(home, schema, value) == []) == valid


def test_there_are_at_most_100_violations(home: HomeUnderTest) -> None:
    assert len(found(home, '{"items":{"type":"string"}}', json_text.write([1] * 1000))) == 100


def test_a_value_too_large_to_be_told_in_detail_has_one_violation(home: HomeUnderTest) -> None:
    assert found(home, '{"items":{"type":"string"}}', json_text.write([1] * 250_000)) == [("", "schema")]


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """A server that counts its callers. The library's sockets are not Python's, so only a listener sees them."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.setblocking(False)
        yield listener


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param('{"$ref":"http://%s/x"}', id="a reference"),
        pytest.param('{"properties":{"a":{"allOf":[{"$ref":"http://%s/x#/a"}]}}}', id="a deep one"),
        pytest.param('{"definitions":{"unused":{"$ref":"http://%s/x"}}}', id="in a definition that nobody uses"),
        pytest.param('{"$id":"http://%s/x","$ref":"y"}', id="against the id of the root"),
        pytest.param('{"properties":{"a":{"$id":"http://%s/x","$ref":"y"}}}', id="against an id inside"),
        pytest.param('{"$schema":"http://%s/meta"}', id="a draft of one's own"),
        pytest.param(f'{{{DRAFT_2020_12},"$dynamicRef":"http://%s/x"}}', id="a dynamic reference"),
        pytest.param(f'{{{DRAFT_2020_12},"$vocabulary":{{"http://%s/x":true}},"$dynamicRef":"#a"}}', id="a vocabulary"),
        pytest.param('{"$ref":"#/of-our-own/a","of-our-own":{"a":{"$ref":"http://%s/x"}}}', id="behind a reference"),
        pytest.param('{"$ref":"//%s/x"}', id="without a scheme"),
    ],
)
def test_what_leads_out_is_refused_and_nobody_is_called(
    home: HomeUnderTest, elsewhere: socket.socket, schema: str
) -> None:
    refused = refusal(home, schema % f"127.0.0.1:{elsewhere.getsockname()[1]}")
    assert isinstance(refused, ValueRefused) and refused.violations
    with pytest.raises(BlockingIOError):
        elsewhere.accept()


def test_what_is_no_schema_calls_nobody_either(home: HomeUnderTest, elsewhere: socket.socket) -> None:
    address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/x"
    assert found(home, f'{{"of-our-own":{{"$ref":"{address}"}},"default":{{"$ref":"{address}"}}}}', "1") == []
    with pytest.raises(BlockingIOError):
        elsewhere.accept()


@pytest.mark.parametrize(
    ("schema", "place", "rule"),
    [
        pytest.param('{"$ref":"file:///etc/passwd"}', "/$ref", "$ref", id="a file"),
        pytest.param('{"$ref":"other.json"}', "/$ref", "$ref", id="a neighbour"),
        pytest.param('{"$ref":"#name"}', "/$ref", "$ref", id="an anchor"),
        pytest.param('{"$ref":7}', "/$ref", "$ref", id="a reference that is no text"),
        pytest.param('{"items":{"$ref":"#/nowhere"}}', "/items/$ref", "$ref", id="nowhere"),
        pytest.param('{"items":[{"$ref":"#/items/1"}]}', "/items/0/$ref", "$ref", id="beyond an array"),
        pytest.param('{"$ref":"#/title/a","title":"t"}', "/$ref", "$ref", id="into a text"),
        pytest.param('{"$ref":"#/~2"}', "/$ref", "$ref", id="what is no pointer"),
        pytest.param('{"$ref":"#"}', "", "$ref", id="a circle of one"),
        pytest.param('{"allOf":[{"$ref":"#/definitions/a"}],"definitions":{"a":{"not":{"$ref":"#"}}}}', "", "$ref",
                     id="a circle of two"),
        pytest.param('{"$schema":"http://json-schema.org/draft-04/schema#"}', "/$schema", "draft", id="draft-04"),
        pytest.param('{"$schema":"https://json-schema.org/draft/2019-09/schema"}', "/$schema", "draft", id="2019-09"),
        pytest.param('{"$schema":7}', "/$schema", "draft", id="a draft that is no text"),
        pytest.param('{"items":{"$id":"a"}}', "/items/$id", "$id", id="an id inside"),
        pytest.param('{"items":{"$schema":"a"}}', "/items/$schema", "$schema", id="a draft inside"),
        pytest.param('{"properties":{"a":{"pattern":"(?=canary)b"}}}', "/properties/a/pattern", "pattern",
                     id="a look ahead"),
        pytest.param('{"pattern":"(?<!canary)b"}', "/pattern", "pattern", id="a look behind"),
        pytest.param('{"pattern":"(canary)\\\\1"}', "/pattern", "pattern", id="a back reference"),
        pytest.param('{"pattern":"canary("}', "/pattern", "pattern", id="no pattern at all"),
        pytest.param('{"pattern":"((a{100}){100}){100}"}', "/pattern", "pattern", id="a pattern that grows"),
        pytest.param('{"patternProperties":{"(?=a)b":{}}}', "/patternProperties/(?=a)b", "pattern", id="of names"),
        pytest.param('{"minLength":-1}', "/minLength", "schema", id="what the draft does not allow"),
        pytest.param('{"properties":{"a":{"type":"canary"}}}', "/properties/a/type", "schema", id="an unknown type"),
    ],
)  # fmt: skip
def test_a_schema_that_cannot_be_used_is_refused_by_its_place(
    home: HomeUnderTest, schema: str, place: str, rule: str
) -> None:
    refused = refusal(home, schema)
    assert isinstance(refused, ValueRefused)
    assert [(broken.path, broken.rule) for broken in refused.violations] == [(place, rule)]
    assert "canary" not in repr((refused.detail, [broken.message for broken in refused.violations]))
    assert refused.__cause__ is None


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        pytest.param("{", Malformed, id="no JSON"),
        pytest.param("true", Malformed, id="no object"),
        pytest.param('{"a":1,"a":2}', Malformed, id="a name twice"),
        pytest.param('{"not":' * 64 + "{}" + "}" * 64, Malformed, id="65 levels"),
        pytest.param('{"title":"' + "x" * 256 * 1024 + '"}', TooLarge, id="more than 256 KiB"),
        pytest.param('{"properties":{' + ",".join(f'"p{n}":{{}}' for n in range(5000)) + "}}", ValueRefused,
                     id="5,001 subschemas"),
        pytest.param('{"allOf":[' + ",".join(['{"pattern":"a"}'] * 51) + "]}", ValueRefused, id="51 patterns"),
        pytest.param(json_text.write({"enum": [10**20 + n for n in range(101)]}), ValueRefused, id="101 large numbers"),
        pytest.param('{"multipleOf":0.' + "3" * 1001 + "}", ValueRefused, id="a number of 1,001 digits"),
    ],
)  # fmt: skip
def test_a_schema_is_bounded(home: HomeUnderTest, schema: str, kind: type[Refusal]) -> None:
    assert isinstance(refusal(home, schema), kind)


def _doubling(references: int) -> str:
    """Each definition refers twice to the next: the last is looked at 2^references times."""
    twice = {f"d{n}": {"allOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(references)}
    return json_text.write(
        {"allOf": [{"$ref": "#/definitions/d0"}], "definitions": {**twice, f"d{references}": {"type": "string"}}}
    )


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        pytest.param(_doubling(60), "x", id="doubled by each reference"),
        pytest.param('{"properties":{"a":{"oneOf":[{"$ref":"#"},{"$ref":"#"}]}}}', _nested(60), id="by each level"),
        pytest.param(json_text.write({"items": {"oneOf": [{"const": n} for n in range(4000)]}}),
                     list(range(20_000)), id="many choices for many items"),
        pytest.param(json_text.write({"items": {"enum": [[n] for n in range(9000)]}}), [[1]] * 20_000,
                     id="many arrays to compare with"),
        pytest.param(json_text.write({"allOf": [{"pattern": "a.*b"}] * 40}), "x" * 500_000, id="patterns and text"),
        pytest.param('{"uniqueItems":true}', [10**300 + n for n in range(3000)], id="large numbers to compare"),
        pytest.param('{"items":{"multipleOf":7}}', [json_text.read("1e999999")], id="a number of a million digits"),
    ],
)  # fmt: skip
def test_a_schema_and_a_value_that_would_take_too_long_are_refused(
    home: HomeUnderTest, schema: str, value: Any
) -> None:
    refused = refusal(home, schema, value)
    assert isinstance(refused, ValueRefused) and not refused.violations


def test_schemas_that_only_look_heavy_are_taken(home: HomeUnderTest) -> None:
    assert found(home, _doubling(8), '"x"') == []
    tree = '{"properties":{"left":{"$ref":"#"},"right":{"$ref":"#"}},"additionalProperties":false}'
    assert found(home, tree, json_text.write({"left": {"right": {"left": {}}}})) == []
    assert found(home, json_text.write({"enum": list(range(5000))}), "4999") == []
    assert len(found(home, json_text.write({"allOf": [{"pattern": "a"}] * 20}), '"x"')) == 20
