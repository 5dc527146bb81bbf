"""The main job, on the real scene with the real demo models."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest

import subkit
from subkit.decode import Calibration, RecognitionOptions, calibrate
from subkit.demo import scene_file
from subkit.errors import EngineError, StoreError
from subkit.interfaces import ModelFacts, Silent
from subkit.model import Cue, Origin, Provenance, Review, ReviewState, Span, Track
from subkit.pipeline import (
    LoadedRecognizer,
    Outcome,
    RunOptions,
    calibration_folder,
    plan_run,
    recognizer_model,
    run_plan,
)
from subkit.pipeline import (
    engine_cache as remembering,
)
from subkit.pipeline import (
    loaded_engines as loading,
)
from subkit.pipeline.stage_cache import shaping
from subkit.pipeline.stages import transcription
from subkit.plugins import load_plugin
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPTIONS = RunOptions(to=("ko", "es"), model="demo", translator="demo", offline=True)


def _words(text: str) -> list[str]:
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def _distance(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row, above = [i], row
        for j, right in enumerate(other, 1):
            row.append(min(row[-1] + 1, above[j] + 1, above[j - 1] + (left != right)))
    return row[-1]


def test_the_scene_is_recognised(demo: Outcome) -> None:
    reference = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))
    spoken = [word for line in reference["lines"] for word in _words(line["text"])]
    transcript = demo.project.transcript
    assert transcript is not None
    heard = [word for w in transcript.words for word in _words(w.text)]
    assert _distance(spoken, heard) / len(spoken) <= 0.15
    assert transcript.language == "en"
    assert {word.language for word in transcript.words} == {"en", "es", "ko"}


def test_the_transcript_says_where_there_is_a_voice(demo: Outcome) -> None:
    reference = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))
    transcript = demo.project.transcript
    assert transcript is not None
    for line in reference["lines"]:
        start, end = float(line["start"]), float(line["end"])
        meets = [min(end, float(s.end)) - max(start, float(s.start)) for s in transcript.voice]
        assert sum(max(0.0, seconds) for seconds in meets) > 0.5 * (end - start), line
    spoken = sum(float(line["end"]) - float(line["start"]) for line in reference["lines"])
    voiced = float(sum(span.duration for span in transcript.voice))
    assert 0.6 * spoken < voiced < 1.4 * spoken


def test_words_stand_where_they_are_spoken(demo: Outcome) -> None:
    reference = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))
    cues = demo.project.tracks[0].cues
    for line in reference["lines"]:
        start, end = float(line["start"]), float(line["end"])
        middle = (start + end) / 2
        near = [c for c in cues if float(c.span.start) - 0.3 <= middle <= float(c.span.end) + 0.3]
        assert near, line


def test_tracks_share_cue_ids_and_times(demo: Outcome) -> None:
    source, *others = demo.project.tracks
    assert [track.language for track in others] == ["ko", "es"]
    for track in others:
        assert [(c.id, c.span) for c in track.cues] == [(c.id, c.span) for c in source.cues]
        assert all(cue.id in cue.sources for cue in track.cues)
        assert all(cue.text for cue in track.cues)


def _is_copy(demo: Outcome, track: Track, cue: Cue) -> bool:
    """A line that was spoken in the language of the track already."""
    return demo.project.tracks[0].cue(cue.id).language == track.language


def test_every_cue_says_where_it_came_from(demo: Outcome) -> None:
    for track, origin in zip(demo.project.tracks, (Origin.ASR, Origin.MT, Origin.MT), strict=True):
        for cue in track.cues:
            made = cue.provenance
            assert made is not None
            copied = cue.language is None and track.source and _is_copy(demo, track, cue)
            assert made.origin is (Origin.ASR if copied else origin)
            assert made.demo
            assert made.model == "demo"
            assert made.model_digest
            assert made.model_digest.startswith("sha256:")


def test_cues_stand_on_the_frame_grid(demo: Outcome) -> None:
    rate = demo.project.media.frame_rate
    assert rate is not None
    for cue in demo.project.tracks[0].cues:
        assert rate.snap(cue.span.start) == cue.span.start
        assert rate.snap(cue.span.end) == cue.span.end
        assert len(cue.lines) <= 2


def test_files_have_the_names_players_look_for_and_say_demo(demo: Outcome) -> None:
    folder = demo.path.parent
    extensions = ("srt", "vtt", "ass", "disclosure.json")
    names = {f"scene.{lang}.{ext}" for lang in ("en", "ko", "es") for ext in extensions}
    assert {path.name for path in demo.files} == names
    assert {path.name for path in folder.iterdir()} == names | {"scene.subkit"}
    for path in demo.files:
        assert "DEMO" in path.read_text(encoding="utf-8"), path


def test_the_ledger_tells_the_stages_and_verifies(demo: Outcome) -> None:
    with ProjectFile.open(demo.path, writable=False) as store:
        actions = {entry.action for entry in store.ledger()}
        assert {"transcribe", "spot", "translate"} <= actions
        assert store.verify() is None


class _Counting:
    """Stands before a real recogniser, counts its windows and can stop it."""

    windows = opened = closed = 0
    stop_after = 10**9

    def __init__(self, model: ModelFacts, options: Any) -> None:
        self._real = load_plugin("recognizers", "whisper")(model, options)
        self.model = model
        _Counting.opened += 1

    def recognize(self, windows: Any, *, prior: str | None = None, finished: Any = None) -> Any:
        def count(number: int, result: Any) -> None:
            if _Counting.windows >= _Counting.stop_after:
                raise KeyboardInterrupt
            _Counting.windows += 1
            finished(number, result)

        return self._real.recognize(windows, prior=prior, finished=count)

    def close(self) -> None:
        _Counting.closed += 1
        self._real.close()


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[_Counting]:
    def load(kind: str, name: str) -> Any:
        return _Counting if kind == "recognizers" else load_plugin(kind, name)

    monkeypatch.setattr(loading, "load_plugin", load)
    _Counting.windows, _Counting.stop_after = 0, 10**9
    _Counting.opened = _Counting.closed = 0
    return _Counting


def _run(folder: Path, options: RunOptions = OPTIONS, **more: Any) -> Outcome:
    return run_plan(plan_run(scene_file(), options, folder=folder, **more))


def test_running_again_calls_no_model_and_changes_no_byte(
    demo: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (demo.path, *demo.files):
        shutil.copy(path, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def refuse(kind: str, name: str) -> Any:
        raise AssertionError(f"{kind} {name} was loaded")

    monkeypatch.setattr(loading, "load_plugin", refuse)
    monkeypatch.setattr(transcription, "load_plugin", refuse)
    monkeypatch.setattr(remembering, "load_plugin", refuse)
    again = _run(tmp_path, formats=("srt", "vtt", "ass"))
    assert again.project == demo.project
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_stopped_run_goes_on_at_the_window_where_it_stopped(
    demo: Outcome, tmp_path: Path, counting: type[_Counting]
) -> None:
    counting.stop_after = 3
    # Each window is kept as soon as it is done, however many are asked for together.
    small = replace(OPTIONS, recognition=replace(OPTIONS.recognition, batch_size=2, mode="fast"))
    with pytest.raises(KeyboardInterrupt):
        _run(tmp_path, small)
    assert (tmp_path / "scene.subkit").exists()
    assert not list(tmp_path.glob("*.srt"))
    done, counting.windows, counting.stop_after = counting.windows, 0, 10**9
    transcript = _run(tmp_path, small).project.transcript
    assert transcript is not None
    assert 3 <= done < len(transcript.windows)
    assert demo.project.transcript is not None
    assert counting.windows == len(transcript.windows) - done
    assert transcript.words == demo.project.transcript.words


def test_several_films_load_the_recogniser_once_and_close_it(
    speech: Path, tmp_path: Path, counting: type[_Counting]
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    plans = [plan_run(speech, OPTIONS, folder=tmp_path / name) for name in ("one", "two")]
    with LoadedRecognizer() as loaded:
        for plan in plans:
            run_plan(plan, loaded=loaded)
        assert (counting.opened, counting.closed) == (1, 0)
    assert (counting.opened, counting.closed) == (1, 1)
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "one").mkdir()
    run_plan(plans[0])  # on its own it closes what it opened
    assert (counting.opened, counting.closed) == (2, 2)


def test_a_calibration_is_used_where_nothing_else_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    model = recognizer_model(OPTIONS)
    kept = Calibration(threads=3, replicas=2, batch_size=4, speed=9.0)

    class Recognizer:
        def __init__(self, model: ModelFacts, options: Any) -> None:
            asked.append((options.threads, options.replicas, options.batch_size))

        def recognize(self, windows: Sequence[Any]) -> list[Any]:
            return []

        def close(self) -> None:
            pass

    options = replace(OPTIONS, models_folder=tmp_path)
    calibrate(model, options.recognition, calibration_folder(options), make=Recognizer)
    file = next(calibration_folder(options).glob("calibration-*.json"))
    file.write_text(json.dumps(asdict(kept)), encoding="utf-8")
    monkeypatch.setattr(loading, "load_plugin", lambda kind, name: Recognizer)
    asked.clear()
    with LoadedRecognizer() as loaded:
        loaded.get(options, model)
        threads = replace(options, recognition=replace(options.recognition, threads=1))
        loaded.get(threads, model)
    usual = RecognitionOptions()
    assert asked == [(3, 2, 4), (1, usual.replicas, usual.batch_size)]


def test_what_people_did_stays(demo: Outcome, tmp_path: Path) -> None:
    shutil.copy(demo.path, tmp_path)
    with ProjectFile.open(tmp_path / "scene.subkit") as store:
        project = store.load()
        track = project.track("ko")
        edited = replace(
            track.cues[0],
            lines=("사람이 고친 줄",),
            review=Review(state=ReviewState.EDITED, actor="Kim"),
            provenance=Provenance(origin=Origin.HUMAN, tool="subkit", actor="Kim"),
        )
        track = replace(track, cues=(edited, *track.cues[1:]))
        store.commit(project.with_track(track), actor="Kim", action="retext")
    again = _run(tmp_path)
    assert again.project.track("ko").cues[0] == edited
    assert "사람이 고친 줄" in (tmp_path / "scene.ko.srt").read_text(encoding="utf-8")


class _CountingTranslator:
    """The real translator; counts the sentences it was given."""

    texts: list[str] = []  # noqa: RUF012 - the class is the counter

    def __init__(self, model: ModelFacts, options: Any) -> None:
        self._real = load_plugin("translators", "ctranslate2")(model, options)
        self.model = model

    def check(self, source: str, target: str) -> None:
        self._real.check(source, target)

    def translate(self, texts: Any, source: str, target: str, *, alternatives: int = 1) -> Any:
        self.texts.extend(texts)
        return self._real.translate(texts, source, target, alternatives=alternatives)


def test_a_changed_line_alone_is_translated_again(
    demo: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(kind: str, name: str) -> Any:
        return _CountingTranslator if kind == "translators" else load_plugin(kind, name)

    monkeypatch.setattr(loading, "load_plugin", load)
    _CountingTranslator.texts.clear()
    shutil.copy(demo.path, tmp_path)
    with ProjectFile.open(tmp_path / "scene.subkit") as store:
        project = store.load()
        source = project.tracks[0]
        place = next(i for i, c in enumerate(source.cues) if c.language in {None, "en"})
        edited = replace(
            source.cues[place],
            lines=("Where is the key?",),
            review=Review(state=ReviewState.EDITED, actor="Kim"),
        )
        cues = (*source.cues[:place], edited, *source.cues[place + 1 :])
        store.commit(project.with_track(replace(source, cues=cues)), actor="Kim", action="retext")
    again = _run(tmp_path).project
    assert set(_CountingTranslator.texts) == {"Where is the key?"}
    assert len(_CountingTranslator.texts) == 2  # once for each language
    for track in again.tracks[1:]:
        before = demo.project.track(track.id)
        changed = [c.id for c, old in zip(track.cues, before.cues, strict=True) if c != old]
        assert changed == [edited.id]


def test_a_retimed_source_track_is_left_alone_and_told(demo: Outcome, tmp_path: Path) -> None:
    shutil.copy(demo.path, tmp_path)
    with ProjectFile.open(tmp_path / "scene.subkit") as store:
        project = store.load()
        source = project.tracks[0]
        first = source.cues[0]
        retimed = replace(first, span=Span(first.span.start, first.span.end + 1), locked=True)
        source = replace(source, cues=(retimed, *source.cues[1:]))
        store.commit(project.with_track(source), actor="Kim", action="retime")

    class Hearing(Silent):
        heard: list[str] = []  # noqa: RUF012

        def warn(self, message: str) -> None:
            self.heard.append(message)

    plan = plan_run(scene_file(), OPTIONS, folder=tmp_path)
    again = run_plan(plan, progress=Hearing())
    assert again.project.tracks[0].cues[0] == retimed
    assert any("edited by people" in message for message in Hearing.heard)


def test_the_project_of_another_film_is_not_touched(
    demo: Outcome, speech: Path, tmp_path: Path
) -> None:
    shutil.copy(demo.path, tmp_path / "speech.subkit")
    before = (tmp_path / "speech.subkit").read_bytes()
    with pytest.raises(StoreError, match="is the project of"):
        run_plan(plan_run(speech, OPTIONS, folder=tmp_path))
    assert (tmp_path / "speech.subkit").read_bytes() == before


def test_a_subtitle_file_in_the_way_stops_the_run_before_it_starts(tmp_path: Path) -> None:
    (tmp_path / "scene.ko.srt").write_text("mine")
    with pytest.raises(StoreError, match="already exists"):
        plan_run(scene_file(), OPTIONS, folder=tmp_path)
    assert (tmp_path / "scene.ko.srt").read_text() == "mine"
    plan_run(scene_file(), OPTIONS, folder=tmp_path, overwrite=True)


def test_a_project_without_work_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(kind: str, name: str) -> Any:
        raise EngineError(f"no {kind} {name}")

    monkeypatch.setattr(transcription, "load_plugin", fail)
    with pytest.raises(EngineError):
        _run(tmp_path)
    assert not list(tmp_path.iterdir())


def test_options_for_speed_alone_do_not_shape_results() -> None:
    fast = replace(OPTIONS.recognition, threads=7, batch_size=9)
    assert shaping(fast) == shaping(OPTIONS.recognition)
    assert shaping(replace(fast, beam_size=2)) != shaping(OPTIONS.recognition)


def test_the_library_does_it_in_three_lines(speech: Path, tmp_path: Path) -> None:
    result = subkit.run(speech, to=["es"], output=tmp_path, options=replace(OPTIONS, to=()))
    assert result.track("es").cues
    assert subkit.load(tmp_path / "speech.subkit") == result.project
    (written, _) = subkit.export(result, tmp_path / "film.es.srt").files
    assert result.track("es").cues[0].lines[0] in written.read_text(encoding="utf-8")


def test_another_language_translates_from_the_new_words(speech: Path, tmp_path: Path) -> None:
    """The track of an earlier run in another language is kept, and no longer the source."""
    options = replace(OPTIONS, to=())
    subkit.run(speech, output=tmp_path, options=options)
    korean = replace(options, recognition=replace(options.recognition, language="ko"), to=("es",))
    project = subkit.run(speech, output=tmp_path, options=korean).project
    assert {track.id: track.source for track in project.tracks} == {
        "en": None,
        "ko": None,
        "es": "ko",
    }
