"""POST requests: handlers that change the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.edit import mark_looked_at
from subkit.edit.realignment import realign as pipeline_realign
from subkit.errors import InputError, StoreError
from subkit.formats.losses import told_losses
from subkit.review.api.answers import Answer, RequestError, answer_json
from subkit.review.desk import ExportRequest
from subkit.review.operations import OPERATIONS, need
from subkit.review.review_options import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subkit.review.api.answers import Request
    from subkit.review.desk import Desk

__all__ = ["EDITING"]

_ALWAYS = ("op", "track")
MAX_NAME = 100


def edit(desk: Desk, request: Request) -> Answer:
    """One edit, one transaction."""
    body, session = request.body, desk.session
    operation = OPERATIONS.get(str(body.get("op")))
    if operation is None:
        raise InputError(
            f"{body.get('op')!r:.40} is not an edit.", remedy=f"Edits: {', '.join(OPERATIONS)}."
        )
    known = (*_ALWAYS, *operation.fields, *(("cue", "revision") if operation.cue else ()))
    _require_known(body, known)
    if body["op"] == "approve":
        body = {"role": session.seat(request.seat).role, **body}
    with session.alone():
        if operation.cue:
            track, cue = need(body, "track", str), need(body, "cue", str)
            revision = need(body, "revision", int)
            session.require_fresh(track, cue, revision, operation.rests_on, body)
        change = operation.make(session, body)
        return answer_json(session.apply(request.seat, str(body["op"]), change))


def undo(desk: Desk, request: Request) -> Answer:
    """This reviewer's last edit back."""
    _require_known(request.body, ())
    return answer_json(desk.session.step_back(request.seat))


def redo(desk: Desk, request: Request) -> Answer:
    """What this reviewer undid last, again."""
    _require_known(request.body, ())
    return answer_json(desk.session.step_back(request.seat, again=True))


def retranslate(desk: Desk, request: Request) -> Answer:
    """The unit of a cue, translated again."""
    track, cue = _asked(desk, request, ("lines",))
    return answer_json(desk.engines.retranslate(request.seat, track, cue))


def realign(desk: Desk, request: Request) -> Answer:
    """Align a cue to the recognised words."""
    track, cue = _asked(desk, request, ("lines", "start", "end"))
    profile = desk.session.profile(desk.session.project.track(track))
    return answer_json(
        desk.session.apply(
            request.seat,
            "realign",
            lambda project, hand: pipeline_realign(project, track, cue, profile, hand),
        )
    )


def _asked(desk: Desk, request: Request, rests_on: tuple[str, ...]) -> tuple[str, str]:
    """Return the cue that a request is about, after checking that it is as the reviewer saw it."""
    body = request.body
    _require_known(body, ("track", "cue", "revision"))
    track, cue, revision = (
        need(body, "track", str),
        need(body, "cue", str),
        need(body, "revision", int),
    )
    desk.session.require_fresh(track, cue, revision, rests_on, body)
    return track, cue


def proxy(desk: Desk, request: Request) -> Answer:
    """Begin to make a small copy of the media that browsers play."""
    _require_known(request.body, ("as",))
    desk.screening.proxies.make(need(request.body, "as", str))
    return answer_json(desk.screening.proxies.view())


def export(desk: Desk, request: Request) -> Answer:
    """Write tracks as files beside the project."""
    body = request.body
    _require_known(body, ("tracks", "formats", "draft", "overwrite"))
    asked = ExportRequest(
        tracks=_names(body, "tracks"),
        formats=_names(body, "formats"),
        draft=need(body, "draft", bool),
        overwrite=need(body, "overwrite", bool),
    )
    try:
        done = desk.export(asked)
    except StoreError as error:
        raise RequestError(error.message, status=409, remedy=error.remedy) from error
    losses = {path.name: told_losses(lost) for path, lost in done.losses.items()}
    files = [path.name for path in done.files]
    return answer_json({"files": files, "losses": losses, "folder": str(done.files[0].parent)})


def words(desk: Desk, request: Request) -> Answer:
    """Words that the spell check knows from now on."""
    _require_known(request.body, ("add",))
    return answer_json({"words": list(desk.add_words(_names(request.body, "add")))})


def _names(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    listed = need(body, name, list)
    if not listed or not all(isinstance(item, str) for item in listed):
        raise InputError(f"The field {name!r} is a list of at least one name.")
    return tuple(dict.fromkeys(listed))


def seen(desk: Desk, request: Request) -> Answer:
    """What was on screen, and played."""
    _require_known(request.body, ("track", "seen", "played"))
    track = need(request.body, "track", str)
    looked, played = (_ids(request.body, name) for name in ("seen", "played"))
    told = desk.session.apply(
        request.seat, "seen", lambda project, _: mark_looked_at(project, track, looked, played)
    )
    return answer_json({"head": told["head"]})


def here(desk: Desk, request: Request) -> Answer:
    """Where this reviewer is."""
    _require_known(request.body, ("track", "cue"))
    seat = desk.session.seat(request.seat)
    seat.track, seat.cue = (need(request.body, name, str)[:200] for name in ("track", "cue"))
    desk.session.tell_people()
    return answer_json({})


def reviewer(desk: Desk, request: Request) -> Answer:
    """Who sits here from now on."""
    _require_known(request.body, ("name", "role"))
    name, role = need(request.body, "name", str).strip(), need(request.body, "role", str)
    if not name or len(name) > MAX_NAME or not name.isprintable() or role not in ROLES:
        raise InputError(
            f"A reviewer has a name of 1 to {MAX_NAME} characters and a role.",
            remedy=f"Roles: {', '.join(ROLES)}.",
        )
    seat = desk.session.seat(request.seat)
    seat.name, seat.role = name, role
    desk.session.tell_people()
    return answer_json({**seat.view, **desk.session.can_undo(request.seat)})


def _require_known(body: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if strangers := sorted(set(body) - set(known)):
        raise InputError(
            f"The request has fields that this one does not take: {', '.join(strangers):.200}.",
            remedy=f"It takes: {', '.join(known)}." if known else "",
        )


def _ids(body: Mapping[str, Any], name: str) -> frozenset[str]:
    listed = body.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise InputError(f"The field {name!r} is a list of cue ids.")
    return frozenset(listed)


EDITING: dict[str, Any] = {
    "/api/edit": edit,
    "/api/undo": undo,
    "/api/redo": redo,
    "/api/retranslate": retranslate,
    "/api/realign": realign,
    "/api/proxy": proxy,
    "/api/export": export,
    "/api/words": words,
    "/api/seen": seen,
    "/api/here": here,
    "/api/reviewer": reviewer,
}
"""Address -> handler."""
