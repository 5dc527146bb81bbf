"""The edits a page can ask for, as a table: which fields each has, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit import edit
from subkit.errors import InputError
from subkit.language import join_words
from subkit.model import Feature, Mark, Span, TakeStatus, exact_number
from subkit.review.review_options import ROLES
from subkit.spotting import break_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from subkit.edit import Hand
    from subkit.model import Cue, Project, Track
    from subkit.review.session import Session

    Body = Mapping[str, Any]
    Change = Callable[[Project, Hand], Project]

__all__ = ["OPERATIONS", "Operation", "exact_seconds", "need"]

_LOOKS = ("marks", "style", "forced", "fade", "mode")
_CONTENT = ("lines", "start", "end", "placement", "speaker", "language", *_LOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One kind of edit.

    Attributes:
        make: The change, from the session and the request.
        fields: What a request may have beside ``op`` and ``track``.
        rests_on: Fields of the cue that it replaces or vouches for: if somebody changed one of
            them since the revision that the request names, it is a conflict.
        cue: Whether it is about one cue, with its revision.
    """

    make: Callable[[Session, Body], Change]
    fields: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    cue: bool = True


def need(body: Body, name: str, kind: type | tuple[type, ...]) -> Any:
    """A field of the request.

    Raises:
        InputError: it is missing or of another type.
    """
    value = body.get(name)
    wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
    if wrong or (isinstance(value, str) and len(value) > 10_000):
        raise InputError(f"The field {name!r} is missing, or is not right: {value!r:.60}.")
    return value


def exact_seconds(value: object, name: str) -> Fraction:
    """Seconds as exact text: ``"3003/1000"``.

    Raises:
        InputError: not that.
    """
    try:
        if not isinstance(value, str):
            raise ValueError(value)
        found = exact_number(value)
    except ValueError as error:
        raise InputError(f'{name} is seconds such as "3003/1000", not {value!r:.60}.') from error
    if not 0 <= found <= 10**7:
        raise InputError(f"{name} lies outside every film: {value!r:.60}.")
    return found


def _place(body: Body) -> tuple[str, str]:
    return need(body, "track", str), need(body, "cue", str)


def _lines(body: Body) -> list[str]:
    lines = need(body, "lines", list)
    if not all(isinstance(line, str) for line in lines):
        raise InputError("The field 'lines' is a list of texts.")
    return list(lines)


def _retext(session: Session, body: Body) -> Change:  # noqa: ARG001
    lines = _lines(body)
    return lambda project, hand: edit.retext(project, *_place(body), lines, hand)


def _replace(session: Session, body: Body) -> Change:
    """Change the texts of many cues in one edit, if each is what the reviewer saw."""
    track, listed = need(body, "track", str), need(body, "cues", list)
    if not listed or not all(isinstance(item, dict) for item in listed):
        raise InputError("The field 'cues' is a list of cues with their revisions and lines.")
    texts = {need(item, "cue", str): _lines(item) for item in listed}
    for item in listed:
        revision = need(item, "revision", int)
        session.require_fresh(track, item["cue"], revision, OPERATIONS["replace"].rests_on, body)
    return lambda project, hand: edit.retext_many(project, track, texts, hand)


def _retime(session: Session, body: Body) -> Change:
    track, cue = _place(body)
    old = session.project.track(track).cue(cue).span
    start = exact_seconds(body["start"], "start") if "start" in body else old.start
    end = exact_seconds(body["end"], "end") if "end" in body else old.end
    span = _span(start, end)
    return lambda project, hand: edit.retime(project, track, cue, span, hand)


def _span(start: Fraction, end: Fraction) -> Span:
    if not start < end:
        raise InputError("The out-time comes after the in-time.")
    return Span(start, end)


def _split(session: Session, body: Body) -> Change:
    track, cue = _place(body)
    old = session.project.track(track).cue(cue)
    line, column = need(body, "line", int), need(body, "column", int)
    at = exact_seconds(body["at"], "at") if body.get("at") is not None else None
    caret = (line, _from_utf16(old, line, column))
    gap = session.profile(session.project.track(track)).min_gap_frames
    return lambda project, hand: edit.split(project, track, cue, caret, hand, at=at, gap=gap)


def _from_utf16(cue: Cue, line: int, column: int) -> int:
    """Turn a place in a line from the browser's count, in UTF-16, into Python's."""
    return _code_points(cue.lines[line], column) if 0 <= line < len(cue.lines) else column


def _code_points(text: str, units: int) -> int:
    """Turn a place in a text from the browser's count, in UTF-16, into Python's."""
    if units < 0:
        return units
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


