"""What comes back becomes edits of its reviewer, or is refused and listed: never lost."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import InputError, StaleError
from subkit.exchange import Basis, Import, Remark, Returned, TimedRemark, import_file, write_sheet
from subkit.exchange.importing import place_remarks
from subkit.exchange.merging import take_rows
from subkit.model import FrameRate, Origin, Project, Review, ReviewState
from subkit.store import ProjectFile
from subkit.translation import source_digest
from tests.builders.sheets import RATE, project, sheet, with_cue

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-02-02T00:00:00+00:00"


def _row(
    cue: str, text: str | None = None, *remarks: str, document: Project | None = None
) -> Returned:
    """A row made from ``document``, with another text."""
    known = {row.cue: row for row in sheet(document).rows}
    return Returned(
        place=f"row of {cue}",
        cue=cue,
        track="ko",
        basis=known[cue].basis if cue in known else Basis(),
        text=text,
        remarks=tuple(Remark(text=remark) for remark in remarks),
    )


def _take(document: Project, *rows: Returned, by: str = "Kim") -> Import:
    return take_rows(document, rows, by=by, time=NOW)


def test_an_edit_is_the_reviewers() -> None:
    done = _take(project(), _row("c0004", "그다음은?\n응?", "Better?"))
    cue = done.project.track("ko").cue("c0004")
    assert cue.lines == ("그다음은?", "응?")
    assert cue.provenance is not None
    assert (cue.provenance.origin, cue.provenance.actor) == (Origin.HUMAN, "Kim")
    assert (cue.review.state, cue.review.actor) == (ReviewState.EDITED, "Kim")
    assert [(c.text, c.actor, c.time) for c in cue.comments] == [("Better?", "Kim", NOW)]
    assert done.edited == done.commented == ("ko/c0004",)
    assert not done.refused
    assert len(done.absent) == 4
    others = [c for c in done.project.track("ko").cues if c.id != "c0004"]
    assert others == [c for c in project().track("ko").cues if c.id != "c0004"]


def test_the_old_text_stays_as_an_alternative_and_a_stale_cue_is_no_more() -> None:
    document = with_cue(project(), "c0004", made_from="sha256:old")
    cue = _take(document, _row("c0004", "그다음은?")).project.track("ko").cue("c0004")
    assert cue.alternatives[0].text == "그리고?"
    assert cue.made_from == source_digest([document.track("en").cue("c0004")])


def test_final_rows_are_approved_only_when_asked_and_only_as_they_stand() -> None:
    document = with_cue(project(), "c0003", lines=("딴 줄",))
    rows = [replace(_row(f"c000{i}"), finished=i != 2) for i in range(4)]
    rows.append(replace(_row("c0004", "그다음은?"), finished=True))
    assert _take(document, *rows).approved == ()
    done = take_rows(document, rows, by="Kim", time=NOW, role="translator")
    assert done.approved == ("ko/c0000", "ko/c0001", "ko/c0004")
    assert [refusal.cue for refusal in done.refused] == ["c0003"]
    assert "but the cue was changed" in done.refused[0].reason
    cue = done.project.track("ko").cue("c0004")
    assert (cue.text, cue.review.state) == ("그다음은?", ReviewState.APPROVED)
    assert cue.review.approvals[0].role == "translator"
    again = take_rows(done.project, rows, by="Lee", time=NOW, role="producer")
    assert again.approved == ()  # an approval that went out and came back is nobody's new word


def test_the_same_file_twice_changes_nothing_more() -> None:
    rows = (_row("c0004", "그다음은?", "Better?"), _row("c0001", None, "Who?"))
    once = _take(project(), *rows)
    twice = _take(once.project, *rows)
    assert twice.project is once.project
    assert (twice.edited, twice.commented, twice.refused) == ((), (), ())


def test_a_cue_that_changed_meanwhile_is_refused_with_the_wish() -> None:
    now = with_cue(project(), "c0004", lines=("다른 사람이 고침",))
    done = _take(now, _row("c0004", "그다음은?", "Better?"))
    (refusal,) = done.refused
    assert refusal.reason == "the cue was changed meanwhile"
    assert refusal.text == "그다음은?"
    cue = done.project.track("ko").cue("c0004")
    assert cue.lines == ("다른 사람이 고침",)
    assert cue.comments[0].text == "Better?"  # what was said is kept all the same


def test_a_cue_whose_source_changed_meanwhile_is_refused() -> None:
    now = with_cue(project(), "c0004", track="en", lines=("What then?",))
    done = _take(now, _row("c0004", "그다음은?"), _row("c0001", "뭐?"))
    assert [r.reason for r in done.refused] == ["the source was changed meanwhile"]
    assert done.edited == ("ko/c0001",)


def test_an_unchanged_row_of_a_changed_cue_is_no_refusal() -> None:
    now = with_cue(project(), "c0004", lines=("다른 사람이 고침",))
    done = _take(now, _row("c0004"))
    assert not done.refused
    assert done.project is now


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"locked": True}, "locked"),
        ({"review": Review(state=ReviewState.APPROVED, actor="Lee")}, "approved by Lee"),
    ],
)
def test_locked_and_approved_cues_are_left(changes: dict[str, Any], reason: str) -> None:
    now = with_cue(project(), "c0004", **changes)
    done = _take(now, _row("c0004", "그다음은?"))
    assert reason in done.refused[0].reason
    assert done.project is now


@pytest.mark.parametrize(("language", "fine"), [("ja", False), ("ko-KR", True), ("x-own", True)])
def test_a_text_that_its_file_calls_another_language_is_refused(language: str, fine: bool) -> None:
    done = _take(project(), replace(_row("c0004", "그다음은?"), language=language))
    assert bool(done.edited) is fine
    assert [refusal.reason for refusal in done.refused] == (
        [] if fine else ["the file is in 'ja', the track in 'ko'"]
    )


def test_rows_that_were_reordered_left_out_added_or_doubled() -> None:
    added = Returned(place="row 9", text="한 줄 더")
    unknown = replace(_row("c0099", "누구?"), track="ko")
    other = replace(_row("c0001", "뭐?"), track="fr")
    gone = replace(_row("c0099"), track="ko")
    once, again = _row("c0003", "따옴표"), _row("c0003", "따옴표")
    one, two = _row("c0002", "하나"), _row("c0002", "둘")
    done = _take(project(), two, again, added, unknown, one, other, once, gone)
    assert done.edited == ("ko/c0003",)
    reasons = {(r.cue, r.text): r.reason for r in done.refused}
    assert len(reasons) == 5
    assert "added" in reasons["", "한 줄 더"]
    assert "has no cue" in reasons["c0099", "누구?"]
    assert "no track 'fr'" in reasons["c0001", "뭐?"]
    assert "twice" in reasons["c0002", "하나"]
    assert "twice" in reasons["c0002", "둘"]
    assert set(done.absent) == {"ko/c0000", "ko/c0001", "ko/c0004"}


def test_changed_times_are_said_and_the_text_is_taken() -> None:
    done = _take(project(), replace(_row("c0004", "그다음은?"), retimed=True))
    assert "times" in done.refused[0].reason
    assert done.edited == ("ko/c0004",)


def test_a_problem_of_the_format_is_listed() -> None:
    row = replace(_row("c0004"), problem="its edited holds a formula")
    assert _take(project(), row).refused[0].reason == row.problem


@pytest.mark.parametrize("name", ["", "  ", "Kim\n"])
def test_somebody_must_answer_for_it(name: str) -> None:
    with pytest.raises(InputError, match="reviewer"):
        _take(project(), _row("c0004", "x"), by=name)


@settings(max_examples=60)
@given(st.data())
def test_every_wish_is_taken_or_listed(data: st.DataObject) -> None:
    """Whatever is done to rows and project: each wanted text is in the cue or in a refusal."""
    document = project()
    ids = [cue.id for cue in document.track("ko").cues]
    rows = [
        _row(
            data.draw(st.sampled_from([*ids, "c0099"])),
            data.draw(st.sampled_from(["가", "나", None])),
        )
        for _ in range(data.draw(st.integers(0, 8)))
    ]
    for cue_id in data.draw(st.sets(st.sampled_from(ids))):
        track = data.draw(st.sampled_from(["en", "ko"]))
        document = with_cue(document, cue_id, track=track, lines=("changed",))
    locked = data.draw(st.sets(st.sampled_from(ids)))
    for cue_id in locked:
        document = with_cue(document, cue_id, locked=True)
    done = _take(document, *rows)
    refused = {(r.cue, r.text) for r in done.refused}
    texts = {cue.id: cue.text for cue in done.project.track("ko").cues}
    for row in rows:
        if row.text is not None:
            assert texts.get(row.cue) == row.text or (row.cue, row.text) in refused
    for cue in done.project.track("ko").cues:
        if cue.id in locked:
            assert cue == document.track("ko").cue(cue.id)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, project(), actor="subkit").close()
    return path


def _edited_csv(folder: Path, **edits: str) -> Path:
    text = write_sheet(sheet(), "csv").decode("utf-8-sig")
    records = list(csv.reader(io.StringIO(text)))
    for record in records[1:]:
        cue = record[0].partition("/")[2]
        record[records[0].index("edited")] = edits.get(cue, "")
    stream = io.StringIO()
    csv.writer(stream).writerows(records)
    path = folder / "back.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def test_the_ledger_names_the_reviewer_and_verifies(stored: Path) -> None:
    back = _edited_csv(stored.parent, c0001="뭐?", c0004="그다음은?")
    with ProjectFile.open(stored) as store:
        done = import_file(store, back, by="Kim")
        entries = [e for e in store.ledger() if e.action == "import"]
        assert [(e.actor, e.target) for e in entries] == [
            ("Kim", "cue:ko/c0001"),
            ("Kim", "cue:ko/c0004"),
        ]
        assert entries[0].before["lines"] == ["- 뭐라고?", "- 아무것도 아냐."]
        assert store.verify() is None
        assert store.load() == done.project


def test_a_dry_run_and_a_bad_file_write_nothing(stored: Path) -> None:
    before = stored.read_bytes()
    back = _edited_csv(stored.parent, c0001="뭐?")
    with ProjectFile.open(stored, writable=False) as store:
        assert import_file(store, back, by="Kim", dry_run=True).edited == ("ko/c0001",)
    back.write_bytes(b"\x00\x01")
    with ProjectFile.open(stored) as store, pytest.raises(InputError):
        import_file(store, back, by="Kim")
    assert stored.read_bytes() == before


def test_a_change_by_another_program_in_between_is_not_overwritten(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = _edited_csv(stored.parent, c0001="뭐?")
    with ProjectFile.open(stored) as store:
        monkeypatch.setattr(store, "head", lambda: "sha256:" + "1" * 64)
        with pytest.raises(StaleError):
            import_file(store, back, by="Kim")


def _remark(**at: object) -> TimedRemark:
    return TimedRemark(place="row 2", remark=Remark(text="Hm.", who="Ann"), **at)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "cue"),
    [
        ({"timecode": "00:00:00:00"}, "c0000"),
        ({"timecode": "00:00:02:05"}, "c0001"),
        ({"timecode": "00:00:02:05", "source_timecode": "10:00:04:05"}, "c0002"),
        ({"source_timecode": "10:00:04:05"}, "c0002"),
        ({"timecode": "10:00:04:05"}, "c0002"),
        ({"frame": 50}, "c0001"),
        ({"timecode": "00:00:02.50"}, "c0001"),
        ({"timecode": "0:06.5"}, "c0003"),
        ({"timecode": "00:00:01:20"}, "c0000"),  # has just gone
        ({"timecode": "00:00:20:00"}, ""),
        ({"timecode": "soon"}, ""),
        ({"timecode": "00:00:01:20", "timecode_out": "00:00:03:00"}, "c0001"),
    ],
)
def test_a_comment_finds_the_cue_on_screen(at: dict[str, object], cue: str) -> None:
    document = project()
    (row,) = place_remarks(document, [_remark(**at)], document.track("ko"))
    assert row.cue == cue


def test_a_time_is_read_at_the_medias_frame_rate() -> None:
    document = project()
    drop = replace(document.media, frame_rate=FrameRate(Fraction(30000, 1001)))
    document = replace(document, media=replace(drop, programme_start=Fraction(0)))
    track = document.track("ko")
    last = replace(track.cues[0], id="late")
    span = last.span.__class__(Fraction(60), Fraction(61))
    document = document.with_track(replace(track, cues=(replace(last, span=span),)))
    (row,) = place_remarks(document, [_remark(timecode="00:01:00;02")], document.track("ko"))
    assert row.cue == "late"
    (bad,) = place_remarks(document, [_remark(timecode="00:01:00;00")], document.track("ko"))
    assert "not a time" in bad.problem
    assert RATE.nominal == 24


FRAMEIO = (
    "Team,Project,File,File URL,Version,Commenter,Comment ID,Comment,Reply,Commented At,Complete,"
    "Annotation,Frame,Duration,Timecode,Timecode In,Timecode Out,Timecode Source,"
    "Timecode Source In,Timecode Source Out\r\n"
    'T,P,film.mov,,1,Ann,1,"Too long, cut it.",,2026-01-05 12:11:00+00:00,No,No,50,0,'
    "00:00:02:02,,,10:00:02:02,,\r\n"
    "T,P,film.mov,,1,Bo,2,=Great!,,5 Jan,Yes,No,2400,0,00:01:40:00,,,10:01:40:00,,\r\n"
)


def test_the_comments_of_frameio_become_comments_by_their_writers(stored: Path) -> None:
    path = stored.parent / "comments.csv"
    path.write_text(FRAMEIO, encoding="utf-8-sig")
    with ProjectFile.open(stored) as store:
        with pytest.raises(InputError, match="--track"):
            import_file(store, path, by="Kim")
        done = import_file(store, path, by="Kim", track="ko")
    (comment,) = done.project.track("ko").cue("c0001").comments
    assert comment.actor == "Ann"
    assert comment.text == "Too long, cut it."
    assert comment.time == "2026-01-05T12:11:00+00:00"
    assert not comment.resolved
    (refusal,) = done.refused
    assert refusal.reason == "no cue stands there"
    assert refusal.text == "=Great!"
    assert done.absent == ()
