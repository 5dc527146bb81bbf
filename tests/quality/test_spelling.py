"""The spell check: what the dictionary lacks, and what a project knows all the same."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.errors import InputError, PluginError
from subkit.interfaces import Subject
from subkit.language import dictionaries
from subkit.language.dictionaries import load_dictionary, why_no_dictionary
from subkit.model import Cue, Media, Origin, Provenance, Span, Speaker, Term, Track, Transcript
from subkit.quality import check, spelling_rule
from subkit.store.project_words import add_words, read_words, words_path
from subkit.styles import load_profile

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("hunspell")


def unknown(
    *texts: str, language: str = "en", known: tuple[str, ...] = (), **more: object
) -> list[str]:
    cues = tuple(
        Cue(id=str(n), span=Span(Fraction(4 * n), Fraction(4 * n + 3)), lines=tuple(t.split("\n")))
        for n, t in enumerate(texts)
    )
    media = Media(path="film.mp4", digest="sha256:0", duration=Fraction(100))
    track = Track(id=language, language=language, cues=cues)
    profile = load_profile("subkit", language)
    subject = Subject(track=track, profile=profile, media=media, **more)  # type: ignore[arg-type]
    return [finding.found for finding in check(subject, rules=(spelling_rule(known=known),))]


def test_words_that_the_dictionary_lacks_are_found() -> None:
    assert unknown("I recieve a <i>mesage</i>.", "Don't you know? It's 3pm, ALRIGHT.") == [
        "recieve",
        "mesage",
    ]
    assert "receive" in load_dictionary("en-GB").suggest("recieve")


def test_names_and_words_of_the_project_are_known() -> None:
    assert unknown("Where is Zaphod?", "Zaphod's towel, zaphod.") == []  # a capital inside
    assert unknown("Blorf this.") == ["Blorf"]  # a capital that begins a sentence is none
    assert unknown("Blorf this.", known=("BLORF",)) == []
    term = Term(source="nunchi", target="눈치", source_language="en", language="ko")
    assert unknown("That is nunchi.", glossary=(term,)) == []
    transcript = Transcript(
        words=(),
        speakers=(Speaker(id="s1", name="Dorvell"),),
        language="en",
        provenance=Provenance(origin=Origin.ASR, tool="test"),
    )
    assert unknown("Dorvell's here.", transcript=transcript) == []


def test_a_language_without_a_dictionary_says_so() -> None:
    assert unknown("누군가 우리를 따라오고 있어.", language="ko") == []
    assert why_no_dictionary("ko") == (
        "There is no dictionary for Korean: its spelling is not checked."
    )
    assert why_no_dictionary("en") == ""
    with pytest.raises(PluginError, match="Korean"):
        load_dictionary("ko")


def test_dictionaries_of_the_system_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No dictionary for French is installed" in why_no_dictionary("fr")
    (tmp_path / "fr_CA.dic").write_text("2\nchat/S\nl'\n", encoding="utf-8")
    (tmp_path / "fr_CA.aff").write_text("SET UTF-8\nSFX S Y 1\nSFX S 0 s .\n", encoding="utf-8")
    (tmp_path / "fro.dic").write_text("1\nchien\n")  # Old French, and half a dictionary
    monkeypatch.setattr(dictionaries, "_FOLDERS", (tmp_path,))
    assert unknown("Les chats, le chien 한.", language="fr") == ["Les", "le", "chien", "한"][:3]


def test_the_words_beside_a_project(tmp_path: Path) -> None:
    path = words_path(tmp_path / "film.subkit")
    assert path.name == "film.words.txt"
    assert read_words(path) == ()
    path.write_text("# people\nZaphod\n\nTrillian", encoding="utf-8")
    assert add_words(path, ("Zaphod", "Marvin")) == ("Zaphod", "Trillian", "Marvin")
    assert path.read_text(encoding="utf-8") == "# people\nZaphod\n\nTrillian\nMarvin\n"
    for bad in ("", "two words", "#x", "a\nb", "x" * 61):
        with pytest.raises(InputError):
            add_words(path, (bad,))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"film\.words\.txt"):
        read_words(path)
