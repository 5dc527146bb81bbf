"""Plug-ins by entry point, object and flag: found, held to their protocol, part of the key."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import subkit
from subkit.errors import EngineError, PlanError, PluginError
from subkit.interfaces import Hypothesis, ModelFacts, WindowResult
from subkit.model import Span, Word
from subkit.pipeline import RunOptions, plan_run, run_plan, with_plugins
from subkit.plugins import plugin_names, reader_for, writer_for
from subkit.review import ReviewOptions
from subkit.review.desk import Desk
from subkit_cli.main import main
from tests.contract.sample_plugins import (
    LoudRecognizer,
    NoExclamation,
    PlainWriter,
    PoliteRefiner,
    ShoutingTranslator,
    TakingTurns,
)

if TYPE_CHECKING:
    from pathlib import Path

PLUGINS = """
[subkit.recognizers]
loud = tests.contract.sample_plugins:LoudRecognizer
broken = tests.contract.sample_plugins:NoSuchThing
[subkit.translators]
shout = tests.contract.sample_plugins:ShoutingTranslator
[subkit.voice]
loudness = tests.contract.sample_plugins:LoudnessVoice
[subkit.speakers]
turns = tests.contract.sample_plugins:TakingTurns
[subkit.rules]
no-exclamation = tests.contract.sample_plugins:NoExclamation
[subkit.readers]
plain = tests.contract.sample_plugins:PlainReader
[subkit.writers]
plain = tests.contract.sample_plugins:PlainWriter
"""
SRT = "1\n00:00:01,000 --> 00:00:03,000\nWho is there!\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with a plug-in of each kind, as pip would leave it."""
    folder = tmp_path / "site" / "acme_plugins-2.5.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-plugins\nVersion: 2.5\n")
    (folder / "entry_points.txt").write_text(PLUGINS)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


def _run(speech: Path, folder: Path, **options: Any) -> Any:
    offline = RunOptions(offline=True, **options)
    return run_plan(plan_run(speech, offline, folder=folder, formats=()))


@pytest.mark.usefixtures("installed")
def test_plugins_of_a_package_are_found_and_an_unknown_name_is_told_before_work() -> None:
    assert "loud" in plugin_names("recognizers")
    with pytest.raises(PluginError, match=r"no recogniser plug-in 'lound'.*Did you mean 'loud'"):
        with_plugins(RunOptions(recognizer_plugin="lound"))
    with pytest.raises(PluginError, match=r"'broken'.*does not load"):
        with_plugins(RunOptions(recognizer_plugin="broken"))


@pytest.mark.usefixtures("installed")
def test_a_recogniser_needs_no_whisper_and_its_windows_say_the_language(
    speech: Path, tmp_path: Path
) -> None:
    done = _run(speech, tmp_path, recognizer_plugin="loud", voice_plugin="loudness")
    transcript = done.project.transcript
    assert transcript.language == "en"
    assert {word.language for word in transcript.words} == {"en"}
    made = transcript.provenance
    assert (made.tool, made.version, made.model) == ("loud", "2.5", "loud")
    assert done.project.tracks[0].cues


def test_name_and_version_of_an_object_are_part_of_the_key(speech: Path, tmp_path: Path) -> None:
    first, again, newer = LoudRecognizer(), LoudRecognizer(), LoudRecognizer()
    newer.version = "2"
    for recognizer in (first, again, newer):
        _run(speech, tmp_path, recognizer_plugin=recognizer)
    assert first.asked > 0
    assert again.asked == 0
    assert newer.asked == first.asked
    assert first.closed == 0  # the object is the caller's to close


