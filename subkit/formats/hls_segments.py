"""WebVTT in segments for HTTP Live Streaming (RFC 8216, sections 3.5 and 4.3).

Each segment holds every cue that touches its time, with the cue's own times and id: a player joins
them again. ``X-TIMESTAMP-MAP`` says where zero of these times stands on the clock of the film's
transport stream, which begins later than zero; without it text would come early.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.model import exact_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.model import Track

__all__ = ["main_playlist", "segment_lengths", "text_playlist", "track_parts", "with_clock"]

_CLOCK = 90000
_WRAPS = 2**33


def segment_lengths(playlist: str) -> list[Fraction]:
    """Return the lengths of the segments that a playlist names, in seconds.

    Raises:
        FormatError: a length is no number, or there is none.
    """
    told = [line for line in playlist.splitlines() if line.startswith("#EXTINF:")]
    try:
        lengths = [exact_number(line[len("#EXTINF:") :].split(",")[0]) for line in told]
    except ValueError as error:
        raise FormatError("The playlist names a length that is no number.") from error
    if not lengths:
        raise FormatError("The playlist names no segment.")
    return lengths


def track_parts(track: Track, lengths: Sequence[Fraction]) -> list[Track]:
    """Return the cues of each segment: all that touch its time; the last has what comes later."""
    ends = list(accumulate(lengths))
    starts = [Fraction(0), *ends[:-1]]
    parts: list[Track] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        last = number == len(ends) - 1
        cues = (c for c in track.cues if c.span.end > start and (last or c.span.start < end))
        parts.append(replace(track, cues=tuple(cues)))
    return parts


def with_clock(data: bytes, zero: Fraction) -> bytes:
    """Return a WebVTT file whose times count from ``zero`` seconds of a transport stream."""
    first, _, rest = data.partition(b"\n")
    stamp = round(zero * _CLOCK) % _WRAPS
    told = f"X-TIMESTAMP-MAP=MPEGTS:{stamp},LOCAL:00:00:00.000".encode()
    return b"\n".join((first, told, rest))


def text_playlist(names: Sequence[str], lengths: Sequence[Fraction]) -> str:
    """Return the playlist of a track's segments."""
    longest = max(round(length + Fraction(1, 2)) for length in lengths)
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{longest}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for name, length in zip(names, lengths, strict=True):
        lines += [f"#EXTINF:{float(length):.6f},", name]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def main_playlist(film: str, bandwidth: int, texts: Sequence[tuple[str, str, str, bool]]) -> str:
    """Return the playlist that names the film and its texts.

    Args:
        film: Playlist of picture and sound.
        bandwidth: Most bits a second of one of its segments.
        texts: Playlist, name, language (BCP 47) and whether it is forced, of each track.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:4", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for uri, name, language, forced in texts:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="{name}",LANGUAGE="{language}",'
            f'AUTOSELECT=YES,DEFAULT=NO,FORCED={"YES" if forced else "NO"},URI="{uri}"'
        )
    return "\n".join(
        [*lines, f'#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},SUBTITLES="text"', film, ""]
    )
