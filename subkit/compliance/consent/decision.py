"""Decide whether a use of a voice is permitted: only if one grant covers it in every respect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.compliance.consent.grants import WORLD, VoicePurpose, VoiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.compliance.consent.grants import Grant
    from subkit.compliance.consent.records import Register

__all__ = ["Decision", "permits", "permits_recognition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer: whether, why in one sentence, and by which grant (``None`` if by none)."""

    permitted: bool
    reason: str
    grant: str | None = None


def permits(register: Register, request: VoiceRequest) -> Decision:
    """Whether a register permits a use; a pure function, which denies what nothing allows.

    Of several grants of a voice one must cover the use alone: they are never added up. The reason
    of a denial is that of the grant which came nearest.
    """
    nearest = Decision(permitted=False, reason=f"There is no grant for the voice {request.voice}.")
    furthest = -1
    for grant in register.grants:
        if grant.voice != request.voice:
            continue
        obstacles = list(_obstacles(register, grant, request))
        passed = next((index for index, obstacle in enumerate(obstacles) if obstacle), None)
        if passed is None:
            reason = f"Grant {grant.id} of {grant.performer}, signed {grant.signed}, covers it."
            return Decision(permitted=True, reason=reason, grant=grant.id)
        if passed > furthest:
            furthest = passed
            reason = f"Grant {grant.id} {obstacles[passed]}."
            nearest = Decision(permitted=False, reason=reason, grant=grant.id)
    return nearest


def permits_recognition(
    register: Register, *, voice: str, title: str, language: str, on: str
) -> Decision:
    """Whether a register permits to keep a voice print of somebody, and to recognise them by it.

    A print is made of the title's own sound and stays in the house: recording, medium and territory
    of the grant do not matter, all else does.
    """
    reason = f"There is no grant for the voice {voice}."
    for grant in register.grants:
        if grant.voice != voice:
            continue
        request = VoiceRequest(
            voice=voice,
            recording=grant.recording,
            purpose=VoicePurpose.RECOGNITION,
            title=title,
            language=language,
            media=grant.media[0],
            territory=grant.territories[0],
            on=on,
        )
        obstacle = next(filter(None, _obstacles(register, grant, request)), "")
        if not obstacle:
            reason = f"Grant {grant.id} of {grant.performer}, signed {grant.signed}, covers it."
            return Decision(permitted=True, reason=reason, grant=grant.id)
        reason = f"Grant {grant.id} {obstacle}."
    return Decision(permitted=False, reason=reason)


def _obstacles(register: Register, grant: Grant, request: VoiceRequest) -> Iterator[str]:
    """Yield, check by check, why the grant does not cover the use; empty where the check passes.

    What the grant is about comes first, its term and withdrawal last.
    """
    yield "" if grant.recording == request.recording else "is of another recording"
    yield _named(request.title, grant.titles, "the title")
    purposes = [purpose.value for purpose in grant.purposes]
    yield _named(request.purpose.value, purposes, "the purpose")
    speaks = any(
        request.language == t or request.language.startswith(f"{t}-") for t in grant.languages
    )
    yield "" if speaks else f"does not name the language {request.language}"
    yield _named(request.media, grant.media, "the medium")
    there = request.territory in grant.territories or WORLD in grant.territories
    yield "" if there else f"does not name the territory {request.territory}"
    yield "does not allow training" if request.training and not grant.training else ""
    begins = max(grant.start, grant.signed)
    yield f"begins on {begins}" if request.on < begins else ""
    yield f"ended on {grant.end}" if request.on > grant.end else ""
    withdrawn = min((w.since for w in register.withdrawals if w.grant == grant.id), default="")
    yield f"was withdrawn on {withdrawn}" if withdrawn and request.on >= withdrawn else ""


def _named(wanted: str, names: list[str] | tuple[str, ...], what: str) -> str:
    known = {name.strip().casefold() for name in names}
    return "" if wanted.strip().casefold() in known else f"does not name {what} {wanted}"
