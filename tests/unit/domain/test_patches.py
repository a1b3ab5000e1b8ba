"""JSON Patch and JSON Merge Patch: the documents' own examples, case by case, and what is refused how."""

from decimal import Decimal
from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.configs.patches import MAX_LEVELS, apply_merge_patch, apply_patch
from llm_config_domain.errors import Conflict, Malformed, Refusal, TooLarge, ValueRefused, Violation


def patched(value: str, patch: str) -> Any:
    return apply_patch(json_text.read(value), json_text.read(patch))


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "patch", "result"),
    [
        pytest.param('{"foo":"bar"}', '[{"op":"add","path":"/baz","value":"qux"}]', '{"foo":"bar","baz":"qux"}',
                     id="RFC 6902 A.1 adding an object member"),
        pytest.param('{"foo":["bar","baz"]}', '[{"op":"add","path":"/foo/1","value":"qux"}]',
                     '{"foo":["bar","qux","baz"]}', id="RFC 6902 A.2 adding an array element"),
        pytest.param('{"baz":"qux","foo":"bar"}', '[{"op":"remove","path":"/baz"}]', '{"foo":"bar"}',
                     id="RFC 6902 A.3 removing an object member"),
        pytest.param('{"foo":["bar","qux","baz"]}', '[{"op":"remove","path":"/foo/1"}]', '{"foo":["bar","baz"]}',
                     id="RFC 6902 A.4 removing an array element"),
        pytest.param('{"baz":"qux","foo":"bar"}', '[{"op":"replace","path":"/baz","value":"boo"}]',
                     '{"baz":"boo","foo":"bar"}', id="RFC 6902 A.5 replacing a value"),
        pytest.param('{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}',
                     '[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]',
                     '{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}', id="RFC 6902 A.6 moving a value"),
        pytest.param('{"foo":["all","grass","cows","eat"]}', '[{"op":"move","from":"/foo/1","path":"/foo/3"}]',
                     '{"foo":["all","cows","eat","grass"]}', id="RFC 6902 A.7 moving an array element"),
        pytest.param('{"baz":"qux","foo":["a",2,"c"]}',
                     '[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]',
                     '{"baz":"qux","foo":["a",2,"c"]}', id="RFC 6902 A.8 testing a value: success"),
        pytest.param('{"foo":"bar"}', '[{"op":"add","path":"/child","value":{"grandchild":{}}}]',
                     '{"foo":"bar","child":{"grandchild":{}}}', id="RFC 6902 A.10 adding a nested object"),
        pytest.param('{"foo":"bar"}', '[{"op":"add","path":"/baz","value":"qux","xyz":123}]',
                     '{"foo":"bar","baz":"qux"}', id="RFC 6902 A.11 ignoring unrecognised members"),
        pytest.param('{"/":9,"~1":10}', '[{"op":"test","path":"/~01","value":10}]', '{"/":9,"~1":10}',
                     id="RFC 6902 A.14 escape ordering"),
        pytest.param('{"foo":["bar"]}', '[{"op":"add","path":"/foo/-","value":["abc","def"]}]',
                     '{"foo":["bar",["abc","def"]]}', id="RFC 6902 A.16 adding an array as an element"),
        pytest.param("1", '[{"op":"replace","path":"","value":[1.10]}]', "[1.10]", id="the root replaced"),
        pytest.param('{"a":1}', '[{"op":"add","path":"","value":null}]', "null", id="the root added over"),
        pytest.param('{"a":1}', '[{"op":"copy","from":"","path":"/b"}]', '{"a":1,"b":{"a":1}}',
                     id="the root copied into itself"),
        pytest.param('{"a":{"b":1}}', '[{"op":"move","from":"/a","path":""}]', '{"b":1}', id="a member becomes the root"),
        pytest.param('{"a":1}', '[{"op":"move","from":"/a","path":"/a"}]', '{"a":1}', id="a move to its own place"),
        pytest.param("[1]", '[{"op":"move","from":"","path":""}]', "[1]", id="the root moved to the root"),
        pytest.param("[]", '[{"op":"add","path":"/0","value":1}]', "[1]", id="the first of an empty array"),
        pytest.param("[1,2]", '[{"op":"add","path":"/2","value":3}]', "[1,2,3]", id="one past the end by its index"),
        pytest.param("[1,2]", '[{"op":"replace","path":"/0","value":null}]', "[null,2]", id="an element replaced by null"),
        pytest.param('{"":1," ":2}', '[{"op":"replace","path":"/","value":3}]', '{"":3," ":2}', id="the empty name"),
        pytest.param('{"a":[]}', '[{"op":"copy","from":"/a","path":"/a/-"}]', '{"a":[[]]}', id="an array into itself"),
        pytest.param('{"01":1}', '[{"op":"remove","path":"/01"}]', "{}", id="a leading zero is a name in an object"),
        pytest.param('{"-":1}', '[{"op":"remove","path":"/-"}]', "{}", id="a dash is a name in an object"),
        pytest.param('{"a":1}', '[{"op":"remove","path":"/a","value":null,"from":"no pointer"}]', "{}",
                     id="a value and a from that remove does not define"),
        pytest.param("[1,true,null]", "[]", "[1,true,null]", id="no operation"),
        pytest.param("[1]", '[{"op":"test","path":"/0","value":1.0},{"op":"test","path":"/0","value":1e0}]', "[1]",
                     id="equal numbers of different text"),
        pytest.param("1e400", '[{"op":"test","path":"","value":10E+399}]', "1E+400", id="numbers that no double holds"),
        pytest.param('{"a":{"b":[1],"c":2}}', '[{"op":"test","path":"/a","value":{"c":2.0,"b":[1.0]}}]',
                     '{"a":{"b":[1],"c":2}}', id="a test looks at no order of members"),
    ],
)  # fmt: skip
def test_a_patch_makes_what_the_document_says(value: str, patch: str, result: str) -> None:
    assert json_text.write(patched(value, patch)) == result