@pytest.mark.usefixtures("installed")
def test_by_flags_a_film_goes_through_the_plugins(
    speech: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--recognizer", "loud", "--translator", "shout", "--to", "ko", "--rules"]
    command = ["run", str(speech), *flags, "no-exclamation", "-f", "plain", "--offline", "--json"]
    assert main([*command, "-o", str(tmp_path)]) == 0
    (told,) = json.loads(capsys.readouterr().out)["results"]
    assert told["recognizer"] == "loud"
    assert "LOUD." in (tmp_path / "speech.ko.plain").read_text()
    assert main(["run", str(speech), "--recognizer", "lund"]) == 4
    assert "Did you mean 'loud'?" in capsys.readouterr().err


@pytest.mark.usefixtures("installed")
def test_rules_readers_and_writers_of_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.en.srt"
    path.write_text(SRT)
    assert main(["qc", str(path), "--rules", "no-exclamation"]) == 0
    assert "warning no-exclamation: Cue 1 shouts." in capsys.readouterr().out
    (tmp_path / "b.en.plain").write_text("1 3 Who!\n")
    assert main(["qc", str(tmp_path / "b.en.plain"), "--rules", "no-exclamation"]) == 0
    assert "Cue c1 shouts." in capsys.readouterr().out
    assert writer_for("plain").extension == reader_for(".PLAIN").extension == "plain"
    with pytest.raises(PlanError, match="Plug-ins: plain"):
        writer_for("plane")


def test_what_lacks_a_method_is_named_with_it() -> None:
    class Half:
        model = ModelFacts(name="half")

        def close(self) -> None: ...

    with pytest.raises(PluginError, match=r"Half' has no method 'recognize'"):
        with_plugins(RunOptions(recognizer_plugin=Half()))  # type: ignore[arg-type]
    with pytest.raises(PluginError, match=r"is a class, not a rule.*Give an object"):
        with_plugins(RunOptions(rules=(NoExclamation,)))  # type: ignore[arg-type]
    with pytest.raises(PluginError, match="no attribute 'extension'"):
        writer_for(object())  # type: ignore[arg-type]


class _Wrong(LoudRecognizer):
    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def recognize(self, windows: Any, **more: Any) -> Any:
        return self.answer(super().recognize(windows, **more))


def _fail(_: Any) -> Any:
    raise ValueError("the cable is out")


def _elsewhere(results: list[WindowResult]) -> list[WindowResult]:
    word = Word(text="x", span=Span("900", "901"))  # type: ignore[arg-type]
    return [replace(result, words=(word,)) for result in results]


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (_fail, EngineError, r"_Wrong' failed in 'recognize': ValueError: the cable is out\."),
        (lambda _: [], PluginError, r"gave 0 results for 1 windows; it should give one Window"),
        (lambda r: ["text"] * len(r), PluginError, "gave a str; it should give a WindowResult"),
        (_elsewhere, PluginError, r"gave a word from 900.00 to 901.00 s for the window .* media"),
        (
            lambda r: [replace(one, words=("a",)) for one in r],
            PluginError,
            r"gave a WindowResult with .*words\[0\]",
        ),
    ],
)
def test_garbage_is_one_sentence_and_nothing_is_kept(
    answer: Any, kind: type[Exception], sentence: str, speech: Path, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=sentence):
        _run(speech, tmp_path / "out", recognizer_plugin=_Wrong(answer))
    assert not (tmp_path / "out" / "speech.srt").exists()


class _WrongWords(ShoutingTranslator):
    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def translate(self, *_: Any, **__: Any) -> Any:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ([], "gave 0 answers for 1 texts"),
        ([[]], "gave no hypothesis for a text"),
        ([["Hola"]], "gave a str"),
        ([[Hypothesis(text=None, score=0.0)]], "gave the text None"),  # type: ignore[arg-type]
        ([[Hypothesis(text="a", score=float("nan"))]], "gave the score nan"),
        (None, "failed in 'translate': TypeError"),
    ],
)
def test_a_translator_that_gives_garbage_is_named(answer: Any, sentence: str) -> None:
    translator = with_plugins(RunOptions(translator_plugin=_WrongWords(answer))).translator_plugin
    assert not isinstance(translator, str)
    with pytest.raises((PluginError, EngineError), match=sentence):
        translator.translate(["Who?"], "en", "es")


class _Text(PlainWriter):
    def write(self, *_: Any, **__: Any) -> Any:
        return "text"


