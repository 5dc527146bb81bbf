"""``subkit convert`` and ``subkit info``: subtitle files without a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

SRT = """1
00:00:01,000 --> 00:00:03,000
<i>Somebody is</i> <font color="#ff0000">following</font> us.

2
00:00:04,000 --> 00:00:06,000
{\\an8}See the <b>Titanic</b>!
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.en.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def test_a_file_is_converted_beside_itself_and_its_losses_are_said(
    subkit: Callable[..., Answer], film: Path
) -> None:
    done = subkit("convert", film, "-f", "scc,txt")
    assert done.code == 0
    assert done.out.split() == [str(film.with_suffix(".scc")), str(film.with_suffix(".txt"))]
    assert "film.en.scc: lossy: 1 bold" in done.err
    assert "film.en.txt: lossy: 1 italic, 1 bold, 1 colour, 1 place (cues 1, 2)" in done.err
    assert film.with_suffix(".scc").read_text().startswith("Scenarist_SCC")
    assert film.read_text(encoding="utf-8") == SRT


def test_the_same_format_gives_the_same_bytes(subkit: Callable[..., Answer], film: Path) -> None:
    refused = subkit("convert", film, "-f", "srt", "-y")
    assert refused.code == 2
    assert "over itself" in refused.err
    done = subkit("convert", film, "-f", "srt", "-o", "out")
    assert (done.code, done.err) == (0, "")
    assert (film.parent / "out" / "film.en.srt").read_bytes() == film.read_bytes()


def test_strict_writes_nothing_and_ends_with_5(subkit: Callable[..., Answer], film: Path) -> None:
    done = subkit("convert", film, "-f", "srt,txt", "-o", "out", "--strict")
    assert done.code == 5
    assert not (film.parent / "out").exists()
    other = film.with_name("other.en.srt")
    other.write_bytes(film.read_bytes())
    both = subkit("convert", film, other, "-f", "txt", "--strict", "--json")
    assert both.code == 5
    assert [one["error"]["kind"] for one in both.json()["results"]] == ["LossError"] * 2
    plain = film.with_name("plain.en.srt")
    plain.write_text("1\n00:00:01,000 --> 00:00:02,000\nYes.\n", encoding="utf-8")
    assert subkit("convert", plain, "-f", "txt", "--strict").code == 0


def test_no_file_is_replaced_unasked(subkit: Callable[..., Answer], film: Path) -> None:
    there = film.with_suffix(".txt")
    there.write_text("mine")
    assert subkit("convert", film, "-f", "txt").code == 3
    assert there.read_text() == "mine"
    assert subkit("convert", film, "-f", "txt", "-y").code == 0
    assert there.read_text() != "mine"