@pytest.mark.parametrize(
    ("value", "operation", "rule"),
    [
        pytest.param('{"foo":"bar"}', '{"op":"add","path":"/baz/bat","value":"qux"}', "absent",
                     id="RFC 6902 A.12 adding to a target that is not there"),
        pytest.param("[1]", '{"op":"add","path":"/2","value":1}', "index", id="beyond one past the end"),
        pytest.param("[1]", '{"op":"replace","path":"/1","value":1}', "index", id="an element that is not there"),
        pytest.param("[1]", '{"op":"remove","path":"/-"}', "index", id="the element after the last one"),
        pytest.param("[[1]]", '{"op":"add","path":"/-/0","value":1}', "index", id="into the element after the last one"),
        pytest.param("[1,2]", '{"op":"remove","path":"/01"}', "index", id="a leading zero"),
        pytest.param("[1,2]", '{"op":"remove","path":"/-1"}', "index", id="a negative index"),
        pytest.param("[1,2]", '{"op":"remove","path":"/+1"}', "index", id="a sign"),
        pytest.param("[1,2]", '{"op":"remove","path":"/1e0"}', "index", id="an exponent"),
        pytest.param("[1,2]", '{"op":"remove","path":"/\u0661"}', "index", id="a digit of another script"),
        pytest.param("[1,2]", '{"op":"remove","path":"/"}', "index", id="the empty name in an array"),
        pytest.param("[1,2]", f'{{"op":"remove","path":"/{"9" * 5000}"}}', "index", id="an index of 5,000 digits"),
        pytest.param('{"a":1}', '{"op":"remove","path":"/b"}', "absent", id="a member that is not there"),
        pytest.param('{"a":1}', '{"op":"replace","path":"/b","value":1}', "absent", id="nothing to replace"),
        pytest.param('{"a":1}', '{"op":"copy","from":"/b","path":"/c"}', "absent", id="nothing to copy"),
        pytest.param('{"a":1}', '{"op":"move","from":"/b","path":"/b"}', "absent", id="nothing to move to itself"),
        pytest.param('{"a":"text"}', '{"op":"add","path":"/a/0","value":1}', "scalar", id="a member of a text"),
        pytest.param('{"a":null}', '{"op":"remove","path":"/a/b"}', "scalar", id="a member of null"),
        pytest.param('{"a":{"b":{}}}', '{"op":"move","from":"/a","path":"/a/b/c"}', "own_child", id="into its own child"),
        pytest.param('{"a":1}', '{"op":"move","from":"","path":"/a"}', "own_child", id="the root into its own child"),
        pytest.param('{"a":1}', '{"op":"remove","path":""}', "root", id="the root"),
    ],
)  # fmt: skip
def test_what_does_not_apply_is_a_refused_value_that_names_its_operation(value: str, operation: str, rule: str) -> None:
    applied = '{"op":"test","path":"","value":' + value + "}"
    with pytest.raises(ValueRefused) as refused:
        patched(value, f"[{applied},{operation}]")
    assert [(broken.path, broken.rule) for broken in refused.value.violations] == [("/1", rule)]