class _Numbers(NoExclamation):
    def check(self, subject: Any) -> Any:
        return [1, 2]


def test_a_writer_and_a_rule_that_give_garbage_are_named(tmp_path: Path) -> None:
    from subkit.interfaces import Subject
    from subkit.model import Media, Track
    from subkit.styles import load_profile

    media = Media(path="", digest="", duration=Span("0", "1").end)  # type: ignore[arg-type]
    track = Track(id="en", language="en")
    with pytest.raises(PluginError, match="gave a str; it should give bytes"):
        writer_for(_Text()).write(track, media)
    (rule,) = with_plugins(RunOptions(rules=(_Numbers(),))).rules
    assert not isinstance(rule, str)
    subject = Subject(track=track, profile=load_profile("netflix", "en"), media=media)
    with pytest.raises(PluginError, match="gave a int; it should give findings"):
        list(rule.check(subject))


class _Asked(PoliteRefiner):
    def __init__(self) -> None:
        super().__init__()
        self.drafts: list[str] = []

    def refine(self, source: str, draft: str, *_: Any, **__: Any) -> str | None:
        self.drafts.append(draft)
        return draft


def test_a_refiner_needs_no_address_and_is_asked_once(tmp_path: Path) -> None:
    path = tmp_path / "a.en.srt"
    path.write_text(SRT)
    first, again = _Asked(), _Asked()
    for refiner in (first, again):
        options = RunOptions(refiner_plugin=refiner, translator_plugin=ShoutingTranslator())
        subkit.translate(path, to="ko", options=options, overwrite=True)
    assert first.drafts == ["WHO IS THERE!"]
    assert again.drafts == []


def test_the_name_of_a_misspelt_attribute_is_nearest() -> None:
    with pytest.raises(AttributeError) as caught:
        subkit.transcibe  # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("transcibe", subkit)


def test_the_review_page_checks_by_rules_of_others(tmp_path: Path) -> None:
    path = tmp_path / "a.en.srt"
    path.write_text(SRT)
    with subkit.open(path, by="Kim") as editor:
        options = ReviewOptions(run=RunOptions(rules=(NoExclamation(),)), cache=tmp_path)
        desk = Desk(editor.store, options)
        assert "no-exclamation" in {f.rule for f in desk.findings(editor.track("en"))}
        desk.stop()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("plugin", ["turns", TakingTurns()])
def test_a_speaker_backend_says_who_speaks_each_word(
    speech: Path, tmp_path: Path, plugin: Any
) -> None:
    done = _run(speech, tmp_path, model="demo", speakers=plugin)
    transcript = done.project.transcript
    assert {turn.method for turn in transcript.turns} == {"taking-turns"}
    assert {word.speaker for word in transcript.words} <= {"Ann", "Bob", None}
    assert {word.speaker for word in transcript.words} & {"Ann", "Bob"}
    again = _run(speech, tmp_path, model="demo", speakers=plugin)
    assert again.project == done.project


class _OutOfTime(TakingTurns):
    def turns(self, recording: Any, *, count: int | None = None) -> Any:
        return [
            replace(turn, span=Span(turn.span.start + 900, turn.span.end + 900))
            for turn in super().turns(recording, count=count)
        ]


class _Boastful(TakingTurns):
    def turns(self, recording: Any, *, count: int | None = None) -> Any:
        return [replace(t, confidence=7.0) for t in super().turns(recording, count=count)]


class _Nameless(TakingTurns):
    def turns(self, recording: Any, *, count: int | None = None) -> Any:
        return [replace(t, speaker="") for t in super().turns(recording, count=count)]


@pytest.mark.parametrize("backend", [_OutOfTime(), _Boastful(), _Nameless()])
def test_turns_that_cannot_be_are_refused(speech: Path, tmp_path: Path, backend: Any) -> None:
    with pytest.raises(PluginError, match="it should give SpeakerTurns"):
        _run(speech, tmp_path, model="demo", speakers=backend)
