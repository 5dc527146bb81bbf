"""Picture and sound: byte ranges, what browsers cannot play, the waveform."""

from __future__ import annotations

import subprocess
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.media import AudioOptions, find_ffmpeg, probe
from subkit.media.peaks import peak_blocks, reduce_peaks
from subkit.model import Project
from subkit.review.proxies import KINDS, Proxies, draft_path
from subkit.review.screening import playability
from subkit.review.spectrogram import Spectrogram
from subkit.review.waveform import Waveform
from subkit.store import ProjectFile
from tests.review.conftest import Running
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

STRANGE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=8", "-f", "lavfi", "-i",
           "sine=frequency=440:duration=8", "-c:v", "mpeg2video", "-c:a", "ac3")  # fmt: skip


@pytest.fixture
def odd(media: Callable[..., Path], tmp_path: Path) -> Iterator[Running]:
    """A project whose media no browser plays."""
    film = media("odd.mkv", *STRANGE)
    path = tmp_path / "odd.subkit"
    ProjectFile.create(path, Project(title="odd", media=probe(film)), actor="a").close()
    server = Running(path)
    yield server
    server.stop()


def test_a_player_that_pauses_does_not_hold_the_end_up(
    media: Callable[..., Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """More than the sockets take is never fetched: the server lets go of it at once."""
    size = "testsrc2=size=640x360:rate=25:duration=2"
    film = media("large.avi", "-f", "lavfi", "-i", size, "-c:v", "rawvideo")
    assert film.stat().st_size > 15_000_000
    path = tmp_path / "large.subkit"
    ProjectFile.create(path, Project(title="large", media=probe(film)), actor="a").close()
    server = Running(path)
    ana = server.browser("Ana")
    with ana.stream("GET", "/media/original") as answer, ana.stream("GET", "/api/events"):
        assert answer.status_code == 200
        server.stop(close=False)
    ana.close()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_ranges_of_the_original(running: Running, ana: httpx.Client) -> None:
    film = running.desk.session.project.media.path
    whole = Path(film).read_bytes()
    part = ana.get("/media/original", headers={"range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, whole[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert part.headers["content-type"] == "video/mp4"
    tail = ana.get("/media/original", headers={"range": "bytes=-10"})
    assert tail.content == whole[-10:]
    assert ana.get("/media/original", headers={"range": "bytes=99999999-"}).status_code == 416
    many = "bytes=" + ",".join("0-1" for _ in range(500))
    assert ana.get("/media/original", headers={"range": many}).status_code == 416


def test_the_waveform_is_that_of_the_sound(running: Running, ana: httpx.Client) -> None:
    wait_until(lambda: running.desk.waveform.complete)
    answer = ana.get("/api/peaks", params={"start": "0", "end": "20", "points": "400"})
    peaks = np.frombuffer(answer.content, np.int8).reshape(-1, 2)
    assert peaks.shape == (400, 2)
    assert "x-subkit-peaks-done" not in answer.headers
    loud = peaks[:, 1].astype(int) - peaks[:, 0]
    assert loud.max() > 60
    assert loud.min() < 10
    behind = ana.get("/api/peaks", params={"start": "60", "end": "100", "points": "40"})
    assert 0 < len(behind.content) < 80
    key = running.desk.waveform._key
    assert running.store.cached(key)


@pytest.mark.parametrize(
    "kept", [zlib.compress(bytes(1 << 28), 9), b"no peaks", b""], ids=["bomb", "noise", "nothing"]
)
def test_what_a_stranger_kept_for_peaks_is_read_anew(
    media: Callable[..., Path], tmp_path: Path, kept: bytes
) -> None:
    sound = probe(media("tone.wav", "-f", "lavfi", "-i", "sine=duration=2"))
    path = tmp_path / "tone.subkit"
    with ProjectFile.create(path, Project(title="x", media=sound), actor="a") as store:
        waveform = Waveform(store, sound, AudioOptions(), lambda _: None)
        store.remember(waveform._key, kept)
        waveform.start()
        wait_until(lambda: waveform.complete)
        waveform.stop()
        assert len(waveform._peaks) == 400
        assert len(store.cached(waveform._key) or b"") < 10_000


def test_peaks_hold_the_extremes_of_each_hundredth() -> None:
    sound = np.zeros(16_000, np.float32)
    sound[160 * 7 + 3], sound[160 * 9] = 0.5, -1.0
    blocks = [sound[:1000], sound[1000:1001], sound[1001:]]
    peaks = np.concatenate(list(peak_blocks(blocks)))
    assert peaks.shape == (100, 2)
    assert peaks[7].tolist() == [0, 64]
    assert peaks[9].tolist() == [-127, 0]
    halves = reduce_peaks(peaks, 0, 100, 2)
    assert halves.tolist() == [[-127, 64], [0, 0]]
    assert reduce_peaks(peaks, 90, 110, 4).shape == (2, 2)
    assert reduce_peaks(peaks, 300, 400, 4).shape == (0, 2)


def test_what_browsers_play(media: Callable[..., Path], running: Running) -> None:
    scene = running.desk.session.project.media.path
    assert playability(Path(scene)) == ("video/mp4", "")
    wave = media("tone.wav", "-f", "lavfi", "-i", "sine=duration=1")
    assert playability(wave) == ("audio/wav", "")
    assert "mpeg2video" in playability(media("old.mp4", *STRANGE[:8], "-c:v", "mpeg2video"))[1]
    assert "matroska" in playability(media("odd.mkv", *STRANGE))[1]


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_stream_begins_where_it_is_asked_to(odd: Running, tmp_path: Path, kind: str) -> None:
    client = odd.browser("Ana")
    facts = client.get("/api/project").json()["media"]
    assert (facts["playable"], facts["there"]) == (False, True)
    got = bytearray()
    with client.stream("GET", f"/media/live.{kind}", params={"at": "6"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"video/{kind}"
        for chunk in answer.iter_bytes():
            got += chunk
    path = tmp_path / f"live.{kind}"
    path.write_bytes(bytes(got))
    made = probe(path)
    assert 1.5 < made.duration < 2.6
    assert made.audio
    assert made.height == 180


def test_a_proxy_is_made_once_and_kept(odd: Running) -> None:
    client = odd.browser("Ana")
    assert client.get("/media/proxy.mp4").status_code == 404
    assert client.post("/api/proxy", json={"as": "mp4"}).status_code == 200
    wait_until(lambda: odd.desk.screening.proxies.is_ready("mp4"))
    answer = client.get("/media/proxy.mp4", headers={"range": "bytes=4-7"})
    assert (answer.status_code, answer.content) == (206, b"ftyp")
    made = probe(odd.desk.screening.proxies.file("mp4"))
    assert abs(float(made.duration) - 8) < 0.2
    assert playability(odd.desk.screening.proxies.file("mp4")) == ("video/mp4", "")
    assert client.post("/api/proxy", json={"as": "avi"}).status_code == 400
    assert [p.name for p in odd.desk.screening.proxies.file("mp4").parent.iterdir()] == [
        odd.desk.screening.proxies.file("mp4").name
    ]


def test_gone_media_is_said_and_the_rest_works(media: Callable[..., Path], tmp_path: Path) -> None:
    film = media("film.mp4", "-f", "lavfi", "-i", "sine=duration=2")
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, Project(title="x", media=probe(film)), actor="a").close()
    film.unlink()
    server = Running(path)
    try:
        client = server.browser("Ana")
        facts = client.get("/api/project").json()["media"]
        assert facts["there"] is False
        assert "not there" in facts["reason"]
        for address in ("/media/original", "/media/live.mp4", "/media/proxy.mp4"):
            assert client.get(address).status_code == 404
        wait_until(lambda: bool(server.desk.waveform.failed))
        peaks = client.get("/api/peaks", params={"start": "0", "end": "1", "points": "5"})
        assert peaks.status_code == 404
    finally:
        server.stop()


def test_no_ffmpeg_is_left_behind(odd: Running) -> None:
    client = odd.browser("Ana")
    for at in range(6):
        with client.stream("GET", "/media/live.mp4", params={"at": str(at)}) as answer:
            next(answer.iter_bytes())
    program = str(find_ffmpeg())

    def running() -> int:
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        return sum(program in line and "odd.mkv" in line for line in listed.stdout.splitlines())

    wait_until(lambda: not running())


def test_two_projects_of_one_film_share_what_is_made_and_not_its_drafts(
    media: Callable[..., Path], tmp_path: Path
) -> None:
    film = probe(media("odd.mkv", *STRANGE))
    cache = tmp_path / "cache"
    first, second = (
        Proxies(film, cache, tmp_path / name, lambda _: None) for name in ("a.subkit", "b.subkit")
    )
    one, two = (
        Spectrogram(film, AudioOptions(), cache, tmp_path / name)
        for name in ("a.subkit", "b.subkit")
    )
    assert first.file(KINDS[0]) == second.file(KINDS[0])
    target = first.file(KINDS[0])
    drafts = [draft_path(target, tmp_path / name) for name in ("a.subkit", "b.subkit")]
    assert len({target, *drafts}) == 3
    assert all(draft.suffix == f".{KINDS[0]}" for draft in drafts), "ffmpeg tells the format by it"
    for spectrogram in (one, two):
        spectrogram.part(0)
    wait_until(lambda: one.complete and two.complete)
    assert one.part(0) == two.part(0) != b""
    assert [file.suffix for file in cache.iterdir()] == [".spectrum"]
