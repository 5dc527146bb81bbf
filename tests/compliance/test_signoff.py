"""Approvals bind to what was there; gates say what is missing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from subkit.compliance import require_gate
from subkit.compliance.signoff import Gate, missing_approvals, read_gate, review_level
from subkit.edit import (
    Hand,
    approve,
    comment,
    is_standing,
    mark_looked_at,
    resolve,
    retext,
    set_speaker,
    standing,
    unapprove,
)
from subkit.errors import ApprovalError, InputError
from subkit.model import Project, Review, ReviewState
from subkit.risk import risk_queue
from subkit.styles import Styles
from tests.builders.titles import title

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")
STYLE = Styles()


@pytest.fixture(scope="module")
def project() -> Project:
    return title(9, 12)


def gates(project: Project, **asked: object) -> dict[str, tuple[str, ...]]:
    gate = Gate(**asked)  # type: ignore[arg-type]
    found = missing_approvals(project, project.track("ko"), gate, STYLE)
    return {lack.gate: lack.cues for lack in found}


def test_an_approval_stands_until_its_cue_changes(project: Project) -> None:
    assert len(gates(project)["approval"]) == 12
    signed = approve(project, "ko", "reviewer", HAND)
    assert gates(signed) == {}
    (signoff,) = signed.signoffs
    assert (signoff.track, signoff.cues, signoff.role) == ("ko", (), "reviewer")
    assert is_standing(signed, signoff)
    edited = retext(signed, "ko", "c0003", ["다른 말."], HAND)
    assert gates(edited) == {"approval": ("c0003",)}
    assert not is_standing(edited, signoff)
    spoken = set_speaker(signed, "ko", "c0004", "s1", HAND)
    assert gates(spoken) == {"approval": ("c0004",)}
    noted = comment(signed, "ko", "c0003", "Fine.", HAND)
    assert gates(noted) == {}
    assert is_standing(noted, signoff)


def test_an_approval_does_not_survive_a_change_that_went_around_the_edits(
    project: Project,
) -> None:
    signed = approve(project, "ko", "reviewer", HAND)
    track = signed.track("ko")
    cues = (replace(track.cues[0], lines=("gefälscht",)), *track.cues[1:])
    forged = signed.with_track(replace(track, cues=cues))
    assert forged.track("ko").cues[0].review.state is ReviewState.APPROVED
    assert gates(forged) == {"approval": (track.cues[0].id,)}
    review = Review(state=ReviewState.APPROVED, actor="Nobody", time="2026")
    claimed = (replace(project.track("ko").cues[0], review=review), *project.track("ko").cues[1:])
    pretended = project.with_track(replace(project.track("ko"), cues=claimed))
    assert len(gates(pretended)["approval"]) == 12
    moved = replace(track.cues[1], span=track.cues[1].span.shifted(Fraction(1, 25)))
    late = signed.with_track(replace(track, cues=(track.cues[0], moved, *track.cues[2:])))
    assert gates(late) == {"approval": (moved.id,)}


def test_each_role_signs_for_itself(project: Project) -> None:
    gate = {"roles": ("translator", "producer")}
    signed = approve(project, "ko", "translator", HAND)
    assert set(gates(signed, **gate)) == {"roles"}
    both = approve(signed, "ko", "producer", Hand(actor="Ada", time="2026"), cues=["c0001"])
    assert "c0001" not in gates(both, **gate)["roles"]
    assert {a.role for a in standing(both.track("ko").cue("c0001"))} == {"translator", "producer"}
    whole = approve(both, "ko", "producer", HAND)
    assert gates(whole, **gate) == {}
    assert len(whole.signoffs) == 2
    back = unapprove(whole, "ko", role="producer")
    assert set(gates(back, **gate)) == {"roles"}
    assert [signed.role for signed in back.signoffs] == ["translator"]
    assert set(gates(unapprove(whole, "ko"), **gate)) == {"approval", "roles"}


def test_ranges_and_single_cues(project: Project) -> None:
    ids = [cue.id for cue in project.track("ko").cues]
    part = approve(project, "ko", "reviewer", HAND, cues=ids[2:5])
    assert part.signoffs[0].cues == tuple(ids[2:5])
    one = approve(part, "ko", "reviewer", HAND, cues=[ids[0]])
    assert len(one.signoffs) == 1
    assert set(gates(one)["approval"]) == set(ids[1:2] + ids[5:])
    assert len(approve(one, "ko", "reviewer", HAND).signoffs) == 1, "the whole says all of the part"
    with pytest.raises(InputError, match="no cue 'zz'"):
        approve(project, "ko", "reviewer", HAND, cues=["zz"])
    with pytest.raises(InputError, match="no cue to approve"):
        approve(project, "ko", "reviewer", HAND, cues=[])


def test_comments_risk_and_errors_are_gates(project: Project) -> None:
    signed = approve(project, "ko", "reviewer", HAND)
    noted = comment(signed, "ko", "c0003", "Who?", HAND)
    assert gates(noted, comments=True) == {"comments": ("c0003",)}
    assert gates(resolve(noted, "ko", "c0003", 0), comments=True) == {}
    risky = gates(noted, risk=0.2)["risk"]
    assert "c0003" in risky
    seen = mark_looked_at(noted, "ko", set(risky))
    assert gates(seen, risk=0.2) == {}
    long = approve(retext(project, "ko", "c0002", ["가" * 60], HAND), "ko", "reviewer", HAND)
    before = set(gates(signed, errors=True).get("errors", ()))
    assert set(gates(long, errors=True)["errors"]) - before == {"c0002"}


def test_the_risk_gate_is_exactly_at_its_number(project: Project) -> None:
    signed = approve(project, "ko", "reviewer", HAND)
    queue = risk_queue(signed, signed.track("ko"), STYLE)
    assert queue
    for item in queue:
        at = [other.cue for other in queue if other.risk >= item.risk]
        assert set(gates(signed, risk=item.risk)["risk"]) == set(at), "its own number counts"
        above = {other.cue for other in queue if other.risk > item.risk}
        assert set(gates(signed, risk=item.risk + 1e-6).get("risk", ())) == above
    assert "risk" not in gates(signed, risk=1.01), "more than 1 asks for nothing"


def test_a_translation_of_another_text_is_a_gate(project: Project) -> None:
    made = replace(project.track("ko").cues[2], made_from="sha256:0")
    cues = tuple(made if cue.id == made.id else cue for cue in project.track("ko").cues)
    stale = project.with_track(replace(project.track("ko"), cues=cues))
    signed = approve(stale, "ko", "reviewer", HAND)
    assert gates(signed) == {}
    assert gates(signed, stale=True) == {"stale": (made.id,)}


def test_a_refusal_lists_every_cue(project: Project) -> None:
    with pytest.raises(ApprovalError, match="24 cues") as refused:
        require_gate(project, project.tracks[1:], Gate(), STYLE)
    listed = refused.value.cues
    assert "ko/c0001" in listed
    assert len(listed) == 24
    signed = approve(project, "ko", "reviewer", HAND)
    require_gate(signed, [signed.track("ko")], Gate(roles=("reviewer",), stale=True), STYLE)


def test_the_level_is_what_happened(project: Project) -> None:
    ids = {cue.id for cue in project.track("ko").cues}
    assert review_level(project.track("ko")) == "none"
    spot = mark_looked_at(project, "ko", {"c0001"})
    assert review_level(spot.track("ko")) == "spot"
    seen = mark_looked_at(project, "ko", ids)
    assert review_level(seen.track("ko")) == "spot", "seen is not played"
    full = mark_looked_at(project, "ko", set(), ids)
    assert review_level(full.track("ko")) == "full"
    signed = approve(project, "ko", "reviewer", HAND)
    assert review_level(signed.track("ko")) == "none", "an approval is no look"


def test_gate_files(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text('roles = ["reviewer"]\nerrors = true\nrisk = 0.5\n')
    assert read_gate(path) == Gate(roles=("reviewer",), errors=True, risk=0.5)
    path.write_text('roles = ["translator", "reviewer", "producer"]\n')
    assert read_gate(path).roles == ("translator", "reviewer", "producer")
    for wrong in (
        'roles = ["king"]',
        "errors = 1",
        'risk = "high"',
        "colour = 1",
        "x",
        "roles = 3",
    ):
        path.write_text(wrong)
        with pytest.raises(InputError):
            read_gate(path)
    with pytest.raises(InputError, match="No such file"):
        read_gate(tmp_path / "none.toml")


def test_a_gate_without_a_risk_asks_for_none(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("")
    assert read_gate(path) == Gate()
    assert read_gate(path).risk > 1


def test_a_refusal_counts_and_names_ten_cues(project: Project) -> None:
    ids = [cue.id for cue in project.track("ko").cues]
    for left, said in ((1, "1 cue is"), (2, "2 cues are")):
        signed = approve(project, "ko", "reviewer", HAND, cues=ids[left:])
        (lack,) = missing_approvals(signed, signed.track("ko"), Gate(), STYLE)
        assert lack.message.startswith(said)
        with pytest.raises(ApprovalError, match=said):
            require_gate(signed, [signed.track("ko")], Gate(), STYLE)
    for left, more in ((10, False), (11, True)):
        signed = approve(project, "ko", "reviewer", HAND, cues=ids[left:])
        with pytest.raises(ApprovalError) as refused:
            require_gate(signed, [signed.track("ko")], Gate(), STYLE)
        told = f"{refused.value.message} {refused.value.remedy}"
        assert f"ko/{ids[9]}" in told
        assert f"ko/{ids[10]}" not in told
        assert ("…" in told) is more
