"""What a batch is to do: manifests, folders, patterns, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit.batch import read_source
from subkit.errors import FormatError, InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_gives_a_title_for_each_row(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    path.write_text(
        "id,media,to,priority,deadline,glossary\n"
        'one,a.mkv,"ko,es",3,2027-03-01,terms.csv\n'
        "\n"
        ",sub/b.mkv,,,,\n",
        encoding="utf-8",
    )
    first, second = read_source(str(path)).entries
    assert (first.id, first.media, first.line) == ("one", tmp_path / "a.mkv", 2)
    assert dict(first.values) == {
        "to": "ko,es", "priority": "3", "deadline": "2027-03-01",
        "glossary": str(tmp_path / "terms.csv"),
    }  # fmt: skip
    assert (second.id, second.line) == ("b", 4)


def test_json_lines_give_a_title_for_each_line(tmp_path: Path) -> None:
    path = tmp_path / "films.jsonl"
    path.write_text('{"media": "a.mkv", "to": ["ko", "es"], "priority": 2}\n\n', encoding="utf-8")
    (entry,) = read_source(str(path)).entries
    assert dict(entry.values) == {"to": "ko,es", "priority": "2"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("media\n", "lists no title"),
        ("", "is empty"),
        ("name\nx\n", "no column media"),
        ("id,media\na,\n", "line 2: no media file"),
        ("media,priority\na.mkv,soon\n", "line 2: 'soon' is no priority"),
        ("media,deadline\na.mkv,tuesday\n", "line 2: 'tuesday' is no deadline"),
        ("media\nhttps://x.org/a.mkv\n", "line 2: https addresses are not read"),
        ("media\ns3://x/a.mkv\n", "line 2: s3 addresses are not read"),
        ('media\n"a.mkv\n', "line 2"),
    ],
)
def test_a_faulty_table_is_refused_with_the_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "films.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError if "addresses" not in told else InputError, match=told):
        read_source(str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[1]\n", "line 1: this is no JSON object"),
        ('{"media": "a.mkv"}\n{"media": \n', "line 2: this is no JSON object"),
        ('{"media": "a.mkv", "titel": 1}\n', "no column 'titel'"),
        ("\n", "lists no title"),
    ],
)
def test_faulty_json_lines_are_refused_with_the_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "films.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=told):
        read_source(str(path))


def test_a_folder_is_searched_with_its_folders_and_says_what_it_leaves(tmp_path: Path) -> None:
    for name in ("b.mkv", "s/a.MP4", "s/x.srt", "s/notes", ".hidden/c.mkv", "out/d.mkv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "round").symlink_to(tmp_path)
    listing = read_source(str(tmp_path), skip=tmp_path / "out")
    assert [entry.id for entry in listing.entries] == ["b", "s/a"]
    assert dict(listing.left_out) == {".srt": 1, "": 1}


def test_a_pattern_finds_files_below_its_fixed_part(tmp_path: Path) -> None:
    for name in ("s1/a.mkv", "s2/a.mkv", "s2/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    listing = read_source(str(tmp_path / "s*" / "*"))
    assert [entry.id for entry in listing.entries] == ["s1/a", "s2/a"]


def test_names_with_hyphens_percent_signs_and_colons_are_names(tmp_path: Path) -> None:
    for name in ("-y.mkv", "a%d.mkv", "a:b.mkv", "a\nb.mkv"):
        (tmp_path / name).touch()
    assert len(read_source(str(tmp_path)).entries) == 4


def test_what_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    for source, told in (
        (tmp_path / "gone", "There is no"),
        (tmp_path, "holds no media file"),
        (tmp_path / "notes.txt", "neither a manifest nor a media file"),
        (tmp_path / "*.mkv", "holds no media file"),
    ):
        with pytest.raises(InputError, match=told):
            read_source(str(source))
