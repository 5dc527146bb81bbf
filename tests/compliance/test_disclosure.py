"""The disclosure tells what the project knows, keeps its schema and goes out with every export."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from subkit.compliance import disclose, disclosure_note
from subkit.compliance.disclosure import is_own_sidecar, sidecar
from subkit.edit import Hand, approve, mark_looked_at, retext, retime
from subkit.errors import StoreError
from subkit.model import (
    Origin,
    Project,
    Provenance,
    Review,
    ReviewState,
    Transcript,
    to_plain,
)
from subkit.pipeline import Outcome, Output, export_files, export_tracks, note_undisclosed
from subkit.store import ProjectFile, mark_of
from subkit.translation import MEMORY_TOOL
from tests.builders.sheets import project, with_cue

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "disclosure.schema.json").read_text(encoding="utf-8")
)
TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
KIM = Hand(actor="Kim", time="2026-02-02T10:00:00+00:00")


def _recognised() -> Project:
    """A project whose source track was recognised by machine and translated by another."""
    heard = Provenance(
        origin=Origin.ASR,
        tool="faster-whisper",
        version="1.2",
        model="large-v3",
        model_digest="sha256:a",
        time="2026-01-01T00:00:00+00:00",
    )
    document = project()
    source = document.track("en")
    cues = tuple(replace(cue, provenance=heard) for cue in source.cues)
    document = document.with_track(replace(source, cues=cues))
    return replace(document, transcript=Transcript(language="en", provenance=heard))


def _plain(document: Project, track: str = "ko") -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(sidecar(disclose(document, document.track(track))))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(plain)
    return plain


def test_a_machines_track_says_so_stage_by_stage() -> None:
    known = _plain(_recognised())
    assert [(s["stage"], s["track"], s["tool"], s["cues"]) for s in known["stages"]] == [
        ("recognition", "en", "faster-whisper", 5),
        ("translation", "ko", "ctranslate2", 5),
    ]
    first = known["stages"][0]
    assert (first["model"], first["digest"], first["version"]) == ("large-v3", "sha256:a", "1.2")
    assert first["offline"] is True
    assert first["digital_source_type"] == TYPES + "trainedAlgorithmicMedia"
    assert known["digital_source_type"] == TYPES + "trainedAlgorithmicMedia"
    assert known["review_level"] == "none"
    assert known["reviewers"] == []
    assert known["media"] == "film.mkv"  # no folder of this machine


def test_post_editing_makes_it_a_composite_with_its_reviewer() -> None:
    document = retext(_recognised(), "ko", "c0004", ["그다음은?"], KIM)
    known = _plain(document)
    assert known["digital_source_type"] == TYPES + "compositeWithTrainedAlgorithmicMedia"
    assert known["review_level"] == "spot"
    assert (known["edited"], known["approved"]) == (1, 0)
    assert known["reviewers"] == [{"actor": "Kim", "role": "", "cues": 1, "time": KIM.time}]
    editing = next(stage for stage in known["stages"] if stage["stage"] == "editing")
    assert (editing["actors"], editing["cues"]) == (["Kim"], 1)
    assert editing["digital_source_type"] == TYPES + "digitalCreation"


def test_a_machines_words_at_other_times_are_a_composite_too() -> None:
    document = _recognised()
    span = document.track("ko").cue("c0001").span
    later = retime(document, "ko", "c0001", span.shifted(Fraction(1, 24)), KIM)
    assert later.track("ko").cue("c0001").provenance == document.track("ko").cue("c0001").provenance
    assert _plain(later)["digital_source_type"] == TYPES + "compositeWithTrainedAlgorithmicMedia"
    ruled = with_cue(document, "c0001", provenance=Provenance(origin=Origin.RULE, tool="subkit"))
    assert _plain(ruled)["digital_source_type"] == TYPES + "compositeWithTrainedAlgorithmicMedia"


def test_the_recogniser_is_told_also_where_people_wrote_every_cue_anew() -> None:
    document = _recognised()
    for cue in document.track("en").cues:
        document = retext(document, "en", cue.id, ["Written."], KIM)
    stages = _plain(document, "en")["stages"]
    assert [(s["stage"], s["cues"]) for s in stages] == [("recognition", 0), ("editing", 5)]


def test_who_approved_before_approvals_had_roles_is_named() -> None:
    old = Review(state=ReviewState.APPROVED, actor="Kim", time=KIM.time)
    document = with_cue(_recognised(), "c0001", review=old)
    assert _plain(document)["reviewers"] == [
        {"actor": "Kim", "role": "", "cues": 1, "time": KIM.time}
    ]
    edited = retext(_recognised(), "ko", "c0001", ["다른 말."], KIM)
    document = approve(edited, "ko", "reviewer", KIM, cues=["c0001"])
    assert [r["role"] for r in _plain(document)["reviewers"]] == ["reviewer"]


def test_a_disclosure_has_a_mebibyte_at_most() -> None:
    document = _recognised()
    data = sidecar(disclose(document, document.track("ko")))
    assert is_own_sidecar(data.ljust(2**20))
    assert not is_own_sidecar(data.ljust(2**20 + 1))


def test_an_edited_transcript_shows_in_the_track_made_from_it() -> None:
    document = retext(_recognised(), "en", "c0004", ["What then?"], KIM)
    stages = _plain(document)["stages"]
    assert {"recognition", "editing", "translation"} == {stage["stage"] for stage in stages}


def test_levels_are_what_was_seen_and_played() -> None:
    document = project()
    ids = [cue.id for cue in document.track("ko").cues]
    seen = mark_looked_at(document, "ko", ids[:2])
    all_seen = mark_looked_at(document, "ko", ids)
    played = mark_looked_at(document, "ko", ids, ids)
    approved = approve(document, "ko", "translator", KIM)  # approving is not watching
    levels = [_plain(d)["review_level"] for d in (document, seen, all_seen, played, approved)]
    assert levels == ["none", "spot", "spot", "full", "none"]
    assert _plain(approved)["reviewers"][0]["role"] == "translator"


@pytest.mark.parametrize(
    ("origin", "tool", "expected"),
    [
        (Origin.HUMAN, "subkit", TYPES + "digitalCreation"),
        (Origin.RULE, "subkit", TYPES + "algorithmicMedia"),
        (Origin.IMPORT, "srt", None),
        (Origin.HUMAN, MEMORY_TOOL, TYPES + "digitalCreation"),
    ],
)
def test_tracks_without_a_machine(origin: Origin, tool: str, expected: str | None) -> None:
    document = project()
    source = document.track("en")
    made = Provenance(origin=origin, tool=tool)
    cues = tuple(replace(cue, provenance=made) for cue in source.cues)
    document = replace(document, tracks=(replace(source, cues=cues),))
    known = _plain(document, "en")
    assert known["digital_source_type"] == expected
    assert known["stages"][0]["stage"] == (
        "memory" if tool == MEMORY_TOOL else known["stages"][0]["stage"]
    )


def test_what_is_not_known_is_not_stated() -> None:
    unknown = Provenance(origin=Origin.MT, tool="someone's server")
    document = with_cue(project(), "c0000", provenance=unknown)
    stage = next(s for s in _plain(document)["stages"] if s["tool"] == "someone's server")
    assert (stage["offline"], stage["version"], stage["digest"]) == (None, None, None)
    bare = with_cue(project(), "c0000", provenance=None)
    assert _plain(bare)["digital_source_type"] == TYPES + "compositeWithTrainedAlgorithmicMedia"


def test_the_demo_says_demo_in_sidecar_and_statement(demo: Outcome) -> None:
    for track in demo.project.tracks:
        known = _plain(demo.project, track.id)
        assert known["demo"]
        assert known["statement"].startswith("DEMO.")
        assert known["statement"] == disclosure_note(demo.project, track)
        beside = demo.path.parent / f"scene.{track.language}.disclosure.json"
        written = json.loads(beside.read_bytes())
        with ProjectFile.open(demo.path, writable=False) as store:
            assert written.pop("ledger") == to_plain(mark_of(store))
        assert {**written, "ledger": None, "digest": known["digest"]} == known


def _output(folder: Path, *formats: str, **more: Any) -> Output:
    return Output(**{"folder": folder, "stem": "film", "formats": formats, **more})


def test_an_export_brings_its_disclosure_and_renews_an_untouched_one(tmp_path: Path) -> None:
    document = _recognised()
    track = [document.track("ko")]
    paths = export_tracks(document, _output(tmp_path, "srt", "vtt"), tracks=track).files
    assert [p.name for p in paths] == ["film.ko.srt", "film.ko.vtt", "film.ko.disclosure.json"]
    old = (tmp_path / "film.ko.disclosure.json").read_bytes()
    assert is_own_sidecar(old)
    edited = retext(document, "ko", "c0004", ["그다음은?"], KIM)
    export_files(edited, tmp_path / "new.ko.srt")
    assert is_own_sidecar((tmp_path / "new.ko.disclosure.json").read_bytes())
    export_tracks(edited, _output(tmp_path, "ass"), tracks=[edited.track("ko")])
    new = (tmp_path / "film.ko.disclosure.json").read_bytes()
    assert new != old
    assert json.loads(new)["edited"] == 1


def test_a_disclosure_that_somebody_changed_is_never_replaced_unasked(tmp_path: Path) -> None:
    document = _recognised()
    track = [document.track("ko")]
    beside = tmp_path / "film.ko.disclosure.json"
    for content in (
        b"mine",
        b"[1]",
        sidecar(disclose(document, track[0])).replace(b'"none"', b'"full"'),
    ):
        beside.write_bytes(content)
        assert not is_own_sidecar(content)
        with pytest.raises(StoreError, match="disclosure"):
            export_tracks(document, _output(tmp_path, "srt"), tracks=track)
        assert beside.read_bytes() == content
        assert not (tmp_path / "film.ko.srt").exists()
    export_tracks(document, _output(tmp_path, "srt", overwrite=True), tracks=track)
    assert is_own_sidecar(beside.read_bytes())


def test_leaving_it_out_is_a_ledger_entry(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, _recognised(), actor="subkit") as store:
        document = store.load()
        note_undisclosed(store, [document.track("ko")], by="Kim")
        *_, last = store.ledger()
        assert (last.actor, last.action) == ("Kim", "export without disclosure")
        assert last.target == "track:ko"
        assert last.before == last.after
        assert store.verify() is None
        assert store.load() == document
    paths = export_tracks(document, _output(tmp_path, "vtt", undisclosed_by="Kim")).files
    assert {p.name for p in paths} == {"film.en.vtt", "film.ko.vtt"}
    assert b"NOTE" not in (tmp_path / "film.ko.vtt").read_bytes()


def test_the_demo_mark_cannot_be_left_out(demo: Outcome, tmp_path: Path) -> None:
    for path in export_tracks(
        demo.project, _output(tmp_path, "vtt", "srt", stem="x", undisclosed_by="Kim")
    ).files:
        assert "demo model" in path.read_text(encoding="utf-8").lower()
