"""dotenv files: texts, lowered names, nothing expanded."""

import pytest

from llm_config_client.files import dotenv


def read(text: str) -> dict[str, str]:
    found, wrong = dotenv.read(text)
    assert not wrong, [str(error) for error in wrong]
    return {variable.key: variable.text for variable in found}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("A=x", "x", id="plain"),
        pytest.param("export A = x ", "x", id="exported, with spaces"),
        pytest.param("A=", "", id="empty"),
        pytest.param("A=x # why", "x", id="a comment"),
        pytest.param("A=x#y", "x#y", id="a hash inside"),
        pytest.param("A='x # $Y \\n'", "x # $Y \\n", id="single quotes keep everything"),
        pytest.param('A="x\\ny \\"z\\" \\$HOME"', 'x\ny "z" $HOME', id="double quotes have escapes"),
        pytest.param('A="-----BEGIN\nabc\n-----END"', "-----BEGIN\nabc\n-----END", id="lines in quotes"),
        pytest.param("A=1.10", "1.10", id="a number is text"),
        pytest.param("A=https://x/?a=b&c=d", "https://x/?a=b&c=d", id="equals signs in the value"),
        pytest.param("# first\r\n\r\nA=x\r\n", "x", id="Windows lines"),
        pytest.param("A=costs $5", "costs $5", id="a dollar that refers to nothing"),
    ],
)
def test_a_line_is_a_text(text: str, value: str) -> None:
    assert read(text) == {"a": value}


def test_names_are_lowered_and_kept() -> None:
    found, _ = dotenv.read("OpenAI_BASE_URL=x\nTWO=y\n")
    assert [(variable.key, variable.name, variable.line) for variable in found] == [
        ("openai_base_url", "OpenAI_BASE_URL", 1),
        ("two", "TWO", 2),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("A=1\na=2", 2, "the same name as in line 1", id="a collision"),
        pytest.param("A=1\nB", 2, "NAME=value", id="no equals sign"),
        pytest.param("A=1\n2B=1", 2, "NAME=value", id="a name that is none"),
        pytest.param("_A=1", 1, "a key is", id="a name that is no key"),
        pytest.param("A='x\nB=1", 1, "NAME=value", id="an open quote"),
        pytest.param("A='x'y", 1, "NAME=value", id="something after the quote"),
        pytest.param("A=1\nB=${A}/x", 2, "is not expanded", id="a reference"),
        pytest.param('A=1\nB="$A"', 2, "is not expanded", id="a reference in double quotes"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, message: str) -> None:
    _, wrong = dotenv.read(text)
    assert wrong[0].line == line
    assert message in wrong[0].message


def test_everything_that_is_wrong_is_told() -> None:
    found, wrong = dotenv.read("A=1\nB\nC='\nD=4\n")
    assert [error.line for error in wrong] == [2, 3]
    assert [variable.key for variable in found] == ["a", "d"]
