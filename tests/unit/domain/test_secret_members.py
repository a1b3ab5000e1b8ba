"""What each member of a secret's value may be, and what is said where it is something else: never the value itself."""

from typing import Any

import pytest

from llm_config_domain.secrets.types import members
from llm_config_domain.secrets.types.members import MAX_LISTED, MAX_MEMBERS, MAX_TEXT, Members, Wrong

TEXT = ("type", "this is a text")
LENGTH = ("length", "this is a text of 1 to 65536 characters")
TEXTS = ("type", "this is a list of at most 1000 texts")
SCALAR = ("type", "a member that the type does not name is a text, a number, true or false")
SCALARS = ("type", "this is an object of at most 100 texts, numbers, true or false")
PLACEHOLDER = ("placeholder", "this stands where a secret should be: send the real one")
MOMENT = ("format", "this is a time as RFC 3339 writes it: 2026-01-31T12:00:00Z")


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("a", None),
        ("x" * MAX_TEXT, None),
        ("x" * (MAX_TEXT + 1), LENGTH),
        ("", LENGTH),
        (1, TEXT),
        (None, TEXT),
        (["a"], TEXT),
    ],
    ids=["a letter", "the longest", "too long", "empty", "a number", "null", "a list"],
)
def test_a_text(value: Any, wrong: Wrong | None) -> None:
    assert members.text(value) == members.secret_text(value) == wrong


def test_a_text_that_lets_somebody_in_is_no_placeholder() -> None:
    assert members.text("changeme") is None
    assert members.secret_text("changeme") == PLACEHOLDER


@pytest.mark.parametrize("value", ["a", 1, 1.5, True, False, 0, ""])
def test_a_scalar(value: Any) -> None:
    assert members.scalar(value) is None
    assert members.scalars({"a": value}) is None


@pytest.mark.parametrize("value", [None, {}, [], {"a": 1}, [1]])
def test_what_is_no_scalar(value: Any) -> None:
    assert members.scalar(value) == SCALAR
    assert members.scalars({"a": 1, "b": value}) == SCALARS


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({f"m{number}": 1 for number in range(MAX_MEMBERS)}, None),
        ({f"m{number}": 1 for number in range(MAX_MEMBERS + 1)}, SCALARS),
        ([1], SCALARS),
        ("a", SCALARS),
    ],
    ids=["the most", "too many", "a list", "a text"],
)
def test_an_object_of_scalars(value: Any, wrong: Wrong | None) -> None:
    assert members.scalars(value) == wrong


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ([], None),
        (["a", "b"], None),
        (["a"] * MAX_LISTED, None),
        (["a"] * (MAX_LISTED + 1), TEXTS),
        (["a", ""], TEXTS),
        (["a", 1], TEXTS),
        ({"a": "b"}, TEXTS),
        (None, TEXTS),
    ],
    ids=["none", "two", "the most", "too many", "an empty one", "a number", "an object", "null"],
)
def test_a_list_of_texts(value: Any, wrong: Wrong | None) -> None:
    assert members.texts(value) == members.text_or_texts(value) == wrong


def test_scopes_may_also_be_one_text() -> None:
    assert members.text_or_texts("read write") is None
    assert members.text_or_texts("") == LENGTH
    assert members.texts("read write") == TEXTS


@pytest.mark.parametrize(("value", "fits"), [(1, True), (65_535, True), (0, False), (65_536, False), (True, False),
                                             ("1", False), (1.0, False), (None, False)])  # fmt: skip
def test_a_whole_number_of_a_range(value: Any, fits: bool) -> None:
    assert members.whole(1, 65_535)(value) == (None if fits else ("range", "this is a whole number from 1 to 65535"))


@pytest.mark.parametrize(("value", "fits"), [("a", True), ("b", True), ("c", False), ("", False), (None, False)])
def test_one_of_some_words(value: Any, fits: bool) -> None:
    assert members.one_of("a", "b")(value) == (None if fits else ("enum", "this is one of a, b"))


@pytest.mark.parametrize(
    ("value", "fits"),
    [("2026-01-31T12:00:00Z", True), ("2026-01-31T12:00:00+01:00", True), ("2026-01-31", False), ("", False),
     (1769860800, False), (None, False)],
)  # fmt: skip
def test_a_moment(value: Any, fits: bool) -> None:
    assert members.moment(value) == (None if fits else MOMENT)


KNOWN = Members({"user": members.text, "port": members.whole(1, 9)}, required=frozenset({"user"}))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param({"user": "a"}, [], id="what must be there"),
        pytest.param({"user": "a", "port": 1}, [], id="all of it"),
        pytest.param("a", [("", "type", "this type's value is an object: user, port?")], id="no object"),
        pytest.param({}, [("/user", "required", "this must be there")], id="nothing"),
        pytest.param(
            {"canary": 1, "port": 0},
            [
                ("/user", "required", "this must be there"),
                ("", "members", "the value has a member that this type does not know: user, port?"),
                ("/port", "range", "this is a whole number from 1 to 9"),
            ],
            id="everything wrong at once, and the unknown one unnamed",
        ),
        pytest.param(
            {f"m{number}": 1 for number in range(MAX_MEMBERS + 1)},
            [("", "members", "the value has at most 100 members")],
            id="too many",
        ),
    ],
)
def test_a_value_is_told_all_that_is_wrong_with_its_members(value: Any, told: list[tuple[str, str, str]]) -> None:
    assert [(each.path, each.rule, each.message) for each in KNOWN.violations(value)] == told


def test_a_member_of_another_name_is_checked_where_there_may_be_one_and_never_named() -> None:
    open_ended = Members({"user": members.text}, others=members.scalar)
    assert open_ended.violations({"user": "a", "canary": 1}) == ()
    assert open_ended.violations({f"m{number}": 1 for number in range(MAX_MEMBERS)}) == ()
    (wrong,) = open_ended.violations({"canary": [1]})
    assert (wrong.path, wrong.rule, wrong.message) == ("", *SCALAR)