@pytest.mark.parametrize(
    ("value", "path", "expected"),
    [
        pytest.param('{"baz":"qux"}', "/baz", '"bar"', id="RFC 6902 A.9 testing a value: error"),
        pytest.param('{"/":9,"~1":10}', "/~01", '"10"', id="RFC 6902 A.15 comparing strings and numbers"),
        pytest.param("[1]", "/0", "true", id="one is not true"),
        pytest.param("[0]", "/0", "false", id="zero is not false"),
        pytest.param("[null]", "/0", "0", id="null is not zero"),
        pytest.param("[0.1]", "/0", "0.1000000000000000055511151231257827", id="digits that a double would lose"),
        pytest.param("[9007199254740993]", "/0", "9007199254740992", id="integers that a double would lose"),
        pytest.param('{"a":1}', "", '{"a":1,"b":null}', id="a member too many"),
        pytest.param('{"a":1}', "", '{"b":1}', id="another name"),
        pytest.param("[1]", "", "[1,1]", id="another length"),
        pytest.param("[[1],[2]]", "", "[[1],[3]]", id="another element inside"),
        pytest.param('["\u00e9"]', "/0", '"e\u0301"', id="the same letter in other characters"),
        pytest.param('{"a":1}', "/b", "1", id="nothing there"),
        pytest.param("[]", "/0", "null", id="no element there"),
        pytest.param("1", "/a", "1", id="a member of a number"),
    ],
)
def test_a_failed_test_is_a_conflict_that_names_its_operation(value: str, path: str, expected: str) -> None:
    with pytest.raises(Conflict) as refused:
        patched(value, f'[{{"op":"test","path":"{path}","value":{expected}}}]')
    assert [broken.path for broken in refused.value.violations] == ["/0"]
    assert "operation 0" in refused.value.detail


@pytest.mark.parametrize(
    ("patch", "places"),
    [
        pytest.param("{}", [], id="an object"),
        pytest.param('"text"', [], id="a text"),
        pytest.param("[1]", ["/0"], id="an operation that is no object"),
        pytest.param("[{}]", ["/0/op"], id="no op"),
        pytest.param('[{"op":"spam","path":""}]', ["/0/op"], id="an unknown op"),
        pytest.param('[{"op":["add"],"path":""}]', ["/0/op"], id="an op that is no text"),
        pytest.param('[{"op":"remove"}]', ["/0/path"], id="no path"),
        pytest.param('[{"op":"remove","path":null}]', ["/0/path"], id="a path that is no text"),
        pytest.param('[{"op":"remove","path":"a"}]', ["/0/path"], id="a path without its slash"),
        pytest.param('[{"op":"remove","path":"#/a"}]', ["/0/path"], id="a URI fragment"),
        pytest.param('[{"op":"remove","path":"/a~"}]', ["/0/path"], id="a tilde at the end"),
        pytest.param('[{"op":"remove","path":"/a~2"}]', ["/0/path"], id="an escape that is none"),
        pytest.param('[{"op":"add","path":"/a"}]', ["/0/value"], id="add without a value"),
        pytest.param('[{"op":"replace","path":"/a"}]', ["/0/value"], id="replace without a value"),
        pytest.param('[{"op":"test","path":"/a"}]', ["/0/value"], id="test without a value"),
        pytest.param('[{"op":"copy","path":"/a"}]', ["/0/from"], id="copy without from"),
        pytest.param('[{"op":"move","path":"/a","from":7}]', ["/0/from"], id="a from that is no text"),
        pytest.param('[{"op":"remove","path":""},{"op":"copy","path":"x"}]', ["/1/path", "/1/from"], id="two faults"),
        pytest.param("[" + ",".join("1" * 50) + "]", [f"/{index}" for index in range(20)], id="fifty faults"),
    ],
)
def test_what_is_no_patch_is_malformed_and_each_place_is_named(patch: str, places: list[str]) -> None:
    with pytest.raises(Malformed) as refused:
        patched("{}", patch)
    assert [broken.path for broken in refused.value.violations] == places


