"""Shot rules, ways of writing, variants and notes: what the guides say beyond the basic numbers."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from subkit.errors import InputError, PlanError
from subkit.model import ShotRules, TextRules
from subkit.styles import (
    MEANINGS,
    load_profile,
    own_style,
    profile_ids,
    profile_notes,
    profile_rules,
    read_own_styles,
    source_texts,
)
from subkit.styles.numbers import FIELDS

GUIDES = Path(__file__).parents[2].parent / "shared" / "design" / "style_guides.json"


def test_shot_rules_are_the_guides_own_or_none() -> None:
    netflix, bbc, rai, ted = (load_profile(i, "en").shots for i in ("netflix", "bbc", "rai", "ted"))
    assert netflix == ShotRules()
    assert bbc is not None
    assert {bbc.in_after, bbc.in_clear, bbc.out_before} == {Fraction(1)}
    assert bbc.gap_frames == 0
    assert rai is not None
    assert {rai.in_after, rai.in_before, rai.out_before, rai.out_after} == {Fraction(4, 5)}
    assert ted is None
    assert load_profile("netflix-sdh", "ko").shots == netflix
    silent = [i for i in profile_ids() if load_profile(i, "en").shots is None]
    assert {"dcmp", "arte", "sony-music", "sony-music-children"} <= set(silent)
    for name in silent:
        assert not any("shots." in rule for rule in profile_rules(name, "en"))


@pytest.mark.parametrize(
    ("profile_id", "language", "field", "value"),
    [
        ("bbc", "en", "max_wpm", 180),
        ("bbc", "en", "word_duration", Fraction(3, 10)),
        ("bbc", "ko", "max_wpm", None),
        ("bbc", "en", "chain", Fraction(4, 5)),
        ("bbc-vertical", "en", "max_lines", 3),
        ("bbc-vertical", "en", "max_wpm", 180),
        ("dcmp", "en", "max_wpm", 225),
        ("dcmp-children", "en", "max_wpm", 150),
        ("sony-music-children", "en", "max_wpm", 160),
        ("ted", "en", "max_chars", 84),
        ("ted", "en", "anticipation", Fraction(1, 10)),
        ("netflix", "ja", "chain", 0),
        ("netflix", "en", "chain", Fraction(1, 2)),
        ("netflix-vertical", "ja", "max_cpl", 11),
        ("netflix-template-children", "en", "max_cps", 15),
        ("ard-zdf-orf-srf-primary", "de", "max_cps", 9),
        ("rai", "it", "max_cps", 15),
        ("subkit-children", "ko", "max_cps", 9),
        ("netflix-forced", "fr", "max_cover", Fraction(1, 4)),
        ("netflix", "fr", "max_cover", None),
    ],
)
def test_numbers_outside_the_basic_ones(
    profile_id: str, language: str, field: str, value: object
) -> None:
    assert getattr(load_profile(profile_id, language), field) == value


@pytest.mark.parametrize(
    ("profile_id", "language", "field", "value"),
    [
        ("netflix", "en", "dash", "both"),
        ("netflix", "fr", "dash", "both spaced"),
        ("netflix", "nl", "dash", "second"),
        ("netflix", "bg", "dash", "second spaced"),
        ("netflix", "pt-BR", "dash", "both spaced"),
        ("netflix", "ko", "italics", False),
        ("netflix", "en", "italics", True),
        ("netflix", "en", "ellipsis", "…"),
        ("netflix", "zh-Hans", "not_last", "，。、,."),
        ("netflix", "zh-TW", "bottom_heavy", True),
        ("netflix-sdh", "en", "label", "[]"),
        ("netflix-sdh", "en", "label_case", "lower"),
        ("ard-zdf-orf-srf", "de", "spell_to", 12),
        ("ard-zdf-orf-srf", "de", "label", "**"),
        ("swiss-txt", "de", "quotes", "«»"),
        ("swiss-txt", "de", "not_used", "ß"),
        ("ted", "en", "balance", Fraction(1, 2)),
        ("teletext-ebu-stl", "en", "repertoire", "ebu-stl"),
    ],
)
def test_ways_of_writing(profile_id: str, language: str, field: str, value: object) -> None:
    assert getattr(load_profile(profile_id, language).text, field) == value


def test_a_style_that_says_nothing_of_writing_asks_nothing() -> None:
    assert load_profile("subkit", "en").text == TextRules()
    assert load_profile("iwslt-subtitling", "fr").text == TextRules()


def test_every_field_has_a_meaning() -> None:
    assert list(MEANINGS) == list(FIELDS)


def test_notes_have_sources_and_keep_to_their_language() -> None:
    korean = {note.about for note in profile_notes("netflix", "ko")}
    assert "pause for ellipsis s" in korean
    assert "pause for ellipsis s" not in {n.about for n in profile_notes("netflix", "en")}
    assert "colours" in {note.about for note in profile_notes("arcom-fr", "fr")}
    for name in profile_ids():
        for note in profile_notes(name, "ja"):
            assert note.text
            assert note.confidence in set("ABCD")
            assert set(note.sources) <= set(source_texts())


@pytest.mark.skipif(not GUIDES.exists(), reason="the research on style guides is not here")
def test_every_guide_and_language_of_the_research_is_shipped() -> None:
    research = json.loads(GUIDES.read_text(encoding="utf-8"))["profiles"]
    assert set(research) <= set(profile_ids())
    netflix = research["netflix"]["languages"]
    for tag in set(netflix) - {"default", "en-template"}:
        rules, own = profile_rules("netflix", tag), netflix[tag]
        for field, name in (("max_cpl", "max_cpl"), ("max_cps_adult", "max_cps")):
            if field in own:
                assert rules[name].value == own[field]["value"], (tag, field)
                assert rules[name].confidence == own[field]["confidence"], (tag, field)
        if "sdh_max_cps_adult" in own:
            sdh = profile_rules("netflix-sdh", tag)["max_cps"]
            assert sdh.value == own["sdh_max_cps_adult"]["value"]
        if "dialogue_dash" in own:
            assert rules["text.dash"].confidence == own["dialogue_dash"]["confidence"]


def test_shots_and_text_of_a_style_of_the_user(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(
        'inherits = "netflix"\nchain = 0\n[shots]\nin_after = 0.25\n[text]\nquotes = "„“"\n'
        '[languages.fr.text]\ndash = "second"\n',
        encoding="utf-8",
    )
    english, french = (load_profile("acme", tag, own=read_own_styles(file)) for tag in ("en", "fr"))
    assert english.shots == ShotRules(in_after=Fraction(1, 4))
    assert (english.text.dash, french.text.dash) == ("both", "second")
    assert english.text.quotes == "„“"
    assert english.chain == 0
    file.write_text('inherits = "netflix"\nshots = false\nmax_wpm = false\n')
    quiet = load_profile("acme", "en", own=read_own_styles(file))
    assert quiet.shots is None
    assert quiet.max_wpm is None
    file.write_text('inherits = "ted"\n[shots]\ngap_frames = 3\n')
    assert load_profile("acme", "en", own=read_own_styles(file)).shots == ShotRules(gap_frames=3)


def test_mistakes_in_groups_are_named_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        "[shots]\nin_befor = 1\nin_after = -1\n[text]\ndash = 'three'\nquotes = 'abc'\n"
        "[languages.ko.text]\nitalic = false\nspell_to = 1.5\n"
    )
    with pytest.raises(InputError) as caught:
        load_profile("bad", "en", own=read_own_styles(file))
    for part in (
        "shots.in_befor (nearest: shots.in_before)", "shots.in_after = -1", "text.dash = 'three'",
        "text.quotes", "languages.ko.text.italic (nearest: text.italics)",
        "languages.ko.text.spell_to = 1.5",
    ):  # fmt: skip
        assert part in caught.value.message


@pytest.mark.parametrize("parent", ["netflix", "bbc", "subkit-sdh", "ted"])
def test_a_new_style_is_what_it_inherits_and_shows_every_field(parent: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(own_style("acme", inherits=parent), encoding="utf-8")
    for tag in ("en", "ko"):
        ours = load_profile("acme", tag, own=read_own_styles(file))
        theirs = load_profile(parent, tag)
        for field in ("max_cpl", "max_cps", "shots", "text", "chain", "max_wpm", "counting"):
            assert getattr(ours, field) == getattr(theirs, field)
    text = file.read_text(encoding="utf-8")
    for field in FIELDS:
        assert field == "shots" or f"# {field.rpartition('.')[2]} =" in text


def test_a_line_of_a_new_style_can_be_made_to_count(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    text = own_style("acme", inherits="netflix")
    lines = [line[2:] if " = " in line and line.startswith("# ") and not line.endswith("=")
             and line[2:].split(" = ")[0] in {f.rpartition(".")[2] for f in FIELDS}
             else line for line in text.split("[languages")[0].splitlines()]  # fmt: skip
    file.write_text("\n".join(line for line in lines if not line.endswith("=")), encoding="utf-8")
    ours, theirs = (
        load_profile("acme", "en", own=read_own_styles(file)),
        load_profile("netflix", "en"),
    )
    assert (ours.shots, ours.text, ours.max_cps) == (theirs.shots, theirs.text, theirs.max_cps)
    assert {s.sources for s in ours.rule_sources} == {("acme.toml",)}


def test_a_new_style_of_an_unknown_one_is_refused() -> None:
    with pytest.raises(PlanError, match="netflicks"):
        own_style("acme", inherits="netflicks")