def _merge(session: Session, body: Body) -> Change:
    track, cue = _place(body)
    following = need(body, "with", str)
    session.require_fresh(
        track, following, need(body, "with_revision", int), OPERATIONS["merge"].rests_on, body
    )
    lines = _lines_of_both(session, session.project.track(track), cue, following)
    return lambda project, hand: edit.merge(project, track, cue, following, hand, lines=lines)


def _lines_of_both(session: Session, track: Track, cue: str, following: str) -> list[str] | None:
    """Break the texts of one speaker anew; keep those of two speakers below each other."""
    first, second = track.cue(cue), track.cue(following)
    if first.speaker != second.speaker or any(line[:1] in "-–—" for line in first.lines if line):
        return None
    language = first.language or track.language
    text = join_words((*first.lines, *second.lines), language)
    return list(break_lines(text, profile=session.profile(track), language=language))


def _insert(session: Session, body: Body) -> Change:  # noqa: ARG001
    track, lines = need(body, "track", str), _lines(body)
    span = _span(exact_seconds(body.get("start"), "start"), exact_seconds(body.get("end"), "end"))
    speaker = need(body, "speaker", str) if body.get("speaker") is not None else None
    return lambda project, hand: edit.insert(project, track, span, lines, hand, speaker=speaker)


def _delete(session: Session, body: Body) -> Change:  # noqa: ARG001
    return lambda project, _: edit.delete(project, *_place(body))


def _choose(session: Session, body: Body) -> Change:  # noqa: ARG001
    text = need(body, "alternative", str)
    return lambda project, hand: edit.choose(project, *_place(body), text, hand)


def _speaker(session: Session, body: Body) -> Change:  # noqa: ARG001
    who = need(body, "speaker", (str, type(None)))
    return lambda project, hand: edit.set_speaker(project, *_place(body), who, hand)


def _rename(session: Session, body: Body) -> Change:  # noqa: ARG001
    who, name = need(body, "speaker", str), need(body, "name", str)
    return lambda project, _: edit.rename_speaker(project, who, name)


def _unify(session: Session, body: Body) -> Change:  # noqa: ARG001
    who, others = need(body, "speaker", str), need(body, "others", list)
    if not all(isinstance(one, str) and len(one) <= 200 for one in others):
        raise InputError("The field 'others' is a list of speakers.")
    return lambda project, hand: edit.merge_speakers(project, who, others, hand)


def _put(session: Session, body: Body) -> Change:  # noqa: ARG001
    there = {name: need(body, name, str) for name in ("vertical", "horizontal")}
    return lambda project, hand: edit.place(project, *_place(body), hand, **there)


def _mark(session: Session, body: Body) -> Change:
    track, cue = _place(body)
    text = session.project.track(track).cue(cue).text
    name = need(body, "feature", str)
    try:
        feature = Feature(name)
    except ValueError as error:
        raise InputError(f"{name!r:.40} is nothing that a mark says.") from error
    mark = Mark(
        start=_code_points(text, need(body, "start", int)),
        end=_code_points(text, need(body, "end", int)),
        feature=feature,
        value=need(body, "value", str) if "value" in body else "",
    )
    change = edit.mark_text if body["op"] == "mark" else edit.unmark_text
    return lambda project, hand: change(project, track, cue, mark, hand)


def _force(session: Session, body: Body) -> Change:  # noqa: ARG001
    forced = need(body, "forced", bool)
    return lambda project, hand: edit.set_forced(project, *_place(body), hand, forced=forced)


def _lock(session: Session, body: Body) -> Change:  # noqa: ARG001
    locked = body["op"] == "lock"
    return lambda project, _: edit.lock(project, *_place(body), locked=locked)


def _comment(session: Session, body: Body) -> Change:  # noqa: ARG001
    text = need(body, "text", str)
    return lambda project, hand: edit.comment(project, *_place(body), text, hand)


def _resolve(session: Session, body: Body) -> Change:  # noqa: ARG001
    place, resolved = need(body, "comment", int), body["op"] == "resolve"
    return lambda project, _: edit.resolve(project, *_place(body), place, resolved=resolved)


def _approve(session: Session, body: Body) -> Change:
    track, cues = need(body, "track", str), _named(session, body)
    role = body.get("role")
    if role not in ROLES:
        raise InputError(f"{role!r:.40} is not a role.", remedy=f"Roles: {', '.join(ROLES)}.")
    return lambda project, hand: edit.approve(project, track, role, hand, cues=cues)


def _unapprove(session: Session, body: Body) -> Change:
    track, cues, role = need(body, "track", str), _named(session, body), body.get("role")
    if role is not None and role not in ROLES:
        raise InputError(f"{role!r:.40} is not a role.", remedy=f"Roles: {', '.join(ROLES)}.")
    return lambda project, _: edit.unapprove(project, track, role=role, cues=cues)