def test_a_patch_of_1000_operations_is_taken_and_one_more_is_too_large() -> None:
    adds = [{"op": "add", "path": "/-", "value": 1}] * 1000
    assert len(apply_patch([], adds)) == 1000
    with pytest.raises(TooLarge) as refused:
        apply_patch([], [*adds, *adds[:1]])
    assert (refused.value.limit, refused.value.current) == (1000, 1001)


@pytest.mark.parametrize(
    ("value", "patch"),
    [
        pytest.param(["x"], [{"op": "copy", "from": "", "path": "/-"}] * 1000, id="doubled by each copy"),
        pytest.param({"a": "x" * 1000}, [{"op": "copy", "from": "", "path": "/a"}] * 500, id="deeper by each copy"),
        pytest.param(
            {"a": "x" * 500_000},
            [{"op": "copy", "from": "/a", "path": "/b"}, {"op": "remove", "path": "/b"}] * 500,
            id="copied and removed",
        ),
        pytest.param(
            {"a": [1] * 300_000},
            [{"op": "move", "from": "/a", "path": "/b"}, {"op": "move", "from": "/b", "path": "/a"}] * 500,
            id="moved to and fro",
        ),
        pytest.param([Decimal("1." + "1" * 500_000)], [{"op": "copy", "from": "/0", "path": "/-"}] * 1000,
                     id="a number of half a million digits"),
        pytest.param([10**4000], [{"op": "copy", "from": "", "path": "/-"}] * 30, id="an integer of 4,000 digits"),
        pytest.param([], [{"op": "add", "path": "/-", "value": "x" * 600_000}] * 2, id="more than 1 MiB by adding"),
        pytest.param(nested(40), [{"op": "copy", "from": "", "path": "/0" * 39 + "/-"}], id="too deep by copying"),
        pytest.param({"a": nested(40), "b": nested(40)},
                     [{"op": "move", "from": "/a", "path": "/b" + "/0" * 39 + "/-"}], id="too deep by moving"),
        pytest.param([], [{"op": "add", "path": "/-", "value": nested(MAX_LEVELS)}], id="too deep by adding"),
        pytest.param([0], [{"op": "replace", "path": "/0", "value": {"a": nested(MAX_LEVELS - 1)}}],
                     id="too deep by replacing"),
        pytest.param(nested(MAX_LEVELS + 1), [], id="too deep to begin with"),
    ],
)  # fmt: skip
def test_what_a_patch_makes_is_bounded_in_size_and_depth(value: Any, patch: Any) -> None:
    with pytest.raises(TooLarge) as refused:
        apply_patch(value, patch)
    assert refused.value.limit


def test_a_patch_may_reach_the_deepest_level() -> None:
    assert apply_patch([], [{"op": "add", "path": "/-", "value": nested(MAX_LEVELS - 1)}]) == nested(MAX_LEVELS)


@pytest.mark.parametrize(
    ("value", "patch"),
    [
        pytest.param('{"canary":"canary"}', '[{"op":"canary","path":"/canary"}]', id="an op"),
        pytest.param('{"canary":"canary"}', '[{"op":"remove","path":"canary"}]', id="a pointer"),
        pytest.param('{"canary":"canary"}', '[{"op":"remove","path":"/canary/canary"}]', id="a path"),
        pytest.param('{"canary":"canary"}', '[{"op":"test","path":"/canary","value":"canary2"}]', id="a value"),
        pytest.param('["canary"]', '[{"op":"remove","path":"/canary"}]', id="an index"),
        pytest.param('"canary"', '[{"op":"copy","from":"","path":"/canary"}]', id="a name to come"),
    ],
)
def test_no_refusal_quotes_what_came(value: str, patch: str) -> None:
    with pytest.raises(Refusal) as refused:
        patched(value, patch)
    assert "canary" not in repr((refused.value.detail, refused.value.violations, refused.value.__cause__))


