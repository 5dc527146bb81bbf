r"""MicroDVD, MPL2 and TMPlayer written: a line a cue, ``|`` between lines.

Recipe: UTF-8 without byte order mark, ``\n`` line breaks. Styling is written where it holds for
whole lines. ``|`` in a text becomes ``¦``. Where text would be taken for a code a word joiner
(U+2060) is put inside, and taken out when it is read. TMPlayer gets an empty line at the out-time
where the next cue does not begin then.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

from subkit.errors import FormatError
from subkit.formats.cue_text import in_order
from subkit.formats.loss_tally import LossTally
from subkit.formats.losses import losses_of
from subkit.formats.mark_runs import tidied
from subkit.formats.piped_lines import JOINER, MPL2_MARKS
from subkit.formats.track_looks import without_names
from subkit.interfaces.file_contents import WriteRequest, WrittenFile
from subkit.model import Cue, Feature, FrameRate, Mark, Media, Track

__all__ = ["MicroDvdWriter", "Mpl2Writer", "TmplayerWriter"]

_CODE = re.compile(
    r"\{(?=[CcFfoPSsYy]:|/?[bBiIuUsS]\}|\\)|<(?=/?(?:[ibusIBUS]|(?i:font))[ \t/>])|\\(?=[Nnh])"
)
_FLAGS = {
    Feature.ITALIC: "i",
    Feature.BOLD: "b",
    Feature.UNDERLINE: "u",
    Feature.STRIKE: "s",
}


class _PipedWriter:
    """What the three writers share."""

    extension: ClassVar[str]
    carries: ClassVar[frozenset[Feature]] = frozenset()

    def write(self, track: Track, media: Media, *, note: str = "") -> bytes:
        """The file's bytes; ``note`` has no place in these formats and is left out.

        Raises:
            FormatError: MicroDVD, and nobody knows the frame rate.
        """
        return self.write_file(track, media, WriteRequest(note=note)).data

    def write_file(
        self,
        track: Track,
        media: Media,
        asked: WriteRequest,  # noqa: ARG002
    ) -> WrittenFile:
        """The file's bytes, and what of the track the format does not hold."""
        track = without_names(track, self.extension)
        tally = LossTally()
        head, grid = self._grid(media)
        rows = [head] if head else []
        cues = in_order(track)
        for cue, after in zip(cues, [*cues[1:], None], strict=False):
            if Feature.COLOR in self.carries:
                tally.add_unsaid(cue, clear=True)
            lines, marks = tidied(cue.text, cue.marks)
            text = "|".join(self._lines(replace(cue, lines=lines, marks=marks), tally))
            rows += self._rows(cue, after, text, grid, tally)
        losses = losses_of(track, {f.value for f in self.carries}, format=self.extension)
        data = "".join(f"{row}\n" for row in rows).encode()
        return WrittenFile(data=data, losses=tally.losses(losses))

    def _grid(self, media: Media) -> tuple[str, FrameRate]:
        """A first line, and the numbers a second that times are counted in."""
        raise NotImplementedError

    def _rows(
        self,
        cue: Cue,
        after: Cue | None,  # noqa: ARG002
        text: str,
        grid: FrameRate,
        tally: LossTally,
    ) -> list[str]:
        left, right = "[]" if self.extension == "mpl" else "{}"
        start, end = grid.frame(cue.span.start), grid.frame(cue.span.end)
        for number, time in ((start, cue.span.start), (end, cue.span.end)):
            if grid.time(number) != time:
                tally.add("times", cue.id)
        return [f"{left}{start}{right}{left}{end}{right}{text}"]

    def _lines(self, cue: Cue, tally: LossTally) -> list[str]:
        """The lines of a cue with the codes of what holds for whole lines."""
        starts = [0]
        for line in cue.lines:
            starts.append(starts[-1] + len(line) + 1)
        codes: list[list[str]] = [[] for _ in cue.lines]
        filled = sum(map(bool, cue.lines))
        for mark in cue.marks:
            first = max(bisect_right(starts, mark.start) - 1, 0)
            if mark.feature is Feature.OPAQUE and mark.how == self.extension:
                if codes:
                    codes[min(first, len(codes) - 1)].append(mark.value)
                continue
            covered = self._covered(cue.lines, starts, mark, first)
            code = self._code(mark, cue=len(covered) == filled)
            if code and covered:
                for i in covered[:1] if code[1:2].isupper() else covered:
                    codes[i].append(code)
            elif mark.feature in self.carries:
                tally.add(mark.feature.value, cue.id)
        return [
            "".join(code) + self._escaped(line, cue.id, tally)
            for code, line in zip(codes, cue.lines, strict=True)
        ]

    @staticmethod
    def _covered(lines: tuple[str, ...], starts: list[int], mark: Mark, first: int) -> list[int]:
        """The lines that a mark holds for, none if it ends or begins inside one."""
        found = []
        for i in range(first, bisect_left(starts, mark.end, hi=len(lines))):
            start, end = starts[i], starts[i] + len(lines[i])
            if mark.start <= start and end <= mark.end:
                found += [i] if lines[i] else []
            elif mark.start < end and start < mark.end:
                return []
        return found

    def _code(self, mark: Mark, *, cue: bool) -> str:  # noqa: ARG002
        """What says a mark at the head of a line; empty where nothing does."""
        return ""

    def _escaped(self, line: str, cue: str, tally: LossTally) -> str:
        if "|" in line:
            tally.add_letter("|", cue)
            line = line.replace("|", "¦")
        return self._shielded(line)

    def _shielded(self, line: str) -> str:
        """The line so that nothing in it is taken for a code."""
        return _CODE.sub(lambda match: match[0] + JOINER, line)


