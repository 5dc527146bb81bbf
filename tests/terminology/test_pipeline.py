"""Glossary and register through the whole: files in, ledger entries, another translation out."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from subkit.errors import FormatError, InputError
from subkit.interfaces import Silent
from subkit.model import Address, Cue, Media, Project, Span, Term, Track
from subkit.pipeline import RunOptions, translate_project, translator_model
from subkit.quality import check_project
from subkit.store import ProjectFile, load
from subkit.terminology import read_glossary
from subkit.terminology.project_terms import learn_from_project, with_terminology
from subkit.translation import build_units
from subkit.translation.demands import wishes_for
from subkit_cli.main import main

if TYPE_CHECKING:
    from subkit.pipeline import Outcome

HEAD = "source,target,source_language,language,kind,others,forbidden,note\n"
NAMES = HEAD + "Hugo,위고,en,ko,name,,휴고,\nHugo,Hugón,en,es,name,,Hugo,\n"
POLITE = '[[address]]\nlanguage = "ko"\nspeaker = "*"\nlevel = "존댓말"\n'


@pytest.fixture
def film(demo: Outcome, tmp_path: Path) -> Path:
    """A copy of the demo's project."""
    return Path(shutil.copy(demo.path, tmp_path / "film.subkit"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def retranslated(film: Path, glossary: Path | None, register: Path | None = None) -> Project:
    options = RunOptions(
        to=("ko", "es"), translator="demo", offline=True, glossary=glossary, register=register
    )
    with ProjectFile.open(film) as store:
        return translate_project(store, options, translator_model(options), Silent())


def lines_with(project: Project, language: str, form: str) -> set[str]:
    return {cue.id for cue in project.track(language).cues if form in cue.text}


def test_a_glossary_forces_a_name_in_the_demo_scene(film: Path, tmp_path: Path) -> None:
    before = load(film)
    spoken = lines_with(before, "en", "Hugo")
    assert len(spoken) >= 3
    assert len(lines_with(before, "ko", "휴고")) >= 3
    assert len(lines_with(before, "es", "Hugo")) >= 3
    after = retranslated(film, write(tmp_path / "names.csv", NAMES))
    assert lines_with(after, "ko", "휴고") == set()
    assert lines_with(after, "ko", "위고") >= spoken
    assert lines_with(after, "es", "Hugón") >= spoken
    texts = {cue.id: cue.text for cue in before.track("ko").cues}
    changed = {cue.id for cue in after.track("ko").cues if cue.text != texts[cue.id]}
    assert changed == spoken, "nothing else was touched"
    rules = {f.rule for found in check_project(after, RunOptions().style).values() for f in found}
    assert not rules & {"glossary-missing", "glossary-forbidden"}


def test_before_it_is_translated_again_every_violation_is_a_finding(film: Path) -> None:
    project = load(film)
    term = Term(
        source="Hugo", target="위고", source_language="en", language="ko", forbidden=("휴고",)
    )
    held = with_terminology(project, terms=[term])
    found = check_project(held, RunOptions().style)["ko"]
    missing = {f.cue for f in found if f.rule == "glossary-missing"}
    assert missing == lines_with(project, "en", "Hugo")
    forbidden = [f for f in found if f.rule == "glossary-forbidden"]
    assert {f.cue for f in forbidden} == lines_with(project, "ko", "휴고") & missing
    assert "휴고 for Hugo, which the glossary forbids" in forbidden[0].message


def test_both_are_kept_in_the_project_as_changes(film: Path, tmp_path: Path) -> None:
    names = write(tmp_path / "names.csv", NAMES)
    polite = write(tmp_path / "polite.toml", POLITE)
    project = retranslated(film, names, polite)
    assert {term.target for term in project.glossary} == {"위고", "Hugón"}
    assert project.register == (Address(language="ko", speaker="*", addressee="*", level="polite"),)
    with ProjectFile.open(film, writable=False) as store:
        actions = [entry.action for entry in store.ledger()]
        head = store.head()
    assert actions.count("glossary") == actions.count("register") == 1
    assert retranslated(film, names, polite) == project
    with ProjectFile.open(film, writable=False) as store:
        assert store.head() == head, "the same files again change nothing"
    found = check_project(project, RunOptions().style)["ko"]
    assert [f for f in found if f.rule == "register"], "the demo model speaks 반말 alone"


def test_entries_of_the_project_stay_and_the_same_are_replaced() -> None:
    def term(source: str, target: str) -> Term:
        return Term(source=source, target=target, source_language="en", language="ko")

    empty = Project(title="x", media=Media(path="", digest="", duration=Fraction(1)))
    first = with_terminology(empty, terms=[term("sea", "바다"), term("boat", "배")])
    second = with_terminology(first, terms=[term("Boat", "보트"), term("sky", "하늘")])
    assert [(t.source, t.target) for t in second.glossary] == [
        ("sea", "바다"),
        ("Boat", "보트"),
        ("sky", "하늘"),
    ]
    with pytest.raises(FormatError, match="circle"):
        with_terminology(second, terms=[term("바다", "sea")])


def test_a_bad_glossary_is_refused_before_work_starts(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = write(tmp_path / "bad.csv", NAMES + "hugo,휴고,en,ko,name,,,\n")
    digest = film.read_bytes()
    words = ["translate", film, "--to", "ko", "--translator", "demo", "--glossary", bad, "--json"]
    assert main([str(word) for word in words]) == 3
    facts = json.loads(capsys.readouterr().out)
    assert "line 4: 'hugo' is '휴고' here and '위고' in line 2" in facts["error"]["message"]
    assert film.read_bytes() == digest
    with pytest.raises(InputError):
        retranslated(film, tmp_path / "none.csv")


def test_a_run_refuses_a_bad_register_before_it_opens_the_film(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = write(tmp_path / "film.mkv", "no film at all")
    bad = write(tmp_path / "bad.toml", POLITE.replace("존댓말", "존대"))
    words = ["run", film, "--to", "ko", "--model", "demo", "--translator", "demo"]
    assert main([str(word) for word in [*words, "--register", bad, "--json"]]) == 3
    message = json.loads(capsys.readouterr().out)["error"]["message"]
    assert "entry 1: '존대' is not a speech level of 'ko'" in message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml", "film.mkv"]


def test_translate_takes_both_from_the_command_line(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = write(tmp_path / "names.csv", NAMES)
    polite = write(tmp_path / "polite.toml", POLITE)
    words = ["translate", film, "--to", "ko", "--translator", "demo", "--offline"]
    words += ["--glossary", names, "--register", polite, "--json"]
    assert main([str(word) for word in words]) == 0
    assert json.loads(capsys.readouterr().out)["tracks"]["ko"] > 10
    assert len(load(film).register) == 1
    assert main(["glossary", "check", str(film), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["terms"] == 2


def test_the_demo_proposes_its_names(film: Path) -> None:
    proposals = learn_from_project(load(film), "es")
    assert ("Hugo", "Hugo", "name") in {
        (p.term.source, p.term.target, p.term.kind.value) for p in proposals
    }
    with pytest.raises(InputError, match="translated"):
        learn_from_project(load(film), "en")


def test_learn_writes_a_glossary_and_never_over_a_file(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "learned.csv"
    assert main(["glossary", "learn", str(film), "-o", str(out), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert len(facts["proposals"]) == len(read_glossary(out)) > 0
    kept = out.read_bytes()
    assert main(["glossary", "learn", str(film), "-o", str(out)]) == 3
    assert out.read_bytes() == kept
    assert "Name another with -o" in capsys.readouterr().err


def test_learn_from_two_subtitle_files(
    demo: Outcome, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    files = {path.name: path for path in demo.files}
    source = next(path for name, path in files.items() if name.endswith(".en.srt"))
    target = next(path for name, path in files.items() if name.endswith(".es.srt"))
    assert main(["glossary", "learn", str(source), str(target), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["proposals"]
    assert "Hugo" in {one["target"] for one in found}
    plain = Path(shutil.copy(source, tmp_path / "film.srt"))
    assert main(["glossary", "learn", str(plain), str(target), "--json"]) == 3
    assert "--from" in json.loads(capsys.readouterr().out)["error"]["remedy"]
    assert main(["glossary", "learn", str(plain), "--json"]) == 2


def test_the_starter_list_is_a_glossary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "culture.csv"
    assert main(["glossary", "starter", "ko", "--to", "en", "-o", str(out)]) == 0
    terms = read_glossary(out)
    wanted = {"형", "오빠", "누나", "언니", "선배", "후배", "정을", "눈치", "한이", "애교"}
    assert wanted <= {term.source for term in terms}
    assert len(terms) >= 25
    assert all(term.note for term in terms)
    capsys.readouterr()
    assert main(["glossary", "starter", "fi", "--to", "en", "--json"]) == 2


def test_a_refiner_is_told_what_is_asked_of_each_unit() -> None:
    cues = tuple(
        Cue(id=f"c{n}", span=Span(Fraction(3 * n), Fraction(3 * n + 2)), lines=(text,), speaker=who)
        for n, (who, text) in enumerate((("a", "Wait, Hugo."), ("b", "Go away.")))
    )
    track = Track(id="en", language="en", cues=cues)
    project = Project(
        title="film",
        media=Media(path="/film.mkv", digest="sha256:0", duration=Fraction(60)),
        tracks=(track,),
        glossary=(
            Term(
                source="Hugo",
                target="위고",
                source_language="en",
                language="ko",
                forbidden=("휴고",),
            ),
        ),
        register=(Address(language="ko", speaker="a", addressee="*", level="haeyo", term="형"),),
    )
    wishes = wishes_for(project, track, "ko")
    first, second = build_units(track)
    assert wishes(first) == (
        "Write '위고' for 'Hugo'.",
        "Do not write '휴고' for 'Hugo'.",
        "The speech level is 해요체.",
        "The speaker calls the listener '형'.",
    )
    assert wishes(second) == ()