def test_a_broken_file_does_not_stop_the_others(subkit: Callable[..., Answer], film: Path) -> None:
    bad = film.with_name("bad.srt")
    bad.write_text("nothing of the kind")
    done = subkit("convert", bad, film, "-f", "txt")
    assert done.code == 7
    assert film.with_suffix(".txt").exists()
    assert "'bad.srt', line 1" in done.err
    facts = subkit("convert", bad, film, "-f", "txt", "-y", "--json")
    assert facts.code == 7
    assert [sorted(one) for one in facts.json()["results"]] == [
        ["error", "source"],
        ["files", "format", "losses", "repairs", "source", "tracks"],
    ]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "No format to convert to"),
        (("-f", "docs"), 2, "docs"),
        (("-f", "txt", "--reel", "0"), 2, "not a reel"),
        (("-f", "txt", "--fps", "25", "--drop-frame"), 2, "only at 30000/1001"),
        (("-f", "txt", "--start-timecode", "ten"), 3, "not a timecode"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_work(
    subkit: Callable[..., Answer], film: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    done = subkit("convert", film, *words)
    assert done.code == code
    assert told in done.err
    assert [path.name for path in film.parent.iterdir() if path.is_file()] == ["film.en.srt"]


def test_two_files_never_become_one(subkit: Callable[..., Answer], film: Path) -> None:
    folder = film.parent / "more"
    folder.mkdir()
    (folder / film.name).write_bytes(film.read_bytes())
    done = subkit("convert", film, folder / film.name, "-f", "txt", "-o", "out")
    assert done.code == 2
    assert "would both become" in done.err


def test_a_start_is_taken_off_the_times(subkit: Callable[..., Answer], film: Path) -> None:
    film.write_text(SRT.replace("00:00:0", "10:00:0"), encoding="utf-8")
    done = subkit("convert", film, "-f", "srt", "-o", "out", "--start-timecode", "10:00:00:00")
    assert done.code == 0
    assert (film.parent / "out" / film.name).read_text(encoding="utf-8") == SRT


def test_info_tells_what_a_file_is(subkit: Callable[..., Answer], film: Path) -> None:
    done = subkit("info", film)
    assert done.code == 0
    assert done.out.splitlines() == [
        "format      SubRip (srt)",
        "encoding    utf-8",
        "track       en: 2 cues, 00:00:01:00 to 00:00:06:00",
        "  marks     1 italic, 1 colour, 1 bold",
        "  looks     1 cue placed",
        "  findings  none",
    ]


def test_info_names_encoding_findings_and_repairs(
    subkit: Callable[..., Answer], tmp_path: Path
) -> None:
    path = tmp_path / "film.ko.srt"
    text = "1\n00:00:01,000 --> 00:00:01,200\n도와줘  휴고. 누군가 우리를 따라오고 있어.\n"
    path.write_bytes(text.encode("cp949"))
    facts = subkit("info", path, "--json", "--encoding", "cp949").json()
    assert facts["encoding"] == "cp949"
    (track,) = facts["tracks"]
    assert (track["language"], track["cues"], track["marks"]) == ("ko", 1, {})
    assert track["findings"]["double-space"] == 1
    assert facts["frame_rate"] is None
    judged = json.loads(subkit("info", path, "--json").out)
    assert judged["encoding"] == "cp949"
    assert judged["repairs"]
    assert judged["tracks"] == facts["tracks"]


def test_info_tells_rate_and_start_of_captions(subkit: Callable[..., Answer], film: Path) -> None:
    subkit("convert", film, "-f", "scc")
    facts = subkit("info", film.with_suffix(".scc"), "--json").json()
    assert facts["format"] == "scc"
    assert facts["frame_rate"] == {"rate": "30000/1001", "drop_frame": True}
    assert facts["tracks"][0]["marks"] == {"italic": 1, "color": 1}


def test_a_format_is_named_by_what_stands_in_it_and_its_variant_by_the_extension(
    subkit: Callable[..., Answer], film: Path
) -> None:
    subkit("convert", film, "-f", "dcinema,netflix,itt")
    names = {}
    for ending in ("xml", "dfxp", "itt"):
        path = film.with_name(f"film.en.{ending}")
        names[ending] = subkit("info", path, "--json").json()["format"]
    assert names == {"xml": "dcinema", "dfxp": "netflix", "itt": "itt"}


def test_a_file_that_comes_back_is_held_against_its_own_variant(
    subkit: Callable[..., Answer], film: Path
) -> None:
    made = subkit("translate", film, "--to", "ko", "--translator", "demo")
    assert made.code == 0
    project = film.parent / "film.subkit"
    for name in ("netflix", "itt", "ebuttd", "imsc", "vtt", "srt", "ass", "scc"):
        out = film.parent / name
        written = subkit(
            *("export", project, "-f", name, "--track", "en", "-o", out),
            *("--no-disclosure", "--by", "Kim"),
        )
        assert written.code == 0, written.err
        (file,) = out.iterdir()
        back = subkit("import", project, file, "--by", "Kim", "--track", "en", "--dry-run")
        assert (back.code, back.out.split(",")[0]) == (0, "0 edited"), name


def test_each_language_of_a_file_becomes_a_file(
    subkit: Callable[..., Answer], tmp_path: Path
) -> None:
    (tmp_path / "film.smi").write_text(SAMI, encoding="utf-8")
    done = subkit("convert", tmp_path / "film.smi", "-f", "vtt")
    assert [Path(line).name for line in done.out.split()] == ["film.ko.vtt", "film.en.vtt"]
    facts = subkit("info", tmp_path / "film.smi", "--json").json()
    assert [(t["language"], t["cues"]) for t in facts["tracks"]] == [("ko", 1), ("en", 1)]


def test_a_translation_has_the_class_of_its_own_language(
    subkit: Callable[..., Answer], tmp_path: Path
) -> None:
    (tmp_path / "film.smi").write_text(SAMI, encoding="utf-8")
    done = subkit("translate", tmp_path / "film.smi", "--to", "es", "--translator", "demo")
    assert done.code == 0
    written = (tmp_path / "film.es.smi").read_text(encoding="utf-8")
    assert "Class=ESCC" in written
    assert "KRCC" not in written
    facts = subkit("info", tmp_path / "film.es.smi", "--json").json()
    assert [track["language"] for track in facts["tracks"]] == ["es"]


SAMI = """<SAMI><HEAD><STYLE TYPE="text/css"><!--
.KRCC {Name: Korean; lang: ko; SAMIType: CC;}
.ENCC {Name: English; lang: en; SAMIType: CC;}
--></STYLE></HEAD><BODY>
<SYNC Start=1000><P Class=KRCC>안녕.<P Class=ENCC>Hello.
<SYNC Start=3000><P Class=KRCC>&nbsp;<P Class=ENCC>&nbsp;
</BODY></SAMI>
"""


def test_the_history_tells_marks_in_words(subkit: Callable[..., Answer], film: Path) -> None:
    subkit("translate", film, "--to", "ko", "--translator", "demo")
    project = film.parent / "film.subkit"
    subkit("export", project, "--track", "en", "-o", "out")
    file = film.parent / "out" / "film.en.srt"
    file.write_text(
        file.read_text(encoding="utf-8").replace(" is</i>", "</i> is"), encoding="utf-8"
    )
    assert subkit("import", project, file, "--by", "Kim", "--track", "en").code == 0
    told = subkit("history", project, "--cue", "1", "--track", "en").out
    assert "marks: italic 0-11, color #ff0000ff 12-21 → italic 0-8, color #ff0000ff 12-21" in told
    assert subkit("undo", project, "--by", "Kim").code == 0
    assert subkit("verify", project).code == 0
    compared = subkit("diff", f"{project}@1", project, "--track", "en").out
    assert "looks" not in compared
