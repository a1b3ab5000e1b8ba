"""What changed between two values: as a JSON Patch, and in words."""

import pytest

from llm_config_domain import json_text
from llm_config_domain.configs.patches import diff, summary


@pytest.mark.parametrize(
    ("old", "new", "patch"),
    [
        pytest.param("1", "1", "[]", id="nothing"),
        pytest.param("1", "1.0", '[{"op":"replace","path":"","value":1.0}]', id="another text of an equal number"),
        pytest.param("[1.0]", "[1.00]", '[{"op":"replace","path":"/0","value":1.00}]', id="a digit more"),
        pytest.param('{"a":1}', '{"a":true}', '[{"op":"replace","path":"/a","value":true}]', id="one becomes true"),
        pytest.param('{"a":1,"b":2}', '{"b":2,"a":1}', "[]", id="another order of members"),
        pytest.param('{"a":1,"b":2}', '{"c":3,"b":4}',
                     '[{"op":"remove","path":"/a"},{"op":"replace","path":"/b","value":4},'
                     '{"op":"add","path":"/c","value":3}]', id="removed, replaced, added"),
        pytest.param('{"a/b":{"m~n":1},"":0}', '{"a/b":{"m~n":2},"":1}',
                     '[{"op":"replace","path":"/a~1b/m~0n","value":2},{"op":"replace","path":"/","value":1}]',
                     id="names that are escaped, and the empty one"),
        pytest.param('{"a":[]}', '{"a":{}}', '[{"op":"replace","path":"/a","value":{}}]', id="another type"),
        pytest.param('{"a":{"s":"x","n":1.0,"l":["y",1,{"m":1.5}]}}', '{"a":{"s":"x","n":1.0,"l":["y",1,{"m":1.50}]}}',
                     '[{"op":"replace","path":"/a/l/2/m","value":1.50}]', id="a digit more, deep in what is equal"),
        pytest.param('[{"s":"x","n":[1,2.0]}]', '[{"n":[1,2.0],"s":"x"}]', "[]", id="equal to the digit, deep"),
        pytest.param('[[1],[{"n":1}]]', '[[1],[{"n":true}]]', '[{"op":"replace","path":"/1/0/n","value":true}]',
                     id="one becomes true, deep"),
        pytest.param("[1,2,3]", "[1,9,2,3]", '[{"op":"add","path":"/1","value":9}]', id="put in the middle"),
        pytest.param("[1,2,3,4]", "[1,4]", '[{"op":"remove","path":"/2"},{"op":"remove","path":"/1"}]',
                     id="taken from the middle"),
        pytest.param("[1,1]", "[1,1,1]", '[{"op":"add","path":"/2","value":1}]', id="one more of the same"),
        pytest.param("[1,2,3]", "[1,7]", '[{"op":"replace","path":"/1","value":7},{"op":"remove","path":"/2"}]',
                     id="changed and shortened"),
        pytest.param('[{"a":[1,2]},3]', '[{"a":[1,2,4]},3]', '[{"op":"add","path":"/0/a/2","value":4}]',
                     id="inside an element"),
        pytest.param('[{"a":1,"b":0},3]', '[{"a":1,"c":0},3,4]',
                     '[{"op":"remove","path":"/0/b"},{"op":"add","path":"/0/c","value":0},'
                     '{"op":"add","path":"/2","value":4}]', id="inside an element of a longer array"),
    ],
)  # fmt: skip
def test_a_diff_says_what_changed_in_the_stored_text(old: str, new: str, patch: str) -> None:
    assert json_text.write(diff(json_text.read(old), json_text.read(new))) == patch


def test_a_place_that_needs_more_than_1000_operations_is_replaced_whole_and_others_are_not() -> None:
    old = {"many": {str(number): 0 for number in range(1001)}, "few": [0] * 1000}
    new = {"many": {str(number): 1 for number in range(1001)}, "few": [1] * 1000}
    assert [change["path"] for change in diff({"many": old["many"], "one": 0}, {"many": new["many"], "one": 1})] == [
        "/many",
        "/one",
    ]
    assert len(diff({"few": old["few"]}, {"few": new["few"]})) == 1000
    assert diff({"a": old["few"], "b": 0}, {"a": new["few"], "b": 1})[0]["path"] == ""


@pytest.mark.parametrize(
    ("patch", "old", "words"),
    [
        pytest.param("[]", "{}", "no change", id="nothing"),
        pytest.param('[{"op":"test","path":"","value":1}]', "1", "no change", id="a test alone"),
        pytest.param('[{"op":"add","path":"/a","value":1},{"op":"add","path":"/b/0","value":1},'
                     '{"op":"remove","path":"/c"},{"op":"replace","path":"","value":2}]', '{"b":[1],"c":2}',
                     "2 added, 1 removed, 1 replaced: /a, /b/0, /c, the whole value", id="of each kind"),
        pytest.param('[{"op":"add","path":"/a","value":1},{"op":"add","path":"/b/0/c","value":1},'
                     '{"op":"add","path":"","value":1},{"op":"add","path":"/d/e","value":1}]',
                     '{"a":1,"b":[{"c":0}],"d":"x"}', "1 added, 3 replaced: /a, /b/0/c, the whole value, /d/e",
                     id="an add over what is there replaces it"),
        pytest.param('[{"op":"move","from":"/a","path":"/b"},{"op":"copy","from":"/b","path":"/c"}]', "{}",
                     "1 moved, 1 copied: /b, /c", id="moved and copied"),
        pytest.param("[" + ",".join(f'{{"op":"remove","path":"/{n}"}}' for n in range(6)) + "]", "{}",
                     "6 removed: /0, /1, /2, /3, /4, ...", id="more than five"),
        pytest.param('[{"op":"remove","path":"/a\u202e\\n\u001b[2K"}]'.replace("\u001b", "\\u001b"), "{}",
                     "1 removed: /a\ufffd\ufffd\ufffd[2K", id="letters that move the cursor"),
        pytest.param(f'[{{"op":"remove","path":"/{"x" * 200}"}}]', "{}", f"1 removed: /{'x' * 79}...", id="a long path"),
    ],
)  # fmt: skip
def test_a_summary_counts_and_names_places(patch: str, old: str, words: str) -> None:
    assert summary(json_text.read(patch), json_text.read(old)) == words


def test_a_summary_without_the_old_value_takes_an_add_as_it_stands() -> None:
    assert summary([{"op": "add", "path": "", "value": 1}]) == "1 added: the whole value"


def test_a_place_that_is_replaced_whole_is_one_operation_with_its_new_value() -> None:
    old = {"kept": 1, "many": {f"m{number}": 0 for number in range(1001)}}
    new = {"kept": 1, "many": {f"m{number}": 1 for number in range(1001)}}
    assert diff(old, new) == [{"op": "replace", "path": "/many", "value": new["many"]}]