def _named(session: Session, body: Body) -> list[str] | None:
    """Return the cues to approve, if each is what the reviewer saw; ``None`` for all."""
    track, rests_on = need(body, "track", str), OPERATIONS[body["op"]].rests_on
    if body.get("all") is True:
        if "head" in body:
            session.require_unchanged(track, need(body, "head", int), rests_on, body)
        return None
    if "cue" in body:
        listed = [{"cue": body["cue"], "revision": body.get("revision")}]
    else:
        listed = need(body, "cues", list)
    if not listed or not all(isinstance(item, dict) for item in listed):
        raise InputError("The field 'cues' is a list of cues with their revisions.")
    for item in listed:
        revision = need(item, "revision", int)
        session.require_fresh(track, need(item, "cue", str), revision, rests_on, body)
    return [item["cue"] for item in listed]


def _account(session: Session, body: Body) -> Change:  # noqa: ARG001
    span = _span(exact_seconds(body.get("start"), "start"), exact_seconds(body.get("end"), "end"))
    reason = need(body, "reason", str)
    return lambda project, hand: edit.omit(project, span, reason, hand)


def _take(session: Session, body: Body) -> Change:  # noqa: ARG001
    name = need(body, "status", str)
    try:
        status = TakeStatus(name)
    except ValueError as error:
        known = ", ".join(one.value for one in TakeStatus)
        raise InputError(
            f"{name!r:.40} is no state of a take.", remedy=f"It has: {known}."
        ) from error
    return lambda project, _: edit.set_take(project, *_place(body), status)


def _loop(session: Session, body: Body) -> Change:  # noqa: ARG001
    track, loop = need(body, "track", str), need(body, "loop", str)
    if "locked" in body:
        locked = need(body, "locked", bool)
        return lambda project, _: edit.lock_loop(project, track, loop, locked=locked)
    edge, cue = need(body, "edge", str), need(body, "to", str)
    if edge not in ("start", "end"):
        raise InputError(f"{edge!r:.40} is no edge of a loop.", remedy="It has a start and an end.")
    return lambda project, _: edit.set_loop_edge(project, track, loop, edge, cue)


_MANY = ("cue", "revision", "cues", "all", "head", "role")

OPERATIONS: dict[str, Operation] = {
    "retext": Operation(make=_retext, fields=("lines",), rests_on=("lines",)),
    "replace": Operation(make=_replace, fields=("cues",), rests_on=("lines",), cue=False),
    "retime": Operation(make=_retime, fields=("start", "end"), rests_on=("start", "end")),
    "split": Operation(
        make=_split, fields=("line", "column", "at"), rests_on=("lines", "start", "end")
    ),
    "merge": Operation(
        make=_merge, fields=("with", "with_revision"), rests_on=("lines", "start", "end", "speaker")
    ),
    "insert": Operation(make=_insert, fields=("start", "end", "lines", "speaker"), cue=False),
    "delete": Operation(make=_delete, rests_on=(*_CONTENT, "comments")),
    "choose": Operation(make=_choose, fields=("alternative",), rests_on=("lines",)),
    "speaker": Operation(make=_speaker, fields=("speaker",), rests_on=("speaker",)),
    "rename": Operation(make=_rename, fields=("speaker", "name"), cue=False),
    "unify": Operation(make=_unify, fields=("speaker", "others"), cue=False),
    "place": Operation(make=_put, fields=("vertical", "horizontal"), rests_on=("placement",)),
    "mark": Operation(
        make=_mark, fields=("feature", "start", "end", "value"), rests_on=("lines", "marks")
    ),
    "unmark": Operation(
        make=_mark, fields=("feature", "start", "end"), rests_on=("lines", "marks")
    ),
    "force": Operation(make=_force, fields=("forced",), rests_on=("forced",)),
    "lock": Operation(make=_lock, rests_on=_CONTENT),
    "unlock": Operation(make=_lock, rests_on=("locked",)),
    "comment": Operation(make=_comment, fields=("text",)),
    "resolve": Operation(make=_resolve, fields=("comment",), rests_on=("comments",)),
    "reopen": Operation(make=_resolve, fields=("comment",), rests_on=("comments",)),
    "approve": Operation(make=_approve, fields=_MANY, rests_on=_CONTENT, cue=False),
    "unapprove": Operation(
        make=_unapprove, fields=_MANY, rests_on=("review.approvals",), cue=False
    ),
    "take": Operation(make=_take, fields=("status",), rests_on=("dub",)),
    "loop": Operation(make=_loop, fields=("loop", "edge", "to", "locked"), cue=False),
    "account": Operation(make=_account, fields=("start", "end", "reason"), cue=False),
}
"""Name -> edit; the table in ``docs/review_api.md`` says what each does."""
