"""Several titles are asked together; what comes of each is what comes of it alone."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subkit.compliance import provenance
from subkit.demo import scene_file
from subkit.engines import ScriptedTranslator
from subkit.errors import EngineError, MediaError
from subkit.interfaces import ModelFacts
from subkit.model import Cue, Media, Project, Span, Track
from subkit.pipeline import (
    Failure,
    LoadedRecognizer,
    Outcome,
    Output,
    Plan,
    RunOptions,
    plan_run,
    run_plan,
    run_plans,
    title_runs,
)
from subkit.pipeline import (
    loaded_engines as loading,
)
from subkit.pipeline import (
    title_queue as titles,
)
from subkit.pipeline.stage import Environment
from subkit.pipeline.stages.cue_spotting import SPOT
from subkit.store import ProjectFile
from subkit.translation import TranslationOptions
from tests.conftest import DEMO

FACTS = ModelFacts(name="scripted", directory="", digest="sha256:1", languages=("en", "es", "ko"))
SENTENCES = [
    "Where is she?",
    "Wait here.",
    "No.",
    "The old man left the city.",
    "열쇠가 없어.",
    "Go!",
]


class Engine(ScriptedTranslator):
    """Writes tags; every call is noted, and may be the last."""

    calls_made: list[list[str]]
    before: Callable[[Sequence[str]], None]

    def __init__(self, _model: ModelFacts, _options: object) -> None:
        super().__init__()

    def translate(self, texts: Sequence[str], *args: Any, **options: Any) -> Any:
        """As scripted."""
        Engine.before(texts)
        Engine.calls_made.append(list(texts))
        return super().translate(texts, *args, **options)


def _tell_nothing(_texts: Sequence[str]) -> None:
    pass


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that two runs can be compared to the byte."""
    monkeypatch.setattr(provenance, "utc_seconds", lambda: "2026-01-01T12:00:00+00:00")


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Titles without media: what is said in each, by the name of its file."""
    said: dict[str, list[str]] = {}

    def probe(path: Path, **_: object) -> Media:
        if path.stem not in said:
            raise MediaError(f"{path} is no media.")
        return Media(path=str(path), digest=f"sha256:{path.stem}", duration=Fraction(600))

    def spot(project: Project, _: Environment) -> Project:
        cues = tuple(_cue(n, text) for n, text in enumerate(said[project.title]))
        return project.with_track(Track(id="en", language="en", cues=cues))

    monkeypatch.setattr(title_runs, "probe", probe)
    monkeypatch.setattr(title_runs, "BEFORE_TRANSLATION", (replace(SPOT, needs=(), run=spot),))
    monkeypatch.setattr(loading, "load_plugin", lambda *_: Engine)
    Engine.calls_made, Engine.before = [], staticmethod(_tell_nothing)
    return said


def _cue(number: int, text: str) -> Cue:
    span = Span(Fraction(3 * number), Fraction(3 * number + 2))
    language = "ko" if text.startswith("열") else None
    return Cue(id=f"c{number}", span=span, lines=(text,), language=language)


def plan(
    folder: Path, name: str, options: RunOptions | None = None, *, model: ModelFacts = FACTS
) -> Plan:
    return Plan(
        media=folder / f"{name}.mkv",
        project=folder / f"{name}.subkit",
        output=Output(folder=folder, stem=name, formats=("srt",), overwrite=True),
        profile="subkit",
        options=options or RunOptions(to=("es",)),
        recognizer=FACTS,
        translator=model,
    )


OPTIONS = [
    RunOptions(to=("es",)),
    RunOptions(to=("ko", "es")),
    RunOptions(to=("es",), translation=TranslationOptions(alternatives=1, context=1)),
    RunOptions(),
]
MODELS = [FACTS, replace(FACTS, name="other", digest="sha256:2")]


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(
        st.tuples(
            st.lists(st.sampled_from(SENTENCES), max_size=4),
            st.sampled_from(OPTIONS),
            st.sampled_from(MODELS),
        ),
        min_size=2,
        max_size=4,
    ),
    enough=st.integers(1, 12),
    most=st.integers(1, 4),
)
def test_a_title_is_the_same_in_any_company(
    told: list[tuple[list[str], RunOptions, ModelFacts]],
    enough: int,
    most: int,
    scripted: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(titles, "ENOUGH", enough)
    monkeypatch.setattr(titles, "MOST_TITLES", most)
    scripted.update((f"t{number}", texts) for number, (texts, _, _) in enumerate(told))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        alone, together = (
            [
                plan(Path(folder), f"t{number}", options, model=model)
                for number, (_, options, model) in enumerate(told)
            ]
            for folder in (one, other)
        )
        first = [run_plan(each) for each in alone]
        second = [one for one in run_plans(together) if isinstance(one, Outcome)]
        assert [each.project.tracks for each in second] == [each.project.tracks for each in first]
        assert [each.path.stem for each in second] == [each.media.stem for each in alone]
        for path in Path(one).glob("*.srt"):
            assert (Path(other) / path.name).read_bytes() == path.read_bytes()


def test_each_sentence_of_all_is_asked_once_and_in_one_call(
    scripted: dict[str, list[str]], tmp_path: Path
) -> None:
    scripted.update(a=["One.", "Two."], b=["Two.", "Three."], c=["Four."])
    results = list(run_plans(plan(tmp_path, name) for name in "abc"))
    assert all(isinstance(result, Outcome) for result in results)
    assert [sorted(call) for call in Engine.calls_made] == [["Four.", "One.", "Three.", "Two."]]
    Engine.calls_made.clear()
    again = list(run_plans(plan(tmp_path, name) for name in "abc"))
    assert [r.project for r in again if isinstance(r, Outcome)] == [
        r.project for r in results if isinstance(r, Outcome)
    ]
    assert Engine.calls_made == []


def test_a_broken_title_stops_no_other_and_keeps_its_place(
    scripted: dict[str, list[str]], tmp_path: Path
) -> None:
    scripted.update(a=["One."], c=["Bad.", "Three."], d=["Four."])

    def before(texts: Sequence[str]) -> None:
        if "Bad." in texts:
            raise EngineError("It fails at this.")

    Engine.before = staticmethod(before)
    unplanned = Failure(media=tmp_path / "x.mkv", error=MediaError("Not planned."))
    made = {name: plan(tmp_path, name) for name in "abcd"}
    plans: list[Plan | Failure] = [made["a"], made["b"], unplanned, made["c"], made["d"]]
    results = list(run_plans(plans))
    assert [type(result) for result in results] == [Outcome, Failure, Failure, Failure, Outcome]
    assert results[2] == unplanned
    assert isinstance(results[1], Failure)
    assert "is no media" in str(results[1].error)
    assert isinstance(results[3], Failure)
    assert "fails at this" in str(results[3].error)
    assert (tmp_path / "d.es.srt").exists()
    assert not (tmp_path / "b.subkit").exists(), "nothing in it was worth keeping"


def _plan_in(folder: Path) -> Callable[[str], Plan]:
    return lambda name: plan(folder, name)


def test_a_long_title_and_one_that_asks_nothing_do_not_wait(
    scripted: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titles, "ENOUGH", 3)
    scripted.update(a=["One."], b=["Two.", "Three."], c=["Four."], d=[])
    begun: list[str] = []

    def plans() -> Iterator[Plan]:
        for name in "abcd":
            begun.append(name)
            yield plan(tmp_path, name, RunOptions() if name == "d" else None)

    results = run_plans(plans())
    next(results)
    assert begun == ["a", "b"], "three sentences are enough"
    next(results)
    next(results)
    assert begun == ["a", "b", "c", "d"]
    assert [type(result) for result in results] == [Outcome]


def test_a_title_that_comes_twice_is_finished_before_it_comes_again(
    scripted: dict[str, list[str]], tmp_path: Path
) -> None:
    scripted.update(a=["One."])
    first, second = run_plans([plan(tmp_path, "a"), plan(tmp_path, "a")])
    assert isinstance(first, Outcome)
    assert isinstance(second, Outcome)
    assert first.project == second.project
    assert Engine.calls_made == [["One."]]


def test_an_interrupted_call_loses_what_is_in_the_engine_and_no_more(
    scripted: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titles, "SENTENCES_AT_ONCE", 2)
    scripted.update(a=["One.", "Two."], b=["Three.", "Four."])

    def before(_texts: Sequence[str]) -> None:
        if Engine.calls_made:
            raise KeyboardInterrupt

    Engine.before = staticmethod(before)
    with pytest.raises(KeyboardInterrupt):
        list(run_plans(map(_plan_in(tmp_path), "ab")))
    Engine.before = staticmethod(_tell_nothing)
    assert Engine.calls_made == [["One.", "Two."]]
    for name in "ab":
        with ProjectFile.open(tmp_path / f"{name}.subkit"):  # nobody holds it any more
            pass
    assert all(isinstance(r, Outcome) for r in run_plans(map(_plan_in(tmp_path), "ab")))
    assert list(map(sorted, Engine.calls_made)) == [["One.", "Two."], ["Four.", "Three."]]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX thing")
def test_a_killed_call_loses_what_is_in_the_engine_and_no_more(
    scripted: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titles, "SENTENCES_AT_ONCE", 2)
    scripted.update(a=["One.", "Two."], b=["Three.", "Four."])

    def before(_texts: Sequence[str]) -> None:
        if Engine.calls_made:
            os.kill(os.getpid(), signal.SIGKILL)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child asks nothing of threads
        child = os.fork()
    if not child:
        Engine.before = staticmethod(before)
        list(run_plans(map(_plan_in(tmp_path), "ab")))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    again = list(run_plans(map(_plan_in(tmp_path), "ab")))
    assert list(map(sorted, Engine.calls_made)) == [["Four.", "Three."]]
    (tmp_path / "alone").mkdir()
    alone = list(run_plans(map(_plan_in(tmp_path / "alone"), "ab")))
    tracks = [[r.project.tracks for r in done if isinstance(r, Outcome)] for done in (again, alone)]
    assert tracks[0] == tracks[1]


def test_a_reader_who_stops_listening_leaves_no_file_open(
    scripted: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(titles, "MOST_TITLES", 2)
    scripted.update(a=["One."], b=["Two."])
    results = run_plans(map(_plan_in(tmp_path), "ab"))
    assert isinstance(next(results), Outcome)
    results.close()  # type: ignore[attr-defined]
    with ProjectFile.open(tmp_path / "b.subkit") as store:
        assert store.load().title == "b"


def test_real_clips_together_are_the_clips_alone(
    media: Callable[..., Path], tmp_path: Path
) -> None:
    cut = ("-i", str(scene_file()), "-vn", "-ac", "1", "-ar", "16000", "-t", "8")
    clips = [media(f"clip{at}.wav", "-ss", str(at), *cut) for at in (0, 10)]
    broken = tmp_path / "broken.wav"
    broken.write_text("no sound")
    for name in ("alone", "together"):
        (tmp_path / name).mkdir()

    def plans(name: str, *paths: Path) -> Iterator[Plan]:
        return (plan_run(path, DEMO, folder=tmp_path / name, formats=("vtt",)) for path in paths)

    with LoadedRecognizer() as loaded:
        first = [run_plan(each, loaded=loaded) for each in plans("alone", *clips)]
        paths = (clips[0], broken, *clips[1:])
        results = list(run_plans(plans("together", *paths), loaded=loaded))
    second = [result for result in results if isinstance(result, Outcome)]
    assert [each.project.tracks for each in second] == [each.project.tracks for each in first]
    assert isinstance(results[1], Failure)
    files = sorted((tmp_path / "alone").glob("*.vtt"))
    assert len(files) == 6
    for path in files:
        assert (tmp_path / "together" / path.name).read_bytes() == path.read_bytes()