@pytest.mark.parametrize(
    ("value", "patch", "result"),
    [
        ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
        ('{"a":"b"}', '{"a":null}', "{}"),
        ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
        ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
        ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
        ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
        ('["a","b"]', '["c","d"]', '["c","d"]'),
        ('{"a":"b"}', '["c"]', '["c"]'),
        ('{"a":"foo"}', "null", "null"),
        ('{"a":"foo"}', '"bar"', '"bar"'),
        ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
        ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
        ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
    ],
)
def test_a_merge_patch_makes_what_the_appendix_of_rfc_7396_says(value: str, patch: str, result: str) -> None:
    assert json_text.write(apply_merge_patch(json_text.read(value), json_text.read(patch))) == result


@pytest.mark.parametrize(
    ("value", "patch", "result"),
    [
        pytest.param('{"a":{"$secret":"k/one"}}', '{"a":{"$secret":"k/two"}}', '{"a":{"$secret":"k/two"}}',
                     id="one reference for another"),
        pytest.param('{"a":{"$secret":"k/one"}}', '{"a":{"model":"m","old":null}}', '{"a":{"model":"m"}}',
                     id="a plain object for a reference"),
        pytest.param('{"a":{"model":"m"}}', '{"a":{"$secret":"k/one"}}', '{"a":{"$secret":"k/one"}}',
                     id="a reference for a plain object"),
        pytest.param('{"a":{"$literal":{"x":1,"y":2}}}', '{"a":{"$literal":{"x":null}}}',
                     '{"a":{"$literal":{"x":null}}}', id="a null in a literal is content"),
        pytest.param('{"a":{"$secret":"k/one"},"b":1}', '{"a":null}', '{"b":1}', id="a reference removed"),
        pytest.param('{"$secret":"k/one"}', '{"a":1}', '{"a":1}', id="the root was a reference"),
    ],
)  # fmt: skip
def test_a_merge_patch_replaces_special_objects_whole(value: str, patch: str, result: str) -> None:
    assert json_text.write(apply_merge_patch(json_text.read(value), json_text.read(patch))) == result


@pytest.mark.parametrize(
    ("value", "patch"),
    [
        pytest.param({"a": "x" * 600_000}, {"b": "x" * 600_000}, id="too large together"),
        pytest.param({}, {"a": nested(MAX_LEVELS)}, id="an array too deep"),
        pytest.param(1, nested(MAX_LEVELS + 1), id="a patch too deep"),
    ],
)
def test_what_a_merge_patch_makes_is_bounded(value: Any, patch: Any) -> None:
    with pytest.raises(TooLarge):
        apply_merge_patch(value, patch)


def test_objects_of_a_merge_patch_are_bounded_in_depth() -> None:
    patch: Any = {}
    for _ in range(MAX_LEVELS - 1):
        patch = {"a": patch}
    assert apply_merge_patch({}, patch) == patch
    with pytest.raises(TooLarge):
        apply_merge_patch({}, {"a": patch})


@pytest.mark.parametrize(
    ("operation", "kind", "detail", "violation"),
    [
        pytest.param(
            {"op": "test", "path": "/a", "value": 2},
            Conflict,
            "the test of operation 0 failed; nothing was changed",
            Violation("/0", "test", "what is there is not what the test names"),
            id="a test",
        ),
        pytest.param(
            {"op": "remove", "path": "/b"},
            ValueRefused,
            "operation 0 does not apply; nothing was changed",
            Violation("/0", "absent", "there is nothing at its path"),
            id="a place that is not there",
        ),
    ],
)
def test_what_fails_says_which_operation_and_why(
    operation: Any, kind: type[Refusal], detail: str, violation: Violation
) -> None:
    with pytest.raises(kind) as refused:
        apply_patch({"a": 1}, [operation])
    assert (refused.value.detail, list(refused.value.violations)) == (detail, [violation])