class MicroDvdWriter(_PipedWriter):
    """Writes MicroDVD; see the module for the recipe."""

    extension = "sub"
    carries = frozenset({*_FLAGS, Feature.COLOR, Feature.FONT, Feature.SIZE})

    def _grid(self, media: Media) -> tuple[str, FrameRate]:
        rate = media.frame_rate
        if rate is None:
            raise FormatError(
                "MicroDVD counts frames, and the film's frame rate is not known.",
                remedy="Give it with --fps, or export as SRT.",
                line=1,
                column=1,
            )
        return f"{{1}}{{1}}{float(rate.rate):.3f}".rstrip("0").rstrip("."), rate

    def _code(self, mark: Mark, *, cue: bool) -> str:
        value = mark.value
        if mark.feature in _FLAGS:
            kind, value = "y", _FLAGS[mark.feature]
        elif mark.feature is Feature.COLOR:
            kind, value = "c", f"${value[5:7]}{value[3:5]}{value[1:3]}"
        elif mark.feature is Feature.FONT and not re.search(r"[{}|\n]", value):
            kind = "f"
        elif mark.feature is Feature.SIZE and mark.how == "points":
            kind = "s"
        else:
            return ""
        return f"{{{kind.upper() if cue else kind}:{value}}}"


class Mpl2Writer(_PipedWriter):
    """Writes MPL2; see the module for the recipe."""

    extension = "mpl"
    carries = frozenset(MPL2_MARKS.values())

    def _grid(self, media: Media) -> tuple[str, FrameRate]:  # noqa: ARG002
        return "", FrameRate(Fraction(10))

    def _code(self, mark: Mark, *, cue: bool) -> str:  # noqa: ARG002
        return next((sign for sign, f in MPL2_MARKS.items() if f is mark.feature), "")

    def _shielded(self, line: str) -> str:
        return JOINER + line if line.startswith((*MPL2_MARKS, JOINER)) else line


class TmplayerWriter(_PipedWriter):
    """Writes TMPlayer; see the module for the recipe."""

    extension = "tmp"

    def _grid(self, media: Media) -> tuple[str, FrameRate]:  # noqa: ARG002
        return "", FrameRate(Fraction(1))

    def _rows(
        self,
        cue: Cue,
        after: Cue | None,
        text: str,
        grid: FrameRate,
        tally: LossTally,
    ) -> list[str]:
        tally.add_once("times", cue.id)
        start, end = grid.frame(cue.span.start), grid.frame(cue.span.end)
        rows = [f"{_clock(start)}:{text}"]
        if end > start and (after is None or grid.frame(after.span.start) > end):
            rows.append(f"{_clock(end)}:")
        return rows


def _clock(time: int) -> str:
    return f"{time // 3600:02d}:{time // 60 % 60:02d}:{time % 60:02d}"
