"""The calls of the public API: what they take, what they give, and what they refuse."""

from __future__ import annotations

import inspect
import io
import json
import logging
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import subkit
from subkit import errors
from subkit.calls.progress_lines import ProgressLine, progress_for
from subkit.calls.sound_files import sound_file
from subkit.interfaces import Silent
from subkit.model import Media, Purpose, to_plain
from subkit.store import ProjectFile
from tests.contract.sample_plugins import (
    LoudRecognizer,
    NoExclamation,
    PlainReader,
    PlainWriter,
    ShoutingTranslator,
)

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.pipeline import Outcome

SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\nWho is there... Kim!\n\n"
    "2\n00:00:04,000 --> 00:00:06,000\nMe.\n"
)
MEDIA = Media(path="", digest="d", duration=Fraction(60))


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.en.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def cue(number: int, text: str) -> subkit.Cue:
    start = Fraction(number)
    return subkit.Cue(id=f"c{number}", span=subkit.Span(start, start + 1), lines=(text,))


def project(**more: Any) -> subkit.Project:
    forced = subkit.Track(
        id="ko.forced", language="ko", purpose=Purpose.FORCED, cues=(cue(1, "간판"),)
    )
    full = subkit.Track(id="ko", language="ko", cues=(cue(1, "안녕!"), cue(3, "<b>가자</b>")))
    return subkit.Project(title="film", media=MEDIA, tracks=(forced, full), **more)


def test_there_are_about_forty_names_and_people_can_read_their_signatures() -> None:
    assert 35 <= len(set(subkit.__all__) - set(errors.__all__)) <= 45
    assert "open" in subkit.__all__
    for name in (
        "run",
        "transcribe",
        "spot",
        "translate",
        "check",
        "fix",
        "export",
        "load",
        "open",
    ):
        signature = inspect.signature(getattr(subkit, name))
        assert len(str(signature)) < 600
        assert len(signature.parameters) <= 10
    assert repr(subkit.RunOptions(to=("ko",))) == "RunOptions(to=('ko',))"


def test_a_language_is_never_the_forced_narrative() -> None:
    assert project().track("ko").id == "ko"
    assert project().track("ko.forced").purpose is Purpose.FORCED
    only = subkit.Project(title="film", media=MEDIA, tracks=project().tracks[:1])
    with pytest.raises(subkit.NotFoundError, match=r"no track 'ko'.*Tracks in it: ko.forced"):
        only.track("ko")
    with pytest.raises(subkit.NotFoundError, match="Did you mean 'c1'"):
        project().track("ko").cue("c11")


def test_one_language_may_be_a_text() -> None:
    assert subkit.RunOptions(to="ko").to == ("ko",)  # type: ignore[arg-type]
    assert subkit.RunOptions(to=("ko", "es")).to == ("ko", "es")


def test_values_say_themselves_in_one_line_and_escape_what_they_hold() -> None:
    track = project().track("ko")
    assert repr(track.cues[1]) == "<Cue c3 00:00:03.000-00:00:04.000 '<b>가자</b>'>"
    assert repr(track) == "<Track ko (ko) 2 cues>"
    assert repr(project()) == "<Project 'film' 00:01:00.000 (ko.forced, ko)>"
    assert "<b>" not in track._repr_html_()
    assert "&lt;b&gt;가자&lt;/b&gt;" in track._repr_html_()
    assert format(track.cues[0].span) == "00:00:01.000-00:00:02.000"
    assert project().timecode(Fraction(5, 2)) == "00:00:02:13"
    assert track.to_dict() == to_plain(track)
    json.dumps(subkit.check(project()).to_dict())


def test_findings_are_numbers_with_units_and_rows(talk: Path) -> None:
    fast = subkit.Project(
        title="film",
        media=MEDIA,
        tracks=(subkit.Track(id="en", language="en", cues=(cue(1, "x" * 42),)),),
    )
    checked = subkit.check(fast, profile="netflix")
    (finding,) = [f for f in checked.findings if f.rule == "reading-speed"]
    assert finding.measured is not None
    assert finding.limit is not None
    assert finding.measured.value == 42
    assert finding.measured.unit == "characters/s"
    assert finding.limit.value == 20
    row = next(r for r in checked.findings.to_dicts() if r["rule"] == "reading-speed")
    assert (row["track"], row["measured"], row["limit"], row["unit"]) == (
        "en", 42.0, 20.0, "characters/s",
    )  # fmt: skip
    assert checked.findings.of("en") == tuple(checked.findings)
    assert subkit.check(talk).findings.of("ko") == ()


