"""A directory of files as entries: names, what is passed over, and everything that is wrong, at once."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from llm_config_client.files.directory import read_directory, read_dotenv
from llm_config_client.files.entries import Reading
from llm_config_domain.errors import Malformed


def laid(directory: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return directory


def told(reading: Reading, directory: Path) -> list[str]:
    return [str(fault).removeprefix(f"{directory}/") for fault in sorted(reading.faults)]


def test_a_file_is_an_entry_by_its_place(tmp_path: Path) -> None:
    files = {
        "app/database.production.yaml": "a: 1",
        "app/database.dev.yml": "a: 2",
        "team/search/eu/model.v1.2.edge.json": "[1]",
        "app/limits.global.toml": "n = 1",
    }
    reading = read_directory(laid(tmp_path, files))
    assert reading.faults == []
    assert [(*entry.name, entry.value) for entry in reading.entries] == [
        ("app/database", "development", {"a": 2}),
        ("app/database", "production", {"a": 1}),
        ("app/limits", "global", {"n": 1}),
        ("team/search/eu/model.v1.2", "edge", [1]),
    ]
    assert {entry.tags for entry in reading.entries} == {None}


def test_a_dotenv_file_is_an_entry_a_name(tmp_path: Path) -> None:
    directory = laid(tmp_path, {"app/env/prod.env": "# why\nLOG_LEVEL=info\n"})
    [entry] = read_directory(directory).entries
    assert (entry.name, entry.value) == (("app/env/log_level", "production"), "info")
    assert (entry.line, entry.added_tags) == (2, {"env_name": "LOG_LEVEL"})
    [same] = read_dotenv(directory / "app/env/prod.env", "app/env", "production").entries
    assert same == entry


@pytest.mark.parametrize("place", [("App", "production"), ("app", "producton")])
def test_a_dotenv_file_needs_a_place_that_can_be(place: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        read_dotenv(laid(tmp_path, {"x.env": "A=1"}) / "x.env", *place)


def test_metadata_is_put_on_the_entries_beside_it(tmp_path: Path) -> None:
    files = {
        "app/a.production.yaml": "1",
        "app/b.production.yaml": "2",
        "app/_metadata.yaml": "a.prod: {classification: restricted, tags: {team: core}}\n",
    }
    first, second = read_directory(laid(tmp_path, files)).entries
    assert (first.classification, first.tags) == ("restricted", {"team": "core"})
    assert (second.classification, second.tags) == (None, None)


def test_hidden_names_are_passed_over_and_others_are_counted(tmp_path: Path) -> None:
    files = {".git/config": "x", "app/.a.production.yaml": "{", "app/.hidden/a.production.yaml": "{", ".env": "A",
             "README.md": "x", "app/a.production.yaml": "1", "app/a.production.yaml.bak": "x"}  # fmt: skip
    reading = read_directory(laid(tmp_path, files))
    assert ([entry.path for entry in reading.entries], reading.faults) == (["app/a"], [])
    assert [name.removeprefix(f"{tmp_path}/") for name in reading.skipped] == ["README.md", "app/a.production.yaml.bak"]


ENVIRONMENTS = "unknown environment: use one of global, development, staging, production, edge (or dev, stage, prod)"


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        pytest.param({"a.production.yaml": "1"},
                     ["a.production.yaml: a file needs a namespace, the directory that it lies in:"
                      " DIR/namespace/key.environment.yaml"], id="no namespace"),
        pytest.param({"App/a.production.yaml": "1"},
                     ["App/a.production.yaml: a namespace is segments of a-z, 0-9 and '-' joined by single slashes,"
                      " at most 500 characters"], id="a namespace that is none"),
        pytest.param({"app/a_.production.yaml": "1"},
                     ["app/a_.production.yaml: a key is a-z, 0-9, '.', '_' and '-', begins and ends with a letter or"
                      " digit, at most 255 characters"], id="a key that is none"),
        pytest.param({"app/a.yaml": "1"},
                     ["app/a.yaml: the name lacks its environment: .yaml files are called key.environment.yaml"],
                     id="no environment"),
        pytest.param({"app/a.producton.yaml": "1"}, [f"app/a.producton.yaml: {ENVIRONMENTS}"],
                     id="an environment that nobody knows"),
        pytest.param({"app/system.env": "A=1", "app/x.env": "A=1"}, [f"app/x.env: {ENVIRONMENTS}"],
                     id="a dotenv file of no environment"),
        pytest.param({"app/a.prod.yaml": "1", "app/a.production.json": "1"},
                     ["app/a.production.json: the same entry as {}/app/a.prod.yaml: keep one of the two"],
                     id="two formats"),
        pytest.param({"app/prod.env": "X=1\nA=1\n", "app/a.prod.yaml": "1"},
                     ["app/prod.env:2: the same entry as {}/app/a.prod.yaml: keep one of the two"],
                     id="a file and a line"),
        pytest.param({"app/a.edge.yaml": b"a: 1\nb: \xe9\n"},
                     ["app/a.edge.yaml:2: not UTF-8: save the file in that encoding"], id="Latin-1"),
        pytest.param({"app/a.edge.json": '"x"'.encode("utf-16")},
                     ["app/a.edge.json:1: not UTF-8: save the file in that encoding"], id="UTF-16"),
        pytest.param({"app/a.edge.yaml": f'"{"x" * 1024 * 1024}"'},
                     ["app/a.edge.yaml: the value is larger than 1 MiB: split it over several entries"],
                     id="a value over the limit"),
        pytest.param({"app/a.edge.yaml": "a: 1 #" + "x" * 10 * 1024 * 1024},
                     ["app/a.edge.yaml: larger than 10 MB: split it over several entries"], id="a file over the limit"),
        pytest.param({"app/_metadata.yaml": "a.edge: {tags: {x: 1}}", "app/a.edge.yaml": "1"},
                     ["app/_metadata.yaml: a.edge: write key.environment: {{classification: public, internal,"
                      " confidential or restricted, tags: {{name: text}}}}"], id="metadata of another shape"),
        pytest.param({"app/_metadata.yaml": "a.edge: {}"},
                     ["app/_metadata.yaml: there is no entry app/a in edge that this could be of"],
                     id="metadata of nothing"),
        pytest.param({"app/_metadata.yaml": "a.prod: {}\na.production: {}", "app/a.prod.yaml": "1"},
                     ["app/_metadata.yaml: the same entry twice: an environment has a short and a long name"],
                     id="metadata twice"),
        pytest.param({"app/z.edge.yaml": "a: 1\na: 2", "app/b.edge.json": "{", "app/c.edge.toml": "a = 1\nb ="},
                     ["app/b.edge.json:1: not JSON: a comma, a quote or a bracket is missing or too many, here or before",
                      "app/c.edge.toml:2: not TOML: a value that is none: put the text in quotes",
                      "app/z.edge.yaml:2: the same name twice in one object"], id="several files"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_file_and_line(
    files: Mapping[str, str | bytes], faults: list[str], tmp_path: Path
) -> None:
    assert told(read_directory(laid(tmp_path, files)), tmp_path) == [fault.format(tmp_path) for fault in faults]


def test_links_do_not_lead_out(tmp_path: Path) -> None:
    inside = laid(tmp_path / "in", {"app/a.edge.yaml": "1", "app/sub/b.edge.yaml": "2"})
    outside = laid(tmp_path / "out", {"secret": "x", "app/c.edge.yaml": "3"})
    (inside / "app/fine.edge.yaml").symlink_to("a.edge.yaml")
    (inside / "app/out.edge.yaml").symlink_to(outside / "secret")
    (inside / "app/gone.edge.yaml").symlink_to("nowhere")
    (inside / "app/turn.edge.yaml").symlink_to("turn.edge.yaml")
    (inside / "app/again").symlink_to("sub")
    (inside / "other").symlink_to(outside / "app")
    os.mkfifo(inside / "app/pipe.edge.yaml")
    reading = read_directory(inside)
    assert [entry.key for entry in reading.entries] == ["a", "fine", "b"]
    out = "a link that leads out of the directory: put the file itself here"
    assert told(reading, inside) == [
        "app/again: a link to a directory: its entries would be here twice",
        "app/gone.edge.yaml: cannot be read: No such file or directory",
        f"app/out.edge.yaml: {out}",
        "app/pipe.edge.yaml: not a regular file",
        "app/turn.edge.yaml: cannot be read: Too many levels of symbolic links",
        f"other: {out}",
    ]


def test_a_directory_that_is_itself_reached_by_a_link_is_read(tmp_path: Path) -> None:
    laid(tmp_path / "real", {"app/a.edge.yaml": "1"})
    (tmp_path / "link").symlink_to("real")
    assert [entry.path for entry in read_directory(tmp_path / "link").entries] == ["app/a"]


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    marked = {f"app/{suffix}.edge.{suffix}": b"\xef\xbb\xbf" + text for suffix, text in
              {"yaml": b"a: 1", "json": b'{"a": 1}', "toml": b"a = 1"}.items()}  # fmt: skip
    assert [entry.value for entry in read_directory(laid(tmp_path, marked)).entries] == [{"a": 1}] * 3
