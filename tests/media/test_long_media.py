"""Hours of sound pass through in flat memory, and keep their time to the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.media.conftest import Make

LISTEN = """
import resource, sys
import numpy as np
from pathlib import Path
from subkit.media import audio_blocks, probe

def peak_bytes():
    # Linux counts the peak of whoever started this process into ru_maxrss; VmHWM is its own.
    if sys.platform == "linux":
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

media = probe(Path(sys.argv[1]))
blocks = audio_blocks(media)
position, last = 0, 0
early = 0
for number, block in enumerate(blocks):
    loud = np.flatnonzero(np.abs(block) > 0.2)
    if loud.size:
        last = position + int(loud[0]) if loud[0] or not last else last
    position += len(block)
    if number == 20:
        early = peak_bytes()
print(position, last, early, peak_bytes())
"""


def listen(path: Path, seconds: int) -> None:
    """Hear ``path`` in a process of its own; the tone at its end must be on time."""
    done = subprocess.run(
        [sys.executable, "-c", LISTEN, str(path)], check=True, capture_output=True, text=True
    )
    position, last, early, peak = map(int, done.stdout.split())
    assert position == pytest.approx(seconds * 16000, abs=800)
    assert last / 16000 == pytest.approx(seconds - 5, abs=0.001)
    assert 0 < early <= peak
    assert peak - early < 24 << 20
    assert peak < 400 << 20


def long_film(make: Make, name: str, codec: str, seconds: int) -> Path:
    """Silence, and a tone five seconds before its end."""
    silence = f"anullsrc=channel_layout=mono:sample_rate=44100:duration={seconds - 5}[a]"
    tone = "sine=frequency=1000:sample_rate=44100:duration=5,volume=4[b]"
    graph = f"{silence};{tone};[a][b]concat=n=2:v=0:a=1"
    return make(name, "-f", "lavfi", "-i", graph, "-c:a", codec, "-ac", "2")


def test_twenty_minutes(make: Make) -> None:
    listen(long_film(make, "long.mkv", "flac", 1200), 1200)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "codec"), [("day.mp4", "aac"), ("day.flac", "flac")])
def test_ten_hours(make: Make, name: str, codec: str) -> None:
    listen(long_film(make, name, codec, 36000), 36000)
