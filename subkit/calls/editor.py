"""A project that a person edits: each change is in the file and its ledger when it returns."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from subkit import edit as edits
from subkit.edit.media_times import media_time
from subkit.errors import InputError, NotFoundError, PlanError
from subkit.model import Span
from subkit.model.display import Shown
from subkit.pipeline import open_subtitle, read_subtitle
from subkit.store import ProjectFile
from subkit.store.ledger import require_names
from subkit.store.undoing import undo_last

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from subkit.model import Cue, Mark, Project, Track

    Time: TypeAlias = Fraction | int | float | str

__all__ = ["Editor", "open_for_editing"]

TOOL = "subkit python"


def open_for_editing(
    path: os.PathLike[str] | str,
    *,
    by: str,
    language: str | None = None,
    media: os.PathLike[str] | str | None = None,
) -> Editor:
    """Open a project for editing, or a subtitle file as one; nobody else writes meanwhile.

    Of a subtitle file ``film.en.srt`` the project ``film.subkit`` beside it is made, or gone on
    with. Use it as a context manager.

    Args:
        path: The project or subtitle file.
        by: Your name, for the ledger.
        language: Of a subtitle file; ``None`` takes what its name tells.
        media: The film of a subtitle file.

    Raises:
        InputError: the file cannot be read, or ``by`` is no name.
        StoreError: it is no project, or damaged.
        LockedError: another process has it open for writing.
    """
    if not by.strip():
        raise InputError("An edit needs a name for the ledger.", remedy="Give by='YOUR NAME'.")
    require_names(by=by)
    file = Path(path)
    if file.suffix.lower() != ".subkit":
        film = None if media is None else Path(media)
        source = read_subtitle(file, language=language, media=film)
        file = source.path
        with open_subtitle(file, source.project):
            pass  # made now, or found to be of this very text
    elif language is not None or media is not None:
        raise PlanError("language and media are for a subtitle file, not for a project.")
    return Editor(ProjectFile.open(file, purpose=f"edit by {by}"), by=by)


class Editor(Shown):
    """An open project; made by :func:`subkit.open`.

    Attributes:
        store: The project file.
        by: Whose edits these are.
    """

    __slots__ = ("_project", "by", "store")

    def __init__(self, store: ProjectFile, *, by: str) -> None:
        self.store = store
        self.by = by
        self._project = store.load()

    @property
    def project(self) -> Project:
        """The document as it is now."""
        return self._project

    @property
    def path(self) -> Path:
        """The project file."""
        return self.store.path

    def track(self, name: str | None = None) -> Track:
        """Return a track by its id or language; without a name the first.

        Raises:
            NotFoundError: there is none.
        """
        if name is not None:
            return self._project.track(name)
        if not self._project.tracks:
            raise NotFoundError(f"Project {self._project.title!r} has no track yet.")
        return self._project.tracks[0]

    def edit(
        self,
        cue: str,
        *,
        track: str | None = None,
        text: str | Sequence[str] | None = None,
        start: Time | None = None,
        end: Time | None = None,
        speaker: str | None = None,
        comment: str | None = None,
        locked: bool | None = None,
    ) -> Cue:
        """Change a cue; an approval of what it was before is gone.

        Args:
            cue: Its id.
            track: Id or language of its track; ``None`` is the first.
            text: New text; lines as a list, or with line breaks.
            start: In-time: seconds, a clock (``"00:00:04,440"``) or a timecode of the film
                (``"00:00:04:11"``).
            end: Out-time, likewise.
            speaker: Who speaks; an empty text if nobody knows.
            comment: A remark beside it.
            locked: Lock or unlock it.

        Returns:
            The cue as it is now.

        Raises:
            NotFoundError: no such track or cue.
            CueLockedError: it is locked.
            InputError: a value is none that a cue may have.
        """
        where = self.track(track).id
        old = self.track(where).cue(cue).span

        def change(project: Project, hand: edits.Hand) -> Project:
            if locked is False:
                project = edits.lock(project, where, cue, locked=False)
            if text is not None:
                lines = text.split("\n") if isinstance(text, str) else text
                project = edits.retext(project, where, cue, lines, hand)
            if start is not None or end is not None:
                span = _span(self._time(start, old.start), self._time(end, old.end))
                project = edits.retime(project, where, cue, span, hand)
            if speaker is not None:
                project = edits.set_speaker(project, where, cue, speaker or None, hand)
            if comment is not None:
                project = edits.comment(project, where, cue, comment, hand)
            return edits.lock(project, where, cue) if locked else project

        self._apply("edit", change)
        return self.track(where).cue(cue)

    def mark(self, cue: str, mark: Mark, *, track: str | None = None, off: bool = False) -> Cue:
        """Mark a stretch of a cue's text, or take marks of that feature off it.

        Args:
            cue: Its id.
            mark: The stretch, the feature and its value.
            track: Id or language of its track; ``None`` is the first.
            off: Take them off.

        Returns:
            The cue as it is now.

        Raises:
            NotFoundError: no such track or cue.
            CueLockedError: it is locked.
            InputError: the mark is none that its text can have.
        """
        where = self.track(track).id
        change = edits.unmark_text if off else edits.mark_text
        self._apply("mark", lambda project, hand: change(project, where, cue, mark, hand))
        return self.track(where).cue(cue)

    def insert(
        self, start: Time, end: Time, text: str | Sequence[str], *, track: str | None = None
    ) -> Cue:
        """Add a cue.

        Returns:
            The new cue.

        Raises:
            InputError: a value is none that a cue may have.
        """
        where = self.track(track)
        known = {cue.id for cue in where.cues}
        lines = text.split("\n") if isinstance(text, str) else text
        span = _span(self._time(start, Fraction(0)), self._time(end, Fraction(0)))
        self._apply("insert", lambda p, hand: edits.insert(p, where.id, span, lines, hand))
        return next(cue for cue in self.track(where.id).cues if cue.id not in known)

    def delete(self, cue: str, *, track: str | None = None) -> None:
        """Take a cue out.

        Raises:
            NotFoundError: no such track or cue.
            CueLockedError: it is locked.
        """
        where = self.track(track).id
        self._apply("delete", lambda project, _: edits.delete(project, where, cue))

    def approve(self, *cues: str, track: str | None = None, role: str = "reviewer") -> None:
        """Stand for cues as they are now, or for the whole track where none is named.

        Args:
            cues: Ids of cues.
            track: Id or language of the track; ``None`` is the first.
            role: ``"translator"``, ``"reviewer"`` or ``"producer"``.

        Raises:
            NotFoundError: no such track or cue.
            InputError: the track holds no cue, or there is no such role.
        """
        require_names(role=role)
        where = self.track(track).id
        wanted = cues or None
        self._apply("approve", lambda p, hand: edits.approve(p, where, role, hand, cues=wanted))

    def undo(self) -> None:
        """Take back your last change, made here or in another program.

        Raises:
            NotFoundError: there is none.
            ConflictError: somebody changed the same since.
        """
        undo_last(self.store, self.by, tool=TOOL)
        self._project = self.store.load()

    def redo(self) -> None:
        """Do again what you took back last.

        Raises:
            NotFoundError: there is none.
            ConflictError: somebody changed the same since.
        """
        undo_last(self.store, self.by, again=True, tool=TOOL)
        self._project = self.store.load()

    def save(self, project: Project, *, action: str = "edit") -> None:
        """Take a whole document that was made from this one, for example by ``subkit.fix``.

        Args:
            project: The new document.
            action: What was done, for the ledger.

        Raises:
            InputError: it is the document of another title.
        """
        if project.media.digest != self._project.media.digest:
            raise InputError(
                f"{project.title!r} is of another film than {str(self.path)!r}.",
                remedy="Save what was made from this project.",
            )
        self._apply(action, lambda *_: project)

    def close(self) -> None:
        """Close the file; others may write to it."""
        self.store.close()

    def headline(self) -> str:
        """Return the document in one line, and who edits it."""
        return f"{self._project.headline()} open for {self.by}"

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Return a row for each track."""
        return self._project.table()

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain data."""
        return self._project.to_dict()

    def __enter__(self) -> Editor:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _apply(self, action: str, change: Callable[[Project, edits.Hand], Project]) -> None:
        now = self.store.now()
        project = change(self._project, edits.Hand(actor=self.by, time=now))
        self.store.commit(project, actor=self.by, action=action, tool=TOOL, time=now)
        self._project = project

    def _time(self, given: Time | None, otherwise: Fraction) -> Fraction:
        """Seconds of the media from a number, or from a text as ``subkit edit`` takes it."""
        if given is None:
            return otherwise
        if isinstance(given, str):
            return media_time(given, self._project.media)
        try:
            return Fraction(str(given)) if isinstance(given, float) else Fraction(given)
        except (ValueError, ZeroDivisionError, TypeError, OverflowError) as error:
            raise InputError(
                f"{given!r} is not a time of this media.",
                remedy="Give seconds (12.5), HH:MM:SS,mmm or HH:MM:SS:FF.",
            ) from error


def _span(start: Fraction, end: Fraction) -> Span:
    if not 0 <= start < end:
        raise InputError("The out-time comes after the in-time, and neither is before 0.")
    return Span(start, end)
