"""GET requests: handlers that change nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, NotFoundError
from subkit.formats import writer_for
from subkit.language.dictionaries import load_dictionary, why_no_dictionary
from subkit.model import exact_number, to_plain
from subkit.quality.accounting import account
from subkit.review.api.answers import Answer, answer_json
from subkit.review.document_views import (
    view_finding,
    view_risk,
    view_signoffs,
    view_speaker,
    view_stretch,
    view_track,
    view_words,
)
from subkit.review.dubbing_views import fits_of_alternatives, view_dubbing
from subkit.review.review_options import ROLES
from subkit.review.session import seat_id
from subkit.store.project_words import MAX_WORD

if TYPE_CHECKING:
    from subkit.model import Project, Track
    from subkit.review.api.answers import Request
    from subkit.review.desk import Desk

__all__ = ["READING"]


def project(desk: Desk, request: Request) -> Answer:
    """Everything but the cues."""
    session, seat = desk.session, desk.session.seat(request.seat)
    now = session.project
    media = now.media
    rate = media.frame_grid
    return answer_json(
        {
            "title": now.title,
            "head": session.head,
            "file": session.store.path.name,
            "session": seat_id(request.seat),
            "reviewer": {"name": seat.name, "role": seat.role},
            "reviewers": session.people(),
            "roles": list(ROLES),
            "duration": to_plain(media.duration),
            "frame_rate": {"rate": to_plain(rate.rate), "drop_frame": rate.drop_frame},
            "programme_start": to_plain(media.programme_start),
            "width": media.width,
            "height": media.height,
            "demo": _is_demo(now),
            "media": desk.screening.view(),
            "tracks": [
                view_track(track, session.profile(track), desk.progress(track))
                for track in now.tracks
            ],
            "heard": now.transcript is not None,
            "speakers": to_plain(now.transcript.speakers if now.transcript else ()),
            "shots": to_plain(now.shots),
            "glossary": to_plain(now.glossary),
            "register": to_plain(now.register),
            "signoffs": view_signoffs(now),
            "export": {"formats": desk.formats(), "draft": not desk.options.enforce_gate},
            "can": desk.abilities(),
        }
    )


def _is_demo(now: Project) -> bool:
    made = [cue.provenance for track in now.tracks for cue in track.cues]
    return any(provenance is not None and provenance.demo for provenance in made)


def cues(desk: Desk, request: Request) -> Answer:
    """All cues of a track."""
    head = desk.session.head  # first: what changes meanwhile is newer than it
    track = _track(desk, request)
    listed = [desk.session.view(track.id, cue) for cue in track.cues]
    return answer_json({"track": track.id, "head": head, "cues": listed})


def cue(desk: Desk, request: Request) -> Answer:
    """One cue with all that is known of it."""
    track = _track(desk, request)
    found = track.cue(request.need("cue"))
    now, session = desk.session.project, desk.session
    source = now.source_of(track)
    sources = [c for c in source.cues if c.id in found.sources] if source else []
    targets = {
        other.id: session.view(other.id, known)
        for other in now.tracks
        if other.source == track.id
        for known in other.cues
        if known.id == found.id and found.id in known.sources
    }
    return answer_json(
        {
            **session.view(track.id, found),
            "provenance": to_plain(found.provenance),
            "words": view_words(now, [found]),
            "who": view_speaker(now, found),
            "source": [session.view(source.id, c) for c in sources] if source else [],
            "targets": targets,
            "terms": desk.terms(track, found, sources),
            "findings": [view_finding(f) for f in desk.findings(track) if f.cue == found.id],
            "fits": fits_of_alternatives(now, track, found),
            "risk": next((view_risk(r) for r in desk.risk(track) if r.cue == found.id), None),
        }
    )


def findings(desk: Desk, request: Request) -> Answer:
    """What the quality check says of a track."""
    track = _track(desk, request)
    listed = [view_finding(finding) for finding in desk.findings(track)]
    return answer_json({"track": track.id, "head": desk.session.head, "findings": listed})


def spelling(desk: Desk, request: Request) -> Answer:
    """What the spell check says of a track, or why it says nothing."""
    track = _track(desk, request)
    missing = why_no_dictionary(track.language)
    listed = [] if missing else [view_finding(finding) for finding in desk.spelling(track)]
    facts = {"track": track.id, "head": desk.session.head}
    return answer_json({**facts, "missing": missing, "findings": listed})


def suggestions(desk: Desk, request: Request) -> Answer:
    """Words that may be meant by one that the dictionary of a track lacks."""
    track, word = _track(desk, request), request.need("word")
    if len(word) > MAX_WORD:
        raise InputError(f"A word has at most {MAX_WORD} letters, not {len(word)}.")
    near = load_dictionary(track.language).suggest(word)
    return answer_json({"track": track.id, "word": word, "suggestions": list(near)})


def risk(desk: Desk, request: Request) -> Answer:
    """The queue of a track."""
    track = _track(desk, request)
    items = [view_risk(item) for item in desk.risk(track)]
    facts = {"track": track.id, "head": desk.session.head, "cues": len(track.cues)}
    return answer_json({**facts, "items": items})


def gate(desk: Desk, request: Request) -> Answer:
    """What keeps a track from being approved."""
    track = _track(desk, request)
    missing = desk.gate(track)
    return answer_json(
        {
            "track": track.id,
            "passes": not missing,
            "required": list(desk.options.gate.roles),
            "missing": [
                {"gate": lack.gate, "message": lack.message, "cues": list(lack.cues)}
                for lack in missing
            ],
        }
    )


def accounting(desk: Desk, request: Request) -> Answer:
    """Every stretch of voice, and what became of it."""
    found = account(desk.session.project)
    everything = request.query.get("all") == "1"
    return answer_json(
        {
            "voice_seconds": to_plain(found.seconds()),
            "accounted_seconds": to_plain(found.seconds("cue", "reason")),
            "stretches": [
                view_stretch(stretch)
                for stretch in found.stretches
                if everything or stretch.state != "cue"
            ],
        }
    )


def dubbing(desk: Desk, request: Request) -> Answer:
    """What a dubbing track says beside its cues; of any other that it is none."""
    head = desk.session.head
    track = _track(desk, request)
    found = view_dubbing(desk.session.project, track, desk.dubbing(track))
    return answer_json({"head": head, **found})


def captions(desk: Desk, request: Request) -> Answer:
    """The track as it is now, as WebVTT."""
    track = _track(desk, request)
    data = writer_for("vtt").write(track, desk.session.project.media)
    return Answer(body=data, type="text/vtt; charset=utf-8")


def peaks(desk: Desk, request: Request) -> Answer:
    """The waveform of a stretch."""
    start, end = _seconds(request, "start"), _seconds(request, "end")
    points = request.number("points", 1000, most=20_000)
    if not start < end or not points:
        raise InputError("A stretch of the waveform has a start before its end, and some points.")
    wave = desk.waveform
    if wave.failed or not desk.session.project.media.audio:
        why = wave.failed or "The media has no sound."
        raise NotFoundError(f"There is no waveform: {why}")
    headers = {} if wave.complete else {"x-subkit-peaks-done": f"{float(wave.seconds):.2f}"}
    body = wave.part(float(start), float(end), points)
    return Answer(body=body, type="application/octet-stream", headers=headers)


def spectrum(desk: Desk, request: Request) -> Answer:
    """A piece of the spectrogram, as far as it is known."""
    piece = request.number("piece", 0, most=10**6)
    if not desk.session.project.media.audio:
        raise NotFoundError("There is no spectrogram: the media has no sound.")
    body = desk.spectrogram.part(piece)
    if desk.spectrogram.failed:
        raise NotFoundError(f"There is no spectrogram: {desk.spectrogram.failed}")
    headers = {"x-subkit-complete": "1"} if desk.spectrogram.complete else {}
    return Answer(body=body, type="application/octet-stream", headers=headers)


def history(desk: Desk, request: Request) -> Answer:
    """Ledger entries, newest first."""
    track, cue_id = request.need("track"), request.query.get("cue") or None
    limit = request.number("limit", 100, most=1000)
    before = request.number("before", 10**12, most=10**15)
    desk.session.project.track(track)
    found, more = desk.session.store.latest(cue=cue_id, track=track, before=before, limit=limit)
    return answer_json({"entries": [desk.view_entry(entry) for entry in found], "more": more})


def _seconds(request: Request, name: str) -> Fraction:
    text = request.need(name)
    try:
        value = exact_number(text)
    except ValueError as error:
        raise InputError(f"{name} is seconds, not {text!r:.40}.") from error
    if not 0 <= value <= 10**7:
        raise InputError(f"{name} is seconds, not {text!r:.40}.")
    return value


def _track(desk: Desk, request: Request) -> Track:
    name = request.need("track")
    for track in desk.session.project.tracks:
        if track.id == name:
            return track
    raise NotFoundError(f"There is no track {name!r:.60}.")


READING: dict[str, Any] = {
    "/api/project": project,
    "/api/cues": cues,
    "/api/cue": cue,
    "/api/findings": findings,
    "/api/spelling": spelling,
    "/api/suggestions": suggestions,
    "/api/risk": risk,
    "/api/gate": gate,
    "/api/account": accounting,
    "/api/dubbing": dubbing,
    "/api/captions": captions,
    "/api/history": history,
    "/api/peaks": peaks,
    "/api/spectrum": spectrum,
}
"""Address -> handler."""