def test_a_subtitle_file_is_loaded_checked_fixed_and_exported(talk: Path, tmp_path: Path) -> None:
    assert subkit.load(talk).track("en").cues[0].text == "Who is there... Kim!"
    found = subkit.check(talk, profile="netflix", rules=[NoExclamation()]).findings
    assert {"ellipsis", "no-exclamation"} <= {f.rule for f in found}
    fixed = subkit.fix(talk, profile="netflix")
    assert fixed.track("en").cues[0].text == "Who is there… Kim!"
    assert "Kim!" in talk.read_text()
    made = subkit.export(fixed, tmp_path / "new.en.srt")
    assert [path.name for path in made.files] == ["new.en.srt", "new.en.disclosure.json"]
    with pytest.raises(subkit.StoreError):
        subkit.export(fixed, tmp_path / "new.en.srt")
    plain = subkit.export(fixed, tmp_path / "a.en.plain", writer=PlainWriter()).files[0]
    assert "Who is there… Kim!" in plain.read_text()
    again = subkit.load(plain, reader=PlainReader())
    assert again.tracks[0].cues[0].text == "Who is there… Kim!"


def test_a_project_without_a_file_is_translated_and_nothing_is_written(tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    source = subkit.Track(id="en", language="en", cues=(cue(1, "Hello."),))
    document = subkit.Project(title="film", media=MEDIA, tracks=(source,))
    with subkit.Engines(translator=ShoutingTranslator()) as engines:
        made = subkit.translate(document, to="ko", engines=engines, progress=False)
        again = subkit.translate(document, to="ko", engines=engines, progress=False)
    assert made.track("ko").cues[0].text == "HELLO."
    assert made.path is None
    assert again.track("ko").cues[0].lines == made.track("ko").cues[0].lines
    assert document.tracks == (source,)
    assert sorted(tmp_path.iterdir()) == before


def test_engines_stay_loaded_over_a_loop(speech: Path, tmp_path: Path) -> None:
    recognizer = LoudRecognizer()
    with subkit.Engines(recognizer=recognizer) as engines:
        for name in ("a", "b"):
            made = subkit.transcribe(speech, project=tmp_path / f"{name}.subkit", engines=engines)
            assert made.words
            assert made.path == tmp_path / f"{name}.subkit"
    assert recognizer.closed == 0  # it is the caller's
    with pytest.raises(subkit.PluginError, match="Did you mean 'whisper'"):
        subkit.Engines(recognizer="wisper")


@pytest.mark.parametrize("kind", ["float32", "int16", "stereo", "file"])
def test_sound_is_the_same_as_array_and_as_file(kind: str, tmp_path: Path) -> None:
    ramp = np.linspace(-0.5, 0.5, 16000, dtype=np.float32)
    if kind == "file":
        with sound_file(ramp, 16000) as made:
            sound: Any = io.BytesIO(made.read_bytes())
    else:
        sound = {
            "float32": ramp,
            "int16": (ramp * 32767).astype(np.int16),
            "stereo": np.stack([ramp, ramp], axis=1),
        }[kind]
    from subkit.media import AudioOptions, audio_blocks, probe

    with sound_file(sound, 16000) as path:
        media = probe(path)
        heard = np.concatenate(list(audio_blocks(media, AudioOptions())))
        assert media.duration == 1
        assert np.allclose(heard[:16000], ramp, atol=1e-3)
    assert not path.exists()


def test_sound_that_is_kept_is_never_replaced(tmp_path: Path) -> None:
    place, ramp = tmp_path / "new" / "take.subkit", np.linspace(-0.5, 0.5, 1600, dtype=np.float32)
    for _ in range(2):
        with sound_file(ramp, 16000, place) as kept:
            assert kept == tmp_path / "new" / "take.wav"
    before = kept.read_bytes()
    with pytest.raises(subkit.StoreError, match=r"take\.wav"), sound_file(-ramp, 16000, place):
        pass
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.iterdir()] == ["take.wav"]


@pytest.mark.parametrize(
    ("sound", "rate", "sentence"),
    [
        (np.zeros(10, np.float32), None, "needs its rate"),
        (np.zeros(10, np.float32), 0, "0 is not a rate"),
        (np.zeros((2, 48000), np.float32), 48000, r"shape \(2, 48000\) are no sound"),
        (np.zeros(0, np.float32), 48000, "are no sound"),
        (np.zeros(10, np.int64), 48000, "Samples are int64"),
        (np.full(10, np.nan), 48000, "not a number"),
        ([0.0, 0.1], 48000, "cannot be a list"),
        (io.StringIO("text"), None, "gives text, not bytes"),
    ],
)
def test_what_is_no_sound_is_one_sentence(sound: Any, rate: Any, sentence: str) -> None:
    with pytest.raises(subkit.InputError, match=sentence), sound_file(sound, rate):
        pass
    with pytest.raises(subkit.InputError, match="needs a folder"):
        subkit.run(sound, rate=rate)


def test_wrong_sources_and_missing_words_are_told() -> None:
    with pytest.raises(subkit.InputError, match="A int is not a project"):
        subkit.check(3)  # type: ignore[arg-type]
    with pytest.raises(subkit.PlanError, match="No language"):
        subkit.translate(project(), to=())
    with pytest.raises(subkit.PlanError, match="are for a subtitle file"):
        subkit.translate(project(), to="es", output="x")
    with pytest.raises(subkit.InputError, match="no transcript yet"):
        subkit.spot(project())


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, project(), actor="test").close()
    return path


def test_editing_is_in_the_file_at_once_and_can_be_undone(film: Path) -> None:
    with subkit.open(film, by="Kim") as editor:
        editor.edit("c1", track="ko", text="여보세요.", comment="softer")
        assert subkit.load(film).track("ko").cue("c1").text == "여보세요."
        editor.approve("c1", track="ko")
        editor.undo()
        assert not editor.track("ko").cue("c1").review.approvals
        editor.undo()
        assert subkit.load(film).track("ko").cue("c1").text == "안녕!"
        with pytest.raises(subkit.NotFoundError, match="nothing to undo"):
            editor.undo()
        editor.redo()
        assert editor.track("ko").cue("c1").text == "여보세요."
    with subkit.open(film, by="Kim") as editor:
        editor.undo()
        assert editor.track("ko").cue("c1").text == "안녕!"
        added = editor.insert(5, 6.5, "끝", track="ko")
        assert editor.edit(added.id, track="ko", end="00:00:07:00").span.end == 7
        editor.delete(added.id, track="ko")
        editor.edit("c3", track="ko", locked=True)
        with pytest.raises(subkit.CueLockedError):
            editor.edit("c3", track="ko", text="x")
        with pytest.raises(subkit.LockedError):
            subkit.open(film, by="Lee")
        assert subkit.check(editor).project == editor.project
    assert subkit.load(film).track("ko.forced") == project().track("ko.forced")
    with ProjectFile.open(film, writable=False) as store:
        entries = list(store.ledger())
        assert {entry.actor for entry in entries} == {"test", "Kim"}
        assert store.verify() is None


def test_a_document_made_elsewhere_is_saved_whole_or_refused(film: Path) -> None:
    with subkit.open(film, by="Kim") as editor:
        made = subkit.fix(editor, tracks="ko").project
        editor.save(made, action="fix")
        assert subkit.load(film) == made
        other = subkit.Project(title="x", media=Media(path="", digest="e", duration=Fraction(1)))
        with pytest.raises(subkit.InputError, match="another film"):
            editor.save(other)
        with pytest.raises(subkit.InputError, match="not a time"):
            editor.edit("c1", track="ko", start="soon")
        spans = [
            editor.edit("c1", track="ko", start=start, end=end).span
            for start, end in (("00:00:01:00", "3"), ("00:00:01,000", 3), ("1", "00:00:03.000"))
        ]
        assert spans[0] == spans[1] == spans[2], "as subkit edit takes them"
    with pytest.raises(subkit.InputError, match="needs a name"):
        subkit.open(film, by=" ")
    with pytest.raises(subkit.PlanError, match="need a name"):
        subkit.fix(film)
    assert subkit.fix(film, by="Kim").path == film


def test_a_subtitle_file_is_opened_as_a_project(talk: Path) -> None:
    with subkit.open(talk, by="Kim") as editor:
        editor.edit("1", text="Who?")
    assert subkit.load(talk.with_name("talk.subkit")).track("en").cue("1").text == "Who?"


def test_a_result_keeps_what_the_run_gave(demo: Outcome) -> None:
    checked = subkit.check(demo.path)
    assert checked.project == demo.project
    assert {t: list(checked.findings.of(t)) for t in demo.findings} == demo.findings


def test_progress_is_a_line_and_its_warnings_are_said_once() -> None:
    drawn: list[str] = []
    said: list[str] = []
    clock = iter(range(100))
    line = ProgressLine(drawn.append, said.append, now=lambda: float(next(clock)))
    line.begin("transcribe", 60.0, "s")
    line.advance("transcribe", 30.0)
    line.warn("Careful.")
    line.warn("Careful.")
    line.end("transcribe")
    assert "50 %" in drawn[-1]
    assert "× real time" in drawn[-1]
    assert said[0] == "! Careful."
    assert len(said) == 2


def test_work_of_an_earlier_run_moves_the_bar_and_is_no_speed() -> None:
    drawn: list[str] = []
    said: list[str] = []
    times = iter((0.0, *range(1, 100)))
    line = ProgressLine(drawn.append, said.append, now=lambda: next(times))
    line.begin("transcribe", 60.0, "s")
    line.keep("transcribe", 30.0)
    assert "50 %" in drawn[-1]
    assert "real time" not in drawn[-1]
    line.advance("transcribe", 45.0)
    (speed,) = re.findall(r"([0-9.]+) × real time", drawn[-1])
    assert "75 %" in drawn[-1]
    assert float(speed) < 15, "of 15 s that were new, not of 45"
    line.note("Model base decodes in fast mode.")
    line.note("Model base decodes in fast mode.")
    assert said == ["Model base decodes in fast mode."]


def test_without_a_screen_warnings_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "subkit"), progress_for(None) as progress:
        progress.warn("Careful.")
        progress.warn("Careful.")
    assert [record.message for record in caplog.records] == ["Careful."]
    with progress_for(False) as quiet:
        assert isinstance(quiet, Silent)
    own = Silent()
    with progress_for(own) as given:
        assert given is own
